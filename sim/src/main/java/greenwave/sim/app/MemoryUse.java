package greenwave.sim.app;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import greenwave.engine.Engine;
import greenwave.engine.dqn.Learner;
import greenwave.engine.replay.StoredReplay;

import java.util.List;

/**
 * What a run may take, known before it starts. The JVM's own code and the simulator's client come on top, about 150 MB.
 *
 * @param heapLimitBytes the most that the Java heap grows to
 * @param offHeapBytes of networks, plans and replays
 * @param replayBytes of the replays, part of {@code offHeapBytes}
 */
@JsonPropertyOrder({"heapLimitBytes", "offHeapBytes", "replayBytes"})
record MemoryUse(long heapLimitBytes, long offHeapBytes, long replayBytes) {
    private static final double MEGA = 1e6;

    /** {@return the budget of {@code learners}, which are ready to learn} */
    static MemoryUse of(final Engine engine, final List<Learner> learners) {
        return new MemoryUse(
                Runtime.getRuntime().maxMemory(),
                engine.allocatedBytes(),
                learners.stream()
                        .map(Learner::replay)
                        .mapToLong(replay -> replay instanceof StoredReplay s ? s.bytes() : 0)
                        .sum());
    }

    /** {@return one line} */
    @Override
    public String toString() {
        return "memory: %.1f MB off the heap, %.1f MB of it for replay; heap at most %.0f MB"
                .formatted(offHeapBytes / MEGA, replayBytes / MEGA, heapLimitBytes / MEGA);
    }
}
