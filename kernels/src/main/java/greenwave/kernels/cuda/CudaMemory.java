package greenwave.kernels.cuda;

import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemsetD8Async;

/** One allocation on a device; its context knows it until it is freed. */
final class CudaMemory implements AutoCloseable {
    private final CudaContext context;
    private final DevicePointer pointer = new DevicePointer();
    private final long bytes;
    private boolean closed;

    /** Allocates {@code bytes} of any content; the context is bound. */
    CudaMemory(final CudaContext context, final long bytes) {
        this.context = context;
        this.bytes = bytes;
        CudaStatus.driver("cuMemAlloc", cuMemAlloc(pointer, bytes));
    }

    /** Queues zeros for all of it. */
    void clear() {
        CudaStatus.driver(
                "cuMemsetD8Async", cuMemsetD8Async(pointer, (byte) 0, bytes, context.compute()));
    }

    long address() {
        return pointer.address();
    }

    long bytes() {
        return bytes;
    }

    boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            context.heap().forget(this);
            context.bind();
            CudaStatus.driver("cuMemFree", cuMemFree(pointer));
        }
    }
}
