package greenwave.kernels.cuda;

import greenwave.kernels.DType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A struct of 8-byte words in device memory, that kernels are given by address: integers, doubles and pointers. */
final class CudaStruct implements AutoCloseable {
    private final CudaBuffer memory;
    private final MemorySegment words; // as the host wrote or read them last

    /** Allocates {@code count} words, all 0. */
    CudaStruct(final CudaContext context, final int count) {
        this.memory = context.allocate(DType.U8, (long) count * Long.BYTES);
        this.words = MemorySegment.ofArray(new long[count]);
    }

    /** {@return where it is} */
    long address() {
        return memory.address();
    }

    /** Sets a word here, which goes to the device by {@link #write}. */
    CudaStruct set(final int word, final long value) {
        words.setAtIndex(ValueLayout.JAVA_LONG, word, value);
        return this;
    }

    CudaStruct set(final int word, final double value) {
        return set(word, Double.doubleToRawLongBits(value));
    }

    /** Sets a word to where {@code buffer} is, or 0 if it is null. */
    CudaStruct set(final int word, final CudaBuffer buffer) {
        return set(word, buffer == null ? 0 : buffer.address());
    }

    /** Uploads words from {@code first} on. */
    void write(final int first, final int count) {
        final long from = (long) first * Long.BYTES;
        memory.upload(from, words, from, (long) count * Long.BYTES);
    }

    /** Downloads words from {@code first} on; waits. */
    void read(final int first, final int count) {
        final long from = (long) first * Long.BYTES;
        memory.download(from, words, from, (long) count * Long.BYTES);
    }

    /** {@return a word as it was last set or read here} */
    long word(final int word) {
        return words.getAtIndex(ValueLayout.JAVA_LONG, word);
    }

    double number(final int word) {
        return Double.longBitsToDouble(word(word));
    }

    @Override
    public void close() {
        memory.close();
    }
}
