package greenwave.engine.dqn;

import greenwave.engine.env.AsyncVecEnv;
import greenwave.engine.env.StepBatch;

import java.util.List;

/**
 * Worlds that decide one after another, as they come back, none waiting for another: the send and recv of EnvPool (Weng et
 * al. 2022, arXiv:2206.10558).
 */
final class FreeWorlds {
    private final AsyncVecEnv env;
    private final List<Actor> actors;
    private final ActionLog log; // null if nothing is saved
    private final int[][] actions;
    private final int[] resting; // worlds, of which the first `rest` count
    private int rest;
    private int arrived; // in the last take

    /** Worlds that all rest; {@code log}, unless null, takes note of what they do. */
    FreeWorlds(final AsyncVecEnv env, final List<Actor> actors, final ActionLog log) {
        this.env = env;
        this.actors = actors;
        this.log = log;
        this.actions = new int[actors.size()][];
        this.resting = new int[env.spec().worlds()];
        for (int world = 0; world < resting.length; world++) {
            resting[world] = world;
        }
        this.rest = resting.length;
    }

    /** Lets all that rest decide; {@code chances} to act at random by world. */
    void send(final double[] chances) {
        for (int i = 0; i < rest; i++) {
            for (int g = 0; g < actions.length; g++) {
                actions[g] = actors.get(g).act(chances, resting[i]);
            }
            if (log != null) {
                log.append(actions, resting[i]);
            }
        }
        env.send(actions, resting, rest);
        rest = 0;
    }

    /** Takes worlds that are back, at least {@code least}: {@link #arrived} says how many. They rest until the next send. */
    StepBatch take(final int least) {
        final AsyncVecEnv.Arrival arrival = env.recv(least);
        final StepBatch batch = arrival.batch();
        for (final int world : arrival.worlds()) {
            for (int g = 0; g < actions.length; g++) {
                actors.get(g).observe(batch.groups().get(g), world);
            }
            resting[rest++] = world;
        }
        arrived = arrival.worlds().length;
        return batch;
    }

    int arrived() {
        return arrived;
    }

    /** {@return worlds that carry out a decision} */
    int underWay() {
        return resting.length - rest;
    }
}
