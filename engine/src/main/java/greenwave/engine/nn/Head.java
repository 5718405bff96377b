package greenwave.engine.nn;

/** The last layers of networks. */
final class Head {
    private Head() {}

    /** {@return a linear layer, with noise on its weights if {@code noisy}} */
    static Module linear(final int in, final int out, final boolean noisy) {
        return noisy ? new NoisyLinear(in, out) : new Linear(in, out);
    }

    /** {@return what yields {@code values} of {@code actions} actions, [B, actions · perAction]} */
    static Module of(
            final int in,
            final int actions,
            final ActionValues values,
            final boolean dueling,
            final boolean noisy) {
        return dueling
                ? new DuelingHead(in, actions, values.perAction(), noisy)
                : linear(in, actions * values.perAction(), noisy);
    }
}
