package greenwave.engine.dqn;

import greenwave.engine.env.AsyncVecEnv;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.StepBatch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Corridors whose walkers come back in any order, sooner or later, as a haste of its own has it. */
final class RestlessCorridor implements AsyncVecEnv {
    private final CorridorEnv walkers;
    private final SplittableRandom haste;
    private final int[] chosen; // by world, of those under way
    private final List<Integer> underWay = new ArrayList<>();
    private StepBatch batch;

    /** Takes note, by world, of how many decisions it has carried out. */
    final int[] decisions;

    RestlessCorridor(final int worlds, final long haste) {
        this.walkers = new CorridorEnv(worlds);
        this.haste = new SplittableRandom(haste);
        this.chosen = new int[worlds];
        this.decisions = new int[worlds];
    }

    @Override
    public EnvSpec spec() {
        return walkers.spec();
    }

    @Override
    public StepBatch reset(final long seed) {
        underWay.clear();
        batch = walkers.reset(seed);
        return batch;
    }

    @Override
    public StepBatch step(final int[][] actions) {
        send(actions);
        return recv();
    }

    @Override
    public void send(final int[][] actions) {
        final int[] all = new int[chosen.length];
        Arrays.setAll(all, world -> world);
        send(actions, all, all.length);
    }

    @Override
    public void send(final int[][] actions, final int[] worlds, final int count) {
        for (int i = 0; i < count; i++) {
            if (underWay.contains(worlds[i])) {
                throw new IllegalStateException("world " + worlds[i] + " is under way");
            }
            underWay.add(worlds[i]);
            chosen[worlds[i]] = actions[0][worlds[i]];
        }
    }

    @Override
    public StepBatch recv() {
        return recv(underWay.size()).batch();
    }

    @Override
    public Arrival recv(final int least) {
        if (least < 1 || least > underWay.size()) {
            throw new IllegalArgumentException("least=" + least + " of " + underWay);
        }
        if (haste.nextInt(4) == 0) {
            LockSupport.parkNanos(haste.nextInt(200_000));
        }
        final int many = haste.nextInt(least, underWay.size() + 1);
        final int[] back = new int[many];
        for (int i = 0; i < many; i++) {
            back[i] = underWay.remove(haste.nextInt(underWay.size()));
        }
        Arrays.sort(back);
        final List<EpisodeEnd> ended = new ArrayList<>();
        for (final int world : back) {
            walkers.move(world, chosen[world], ended);
            decisions[world]++;
        }
        return new Arrival(new StepBatch(batch.groups(), ended), back);
    }

    @Override
    public void close() {
        walkers.close();
    }
}
