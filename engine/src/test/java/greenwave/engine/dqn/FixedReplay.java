package greenwave.engine.dqn;

import greenwave.engine.Segments;
import greenwave.engine.replay.BatchSampler;
import greenwave.kernels.BatchBuffers;
import greenwave.kernels.Buffer;

import java.util.random.RandomGenerator;

/** Gives out one recorded batch, {@code batch.*}, again and again; prioritized if the batch has weights. */
final class FixedReplay implements FakeReplay {
    private final Recording recorded;
    private float[] errors;

    FixedReplay(final Recording recorded) {
        this.recorded = recorded;
    }

    /** The errors it was told last. */
    float[] errors() {
        return errors;
    }

    @Override
    public int capacity() {
        return recorded.tensors().get("batch.obs").shape().dim(0);
    }

    @Override
    public int size() {
        return capacity();
    }

    @Override
    public boolean prioritized() {
        return recorded.tensors().containsKey("batch.weight");
    }

    @Override
    public BatchSampler sampler(final BatchBuffers batch) {
        return new BatchSampler() {
            @Override
            public void sample(final RandomGenerator random) {
                copy("obs", batch.obs());
                copy("action", batch.action());
                copy("reward", batch.reward());
                copy("discount", batch.discount());
                copy("nextObs", batch.nextObs());
                copy("nextLegal", batch.nextLegal());
                if (prioritized()) {
                    copy("weight", batch.weight());
                }
            }

            @Override
            public void update(final Buffer of) {
                errors = Segments.floats(of);
            }

            @Override
            public int episode(final int row) {
                return 0;
            }
        };
    }

    private void copy(final String column, final Buffer to) {
        to.upload(0, recorded.tensors().get("batch." + column).data(), 0, to.length());
    }
}
