package greenwave.engine.replay;

import greenwave.engine.env.ImageSpec;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** What of a replay goes to a snapshot, in order. */
final class SnapshotLayout {
    /** What must be equal where the snapshot is loaded. */
    record Setting(String name, long value) {}

    /** A number that is stored and restored. */
    record Counter(LongSupplier get, LongConsumer set) {}

    /** Memory that is stored and restored; only what is in use. */
    interface Part {
        long bytes();

        void write(DigestChannel to) throws IOException;

        /** Restores what {@link #write} wrote, {@code bytes} long, and clears the rest. */
        void read(DigestChannel from, long bytes) throws IOException;
    }

    final List<Setting> settings = new ArrayList<>();
    final List<Counter> counters = new ArrayList<>();
    final List<Part> parts = new ArrayList<>();

    /** What every stored replay has. */
    SnapshotLayout(final StoredReplay replay) {
        final ImageSpec image = replay.group.image();
        setting("prioritized", replay.prioritized() ? 1 : 0);
        setting("obsSize", replay.group.obsSize());
        setting("channels", image == null ? 0 : image.channels());
        setting("height", image == null ? 0 : image.height());
        setting("width", image == null ? 0 : image.width());
        setting("actions", replay.group.actions());
        setting("capacity", replay.capacity);
        setting("observations", replay.budget().observations());
        setting("steps", replay.steps());
        setting("gamma", Float.floatToIntBits(replay.gamma()));
        number(replay.episodes::get, value -> replay.episodes.set((int) value));
        final Observations observations = replay.observations;
        ring(observations.ring());
        final NumberedRing ring = observations.ring();
        parts.add(new Memory(observations.vectors(), ring::used, ring.length()));
        parts.add(new Memory(observations.images(), ring::used, ring.length()));
        parts.add(new Memory(replay.facts.records(), replay::size, replay.capacity));
    }

    void setting(final String name, final long value) {
        settings.add(new Setting(name, value));
    }

    void number(final LongSupplier get, final LongConsumer set) {
        counters.add(new Counter(get, set));
    }

    void ring(final NumberedRing ring) {
        number(ring.tickets()::given, ring.tickets()::restore);
        parts.add(new Memory(ring.words(), ring::used, ring.length()));
    }

    void tree(final SumTree tree) {
        parts.add(new Leaves(tree));
    }

    /** Entries of equal size, the first {@code used} of {@code length}. */
    private record Memory(MemorySegment segment, LongSupplier used, int length) implements Part {
        @Override
        public long bytes() {
            return segment.byteSize() / length * used.getAsLong();
        }

        @Override
        public void write(final DigestChannel to) throws IOException {
            to.write(segment.asSlice(0, bytes()));
        }

        @Override
        public void read(final DigestChannel from, final long bytes) throws IOException {
            from.read(segment.asSlice(0, bytes));
            segment.asSlice(bytes).fill((byte) 0);
        }
    }

    /** The priorities of a tree: a whole number of units is exact as a double. */
    private record Leaves(SumTree tree) implements Part {
        @Override
        public long bytes() {
            return (long) tree.capacity() * Double.BYTES;
        }

        @Override
        public void write(final DigestChannel to) throws IOException {
            final ByteBuffer priority = buffer();
            for (int slot = 0; slot < tree.capacity(); slot++) {
                final long leaf = tree.leafAcquire(slot);
                if (SumTree.busy(leaf)) {
                    throw new IllegalStateException(
                            "replay.save: slot=%d is being written, expected no other thread to write"
                                    .formatted(slot));
                }
                to.write(priority.putDouble(0, SumTree.weight(leaf)).rewind());
            }
        }

        @Override
        public void read(final DigestChannel from, final long bytes) throws IOException {
            final ByteBuffer priority = buffer();
            for (int slot = 0; slot < tree.capacity(); slot++) {
                from.read(priority.rewind());
                tree.publish(slot, tree.begin(slot), priority.getDouble(0)); // a new generation
            }
        }

        private static ByteBuffer buffer() {
            return ByteBuffer.allocate(Double.BYTES).order(ByteOrder.nativeOrder());
        }
    }
}
