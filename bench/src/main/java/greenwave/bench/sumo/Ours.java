package greenwave.bench.sumo;

import greenwave.engine.env.AsyncVecEnv;
import greenwave.sim.SumoConfig;
import greenwave.sim.SumoVecEnv;
import greenwave.sim.Transport;

import java.util.Arrays;

/** Our worlds, none waiting for another, with the random actions of the rehearsal. */
final class Ours implements Contender {
    private final SumoConfig config;
    private final Transport transport;
    private final int worlds;
    private final int decisions;
    private Transport used;

    /** Steps {@code worlds} worlds of {@code config}, which must not end within {@code decisions}. */
    Ours(
            final SumoConfig config,
            final Transport transport,
            final int worlds,
            final int decisions) {
        this.config = config;
        this.transport = transport;
        this.worlds = worlds;
        this.decisions = decisions;
    }

    @Override
    public String name() {
        return transport == Transport.AUTO ? "ours" : transport.label();
    }

    /** {@return what was chosen} */
    Transport used() {
        return used;
    }

    @Override
    public double run() {
        try (SumoVecEnv env =
                SumoVecEnv.builder(config)
                        .worlds(worlds)
                        .transport(transport)
                        .episodeSeed((world, _) -> Rehearsal.seed(world))
                        .open()) {
            final int[][][] actions = Rehearsal.actions(env.spec(), worlds, 0, decisions);
            env.reset(0);
            used = env.transport();
            final long begin = System.nanoTime();
            run(env, actions);
            return worlds * decisions * 1e9 / (System.nanoTime() - begin);
        }
    }

    private void run(final AsyncVecEnv env, final int[][][] actions) {
        final int[] next = new int[worlds]; // decisions that were sent
        final int[] single = new int[1];
        int underWay = worlds;
        env.send(actions[0]);
        Arrays.fill(next, 1);
        while (underWay > 0) {
            for (final int world : env.recv(1).worlds()) {
                if (next[world] == actions.length) {
                    underWay--;
                } else {
                    single[0] = world;
                    env.send(actions[next[world]++], single, 1);
                }
            }
        }
    }
}
