package greenwave.kernels.cuda;

import static jcuda.driver.CUresult.CUDA_ERROR_NOT_READY;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** A point in a stream that another stream or the host can wait for; without a time. The context is bound by the caller. */
final class CudaEvent implements AutoCloseable {
    private final CUevent event = new CUevent();
    private boolean closed;

    CudaEvent() {
        CudaStatus.driver(
                "cuEventCreate",
                JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING));
    }

    /** Puts the event behind all that {@code stream} has queued. */
    void record(final CUstream stream) {
        CudaStatus.driver("cuEventRecord", JCudaDriver.cuEventRecord(event, stream));
    }

    /** What {@code stream} queues from now on waits, on the device, for the event as last recorded. */
    void await(final CUstream stream) {
        CudaStatus.driver("cuStreamWaitEvent", JCudaDriver.cuStreamWaitEvent(stream, event, 0));
    }

    /** Waits for the event as last recorded; returns at once if it never was. */
    void synchronize() {
        CudaStatus.driver("cuEventSynchronize", JCudaDriver.cuEventSynchronize(event));
    }

    /** {@return whether the device has passed the event as last recorded} */
    boolean done() {
        final int status = JCudaDriver.cuEventQuery(event);
        if (status != CUDA_ERROR_NOT_READY) {
            CudaStatus.driver("cuEventQuery", status);
        }
        return status == 0;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            CudaStatus.driver("cuEventDestroy", JCudaDriver.cuEventDestroy(event));
        }
    }
}
