package greenwave.bench.peer;

import greenwave.engine.replay.BatchBuffers;
import greenwave.engine.replay.Replay;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Holds one batch; a draw costs nothing while it stays the same, so that the step is timed without it. */
final class LoadedReplay implements Replay {
    private final int size;
    private final byte[] allLegal;
    private TransitionBatch batch;
    private boolean moved; // whether the plan holds the batch

    LoadedReplay(final int size, final int actions) {
        this.size = size;
        this.allLegal = new byte[size * actions];
        Arrays.fill(allLegal, (byte) 1);
    }

    void load(final TransitionBatch next) {
        batch = next;
        moved = false;
    }

    @Override
    public int capacity() {
        return size;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void add(
            final int row,
            final MemorySegment obs,
            final int action,
            final float reward,
            final float discount,
            final MemorySegment nextObs,
            final MemorySegment nextLegal) {
        throw new UnsupportedOperationException("replay.add: this replay holds a loaded batch");
    }

    @Override
    public void sample(final BatchBuffers to, final RandomGenerator random) {
        if (!moved) {
            to.obs().upload(0, MemorySegment.ofArray(batch.obs()), 0, to.obs().length());
            to.action().upload(0, MemorySegment.ofArray(batch.action()), 0, size);
            to.reward().upload(0, MemorySegment.ofArray(batch.reward()), 0, size);
            to.discount().upload(0, MemorySegment.ofArray(batch.discount()), 0, size);
            to.nextObs()
                    .upload(0, MemorySegment.ofArray(batch.nextObs()), 0, to.nextObs().length());
            to.nextLegal().upload(0, MemorySegment.ofArray(allLegal), 0, allLegal.length);
            moved = true;
        }
    }

    @Override
    public void close() {}
}
