package greenwave.sim.app;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Controllers that learn nothing, for a policy to be compared with. */
enum Baseline {
    /** The network's own programs. */
    FIXED("fixed"),
    /** SUMO's actuated control, see {@link ActuatedPrograms}. */
    ACTUATED("actuated"),
    /** The green with the most vehicles before it, see {@link GreenScores#WAVE}. */
    GREEDY("greedy"),
    /** The green with the highest pressure, see {@link GreenScores#PRESSURE}. */
    MAX_PRESSURE("max-pressure"),
    /** Uniformly random greens. */
    RANDOM("random");

    private final String label;

    Baseline(final String label) {
        this.label = label;
    }

    /** {@return its name on the command line and in reports} */
    String label() {
        return label;
    }

    /** {@return the one with a name, if any has it} */
    static Optional<Baseline> labelled(final String label) {
        return Arrays.stream(values()).filter(one -> one.label.equals(label)).findFirst();
    }

    /** {@return all names, with {@code separator} between them} */
    static String labels(final String separator) {
        return Arrays.stream(values()).map(Baseline::label).collect(Collectors.joining(separator));
    }
}
