package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.env.EnvSpec;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;

/** A decision over the wire leaves nothing for the garbage collector, on any thread. */
class AllocationTest {
    private static final int WORLDS = 2;
    private static final int DECISIONS = 60;

    /** Episodes of the same traffic: in the first buffers grow, and the JIT may still box here and there. */
    private static final int MOST_EPISODES = 40;

    private final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void aDecisionAllocatesNothing() {
        final SumoConfig config = Configs.grid(5 * DECISIONS);
        try (SumoVecEnv env =
                SumoVecEnv.builder(config)
                        .worlds(WORLDS)
                        .transport(Transport.WIRE)
                        .episodeSeed((world, _) -> world + 1)
                        .open()) {
            final EnvSpec spec = env.spec();
            final int[][][] actions = actions(spec);
            env.reset(1);
            final long[] ids = threadIds();
            long least = Long.MAX_VALUE;
            for (int episode = 0; episode < MOST_EPISODES && least > 0; episode++) {
                final long before = allocated(ids);
                for (int k = 0; k < DECISIONS - 1; k++) {
                    env.step(actions[k]);
                }
                least = Math.min(least, allocated(ids) - before);
                assertEquals(WORLDS, env.step(actions[DECISIONS - 1]).ended().size());
            }
            // reading the counters takes some bytes itself; 59 decisions of 1 byte each would not
            // pass
            assertTrue(least < DECISIONS - 1, "bytes in an episode: " + least);
        }
    }

    private static int[][][] actions(final EnvSpec spec) {
        final SplittableRandom random = new SplittableRandom(3);
        final int[][][] actions = new int[DECISIONS][spec.groups().size()][];
        for (final int[][] decision : actions) {
            for (int group = 0; group < decision.length; group++) {
                final int bound = spec.groups().get(group).actions();
                decision[group] = random.ints(spec.rows(group), 0, bound).toArray();
            }
        }
        return actions;
    }

    /** {@return the threads of the worlds, and this one} */
    private static long[] threadIds() {
        final List<Thread> all =
                Thread.getAllStackTraces().keySet().stream()
                        .filter(
                                thread ->
                                        thread == Thread.currentThread()
                                                || thread.getName().startsWith("greenwave-world-"))
                        .toList();
        assertEquals(1 + WORLDS, all.size());
        return all.stream().mapToLong(Thread::threadId).toArray();
    }

    private long allocated(final long[] ids) {
        long sum = 0;
        for (final long id : ids) {
            sum += threads.getThreadAllocatedBytes(id);
        }
        return sum;
    }
}
