package greenwave.engine.dqn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import greenwave.engine.Segments;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.nn.QNet;
import greenwave.engine.replay.Replay;
import greenwave.engine.replay.UniformReplay;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;

/** The hot paths allocate nothing on the Java heap. */
class AllocationTest {
    private static final AgentGroup GROUP = new AgentGroup("4x2", List.of("agent"), 4, 2);
    private static final int WARM_UP =
            20_000; // past the compiler: what it inlines, it need not box
    private static final int MEASURED = 2_000;

    private static long allocatedBytes() {
        final var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }

    /** Bytes per call, rounded down: the measurement itself takes a few. */
    private static long bytesPerCall(final Runnable call) {
        for (int i = 0; i < WARM_UP; i++) {
            call.run();
        }
        final long before = allocatedBytes();
        for (int i = 0; i < MEASURED; i++) {
            call.run();
        }
        return (allocatedBytes() - before) / MEASURED;
    }

    @Test
    void anUpdateAnInsertAndADecisionAllocateNothing() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (Arena arena = Arena.ofConfined();
                            QNet net =
                                    QNet.builder(engine)
                                            .input(4)
                                            .linear(16)
                                            .relu()
                                            .actions(2)
                                            .build();
                            Replay replay =
                                    UniformReplay.builder(engine, GROUP).capacity(100).build();
                            Learner learner = Learner.builder(net, replay).batch(16).build();
                            Policy policy = Policy.of(net)) {
                        final MemorySegment obs = arena.allocate(3 * 16, 4);
                        final MemorySegment legal = Segments.of(new byte[] {1, 1, 1, 0, 0, 1});
                        final int[] actions = new int[3];
                        assertEquals(
                                0,
                                bytesPerCall(() -> replay.add(2, obs, 1, 0.5f, 0.9f, obs, legal)));
                        assertEquals(0, bytesPerCall(learner::update));
                        assertEquals(0, bytesPerCall(() -> policy.act(obs, legal, actions)));
                    }
                });
    }
}
