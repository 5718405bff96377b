package greenwave.sim.app;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import greenwave.sim.SumoVecEnv;
import greenwave.sim.signal.ActionSpace;
import greenwave.sim.signal.Compat;
import greenwave.sim.signal.DefaultObservation;
import greenwave.sim.signal.DistanceObservation;
import greenwave.sim.signal.Observation;
import greenwave.sim.signal.PhaseTable;
import greenwave.sim.signal.ProgramPhases;
import greenwave.sim.signal.RoadObservation;
import greenwave.sim.signal.RoadObservation.Order;
import greenwave.sim.signal.StandardPhases;

import java.util.List;
import java.util.Map;

/**
 * What signals show and see, as a configuration names it: a policy is of use only with the settings that
 * it was trained with.
 *
 * @param actions {@code program}: the greens of the light's own program; {@code standard}: those of a
 *     phase table
 * @param phaseTable rows of digits by number of incoming roads; empty for general-tls's eight phases
 * @param observation {@code lanes}: sumo-rl's; {@code roads}, {@code roads-attach}, {@code
 *     roads-clockwise}: general-tls's; {@code roads-padded}: of the same size at every signal; {@code
 *     distance}: sumo-rl's, of all within a distance of the stop line
 * @param distance that distance, metres
 * @param compat whose errors to repeat
 */
@JsonPropertyOrder({"actions", "phaseTable", "observation", "distance", "compat"})
record SignalSettings(
        String actions,
        Map<Integer, List<String>> phaseTable,
        String observation,
        double distance,
        String compat) {
    /** sumo-rl's signals. */
    static final SignalSettings DEFAULT =
            new SignalSettings("program", Map.of(), "lanes", 200, Compat.NONE.label());

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

    /** Checks the names and the table. */
    SignalSettings {
        phaseTable = phaseTable == null ? Map.of() : Map.copyOf(phaseTable);
        final Compat theirs = Compat.labelled(compat);
        table(phaseTable);
        order(observation);
        if (!actions.equals("program") && !actions.equals("standard")) {
            throw new IllegalArgumentException(
                    "actions=%s, expected program or standard".formatted(actions));
        }
        if (actions.equals("program") && (!phaseTable.isEmpty() || theirs == Compat.GENERAL_TLS)) {
            throw new IllegalArgumentException(
                    "actions=program, phase_table=%s, compat=%s, expected actions=standard with a phase table or general-tls"
                            .formatted(phaseTable.isEmpty() ? "none" : "given", compat));
        }
        if (actions.equals("standard")
                && (theirs == Compat.SUMO_RL
                        || theirs == Compat.GENERAL_TLS && !phaseTable.isEmpty())) {
            throw new IllegalArgumentException(
                    "actions=standard, phase_table=%s, compat=%s, expected compat=none, or general-tls without a phase table"
                            .formatted(phaseTable.isEmpty() ? "none" : "given", compat));
        }
    }

    /** {@return the settings that {@code values} name} */
    static SignalSettings of(final ConfigValues values) {
        return new SignalSettings(
                values.text("actions"),
                values.rows("phase_table"),
                values.text("observation"),
                values.number("distance", 1, 100_000),
                values.text("compat"));
    }

    /** Sets what agents of {@code environment} choose between and see. */
    SumoVecEnv.Builder apply(final SumoVecEnv.Builder environment) {
        return environment.actions(actionSpace()).observation(observer());
    }

    private ActionSpace actionSpace() {
        final Compat theirs = Compat.labelled(compat);
        if (actions.equals("program")) {
            return new ProgramPhases(theirs);
        }
        return theirs == Compat.GENERAL_TLS
                ? StandardPhases.generalTls(order(observation))
                : new StandardPhases(table(phaseTable));
    }

    private Observation observer() {
        return switch (observation) {
            case "lanes" -> new DefaultObservation();
            case "distance" -> new DistanceObservation(distance);
            case "roads-padded" -> RoadObservation.padded(table(phaseTable));
            default -> new RoadObservation(order(observation));
        };
    }

    private static PhaseTable table(final Map<Integer, List<String>> rows) {
        return rows.isEmpty() ? PhaseTable.STANDARD : new PhaseTable(rows);
    }

    private static Order order(final String observation) {
        return switch (observation) {
            case "lanes", "distance", "roads", "roads-padded" -> Order.INCOMING;
            case "roads-attach" -> Order.ATTACH;
            case "roads-clockwise" -> Order.CLOCKWISE;
            default ->
                    throw new IllegalArgumentException(
                            "observation=%s, expected one of lanes, distance, roads, roads-attach, roads-clockwise, roads-padded"
                                    .formatted(observation));
        };
    }
}
