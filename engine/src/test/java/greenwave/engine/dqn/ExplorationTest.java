package greenwave.engine.dqn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.RandomStream;
import greenwave.engine.Segments;
import greenwave.engine.autograd.Parameter;
import greenwave.engine.nn.QNet;
import greenwave.engine.replay.Replay;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** How training comes to try what it does not think best. */
class ExplorationTest {
    @Test
    void worldsExploreFromEpsilonDownToItsEighthPower() {
        final WorldEpsilons apeX = new WorldEpsilons(3, 7);
        final double[] expected = {0.4, Math.pow(0.4, 4.5), Math.pow(0.4, 8)};
        assertArrayEquals(expected, apeX.at(0.4), 1e-12);
        assertEquals((expected[0] + expected[1] + expected[2]) / 3, apeX.mean(), 1e-12);
        assertArrayEquals(new double[] {0, 0, 0}, apeX.at(0));
        assertArrayEquals(new double[] {0.3}, new WorldEpsilons(1, 7).at(0.3));
        assertArrayEquals(new double[] {0.3, 0.3}, new WorldEpsilons(2, 0).at(0.3));
    }

    /** With an epsilon of 0.5 and a large alpha, the last world never explores and is what the policy is: stuck. */
    @Test
    void eachWorldHasItsOwnChance() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (CorridorEnv env = new CorridorEnv(2);
                            QNet net = Variants.net(engine, CorridorEnv.GROUP, "dqn");
                            Replay replay = Variants.replay(engine, CorridorEnv.GROUP, "dqn");
                            Learner learner = Variants.learner(net, replay, "dqn").build()) {
                        final List<EpisodeReport> ended = new ArrayList<>();
                        for (final Parameter p : net.parameters().all()) {
                            Segments.fill(p.value(), new float[(int) p.shape().size()]);
                        }
                        Trainer.of(env, learner)
                                .epsilon(Schedule.constant(0.5))
                                .epsilonPerWorld(1000)
                                .updatesPerStep(0)
                                .onEpisode(ended::add)
                                .run(StopWhen.envSteps(4000));
                        // left, the first of equals, until in cell 0 right is the only legal action
                        final long arrived =
                                ended.stream()
                                        .filter(e -> e.end().world() == 1)
                                        .filter(e -> e.end().totalReward() > 0)
                                        .count();
                        final long tried =
                                ended.stream()
                                        .filter(e -> e.end().world() == 0)
                                        .filter(e -> e.end().totalReward() > 0)
                                        .count();
                        assertEquals(0, arrived);
                        assertTrue(tried > 0, "arrivals by exploring: " + tried);
                        assertEquals(0.25, ended.getLast().epsilon(), 1e-9);
                    }
                });
    }

    /** Means are all 0 and noise is not: the greedy policy always takes the first action, the exploring one any. */
    @Test
    void aNoisyPolicyDrawsAnewInEveryCallAndEvaluationDoesNot() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (QNet net = QNet.builder(engine).noisy().input(2).actions(3).build();
                            Policy greedy = Policy.of(net);
                            Policy exploring = Policy.exploring(net, new RandomStream(3));
                            Policy same = Policy.exploring(net, new RandomStream(3))) {
                        for (final Parameter p : net.parameters().all()) {
                            if (p.name().endsWith("mu")) {
                                Segments.fill(p.value(), new float[(int) p.shape().size()]);
                            }
                        }
                        final MemorySegment obs = Segments.of(0.5f, -1);
                        final int[] counts = new int[3];
                        final int[] action = new int[1];
                        final int[] again = new int[1];
                        for (int i = 0; i < 300; i++) {
                            exploring.act(obs, action);
                            same.act(obs, again);
                            assertEquals(action[0], again[0]);
                            counts[action[0]]++;
                            greedy.act(obs, action);
                            assertEquals(0, action[0]);
                        }
                        for (final int count : counts) {
                            assertTrue(count > 50, "of 300: " + count);
                        }
                    }
                });
    }
}
