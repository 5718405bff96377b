package greenwave.bench.sumo;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.dqn.Learner;
import greenwave.engine.dqn.Schedule;
import greenwave.engine.dqn.StopWhen;
import greenwave.engine.dqn.Trainer;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.AsyncVecEnv;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.StepBatch;
import greenwave.engine.nn.QNet;
import greenwave.engine.replay.UniformReplay;
import greenwave.sim.SumoConfig;
import greenwave.sim.SumoVecEnv;

/**
 * As {@link Ours}, with the learner on: networks of {@code greenwave train}'s default size act greedily and take a gradient step
 * per decision. The worlds carry out the rehearsal's actions instead, so that they simulate the same vehicles as without a
 * learner. Networks, replays and what has been compiled stay from round to round.
 */
final class Learning implements Contender, AutoCloseable {
    private static final int HIDDEN = 128;
    private static final int BATCH = 128;
    private static final int REPLAY = 10_000;

    /** The first fills the replays; a gradient step has many kernels to compile. */
    private static final int WARM_ROUNDS = 10;

    private final String name;
    private final boolean lockStep;
    private final SumoConfig config;
    private final int worlds;
    private final int decisions;
    private final Engine engine = Engine.open(EngineConfig.builder().seed(1).build());
    private Learner[] learners;

    /**
     * Trains on {@code worlds} worlds of {@code config}, which must not end while they carry out {@code decisions} each, some
     * more and some less.
     */
    Learning(
            final String name,
            final boolean lockStep,
            final SumoConfig config,
            final int worlds,
            final int decisions) {
        this.name = name;
        this.lockStep = lockStep;
        this.config = config;
        this.worlds = worlds;
        this.decisions = decisions;
    }

    @Override
    public String name() {
        return name;
    }

    /** {@return where and how it computes} */
    String engine() {
        return engine.describe();
    }

    private Learner learner(final AgentGroup group) {
        final QNet net =
                QNet.builder(engine)
                        .input(group.obsSize())
                        .linear(HIDDEN)
                        .relu()
                        .linear(HIDDEN)
                        .relu()
                        .actions(group.actions())
                        .build();
        return Learner.builder(net, UniformReplay.builder(engine, group).capacity(REPLAY).build())
                .batch(BATCH)
                .build();
    }

    @Override
    public double run() {
        if (learners == null) {
            for (int round = 0; round < WARM_ROUNDS; round++) {
                train();
            }
        }
        return train();
    }

    private double train() {
        try (SumoVecEnv env =
                        SumoVecEnv.builder(config)
                                .worlds(worlds)
                                .episodeSeed((world, _) -> Rehearsal.seed(world))
                                .open();
                Rehearsed rehearsed = new Rehearsed(env, worlds, decisions)) {
            if (learners == null) {
                learners = env.spec().groups().stream().map(this::learner).toArray(Learner[]::new);
            }
            final long[] begin = {0};
            Trainer.of(rehearsed, learners)
                    .epsilon(Schedule.constant(0))
                    .lockStep(lockStep)
                    .stopIf(
                            () -> {
                                if (begin[0] == 0) {
                                    begin[0] = System.nanoTime(); // the worlds have started
                                }
                                return false;
                            })
                    .run(StopWhen.envSteps((long) worlds * decisions));
            return rehearsed.taken() * 1e9 / (System.nanoTime() - begin[0]);
        }
    }

    @Override
    public void close() {
        engine.close();
    }

    /** Worlds that do what was rehearsed, whatever they are told. */
    private static final class Rehearsed implements AsyncVecEnv {
        /** Where none waits for another some worlds do more than others. */
        private static final int MARGIN = 2;

        private final SumoVecEnv env;
        private final int[][][] script;
        private final int[] next; // by world
        private final int[][] actions;
        private final int[] every;

        Rehearsed(final SumoVecEnv env, final int worlds, final int decisions) {
            this.env = env;
            this.script = Rehearsal.actions(env.spec(), worlds, 0, MARGIN * decisions);
            this.next = new int[worlds];
            this.actions = new int[env.spec().groups().size()][];
            for (int group = 0; group < actions.length; group++) {
                actions[group] = new int[env.spec().rows(group)];
            }
            this.every = new int[worlds];
            for (int world = 0; world < worlds; world++) {
                every[world] = world;
            }
        }

        long taken() {
            long sum = 0;
            for (final int count : next) {
                sum += count;
            }
            return sum;
        }

        @Override
        public EnvSpec spec() {
            return env.spec();
        }

        @Override
        public StepBatch reset(final long seed) {
            return env.reset(seed);
        }

        @Override
        public StepBatch step(final int[][] told) {
            send(told);
            return recv();
        }

        @Override
        public void send(final int[][] told) {
            send(told, every, every.length);
        }

        @Override
        public void send(final int[][] told, final int[] worlds, final int count) {
            for (int i = 0; i < count; i++) {
                final int world = worlds[i];
                for (int group = 0; group < actions.length; group++) {
                    final int agents = spec().groups().get(group).agents().size();
                    System.arraycopy(
                            script[next[world] % script.length][group],
                            world * agents,
                            actions[group],
                            world * agents,
                            agents);
                }
                next[world]++;
            }
            env.send(actions, worlds, count);
        }

        @Override
        public StepBatch recv() {
            return env.recv();
        }

        @Override
        public Arrival recv(final int least) {
            return env.recv(least);
        }

        @Override
        public void close() {}
    }
}
