package greenwave.sim.signal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * sumo-rl's default: the green as one-hot, whether it may change, then the density of each incoming
 * lane, then the queue of each. Size: greens + 1 + 2 lanes; all in [0, 1].
 */
public final class DefaultObservation implements Observation {
    /** The only configuration there is. */
    public DefaultObservation() {}

    @Override
    public int size(final Signal signal) {
        return signal.greens().size() + 1 + 2 * signal.lanes().size();
    }

    @Override
    public Eye eye(final SignalReadings now) {
        final int lanes = now.signal().lanes().size();
        return (out, first) -> {
            final long densities = writeHead(now, out, first);
            for (int lane = 0; lane < lanes; lane++) {
                put(out, densities + lane, now.density(lane));
                put(out, densities + lanes + lane, now.queue(lane));
            }
        };
    }

    /** {@return the place after green and flag, which it writes} */
    static long writeHead(final SignalReadings now, final MemorySegment out, final long first) {
        final int greens = now.signal().greens().size();
        for (int green = 0; green < greens; green++) {
            put(out, first + green, green == now.controller().green() ? 1 : 0);
        }
        put(out, first + greens, now.controller().mayChange() ? 1 : 0);
        return first + greens + 1;
    }

    private static void put(final MemorySegment out, final long place, final double value) {
        out.setAtIndex(ValueLayout.JAVA_FLOAT, place, (float) value);
    }
}
