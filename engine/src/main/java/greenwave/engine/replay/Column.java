package greenwave.engine.replay;

import greenwave.kernels.Buffer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Where a column of a batch is written: the plan's own memory, or on a backend without host memory a staging area. */
final class Column {
    final MemorySegment memory;
    private final Buffer device; // null if the memory is the plan's own

    private Column(final MemorySegment memory, final Buffer device) {
        this.memory = memory;
        this.device = device;
    }

    /** {@return the column of {@code buffer}} */
    static Column of(final Buffer buffer) {
        try {
            return new Column(buffer.segment(), null);
        } catch (final UnsupportedOperationException e) { // it lies on a device
            final long bytes = buffer.length() * buffer.dtype().bytes();
            return new Column(Arena.ofAuto().allocate(bytes, 64), buffer);
        }
    }

    /** Makes what was written be in the plan's memory. */
    void flush() {
        if (device != null) {
            device.upload(0, memory, 0, device.length());
        }
    }
}
