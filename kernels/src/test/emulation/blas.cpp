// A libcublas without a device: what the engine calls, column-major on the host. A call of anything else ends the process
// with its name.
#include "emulation.h"

#include <vector>

using emulation::allocated;
using emulation::enqueue;

namespace {

constexpr int INVALID = 7; // CUBLAS_STATUS_INVALID_VALUE
constexpr int NOT_SUPPORTED = 15;
constexpr int F32 = 0; // CUDA_R_32F

struct Handle {
    void* stream = nullptr;
};

struct Gemm {
    int transposeA, transposeB, m, n, k;
    float alpha, beta;
    const float *a, *b;
    float* c;
    int lda, ldb, ldc;
    long long strideA, strideB, strideC;
    int batch;

    bool valid() const {
        const int columnsA = transposeA ? m : k;
        const int columnsB = transposeB ? k : n;
        return m > 0 && n > 0 && k > 0 && batch > 0 && lda >= (transposeA ? k : m) && ldb >= (transposeB ? n : k)
               && ldc >= m && inMemory("cublas a", a, lda, columnsA, transposeA ? k : m, strideA)
               && inMemory("cublas b", b, ldb, columnsB, transposeB ? n : k, strideB)
               && inMemory("cublas c", c, ldc, n, m, strideC);
    }

    bool inMemory(const char* what, const float* matrix, int leading, int columns, int rows, long long stride) const {
        const long long last = (batch - 1) * stride + (columns - 1ll) * leading + rows;
        return allocated(what, matrix, last * sizeof(float));
    }

    void run() const {
        for (int i = 0; i < batch; i++) {
            runOne(a + i * strideA, b + i * strideB, c + i * strideC);
        }
    }

    void runOne(const float* a, const float* b, float* c) const {
        std::vector<double> column(m);
        for (int j = 0; j < n; j++) {
            column.assign(m, 0);
            for (int p = 0; p < k; p++) {
                const double factor = transposeB ? b[j + (long)p * ldb] : b[p + (long)j * ldb];
                for (int i = 0; i < m; i++) {
                    column[i] += factor * (transposeA ? a[p + (long)i * lda] : a[i + (long)p * lda]);
                }
            }
            for (int i = 0; i < m; i++) {
                float& to = c[i + (long)j * ldc];
                to = (float)(alpha * column[i] + (beta == 0 ? 0 : (double)beta * to)); // 0 overwrites NaN
            }
        }
    }
};

int queue(void* handle, const Gemm& gemm) {
    if (!gemm.valid()) {
        return INVALID;
    }
    return enqueue(static_cast<Handle*>(handle)->stream,
                   [gemm] {
                       gemm.run();
                       return emulation::SUCCESS;
                   })
                   == 0
               ? 0
               : 13; // CUBLAS_STATUS_EXECUTION_FAILED
}

} // namespace

API int cublasCreate_v2(void** handle) {
    *handle = new Handle();
    return 0;
}

API int cublasDestroy_v2(void* handle) {
    delete static_cast<Handle*>(handle);
    return 0;
}

API int cublasSetStream_v2(void* handle, void* stream) {
    static_cast<Handle*>(handle)->stream = stream;
    return 0;
}

API int cublasSetWorkspace_v2(void*, void* workspace, std::size_t bytes) {
    return allocated("cublasSetWorkspace", workspace, bytes) ? 0 : INVALID;
}

API int cublasSetMathMode(void*, int) { return 0; }

API int cublasSetPointerMode_v2(void*, int mode) { return mode == 0 ? 0 : NOT_SUPPORTED; }

API int cublasGetVersion_v2(void*, int* version) {
    *version = CUDA_MAJOR * 10000;
    return 0;
}

API int cublasGetProperty(int property, int* value) {
    *value = property == 0 ? CUDA_MAJOR : 0;
    return 0;
}

API int cublasSgemm_v2(void* handle, int transposeA, int transposeB, int m, int n, int k, const float* alpha,
                       const float* a, int lda, const float* b, int ldb, const float* beta, float* c, int ldc) {
    return queue(handle, {transposeA, transposeB, m, n, k, *alpha, *beta, a, b, c, lda, ldb, ldc, 0, 0, 0, 1});
}

API int cublasSgemmStridedBatched(void* handle, int transposeA, int transposeB, int m, int n, int k,
                                  const float* alpha, const float* a, int lda, long long strideA, const float* b,
                                  int ldb, long long strideB, const float* beta, float* c, int ldc, long long strideC,
                                  int batch) {
    return queue(handle, {transposeA, transposeB, m, n, k, *alpha, *beta, a, b, c, lda, ldb, ldc, strideA, strideB,
                          strideC, batch});
}

API int cublasGemmEx(void* handle, int transposeA, int transposeB, int m, int n, int k, const float* alpha,
                     const float* a, int typeA, int lda, const float* b, int typeB, int ldb, const float* beta,
                     float* c, int typeC, int ldc, int, int) {
    if (typeA != F32 || typeB != F32 || typeC != F32) {
        return NOT_SUPPORTED;
    }
    return queue(handle, {transposeA, transposeB, m, n, k, *alpha, *beta, a, b, c, lda, ldb, ldc, 0, 0, 0, 1});
}

API int cublasGemmStridedBatchedEx(void* handle, int transposeA, int transposeB, int m, int n, int k,
                                   const float* alpha, const float* a, int typeA, int lda, long long strideA,
                                   const float* b, int typeB, int ldb, long long strideB, const float* beta, float* c,
                                   int typeC, int ldc, long long strideC, int batch, int, int) {
    if (typeA != F32 || typeB != F32 || typeC != F32) {
        return NOT_SUPPORTED;
    }
    return queue(handle, {transposeA, transposeB, m, n, k, *alpha, *beta, a, b, c, lda, ldb, ldc, strideA, strideB,
                          strideC, batch});
}
