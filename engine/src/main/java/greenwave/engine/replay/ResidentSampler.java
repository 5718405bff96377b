package greenwave.engine.replay;

import greenwave.engine.RandomStream;
import greenwave.kernels.BatchBuffers;
import greenwave.kernels.Buffer;
import greenwave.kernels.ResidentReplay;

import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;

/** Draws from a {@link ResidentCopy}: the batches that a sampler on the host would draw from the same numbers. */
final class ResidentSampler implements RecordableSampler {
    private final StoredReplay replay;
    private final ResidentCopy copy;
    private final ResidentReplay.Sampler sampler;
    private final int size;
    private final int[] slot;
    private boolean drawn;
    private boolean handedOver;
    private long handed; // what the stream's state is as long as nobody else has drawn from it

    ResidentSampler(final StoredReplay replay, final ResidentCopy copy, final BatchBuffers batch) {
        this.replay = replay;
        this.copy = copy;
        this.sampler = copy.resident().sampler(batch);
        this.size = batch.size();
        this.slot = new int[size];
    }

    @Override
    public void prepare(final RandomGenerator random) {
        replay.requireOpen("sample");
        replay.requireEnough(size);
        copy.catchUp();
        replay.announce(copy.resident());
        handOver(random);
        drawn = true;
    }

    /** The stream here takes the steps that a batch surely takes; those of rows drawn once more are known to the device alone. */
    private void handOver(final RandomGenerator random) {
        if (!(random instanceof final RandomStream stream)) {
            sampler.setRandom(random.nextLong());
            handedOver = false;
            return;
        }
        if (!handedOver || stream.state() != handed) {
            sampler.setRandom(stream.state());
        }
        stream.skip(size);
        handed = stream.state();
        handedOver = true;
    }

    @Override
    public void settle(final RandomStream random) {
        if (handedOver && random.state() == handed) {
            random.restore(sampler.random());
            handed = random.state();
        }
    }

    @Override
    public void draw() {
        sampler.draw();
    }

    @Override
    public void update(final Buffer errors) {
        replay.requireOpen("update");
        if (!drawn) {
            throw new IllegalStateException("replay.update: expected sample(...) before it");
        }
        if (replay.prioritized()) {
            sampler.update(errors);
        }
    }

    @Override
    public void requireWhole() {
        final long failures = copy.resident().failures();
        if (failures > 0) {
            throw new IllegalStateException(
                    "replay.sample: rows=%d without a whole transition, size=%d, expected none"
                            .formatted(failures, replay.size()));
        }
    }

    @Override
    public int episode(final int row) {
        sampler.slots(MemorySegment.ofArray(slot));
        return replay.facts.episode(slot[row]);
    }
}
