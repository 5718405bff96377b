package greenwave.sim.app;

import greenwave.sim.SumoConfig;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Conditions under which others have published figures. */
enum Protocol {
    /**
     * RESCO's (Ault and Sharon 2021, Reinforcement Learning Benchmarks for Traffic Signal Control): a decision every
     * 10 s, 3 s of yellow, so that a green lasts 7 s at least, one hour, 100 episodes.
     */
    RESCO {
        @Override
        void apply(final ConfigValues values) {
            final String source = "--protocol";
            values.put("delta_time", 10, source);
            values.put("yellow_time", 3, source);
            values.put("min_green", 7, source);
            values.put("steps", 0, source);
            values.put("episodes", 100, source);
        }

        @Override
        SumoConfig apply(final SumoConfig sumo) {
            return new SumoConfig(
                    sumo.name(),
                    sumo.network(),
                    sumo.routes(),
                    sumo.additional(),
                    sumo.begin(),
                    Math.min(sumo.end(), sumo.begin() + HOUR),
                    sumo.options());
        }
    };

    private static final double HOUR = 3600; // s

    /** Sets what is a setting. */
    abstract void apply(ConfigValues values);

    /** {@return what is simulated: the same for a shorter time, if it is longer} */
    abstract SumoConfig apply(SumoConfig sumo);

    /**
     * {@return the one with a name on the command line}
     *
     * @throws IllegalArgumentException if there is none
     */
    static Protocol labelled(final String label) {
        return Arrays.stream(values())
                .filter(one -> one.toString().equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "protocol=%s, expected one of %s"
                                                .formatted(
                                                        label,
                                                        Arrays.stream(values())
                                                                .map(Protocol::toString)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
