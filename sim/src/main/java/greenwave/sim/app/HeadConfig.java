package greenwave.sim.app;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import greenwave.engine.nn.ActionValues;
import greenwave.engine.nn.QNet;
import greenwave.engine.nn.TwoInputQNet;

import java.util.List;

/**
 * What a network is beside its hidden layers: what stands at its end, and whether its weights carry noise. A policy file says
 * it, since weights are of no use without.
 *
 * @param dueling whether the value of the state and the advantages of actions are told apart
 * @param noisy whether all linear layers but the first are noisy ones, by which training explores
 * @param sigma their first deviation, times 1/sqrt(inputs); 0 without
 * @param distributional what is learned of returns: {@code none}: their mean; {@code c51}: probabilities; {@code quantile}
 * @param atoms probabilities or quantiles of each action; 0 without
 * @param vMin the least return that has a probability; only c51
 * @param vMax the largest; only c51
 */
@JsonPropertyOrder({"dueling", "noisy", "sigma", "distributional", "atoms", "vMin", "vMax"})
record HeadConfig(
        boolean dueling,
        boolean noisy,
        double sigma,
        String distributional,
        int atoms,
        double vMin,
        double vMax) {
    private static final int C51_ATOMS = 51; // Bellemare et al. 2017
    private static final int QUANTILES = 200; // Dabney et al. 2018

    /** One output per action, without noise. */
    static final HeadConfig DEFAULT = new HeadConfig(false, false, 0, "none", 0, 0, 0);

    /** To JSON, the defaults are nothing to write. */
    static final class Unsaid {
        @Override
        public boolean equals(final Object other) {
            return other == null || DEFAULT.equals(other);
        }

        @Override
        public int hashCode() {
            return DEFAULT.hashCode();
        }
    }

    /** {@return what {@code values} say} */
    static HeadConfig of(final ConfigValues values) {
        final boolean dueling = values.flag("dueling");
        final boolean noisy = values.flag("noisy");
        final double sigma = noisy ? values.number("noisy_sigma", Double.MIN_VALUE, 1e3) : 0;
        final int atoms = (int) values.integer("atoms", 0, 10_000);
        final double vMin = values.number("v_min", -1e9, 1e9);
        final double vMax = values.number("v_max", -1e9, 1e9);
        return switch (values.choice("distributional", "none", "c51", "quantile")) {
            case "c51" -> {
                final int count = atoms == 0 ? C51_ATOMS : atoms;
                if (count < 2 || vMin >= vMax) {
                    throw new IllegalArgumentException(
                            "distributional=c51, atoms=%d, v_min=%s, v_max=%s, expected at least 2 atoms, v_min < v_max"
                                    .formatted(count, vMin, vMax));
                }
                yield new HeadConfig(dueling, noisy, sigma, "c51", count, vMin, vMax);
            }
            case "quantile" ->
                    new HeadConfig(
                            dueling,
                            noisy,
                            sigma,
                            "quantile",
                            atoms == 0 ? QUANTILES : atoms,
                            0,
                            0);
            default -> new HeadConfig(dueling, noisy, sigma, "none", 0, 0, 0);
        };
    }

    /**
     * {@return {@code builder} with hidden layers and the end for {@code actions}} The first hidden layer has no noise: it is
     * here what the convolutions are in Rainbow, which have none.
     */
    QNet build(final QNet.Builder builder, final List<Integer> hidden, final int actions) {
        final int quiet = Math.min(1, hidden.size());
        hidden.subList(0, quiet).forEach(units -> builder.linear(units).relu());
        if (noisy) {
            builder.noisy(sigma);
        }
        hidden.subList(quiet, hidden.size()).forEach(units -> builder.linear(units).relu());
        builder.values(values());
        return (dueling ? builder.dueling(actions) : builder.actions(actions)).build();
    }

    /** Gives {@code builder} the end. */
    TwoInputQNet.Builder apply(final TwoInputQNet.Builder builder) {
        if (noisy) {
            builder.noisy(sigma);
        }
        return (dueling ? builder.dueling() : builder).values(values());
    }

    private ActionValues values() {
        return switch (distributional) {
            case "none" -> ActionValues.mean();
            case "c51" -> ActionValues.categorical(atoms, (float) vMin, (float) vMax);
            case "quantile" -> ActionValues.quantiles(atoms);
            default ->
                    throw new IllegalArgumentException(
                            "distributional=%s, expected one of none, c51, quantile"
                                    .formatted(distributional));
        };
    }
}
