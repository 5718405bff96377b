package greenwave.engine.replay;

import greenwave.kernels.ResidentReplay;

import java.util.function.LongToDoubleFunction;

/** Tells a device of beta, for many batches at once: what it knows already is not told again. Of one thread. */
final class Betas {
    private static final int AHEAD = 1024; // batches

    private final LongToDoubleFunction beta; // null if it follows progress
    private final double[] ahead;
    private long from; // batches whose beta was told last
    private long to;
    private double told = Double.NaN; // if it follows progress

    Betas(final LongToDoubleFunction beta) {
        this.beta = beta;
        this.ahead = new double[beta == null ? 1 : AHEAD];
    }

    /** Forgets what was told. */
    void restart() {
        from = to = 0;
        told = Double.NaN;
    }

    /**
     * Lets batch {@code drawn} have its beta.
     *
     * @param now what it is if it follows progress
     */
    void tell(final ResidentReplay resident, final long drawn, final double now) {
        if (beta == null) {
            if (now != told) {
                told = ahead[0] = now;
                resident.setBetas(drawn, ahead);
            }
        } else if (drawn < from || drawn >= to) {
            from = drawn;
            to = drawn + AHEAD;
            for (int i = 0; i < AHEAD; i++) {
                ahead[i] = beta.applyAsDouble(drawn + i);
            }
            resident.setBetas(drawn, ahead);
        }
    }
}
