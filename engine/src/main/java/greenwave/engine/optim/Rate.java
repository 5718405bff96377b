package greenwave.engine.optim;

import greenwave.engine.Engine;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A learning rate where a recorded step reads it: on the backend. */
final class Rate implements AutoCloseable {
    private final String optimizer;
    private final Buffer buffer;
    private final MemorySegment scalar = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT);

    Rate(final Engine engine, final String optimizer, final double rate) {
        this.optimizer = optimizer;
        check(rate);
        this.buffer = engine.backend().allocate(DType.F32, 1);
        set(rate);
    }

    private void check(final double rate) {
        Settings.require(optimizer, "rate", rate, rate >= 0, ">= 0");
    }

    void set(final double rate) {
        check(rate);
        scalar.set(ValueLayout.JAVA_FLOAT, 0, (float) rate);
        buffer.upload(0, scalar, 0, 1);
    }

    Buffer buffer() {
        return buffer;
    }

    @Override
    public void close() {
        buffer.close();
    }
}
