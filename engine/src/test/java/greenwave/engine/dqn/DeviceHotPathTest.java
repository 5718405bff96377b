package greenwave.engine.dqn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.Allocations;
import greenwave.engine.EmulatedDevice;
import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.Segments;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.ImageSpec;
import greenwave.engine.nn.Conv2d;
import greenwave.engine.nn.Linear;
import greenwave.engine.nn.QNet;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.nn.ReLU;
import greenwave.engine.nn.TwoInputQNet;
import greenwave.engine.replay.PrioritizedReplay;
import greenwave.engine.replay.Replay;
import greenwave.engine.replay.UniformReplay;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What an update on a device costs that can be counted: bytes on the Java heap, and operations in its graph. On the emulated device;
 * so it says nothing of time, nor of how many kernels NVIDIA's libraries launch for one of their calls.
 */
@Tag("cuda")
class DeviceHotPathTest {
    private static final AgentGroup VECTOR = new AgentGroup("v", List.of("a"), 4, 2);
    private static final AgentGroup BOTH =
            new AgentGroup("b", List.of("a"), 4, 2, new ImageSpec(1, 6, 6));
    private static final int CALLS = 400;

    private static Engine open() {
        return Engine.open(EngineConfig.builder().backend("cuda:0").seed(5).build());
    }

    private static Replay replay(final Engine engine, final String kind, final AgentGroup group) {
        return kind.equals("uniform")
                ? UniformReplay.builder(engine, group).capacity(128).build()
                : PrioritizedReplay.builder(engine, group).capacity(128).build();
    }

    private static QNetwork net(final Engine engine, final AgentGroup group, final int width) {
        return group == VECTOR
                ? QNet.builder(engine)
                        .input(4)
                        .linear(width)
                        .relu()
                        .linear(width)
                        .relu()
                        .actions(2)
                        .build()
                : TwoInputQNet.builder(engine)
                        .image(1, 6, 6, new Conv2d(1, 2, 3, 1), new ReLU())
                        .vector(4, new Linear(4, 4), new ReLU())
                        .hidden(width)
                        .actions(2);
    }

    /** Transitions that are always the same, so that adding them takes nothing here. */
    private static final class Source {
        private final Replay replay;
        private final MemorySegment obs = Segments.of(1, 2, 3, 4);
        private final MemorySegment image = Segments.of(new byte[36]);
        private final MemorySegment legal = Segments.of(new byte[] {1, 1});

        Source(final Replay replay) {
            this.replay = replay;
        }

        void add() {
            final int from = replay.observe(0, obs, image);
            final int next = replay.observe(0, obs, image);
            replay.add(from, 1, 0.5f, 0.9f, next, 0, legal, 0);
        }
    }

    @ParameterizedTest(name = "{0}, images {1}")
    @CsvSource({"uniform, false", "prioritized, false", "prioritized, true"})
    void appendsAnUpdateAndADecisionAllocateNothing(final String kind, final boolean images) {
        final AgentGroup group = images ? BOTH : VECTOR;
        try (Engine engine = open();
                QNetwork net = net(engine, group, 4);
                Replay replay = replay(engine, kind, group);
                Learner learner = Learner.builder(net, replay).batch(4).build();
                Policy policy = Policy.of(net)) {
            final Source source = new Source(replay);
            for (int i = 0; i < 8; i++) {
                source.add();
            }
            Allocations.assertNone(
                    CALLS,
                    () -> {
                        source.add(); // appended by the update
                        source.add();
                        learner.update();
                    });
            final int[] actions = new int[1];
            final MemorySegment image = images ? source.image : MemorySegment.NULL;
            Allocations.assertNone(CALLS, () -> policy.act(source.obs, image, null, actions));
            assertTrue(learner.updates() >= 2 * CALLS);
        }
    }

    /**
     * A draw, its gathering, three layers of two nets, the loss, the gradients of three layers, the optimizer with the target, and
     * priorities: another launch costs a microsecond or two of an update of forty.
     */
    @ParameterizedTest
    @ValueSource(ints = {32, 128})
    void theGraphOfAnUpdateOfPerceptronsIsShort(final int batch) {
        final int operations = 2 + 3 + 3 + 1 + 3 + 1 + 1;
        assertEquals(operations, operationsPerUpdate("prioritized", batch));
        assertEquals(operations - 1, operationsPerUpdate("uniform", batch));
    }

    private static long operationsPerUpdate(final String kind, final int batch) {
        try (Engine engine = open();
                QNetwork net = net(engine, VECTOR, 128);
                Replay replay = replay(engine, kind, VECTOR);
                Learner learner = Learner.builder(net, replay).batch(batch).build()) {
            final Source source = new Source(replay);
            for (int i = 0; i < 128; i++) {
                source.add();
            }
            learner.update();
            learner.update(); // records
            learner.loss();
            final long before = EmulatedDevice.operations();
            learner.update();
            learner.loss();
            return EmulatedDevice.operations() - before;
        }
    }
}
