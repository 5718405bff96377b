package greenwave.kernels.cuda;

import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;

import greenwave.kernels.DType;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.jcublas.cublasHandle;
import jcuda.jcudnn.cudnnHandle;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;

/**
 * One device: its primary context, the stream that computes and the one that copies beside it, and the libraries' handles.
 *
 * <p>Any thread may use it, one at a time; what talks to the driver begins with {@link #bind}. Work is queued and runs in
 * the order of its stream.
 */
final class CudaContext implements AutoCloseable {
    private static final ThreadLocal<CudaContext> BOUND = new ThreadLocal<>();

    private final CudaDevice device;
    private final CUcontext context = new CUcontext();
    private final CUstream compute = new CUstream();
    private final CUstream copy = new CUstream();
    private final Arena arena = Arena.ofShared();
    private final CudaHeap heap = new CudaHeap(this);
    private final Map<String, CudaModule> modules = new HashMap<>();
    private final Closers closers = new Closers();
    private final CudaStaging staging;
    private final CudaLaunch launch;
    private final CudaHandles handles;
    private boolean capturing;
    private boolean closed;

    private CudaContext(final CudaDevice device) {
        this.device = device;
        final CUdevice handle = new CUdevice();
        CudaStatus.driver("cuDeviceGet", cuDeviceGet(handle, device.index()));
        CudaStatus.driver("cuDevicePrimaryCtxRetain", cuDevicePrimaryCtxRetain(context, handle));
        closers.push(
                () ->
                        CudaStatus.driver(
                                "cuDevicePrimaryCtxRelease", cuDevicePrimaryCtxRelease(handle)));
        bind();
        for (final CUstream stream : new CUstream[] {compute, copy}) {
            CudaStatus.driver(
                    "cuStreamCreate",
                    cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
            closers.push(() -> CudaStatus.driver("cuStreamDestroy", cuStreamDestroy(stream)));
        }
        staging = new CudaStaging(compute);
        closers.push(staging::close);
        launch = new CudaLaunch(arena, compute, device.multiprocessors());
        handles = new CudaHandles(this);
        closers.push(handles::close);
    }

    /**
     * Opens a device.
     *
     * @throws IllegalStateException if the libraries or the device cannot be had; the message says why
     */
    static CudaContext open(final int device) {
        CudaDevice.refusal(device)
                .ifPresent(
                        reason -> {
                            throw new IllegalStateException(
                                    "cuda:%d: %s".formatted(device, reason));
                        });
        return new CudaContext(CudaDevice.of(device));
    }

    /**
     * Makes this the context of the calling thread. Whoever calls the driver beside us on this thread must set it back; a
     * virtual thread, which may have moved to another carrier, sets it each time.
     */
    void bind() {
        if (closed) {
            throw new IllegalStateException("%s is closed".formatted(this));
        }
        if (BOUND.get() != this || Thread.currentThread().isVirtual()) {
            CudaStatus.driver("cuCtxSetCurrent", cuCtxSetCurrent(context));
            BOUND.set(this);
        }
    }

    /** {@return what the device is} */
    CudaDevice device() {
        return device;
    }

    /** {@return the stream on which everything is computed} */
    CUstream compute() {
        return compute;
    }

    /** {@return a stream for copies that go on meanwhile; events order it with the other} */
    CUstream copy() {
        return copy;
    }

    /** {@return cuBLAS on the compute stream; factors are read from the host} */
    cublasHandle blas() {
        return handles.blas();
    }

    /** {@return cuDNN on the compute stream} */
    cudnnHandle dnn() {
        return handles.dnn();
    }

    /** {@return whether matrix products and convolutions may round their factors to TF32; off unless asked for} */
    boolean tf32() {
        return handles.tf32();
    }

    /** {@return the launcher, which the next caller takes over} */
    CudaLaunch launch() {
        return launch;
    }

    CudaStaging staging() {
        return staging;
    }

    /** {@return the kernels of a source file, as {@link CudaModule#load} gives them; loaded once} */
    CudaModule module(final String family) {
        bind();
        return modules.computeIfAbsent(family, _ -> CudaModule.load(family, device.capability()));
    }

    /** {@return the device's memory} */
    CudaHeap heap() {
        return heap;
    }

    /** {@return new zeroed device memory of {@code length} elements} */
    CudaBuffer allocate(final DType dtype, final long length) {
        return heap.allocate(dtype, length);
    }

    /** {@return new page-locked memory; the caller closes it, at the latest when the context is closed} */
    CudaPinned pinned(final long bytes) {
        bind();
        return new CudaPinned(bytes);
    }

    /** {@return a new event; the caller closes it, at the latest when the context is closed} */
    CudaEvent event() {
        bind();
        return new CudaEvent();
    }

    /** Waits until the compute stream is idle. */
    void synchronize() {
        bind();
        requireNotCapturing("synchronize");
        CudaStatus.driver("cuStreamSynchronize", cuStreamSynchronize(compute));
    }

    /** {@return whether the compute stream is being recorded} */
    boolean capturing() {
        return capturing;
    }

    void capturing(final boolean now) {
        capturing = now;
    }

    void requireNotCapturing(final String call) {
        if (capturing) {
            throw new IllegalStateException(
                    "%s: a graph is being recorded, expected only work that the device can repeat"
                            .formatted(call));
        }
    }

    /** Runs {@code closer} when this is closed, before what was registered earlier; the context is bound then. */
    void onClose(final Runnable closer) {
        closers.push(closer);
    }

    /** Waits for what is queued, then frees everything; a second call does nothing. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        bind();
        closers.push(() -> modules.values().forEach(CudaModule::close));
        closers.push(heap::freeWorkspaces);
        closers.push(heap::freeBuffers);
        closers.push(this::synchronize);
        try {
            closers.run();
        } finally {
            BOUND.remove();
            closed = true;
            arena.close();
        }
    }

    @Override
    public String toString() {
        return "cuda:%d (%s)".formatted(device.index(), device.name());
    }
}
