package greenwave.sim.signal;

import greenwave.sim.net.Network;
import greenwave.sim.net.TrafficLight;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * The green phases of one of the light's own programs, as in sumo-rl: the ones without yellow that are not
 * red all over. Of several programs the one whose ID comes first counts, so that a file can hold the
 * phases to choose between beside the program that runs without a controller. Equal greens count once; a
 * program with fewer than two is passed over while there is another.
 */
public final class ProgramPhases implements ActionSpace {
    private final Compat compat;

    /** Greens as they should be, or with {@link Compat#SUMO_RL} as sumo-rl has them. */
    public ProgramPhases(final Compat compat) {
        this.compat = compat;
    }

    @Override
    public Signal signal(final TrafficLight light, final Network network) {
        if (light.programs().isEmpty()) {
            throw new UncontrollableException(
                    "signal %s has no program, expected one with at least 2 green phases"
                            .formatted(light.id()));
        }
        final List<String> greens = greens(light);
        if (greens.isEmpty()) {
            throw new UncontrollableException(
                    "signal %s has 0 green phases, expected at least 2".formatted(light.id()));
        }
        return new Signal(light, network, greens, Collections.nCopies(greens.size(), true), compat);
    }

    private List<String> greens(final TrafficLight light) {
        return compat == Compat.NONE
                ? greens(program(light))
                : states(light.programs().getFirst())
                        .filter(ProgramPhases::isGreenToSumoRl)
                        .toList();
    }

    /** {@return the program to choose from, of a light that has any} */
    static TrafficLight.Program program(final TrafficLight light) {
        return light.programs().stream()
                .filter(program -> greens(program).size() >= 2)
                .findFirst()
                .orElse(light.programs().getFirst());
    }

    private static List<String> greens(final TrafficLight.Program program) {
        return states(program).filter(ProgramPhases::isGreen).distinct().toList();
    }

    private static Stream<String> states(final TrafficLight.Program program) {
        return program.phases().stream().map(TrafficLight.Phase::state);
    }

    /** A way is open and none is about to open or close: no yellow, no red and yellow. */
    private static boolean isGreen(final String state) {
        return state.chars().anyMatch(c -> c == 'G' || c == 'g')
                && state.chars().noneMatch(c -> c == 'y' || c == 'Y' || c == 'u');
    }

    /** No yellow, and not red all over. Capital Y, u, o and O count as green. */
    private static boolean isGreenToSumoRl(final String state) {
        return state.indexOf('y') < 0 && !state.chars().allMatch(c -> c == 'r' || c == 's');
    }
}
