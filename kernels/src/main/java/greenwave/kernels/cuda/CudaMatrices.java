package greenwave.kernels.cuda;

import static jcuda.cudaDataType.CUDA_R_32F;
import static jcuda.jcublas.JCublas2.cublasGemmEx_new;
import static jcuda.jcublas.JCublas2.cublasGemmStridedBatchedEx_new;
import static jcuda.jcublas.cublasComputeType.CUBLAS_COMPUTE_32F;
import static jcuda.jcublas.cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32;
import static jcuda.jcublas.cublasGemmAlgo.CUBLAS_GEMM_DEFAULT;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_N;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_T;

import greenwave.kernels.Buffer;
import greenwave.kernels.Kernels;

import jcuda.Pointer;

/** The part of {@link Kernels} about products of matrices, by cuBLAS, about layers and about sums. */
interface CudaMatrices extends Kernels {
    /** Multiplications of a layer up to which a kernel of our own computes it, bias and ReLU included, in one launch. */
    long SMALL_LAYER = 1 << 22;

    /** Rows up to which a kernel of our own computes the gradients of such a layer: one thread walks down all of them. */
    int FEW_ROWS = 512;

    /** Rows and columns of a layer's output that a block of that kernel computes: as in layers.cu. */
    int TILE = 16;

    /** {@return what queues the kernels} */
    KernelLauncher launcher();

    /** {@return how sums are cut} */
    CudaSums sums();

    /** {@return where the factor of a product is written for cuBLAS} */
    HostScalar alpha();

    /** {@return where the factor of what was there is written for cuBLAS} */
    HostScalar beta();

    /** cuBLAS counts in columns: to it each matrix is its transpose, so the product's factors change places. */
    @Override
    default void gemm(
            final int batch,
            final boolean transposeA,
            final boolean transposeB,
            final int m,
            final int n,
            final int k,
            final float alpha,
            final Buffer a,
            final Buffer b,
            final float beta,
            final Buffer c) {
        final int opA = transposeA ? CUBLAS_OP_T : CUBLAS_OP_N;
        final int opB = transposeB ? CUBLAS_OP_T : CUBLAS_OP_N;
        final int lda = transposeA ? m : k;
        final int ldb = transposeB ? k : n;
        final Pointer as = CudaBuffer.of(a).pointer();
        final Pointer bs = CudaBuffer.of(b).pointer();
        final Pointer cs = CudaBuffer.of(c).pointer();
        final Pointer scale = alpha().set(alpha);
        final Pointer keep = beta().set(beta);
        if (batch == 1) { // cuBLAS may cut the sums of one product, not those of many
            CudaStatus.blas(
                    "cublasGemmEx",
                    cublasGemmEx_new(
                            launcher().context().blas(),
                            opB,
                            opA,
                            n,
                            m,
                            k,
                            scale,
                            bs,
                            CUDA_R_32F,
                            ldb,
                            as,
                            CUDA_R_32F,
                            lda,
                            keep,
                            cs,
                            CUDA_R_32F,
                            n,
                            arithmetic(),
                            CUBLAS_GEMM_DEFAULT));
            return;
        }
        CudaStatus.blas(
                "cublasGemmStridedBatchedEx",
                cublasGemmStridedBatchedEx_new(
                        launcher().context().blas(),
                        opB,
                        opA,
                        n,
                        m,
                        k,
                        scale,
                        bs,
                        CUDA_R_32F,
                        ldb,
                        (long) k * n,
                        as,
                        CUDA_R_32F,
                        lda,
                        (long) m * k,
                        keep,
                        cs,
                        CUDA_R_32F,
                        n,
                        (long) m * n,
                        batch,
                        arithmetic(),
                        CUBLAS_GEMM_DEFAULT));
    }

    private int arithmetic() {
        return launcher().context().tf32() ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
    }

    @Override
    default void linear(
            final Buffer x,
            final Buffer w,
            final Buffer b,
            final Buffer y,
            final int rows,
            final int in,
            final int out) {
        layer(x, w, b, false, y, rows, in, out);
    }

    @Override
    default void linearRelu(
            final Buffer x,
            final Buffer w,
            final Buffer b,
            final Buffer y,
            final int rows,
            final int in,
            final int out) {
        layer(x, w, b, true, y, rows, in, out);
    }

    private void layer(
            final Buffer x,
            final Buffer w,
            final Buffer b,
            final boolean relu,
            final Buffer y,
            final int rows,
            final int in,
            final int out) {
        if ((long) rows * in * out <= SMALL_LAYER) {
            final CudaLaunch launch = launcher().of(KernelName.LINEAR_TILE).arg(x).arg(w).arg(b);
            launch.arg(relu ? 1 : 0).arg(y).arg(rows).arg(in).arg(out);
            launch.grid(Math.ceilDiv(rows, TILE) * Math.ceilDiv(out, TILE), TILE * TILE).run();
        } else {
            gemm(1, false, true, rows, out, in, 1, x, w, 0, y);
            final CudaLaunch launch = launcher().of(KernelName.ADD_BIAS).arg(b).arg(relu ? 1 : 0);
            launch.arg(y).arg(out).arg(y.length()).elements(y.length()).run();
        }
    }

    @Override
    default void linearGradients(
            final Buffer x,
            final Buffer w,
            final Buffer y,
            final Buffer dy,
            final Buffer dx,
            final Buffer dw,
            final Buffer db,
            final boolean add,
            final int rows,
            final int in,
            final int out) {
        final boolean small = rows <= FEW_ROWS && (long) rows * in * out <= SMALL_LAYER;
        if (small && dw != null && db != null) {
            final CudaLaunch launch = launcher().of(KernelName.LINEAR_GRADIENTS);
            launch.arg(x).arg(w).arg(y).arg(dy).arg(dx).arg(dw).arg(db).arg(add ? 1 : 0);
            launch.arg(rows).arg(in).arg(out);
            final int lines = Math.ceilDiv(out, TILE) + (dx == null ? 0 : Math.ceilDiv(rows, TILE));
            launch.grid(lines * Math.ceilDiv(in, TILE), TILE * TILE).run();
            return;
        }
        if (db != null) {
            sums().slopes(y, dy, add ? 1 : 0, db, rows, out, 1);
        } else if (y != null) {
            maskByPositive(y, dy);
        }
        final float beta = add ? 1 : 0;
        if (dx != null) {
            gemm(1, false, false, rows, in, out, 1, dy, w, beta, dx);
        }
        if (dw != null) {
            gemm(1, true, false, out, in, rows, 1, dy, x, beta, dw);
        }
    }

    @Override
    default void sum(final Buffer x, final float scale, final Buffer y) {
        sums().all(x, scale, y);
    }
}
