package greenwave.bench.peer;

import greenwave.engine.replay.BatchSampler;
import greenwave.engine.replay.Replay;
import greenwave.kernels.BatchBuffers;
import greenwave.kernels.Buffer;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Holds one batch; a draw costs nothing while it stays the same, so that the step is timed without it. */
final class LoadedReplay implements Replay {
    private static final String READ_ONLY = "this replay holds a loaded batch";

    private final PeerNet net;
    private final int size;
    private final byte[] allLegal;
    private TransitionBatch batch;
    private boolean moved; // whether the plan holds the batch

    LoadedReplay(final PeerNet net, final int size) {
        this.net = net;
        this.size = size;
        this.allLegal = new byte[size * net.actions()];
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
    public int steps() {
        return 1;
    }

    @Override
    public float gamma() {
        return TransitionBatch.GAMMA;
    }

    @Override
    public boolean prioritized() {
        return false;
    }

    @Override
    public int beginEpisode() {
        throw new UnsupportedOperationException(READ_ONLY);
    }

    @Override
    public int observe(final int row, final MemorySegment obs, final MemorySegment image) {
        throw new UnsupportedOperationException(READ_ONLY);
    }

    @Override
    public void add(
            final int observed,
            final int action,
            final float reward,
            final float discount,
            final int next,
            final int row,
            final MemorySegment nextLegal,
            final int episode) {
        throw new UnsupportedOperationException(READ_ONLY);
    }

    @Override
    public BatchSampler sampler(final BatchBuffers to) {
        return new BatchSampler() {
            @Override
            public void sample(final RandomGenerator random) {
                if (!moved) {
                    move(to);
                    moved = true;
                }
            }

            @Override
            public void update(final Buffer errors) {}

            @Override
            public int episode(final int row) {
                return 0;
            }
        };
    }

    private void move(final BatchBuffers to) {
        for (int i = 0; i < net.obs().size(); i++) {
            final boolean isImage = net.obs().get(i).isImage();
            copy(batch.obs().get(i), isImage ? to.image() : to.obs());
            copy(batch.nextObs().get(i), isImage ? to.nextImage() : to.nextObs());
        }
        copy(MemorySegment.ofArray(batch.action()), to.action());
        copy(MemorySegment.ofArray(batch.reward()), to.reward());
        copy(MemorySegment.ofArray(batch.discount()), to.discount());
        copy(MemorySegment.ofArray(allLegal), to.nextLegal());
    }

    private static void copy(final MemorySegment from, final Buffer to) {
        to.upload(0, from, 0, to.length());
    }

    @Override
    public void close() {}
}
