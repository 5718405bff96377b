package greenwave.sim.app;

import greenwave.sim.net.TrafficLight.Connection;
import greenwave.sim.signal.Observation;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.Signal;
import greenwave.sim.signal.SignalReadings;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How many vehicles each green of a signal would serve now, for {@link ScoreController} to choose by: a score
 * per green, then the green in force as one-hot. A lane counts once in a green that lets any of its links go,
 * {@code G} or {@code g}.
 */
enum GreenScores implements Observation {
    /**
     * Vehicles on the lanes that it lets go, queued and approaching: RESCO's MAXWAVE (Ault and Sharon 2021,
     * Reinforcement Learning Benchmarks for Traffic Signal Control), over whole lanes.
     */
    WAVE,

    /**
     * The same less the vehicles downstream: Varaiya 2013 (Max pressure control of a network of signalized
     * intersections), all lanes having one saturation flow, and the vehicles of a lane spreading evenly over
     * the links that go in this green.
     */
    PRESSURE;

    /** A lane that a green lets go, by place among the incoming, and where to, by place among the outgoing. */
    private record Way(int lane, int[] onward) {}

    @Override
    public int size(final Signal signal) {
        return 2 * signal.greens().size();
    }

    @Override
    public Set<Reading> readings() {
        return this == PRESSURE ? Set.of(Reading.OUTGOING) : Set.of();
    }

    @Override
    public Eye eye(final SignalReadings now) {
        final Signal signal = now.signal();
        final int greens = signal.greens().size();
        final Way[][] ways =
                signal.greens().stream().map(green -> ways(signal, green)).toArray(Way[][]::new);
        return (out, first) -> {
            for (int green = 0; green < greens; green++) {
                final float held = green == now.controller().green() ? 1 : 0;
                out.setAtIndex(ValueLayout.JAVA_FLOAT, first + green, score(now, ways[green]));
                out.setAtIndex(ValueLayout.JAVA_FLOAT, first + greens + green, held);
            }
        };
    }

    private float score(final SignalReadings now, final Way[] ways) {
        float sum = 0;
        for (final Way way : ways) {
            sum += now.vehicles(way.lane);
            if (this == PRESSURE && way.onward.length > 0) {
                int downstream = 0;
                for (final int lane : way.onward) {
                    downstream += now.outgoingVehicles(lane);
                }
                sum -= (float) downstream / way.onward.length;
            }
        }
        return sum;
    }

    private static Way[] ways(final Signal signal, final String green) {
        final List<List<Connection>> links = signal.light().links();
        final List<Connection> open =
                IntStream.range(0, links.size())
                        .filter(link -> "Gg".indexOf(green.charAt(link)) >= 0)
                        .boxed()
                        .flatMap(link -> links.get(link).stream())
                        .toList();
        return open.stream()
                .map(connection -> signal.lanes().indexOf(connection.from()))
                .filter(lane -> lane >= 0) // not a crossing for pedestrians
                .distinct()
                .map(lane -> new Way(lane, onward(signal, open, signal.lanes().get(lane))))
                .toArray(Way[]::new);
    }

    private static int[] onward(
            final Signal signal, final List<Connection> open, final String lane) {
        return open.stream()
                .filter(connection -> connection.from().equals(lane))
                .mapToInt(connection -> signal.outgoingLanes().indexOf(connection.to()))
                .filter(place -> place >= 0)
                .toArray();
    }
}
