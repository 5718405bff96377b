package greenwave.bench.peer;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.dqn.Learner;
import greenwave.engine.dqn.Policy;
import greenwave.engine.nn.QNet;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Our side. Acting includes moving the observations in and the actions out. */
final class GreenwaveSubject implements Subject {
    private static final int MOST_ROWS = 64;

    private final Engine engine;
    private final LoadedReplay replay;
    private final Learner learner;
    private final Policy policy;
    private final MemorySegment[] obs = new MemorySegment[MOST_ROWS + 1]; // by rows
    private final int[][] chosen = new int[MOST_ROWS + 1][];

    GreenwaveSubject(final PeerNet net, final int batch, final String backend) {
        this.engine =
                Engine.open(EngineConfig.builder().backend(backend).seed(Subject.SEED).build());
        final QNet online = net.build(engine);
        this.replay = new LoadedReplay(batch, net.actions());
        this.learner = Learner.builder(online, replay).batch(batch).build();
        this.policy = Policy.of(online);
        final float[] seen = TransitionBatch.of(net, MOST_ROWS, 0).obs();
        for (final Task task : Task.values()) {
            final int rows = task.rows();
            obs[rows] =
                    Arena.ofAuto()
                            .allocateFrom(
                                    ValueLayout.JAVA_FLOAT,
                                    Arrays.copyOf(seen, rows * net.obsSize()));
            chosen[rows] = new int[rows];
        }
    }

    @Override
    public String describe() {
        return "greenwave: " + engine.describe();
    }

    @Override
    public void load(final TransitionBatch batch) {
        replay.load(batch);
    }

    @Override
    public void trainStep() {
        learner.update();
    }

    @Override
    public float trainStepLoss() {
        learner.update();
        return learner.loss();
    }

    @Override
    public void act(final int rows) {
        policy.act(obs[rows], chosen[rows]);
    }

    @Override
    public void close() {
        engine.close();
    }
}
