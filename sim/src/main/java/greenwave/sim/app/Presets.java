package greenwave.sim.app;

/** Settings that follow from others, wherever nobody has said otherwise. */
final class Presets {
    private Presets() {}

    /** Fills {@code values} in. */
    static void apply(final ConfigValues values) {
        if (values.choice("algorithm", "dqn", "rainbow").equals("rainbow")) {
            rainbow(values);
        }
        if (values.flag("noisy")) {
            // Noise explores (Fortunato et al. 2018), but too little while all weights are small:
            // from the first decision on
            // without epsilon, Rainbow comes to 24 to 34 s of delay on cross in 15 episodes, where
            // this comes to 20.
            values.preset("eps_end", 0, "noisy");
        } else if (values.flag("epsilon_per_world")) { // Ape-X (Horgan et al. 2018)
            values.preset("eps_start", 0.4, "epsilon_per_world");
            values.preset("eps_end", 0.4, "epsilon_per_world");
        }
        final double gamma = values.number("gamma", 0, 1);
        final ReturnRange returns =
                CartPoleTask.labelled(values.text("scenario")).isPresent()
                        ? ReturnRange.ofCart(gamma)
                        : ReturnRange.of(
                                values.texts("reward"), values.numbers("reward_weights"), gamma);
        values.preset("v_min", returns.least(), "reward and gamma");
        values.preset("v_max", returns.most(), "reward and gamma");
    }

    /**
     * Hessel et al. 2018, Rainbow, arXiv:1710.02298, table 1. Learning rate, batch, memory and the target's pace stay, since
     * those of the paper are for 50 million decisions.
     */
    private static void rainbow(final ConfigValues values) {
        final String source = "algorithm: rainbow";
        values.preset("double", true, source);
        values.preset("dueling", true, source);
        values.preset("noisy", true, source);
        values.preset("distributional", "c51", source);
        values.preset("n_step", 3, source);
        values.preset("prioritized", true, source);
        values.preset("alpha", 0.5, source);
        values.preset("beta", 0.4, source);
    }
}
