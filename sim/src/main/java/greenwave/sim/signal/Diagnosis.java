package greenwave.sim.signal;

import greenwave.sim.net.Edge;
import greenwave.sim.net.Lane;
import greenwave.sim.net.Network;
import greenwave.sim.net.TrafficLight;
import greenwave.sim.net.TrafficLight.Phase;
import greenwave.sim.net.TrafficLight.Program;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What there is to know of a traffic light before it is controlled.
 *
 * @param id its name
 * @param greens its green phases, as agents choose between them; 0 if it can't be controlled
 * @param lanes its incoming lanes for vehicles
 * @param roads its incoming roads
 * @param refusal why it can't be controlled, if so
 * @param oddities what is unusual about it, a phrase each
 */
public record Diagnosis(
        String id,
        int greens,
        int lanes,
        int roads,
        Optional<String> refusal,
        List<String> oddities) {
    /** Lanes that hold fewer than about seven cars, metres. */
    private static final double SHORT = 50;

    /** {@return the diagnosis of every traffic light of {@code network}, in its order} */
    public static List<Diagnosis> of(final Network network, final ActionSpace actions) {
        return network.trafficLights().stream().map(light -> of(light, network, actions)).toList();
    }

    private static Diagnosis of(
            final TrafficLight light, final Network network, final ActionSpace actions) {
        final List<String> lanes = light.incomingLanes().stream().filter(network::isRoad).toList();
        final int roads = (int) lanes.stream().map(l -> network.lane(l).edge()).distinct().count();
        int greens = 0;
        Optional<String> refusal = Optional.empty();
        try {
            greens = actions.signal(light, network).greens().size();
        } catch (final UncontrollableException e) {
            refusal = Optional.of(e.getMessage());
        }
        return new Diagnosis(
                light.id(), greens, lanes.size(), roads, refusal, oddities(light, network, lanes));
    }

    private static List<String> oddities(
            final TrafficLight light, final Network network, final List<String> lanes) {
        final List<String> odd = new ArrayList<>();
        addPrograms(light, odd);
        if (!light.programs().isEmpty()) {
            addPhases(ProgramPhases.program(light), odd);
        }
        final long unused =
                light.links().stream().filter(List::isEmpty).count()
                        + Math.max(0, letters(light) - light.links().size());
        add(odd, unused, "link index that nothing uses", "link indices that nothing uses");
        final long shared = light.links().stream().filter(link -> link.size() > 1).count();
        add(
                odd,
                shared,
                "link index that connections share",
                "link indices that connections share");
        addSurroundings(light, network, lanes, odd);
        return List.copyOf(odd);
    }

    private static void addPrograms(final TrafficLight light, final List<String> odd) {
        if (light.programs().size() > 1) {
            odd.add(
                    "programs %s, of which %s runs"
                            .formatted(
                                    light.programs().stream()
                                            .map(Program::id)
                                            .collect(Collectors.joining(", ")),
                                    light.running()));
        }
        light.programs().stream()
                .map(Program::type)
                .filter(type -> !type.equals("static"))
                .distinct()
                .forEach(type -> odd.add("program of type " + type));
    }

    private static void addPhases(final Program program, final List<String> odd) {
        final List<String> states = program.phases().stream().map(Phase::state).toList();
        final List<String> greens =
                states.stream().filter(s -> s.indexOf('y') < 0 && !isRed(s)).toList();
        add(
                odd,
                greens.size() - greens.stream().distinct().count(),
                "repeated green phase",
                "repeated green phases");
        add(
                odd,
                states.stream().filter(Diagnosis::isRed).count(),
                "all-red phase",
                "all-red phases");
        final String letters =
                states.stream()
                        .flatMapToInt(String::chars)
                        .filter(c -> "GgyrY".indexOf(c) < 0)
                        .distinct()
                        .sorted()
                        .mapToObj(c -> String.valueOf((char) c))
                        .collect(Collectors.joining(" "));
        if (!letters.isEmpty()) {
            odd.add("letters " + letters);
        }
        add(
                odd,
                missingYellows(states),
                "change from green to red without yellow in the program",
                "changes from green to red without yellow in the program");
    }

    private static long missingYellows(final List<String> states) {
        return IntStream.range(0, states.size())
                .filter(
                        i -> {
                            final String now = states.get(i);
                            final String next = states.get((i + 1) % states.size());
                            return IntStream.range(0, now.length())
                                    .anyMatch(
                                            link ->
                                                    "Gg".indexOf(now.charAt(link)) >= 0
                                                            && next.charAt(link) == 'r');
                        })
                .count();
    }

    private static boolean isRed(final String state) {
        return state.chars().allMatch(c -> c == 'r' || c == 's');
    }

    private static int letters(final TrafficLight light) {
        return light.programs().stream()
                .flatMap(program -> program.phases().stream())
                .mapToInt(phase -> phase.state().length())
                .max()
                .orElse(0);
    }

    private static void addSurroundings(
            final TrafficLight light,
            final Network network,
            final List<String> lanes,
            final List<String> odd) {
        final long junctions =
                lanes.stream()
                        .map(lane -> network.edges().get(network.lane(lane).edge()).to())
                        .distinct()
                        .count();
        if (junctions > 1) {
            odd.add("spans %d junctions".formatted(junctions));
        }
        final long crossings =
                light.links().stream()
                        .flatMap(List::stream)
                        .map(way -> network.edges().get(network.lane(way.to()).edge()))
                        .filter(edge -> edge.kind() == Edge.Kind.CROSSING)
                        .distinct()
                        .count();
        add(odd, crossings, "pedestrian crossing", "pedestrian crossings");
        if (network.leftHand()) {
            odd.add("left-hand traffic");
        }
        final List<Lane> incoming = lanes.stream().map(network::lane).toList();
        add(odd, incoming.stream().filter(Lane::rails).count(), "tram lane", "tram lanes");
        add(
                odd,
                incoming.stream().filter(lane -> lane.length() < SHORT).count(),
                "lane shorter than 50 m: observe by distance",
                "lanes shorter than 50 m: observe by distance");
    }

    private static void add(
            final List<String> odd, final long number, final String one, final String several) {
        if (number > 0) {
            odd.add(number + " " + (number == 1 ? one : several));
        }
    }
}
