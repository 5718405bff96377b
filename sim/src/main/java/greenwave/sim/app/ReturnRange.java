package greenwave.sim.app;

import java.util.List;
import java.util.Map;

/**
 * Between which returns C51 puts its atoms unless told otherwise: what a decision earns where traffic is jammed, for ever, by
 * the discount: r / (1 - gamma). What lies beyond counts as the last atom. Bellemare et al. 2017 set 10 by hand for rewards
 * clipped to 1 and a discount of 0.99, a tenth of that sum; here it is reached, since signals earn something at every decision.
 *
 * @param least return
 * @param most return, above the least
 */
record ReturnRange(double least, double most) {
    /** What a decision earns: of the signal's own traffic, with five vehicles on each of eight lanes. */
    private static final Map<String, ReturnRange> DECISIONS =
            Map.of(
                    "time-loss", new ReturnRange(-5, 0), // mean over lanes
                    "queue", new ReturnRange(-40, 0),
                    "pressure", new ReturnRange(-40, 40),
                    // sums to what has been waited for at one time, in 100 s: a minute each, either
                    // way
                    "diff-waiting-time", new ReturnRange(-2.5, 2.5),
                    "average-speed", new ReturnRange(0, 1), // its bounds
                    "co2", new ReturnRange(-1e5, 0)); // 2.5 g/s each, standing

    private static final ReturnRange STEP = new ReturnRange(0, 1); // of a cart
    private static final double LEAST_LOSS = 1e-3; // of a future that is not discounted

    /** {@return the range of a cart's returns} */
    static ReturnRange ofCart(final double gamma) {
        return STEP.forEver(gamma);
    }

    /**
     * {@return the range of a signal's returns}
     *
     * @param rewards names; unknown ones, which are refused elsewhere, count nothing
     * @param weights one each, or none
     */
    static ReturnRange of(
            final List<String> rewards, final List<Double> weights, final double gamma) {
        double least = 0;
        double most = 0;
        for (int i = 0; i < rewards.size(); i++) {
            final double weight = i < weights.size() ? weights.get(i) : 1;
            final ReturnRange one = DECISIONS.get(rewards.get(i));
            if (one != null) {
                least += Math.min(weight * one.least, weight * one.most);
                most += Math.max(weight * one.least, weight * one.most);
            }
        }
        return new ReturnRange(least, most).forEver(gamma);
    }

    private ReturnRange forEver(final double gamma) {
        final double decisions = 1 / Math.max(LEAST_LOSS, 1 - gamma);
        return new ReturnRange(rounded(least * decisions), rounded(most * decisions));
    }

    /** 1 - 0.95 is no 0.05. */
    private static double rounded(final double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}
