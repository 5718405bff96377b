package greenwave.engine.dqn;

import static greenwave.engine.NoLeak.assertNoLeak;

import greenwave.engine.Allocations;
import greenwave.engine.RandomStream;
import greenwave.engine.Segments;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.ImageSpec;
import greenwave.engine.nn.QNet;
import greenwave.engine.replay.NStep;
import greenwave.engine.replay.PrioritizedReplay;
import greenwave.engine.replay.Replay;
import greenwave.engine.replay.Transitions;
import greenwave.engine.replay.UniformReplay;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** The hot paths allocate nothing on the Java heap. */
class AllocationTest {
    private static final AgentGroup GROUP = new AgentGroup("4x2", List.of("agent"), 4, 2);
    private static final int CALLS = 5_000;

    private static void assertAllocatesNothing(final Runnable call) {
        Allocations.assertNone(CALLS, call);
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "prioritized"})
    void anUpdateAnInsertAndADecisionAllocateNothing(final String kind) throws Exception {
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
                                    kind.equals("uniform")
                                            ? UniformReplay.builder(engine, GROUP)
                                                    .capacity(100)
                                                    .build()
                                            : PrioritizedReplay.builder(engine, GROUP)
                                                    .capacity(100)
                                                    .weightsByGlobalMax()
                                                    .build();
                            Learner learner = Learner.builder(net, replay).batch(16).build();
                            Policy policy = Policy.of(net)) {
                        final MemorySegment obs = arena.allocate(3 * 16, 4);
                        final MemorySegment legal = Segments.of(new byte[] {1, 1, 1, 0, 0, 1});
                        final int[] actions = new int[3];
                        assertAllocatesNothing(
                                () -> Transitions.add(replay, 2, obs, 1, 0.5f, 0.9f, obs, legal));
                        assertAllocatesNothing(learner::update);
                        assertAllocatesNothing(() -> policy.act(obs, legal, actions));
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"rainbow", "quantile", "hard"})
    void anUpdateAndANoisyDecisionOfEveryAlgorithmAllocateNothing(final String name)
            throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (QNet net = Variants.net(engine, GROUP, name);
                            Replay replay = Variants.replay(engine, GROUP, name);
                            Learner learner = Variants.learner(net, replay, name).batch(4).build();
                            Policy policy = Policy.exploring(net, new RandomStream(1))) {
                        final MemorySegment obs = Segments.of(1, 2, 3, 4);
                        final MemorySegment legal = Segments.of(new byte[] {1, 0});
                        final int[] actions = new int[1];
                        for (int i = 0; i < 8; i++) {
                            Transitions.add(replay, 0, obs, 0, 0.5f, 0.9f, obs, legal);
                        }
                        assertAllocatesNothing(learner::update);
                        assertAllocatesNothing(() -> policy.act(obs, legal, actions));
                    }
                });
    }

    @Test
    void assemblingNStepTransitionsOfVectorsAndImagesAllocatesNothing() throws Exception {
        final AgentGroup group =
                new AgentGroup("g", List.of("agent"), 4, 2, new ImageSpec(1, 3, 3));
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (Arena arena = Arena.ofConfined();
                            Replay replay =
                                    PrioritizedReplay.builder(engine, group)
                                            .capacity(100)
                                            .nStep(3, 0.9f)
                                            .build()) {
                        final GroupBatch batch = new GroupBatch(group, 2, arena);
                        batch.truncated().set(ValueLayout.JAVA_BYTE, 1, (byte) 1);
                        final NStep memory = new NStep(replay, 2);
                        final int[] actions = {0, 1};
                        memory.begin(batch);
                        assertAllocatesNothing(() -> memory.step(actions, batch));
                    }
                });
    }
}
