package greenwave.kernels.cuda;

import static jcuda.jcublas.JCublas2.cublasCreate;
import static jcuda.jcublas.JCublas2.cublasDestroy;
import static jcuda.jcublas.JCublas2.cublasSetStream;
import static jcuda.jcublas.JCublas2.cublasSetWorkspace;
import static jcuda.jcudnn.JCudnn.cudnnCreate;
import static jcuda.jcudnn.JCudnn.cudnnDestroy;
import static jcuda.jcudnn.JCudnn.cudnnSetStream;

import jcuda.Pointer;
import jcuda.jcublas.cublasHandle;
import jcuda.jcudnn.cudnnHandle;
import jcuda.runtime.cudaStream_t;

/** The libraries' handles on one compute stream, made when first asked for: each costs some hundred megabytes to load. */
final class CudaHandles implements AutoCloseable {
    /** The property that lets matrix products and convolutions round their factors to TF32. */
    static final String TF32 = "greenwave.cuda.tf32";

    private static final long WORKSPACE = 32L << 20; // what cuBLAS recommends for Hopper, bytes

    private final CudaContext context;
    private final boolean tf32 = Boolean.getBoolean(TF32);
    private cublasHandle blas;
    private cudnnHandle dnn;

    CudaHandles(final CudaContext context) {
        this.context = context;
    }

    boolean tf32() {
        return tf32;
    }

    /** A workspace of its own: what a graph records must not lie in memory that cuBLAS takes back. */
    cublasHandle blas() {
        if (blas == null) {
            context.requireNotCapturing("cublasCreate");
            context.bind();
            final cublasHandle handle = new cublasHandle();
            CudaStatus.blas("cublasCreate", cublasCreate(handle));
            blas = handle;
            CudaStatus.blas(
                    "cublasSetStream",
                    cublasSetStream(handle, new cudaStream_t(context.compute())));
            final Pointer workspace =
                    DevicePointer.at(context.heap().workspace(WORKSPACE).address());
            CudaStatus.blas("cublasSetWorkspace", cublasSetWorkspace(handle, workspace, WORKSPACE));
        }
        return blas;
    }

    cudnnHandle dnn() {
        if (dnn == null) {
            context.requireNotCapturing("cudnnCreate");
            context.bind();
            final cudnnHandle handle = new cudnnHandle();
            CudaStatus.dnn("cudnnCreate", cudnnCreate(handle));
            dnn = handle;
            CudaStatus.dnn(
                    "cudnnSetStream", cudnnSetStream(handle, new cudaStream_t(context.compute())));
        }
        return dnn;
    }

    @Override
    public void close() {
        if (blas != null) {
            CudaStatus.blas("cublasDestroy", cublasDestroy(blas));
        }
        if (dnn != null) {
            CudaStatus.dnn("cudnnDestroy", cudnnDestroy(dnn));
        }
    }
}
