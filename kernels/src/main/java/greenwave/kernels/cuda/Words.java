package greenwave.kernels.cuda;

import greenwave.kernels.Buffer;

/** A struct of 8-byte members, to be passed to a kernel as one parameter: a launch costs more with each. Reused. */
final class Words {
    private final long[] words = new long[32];
    private int count;

    /** {@return this, empty} */
    Words clear() {
        count = 0;
        return this;
    }

    /** Adds a {@code long long}. */
    Words add(final long value) {
        words[count++] = value;
        return this;
    }

    /** Adds a {@code double}. */
    Words add(final double value) {
        return add(Double.doubleToRawLongBits(value));
    }

    /** Adds a pointer to the buffer's first element, or a null pointer. */
    Words add(final Buffer buffer) {
        return add(buffer == null ? 0 : buffer.address());
    }

    /** {@return the launch, with this as its next parameter} */
    CudaLaunch addTo(final CudaLaunch launch) {
        return launch.words(words, count);
    }
}
