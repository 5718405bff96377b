package greenwave.engine.dqn;

import greenwave.engine.RandomStream;
import greenwave.engine.Segments;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.replay.BatchSampler;
import greenwave.kernels.BatchBuffers;
import greenwave.kernels.Buffer;

import java.util.random.RandomGenerator;

/** Gives out batches of random transitions of a group's shape, weighted, the same sequence each time. */
final class RandomBatches implements FakeReplay {
    private final AgentGroup group;
    private final RandomStream random = new RandomStream(11);

    RandomBatches(final AgentGroup group) {
        this.group = group;
    }

    @Override
    public int capacity() {
        return 1024;
    }

    @Override
    public int size() {
        return capacity();
    }

    @Override
    public boolean prioritized() {
        return true;
    }

    @Override
    public BatchSampler sampler(final BatchBuffers batch) {
        return new BatchSampler() {
            @Override
            public void sample(final RandomGenerator unused) {
                floats(batch.obs(), -1, 1);
                floats(batch.nextObs(), -1, 1);
                floats(batch.reward(), -1, 1);
                floats(batch.discount(), 0, 1);
                floats(batch.weight(), 0, 1);
                bytes(batch.image(), 256);
                bytes(batch.nextImage(), 256);
                bytes(batch.nextLegal(), 2);
                Segments.fill(
                        batch.action(), random.ints(batch.size(), 0, group.actions()).toArray());
            }

            @Override
            public void update(final Buffer errors) {}

            @Override
            public int episode(final int row) {
                return 0;
            }
        };
    }

    private void floats(final Buffer column, final float low, final float high) {
        if (column == null) {
            return;
        }
        final float[] values = new float[Math.toIntExact(column.length())];
        for (int i = 0; i < values.length; i++) {
            values[i] = low + (high - low) * random.nextFloat();
        }
        Segments.fill(column, values);
    }

    private void bytes(final Buffer column, final int bound) {
        if (column == null) {
            return;
        }
        final byte[] values = new byte[Math.toIntExact(column.length())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) random.nextInt(bound);
        }
        Segments.fill(column, values);
    }
}
