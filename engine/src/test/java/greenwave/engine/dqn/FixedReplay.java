package greenwave.engine.dqn;

import greenwave.engine.io.Safetensors;
import greenwave.engine.replay.BatchBuffers;
import greenwave.engine.replay.BatchSampler;
import greenwave.kernels.Buffer;

import java.util.Map;
import java.util.random.RandomGenerator;

/** Gives out one recorded batch, {@code batch.*}, again and again. */
record FixedReplay(Map<String, Safetensors.Entry> recorded) implements FakeReplay {
    @Override
    public int capacity() {
        return recorded.get("batch.obs").shape().dim(0);
    }

    @Override
    public int size() {
        return capacity();
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
            }

            @Override
            public void update(final Buffer errors) {}

            @Override
            public int episode(final int row) {
                return 0;
            }
        };
    }

    private void copy(final String column, final Buffer to) {
        to.upload(0, recorded.get("batch." + column).data(), 0, to.length());
    }
}
