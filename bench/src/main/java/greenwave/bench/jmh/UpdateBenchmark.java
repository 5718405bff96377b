package greenwave.bench.jmh;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.dqn.Learner;
import greenwave.engine.dqn.Policy;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.nn.QNet;
import greenwave.engine.replay.Replay;
import greenwave.engine.replay.UniformReplay;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Guards the learner with its replay: one whole update of the perceptron obs-128-128-actions, the draw included, and one
 * greedy decision. Run with {@code -prof gc}: 0 B/op.
 */
public class UpdateBenchmark extends HotPathBenchmark {
    private static final int CAPACITY = 10_000;

    /** CartPole's shape, and that of the scenario {@code cross}. */
    @Param({"4x2", "33x8"})
    public String shape;

    @Param("128")
    public int batch;

    private Engine engine;
    private Arena arena;
    private Learner learner;
    private Policy policy;
    private MemorySegment obs;
    private final int[] action = new int[1];

    @Setup
    public void open() {
        final int obsSize = Integer.parseInt(shape.split("x")[0]);
        final int actions = Integer.parseInt(shape.split("x")[1]);
        engine = Engine.open(EngineConfig.builder().build());
        arena = Arena.ofShared();
        final AgentGroup group = new AgentGroup(shape, List.of("C"), obsSize, actions);
        final QNet net =
                QNet.builder(engine)
                        .input(obsSize)
                        .linear(128)
                        .relu()
                        .linear(128)
                        .relu()
                        .actions(actions)
                        .build();
        final UniformReplay replay =
                UniformReplay.builder(engine, group).capacity(CAPACITY).build();
        obs = arena.allocate(ValueLayout.JAVA_FLOAT, obsSize);
        final MemorySegment legal = arena.allocate(actions).fill((byte) 1);
        final SplittableRandom random = new SplittableRandom(1);
        int observed = observe(replay, random);
        for (int i = 0; i < CAPACITY; i++) {
            final int next = observe(replay, random);
            final float reward = (float) random.nextGaussian();
            replay.add(observed, random.nextInt(actions), reward, 0.99f, next, 0, legal, 0);
            observed = next;
        }
        learner = Learner.builder(net, replay).batch(batch).build();
        policy = Policy.of(net);
    }

    private int observe(final Replay replay, final SplittableRandom random) {
        for (int k = 0; k < obs.byteSize() / Float.BYTES; k++) {
            obs.setAtIndex(ValueLayout.JAVA_FLOAT, k, (float) random.nextGaussian());
        }
        return replay.observe(0, obs, null);
    }

    @TearDown
    public void close() {
        engine.close();
        arena.close();
    }

    @Benchmark
    public void update() {
        learner.update();
    }

    @Benchmark
    public int act() {
        policy.act(obs, action);
        return action[0];
    }
}
