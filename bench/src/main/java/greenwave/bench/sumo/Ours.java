package greenwave.bench.sumo;

import greenwave.sim.SumoConfig;
import greenwave.sim.SumoVecEnv;
import greenwave.sim.Transport;

/** Our worlds in lock-step, with the random actions of the rehearsal. */
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
            for (final int[][] decision : actions) {
                env.step(decision);
            }
            return worlds * decisions * 1e9 / (System.nanoTime() - begin);
        }
    }
}
