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
constexpr int COMPUTE_F32 = 68;
constexpr int COMPUTE_TF32 = 77;

struct Handle {
    void* stream = nullptr;
};

struct Gemm {
    int transposeA, transposeB, m, n, k;
    float alpha, beta;
    const float *a, *b;
    float* c;
    int lda, ldb, ldc;

    bool valid() const {
        const int columnsA = transposeA ? m : k;
        const int columnsB = transposeB ? k : n;
        return m > 0 && n > 0 && k > 0 && lda >= (transposeA ? k : m) && ldb >= (transposeB ? n : k) && ldc >= m
               && inMemory("cublas a", a, lda, columnsA, transposeA ? k : m)
               && inMemory("cublas b", b, ldb, columnsB, transposeB ? n : k) && inMemory("cublas c", c, ldc, n, m);
    }

    bool inMemory(const char* what, const float* matrix, int leading, int columns, int rows) const {
        return allocated(what, matrix, ((columns - 1ll) * leading + rows) * sizeof(float));
    }

    void run() const {
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

// Of f32 numbers, in f32 or in TF32.
int product(void* handle, int transposeA, int transposeB, int m, int n, int k, const float* alpha, const float* a,
            int typeA, int lda, const float* b, int typeB, int ldb, const float* beta, float* c, int typeC, int ldc,
            int arithmetic) {
    if (typeA != F32 || typeB != F32 || typeC != F32 || (arithmetic != COMPUTE_F32 && arithmetic != COMPUTE_TF32)) {
        return NOT_SUPPORTED;
    }
    return queue(handle, {transposeA, transposeB, m, n, k, *alpha, *beta, a, b, c, lda, ldb, ldc});
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

API int cublasSetPointerMode_v2(void*, int mode) { return mode == 0 ? 0 : NOT_SUPPORTED; }

API int cublasGetVersion_v2(void*, int* version) {
    *version = CUDA_MAJOR * 10000;
    return 0;
}

API int cublasGetProperty(int property, int* value) {
    *value = property == 0 ? CUDA_MAJOR : 0;
    return 0;
}

API int cublasGemmEx(void* handle, int transposeA, int transposeB, int m, int n, int k, const float* alpha,
                     const float* a, int typeA, int lda, const float* b, int typeB, int ldb, const float* beta,
                     float* c, int typeC, int ldc, int arithmetic, int) {
    emulation::mistake("cublasGemmEx", a, b);
    return product(handle, transposeA, transposeB, m, n, k, alpha, a, typeA, lda, b, typeB, ldb, beta, c, typeC, ldc,
                   arithmetic);
}

API int cublasGemmStridedBatchedEx(void* handle, int transposeA, int transposeB, int m, int n, int k,
                                   const float* alpha, const float* a, int typeA, int lda, long long strideA,
                                   const float* b, int typeB, int ldb, long long strideB, const float* beta, float* c,
                                   int typeC, int ldc, long long strideC, int batch, int arithmetic, int) {
    emulation::mistake("cublasGemmStridedBatchedEx", a, b);
    if (batch < 1) {
        return INVALID;
    }
    for (int i = 0; i < batch; i++) {
        const int status = product(handle, transposeA, transposeB, m, n, k, alpha, a + i * strideA, typeA, lda,
                                   b + i * strideB, typeB, ldb, beta, c + i * strideC, typeC, ldc, arithmetic);
        if (status != 0) {
            return status;
        }
    }
    return 0;
}
