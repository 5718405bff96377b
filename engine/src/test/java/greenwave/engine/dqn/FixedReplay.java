package greenwave.engine.dqn;

import greenwave.engine.io.Safetensors;
import greenwave.engine.replay.BatchBuffers;
import greenwave.engine.replay.Replay;
import greenwave.kernels.Buffer;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Gives out one recorded batch, {@code batch.*}, again and again. */
record FixedReplay(Map<String, Safetensors.Entry> recorded) implements Replay {
    @Override
    public int capacity() {
        return recorded.get("batch.obs").shape().dim(0);
    }

    @Override
    public int size() {
        return capacity();
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
        throw new UnsupportedOperationException("recorded");
    }

    @Override
    public void sample(final BatchBuffers batch, final RandomGenerator random) {
        copy("obs", batch.obs());
        copy("action", batch.action());
        copy("reward", batch.reward());
        copy("discount", batch.discount());
        copy("nextObs", batch.nextObs());
        copy("nextLegal", batch.nextLegal());
    }

    private void copy(final String column, final Buffer to) {
        to.upload(0, recorded.get("batch." + column).data(), 0, to.length());
    }

    @Override
    public void close() {}
}
