package greenwave.kernels.cuda;

import jcuda.Pointer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A float off heap, as cuBLAS and cuDNN take their factors; they read it before the call returns. */
final class HostScalar {
    /** 0, never to be changed. */
    static final Pointer ZERO = new HostScalar().set(0);

    /** 1, never to be changed. */
    static final Pointer ONE = new HostScalar().set(1);

    private final MemorySegment value = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT);
    private final Pointer pointer = new Referring(value);

    /** {@return a pointer to the value, which is now {@code x}; always the same pointer} */
    Pointer set(final float x) {
        value.set(ValueLayout.JAVA_FLOAT, 0, x);
        return pointer;
    }

    /** Keeps the memory alive as long as the pointer. */
    private static final class Referring extends Pointer {
        @SuppressWarnings({"unused", "FieldCanBeLocal"})
        private final MemorySegment memory;

        Referring(final MemorySegment memory) {
            super(memory.address());
            this.memory = memory;
        }
    }
}
