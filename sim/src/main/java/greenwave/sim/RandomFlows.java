package greenwave.sim;

import greenwave.sim.net.Edge;
import greenwave.sim.net.Network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Traffic between the borders of a network that follows the time of day: in every episode each pair of an
 * entry and an exit gets a share of its own, and each hour its number of vehicles. SUMO finds the routes;
 * pairs without one are left out.
 *
 * @param network where it drives
 * @param begin first simulated second
 * @param end second after the last
 * @param vehiclesPerHour in the whole network, from a simulated second on; constant until the next
 */
public record RandomFlows(
        Network network, double begin, double end, Map<Double, Double> vehiclesPerHour)
        implements Demand {
    /** Checks the ranges and copies the map. */
    public RandomFlows {
        vehiclesPerHour = Map.copyOf(vehiclesPerHour);
        if (!(end > begin)
                || vehiclesPerHour.isEmpty()
                || !vehiclesPerHour.values().stream().allMatch(v -> v >= 0 && v < 1e6)) {
            throw new IllegalArgumentException(
                    "random flows: begin=%s s, end=%s s, vehicles per hour=%s, expected end > begin and at least one number in [0, 1000000)"
                            .formatted(begin, end, vehiclesPerHour));
        }
    }

    @Override
    public List<Path> write(final Path folder, final int seed) throws IOException {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<String> entries = borders(true);
        final List<String> exits = borders(false);
        final List<String> pairs = new ArrayList<>();
        final List<Double> shares = new ArrayList<>();
        for (final String from : entries) {
            for (final String to : exits) {
                if (!isTurn(from, to)) {
                    pairs.add("from=\"%s\" to=\"%s\"".formatted(from, to));
                    shares.add(-Math.log(1 - random.nextDouble())); // uniform over all mixtures
                }
            }
        }
        final double all = shares.stream().mapToDouble(Double::doubleValue).sum();
        final TreeMap<Double, Double> hours = new TreeMap<>(vehiclesPerHour);
        final StringBuilder xml = new StringBuilder("<routes>\n");
        for (final double from : hours.keySet()) {
            final Double later = hours.higherKey(from);
            final double last = Math.min(later == null ? end : later, end);
            final double first = Math.max(from, begin);
            for (int pair = 0; pair < pairs.size() && last > first; pair++) {
                final double perSecond = hours.get(from) * shares.get(pair) / all / 3600;
                if (perSecond > 1e-6) {
                    xml.append(
                            "    <flow id=\"%s-%d\" begin=\"%s\" end=\"%s\" probability=\"%s\" departLane=\"best\" departSpeed=\"max\" %s/>%n"
                                    .formatted(
                                            first,
                                            pair,
                                            first,
                                            last,
                                            Math.min(1, perSecond),
                                            pairs.get(pair)));
                }
            }
        }
        return List.of(
                Files.writeString(folder.resolve("flows.rou.xml"), xml.append("</routes>\n")));
    }

    /** {@return roads that nothing leads to, or from which nothing leads on, in order of name} */
    private List<String> borders(final boolean entry) {
        final List<String> inner = new ArrayList<>();
        network.lanes()
                .values()
                .forEach(
                        lane ->
                                lane.exits()
                                        .forEach(
                                                way -> {
                                                    if (way.direction() != 't') {
                                                        inner.add(
                                                                edgeOf(
                                                                        entry
                                                                                ? way.to()
                                                                                : way.from()));
                                                    }
                                                }));
        return network.edges().values().stream()
                .filter(Edge::isRoad)
                .map(Edge::id)
                .filter(edge -> !inner.contains(edge))
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    private String edgeOf(final String lane) {
        return network.lane(lane).edge();
    }

    /** {@return whether the way out is the way back} */
    private boolean isTurn(final String from, final String to) {
        final Edge in = network.edges().get(from);
        final Edge out = network.edges().get(to);
        return in.from().equals(out.to());
    }
}
