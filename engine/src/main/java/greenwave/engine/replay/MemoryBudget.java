package greenwave.engine.replay;

import com.sun.management.OperatingSystemMXBean;

import greenwave.engine.env.AgentGroup;

import java.lang.management.ManagementFactory;

/**
 * What a replay takes off the heap, known before it takes anything.
 *
 * @param capacity transitions
 * @param observations how many are kept: one per transition, and spare ones for those that no transition starts from, the
 *     last of each episode and those of steps not yet complete
 * @param payload bytes that a transition cannot do without: one observation, action, reward, discount, episode, mask
 * @param total bytes in all
 */
public record MemoryBudget(int capacity, int observations, long payload, long total) {
    private static final int LEAST_SPARE = 64;
    private static final int SPARE_BYTES = 3; // per transition
    private static final int NUMBERS = 16; // action, reward, discount, episode

    /** {@return the budget of a replay for {@code group}, whose slots take {@code slotBytes} to choose from} */
    static MemoryBudget of(final AgentGroup group, final int capacity, final long slotBytes) {
        final long observation = Observations.bytesOfOne(group);
        final long affordable = (long) SPARE_BYTES * capacity / (observation + Integer.BYTES);
        final long spare = Math.max(Math.min(capacity, LEAST_SPARE), affordable);
        final int kept = Math.toIntExact(capacity + spare);
        return new MemoryBudget(
                capacity,
                kept,
                observation + NUMBERS + group.actions(),
                kept * observation
                        + NumberedRing.bytes(kept)
                        + capacity * Facts.bytesOfOne(group.actions())
                        + slotBytes);
    }

    /** {@return bytes per transition, all included} */
    public double bytesPerTransition() {
        return (double) total / capacity;
    }

    /**
     * Refuses what does not fit.
     *
     * @throws IllegalArgumentException if it takes more than {@code limit}, or than the machine has
     */
    void require(final String replay, final long limit) {
        final long machine =
                ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getTotalMemorySize();
        if (total > Math.min(limit, machine)) {
            throw new IllegalArgumentException(
                    "%s: %s, expected at most %s=%d bytes"
                            .formatted(
                                    replay,
                                    this,
                                    limit <= machine ? "memoryLimit" : "the machine's memory",
                                    Math.min(limit, machine)));
        }
    }

    /** {@return one line: capacity, bytes per transition, total} */
    @Override
    public String toString() {
        return "capacity=%d, %.1f bytes per transition (%d payload), total=%d bytes"
                .formatted(capacity, bytesPerTransition(), payload, total);
    }
}
