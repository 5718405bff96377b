package greenwave.sim.app;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import greenwave.sim.SumoVecEnvBuilder;
import greenwave.sim.signal.ActionSpace;
import greenwave.sim.signal.ApproachObservation;
import greenwave.sim.signal.Compat;
import greenwave.sim.signal.DefaultObservation;
import greenwave.sim.signal.DistanceObservation;
import greenwave.sim.signal.ImageObservation;
import greenwave.sim.signal.LaneGrid;
import greenwave.sim.signal.Observation;
import greenwave.sim.signal.PhaseTable;
import greenwave.sim.signal.ProgramPhases;
import greenwave.sim.signal.RoadObservation;
import greenwave.sim.signal.RoadObservation.Order;
import greenwave.sim.signal.StandardPhases;
import greenwave.sim.signal.WorldGrid;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What signals show and see, as a configuration names it: a policy is of use only with the settings that
 * it was trained with.
 *
 * @param actions {@code program}: the greens of the light's own program; {@code standard}: those of a
 *     phase table
 * @param phaseTable rows of digits by number of incoming roads; empty for general-tls's eight phases
 * @param observation {@code lanes}: sumo-rl's; {@code roads}, {@code roads-attach}, {@code
 *     roads-clockwise}: general-tls's; {@code roads-padded}: of the same size at every signal; {@code
 *     distance}: sumo-rl's, of all within a distance of the stop line; {@code approach}: where vehicles are
 *     within 200 m
 * @param distance that distance, metres
 * @param image what is seen beside it: {@code none}, {@code world-grid} (the whole network from above) or
 *     {@code lane-cells} (the incoming lanes before the stop line)
 * @param cell side of a cell of the image, metres
 * @param cells cells per lane of {@code lane-cells}
 * @param compat whose errors to repeat
 * @param sharing {@code shape}: signals of one shape share a network; {@code none}: each has its own
 */
@JsonPropertyOrder({
    "actions",
    "phaseTable",
    "observation",
    "distance",
    "image",
    "cell",
    "cells",
    "compat",
    "sharing"
})
record SignalSettings(
        String actions,
        Map<Integer, List<String>> phaseTable,
        String observation,
        double distance,
        String image,
        double cell,
        int cells,
        String compat,
        String sharing) {
    /** sumo-rl's signals. */
    static final SignalSettings DEFAULT =
            new SignalSettings(
                    "program", Map.of(), "lanes", 200, "none", 5, 30, Compat.NONE.label(), "shape");

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
        painted(image, cell, cells);
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
                values.text("image"),
                values.number("cell", 0.1, 1000),
                (int) values.integer("cells", 1, 10_000),
                values.text("compat"),
                values.choice("sharing", "shape", "none"));
    }

    /** {@return whether signals of one shape share a network} */
    boolean shares() {
        return !sharing.equals("none");
    }

    /** Sets what agents of {@code environment} choose between and see. */
    SumoVecEnvBuilder apply(final SumoVecEnvBuilder environment) {
        painted(image, cell, cells).ifPresent(environment::image);
        return environment.actions(actionSpace()).observation(observer()).sharing(shares());
    }

    private static Optional<ImageObservation> painted(
            final String image, final double cell, final int cells) {
        return switch (image) {
            case "none" -> Optional.empty();
            case "world-grid" -> Optional.of(new WorldGrid(cell));
            case "lane-cells" -> Optional.of(new LaneGrid(cells, cell));
            default ->
                    throw new IllegalArgumentException(
                            "image=%s, expected one of none, world-grid, lane-cells"
                                    .formatted(image));
        };
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
            case "approach" -> new ApproachObservation();
            case "roads-padded" -> RoadObservation.padded(table(phaseTable));
            default -> new RoadObservation(order(observation));
        };
    }

    private static PhaseTable table(final Map<Integer, List<String>> rows) {
        return rows.isEmpty() ? PhaseTable.STANDARD : new PhaseTable(rows);
    }

    private static Order order(final String observation) {
        return switch (observation) {
            case "lanes", "distance", "approach", "roads", "roads-padded" -> Order.INCOMING;
            case "roads-attach" -> Order.ATTACH;
            case "roads-clockwise" -> Order.CLOCKWISE;
            default ->
                    throw new IllegalArgumentException(
                            "observation=%s, expected one of lanes, distance, approach, roads, roads-attach, roads-clockwise, roads-padded"
                                    .formatted(observation));
        };
    }
}
