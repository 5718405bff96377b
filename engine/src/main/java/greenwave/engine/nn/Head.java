package greenwave.engine.nn;

/** The last layers of networks. */
final class Head {
    private Head() {}

    /** {@return a linear layer, with noise of {@code sigma} on its weights unless that is 0} */
    static Module linear(final int in, final int out, final double sigma) {
        return sigma == 0 ? new Linear(in, out) : new NoisyLinear(in, out, sigma);
    }

    /** {@return what yields {@code values} of {@code actions} actions, [B, actions · perAction]} */
    static Module of(
            final int in,
            final int actions,
            final ActionValues values,
            final boolean dueling,
            final double sigma) {
        return dueling
                ? new DuelingHead(in, actions, values.perAction(), sigma)
                : linear(in, actions * values.perAction(), sigma);
    }
}
