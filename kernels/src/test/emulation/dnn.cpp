// A libcudnn without a device: convolutions on dense NCHW tensors, as far as the engine calls them. A call of anything else
// ends the process with its name.
#include "emulation.h"

#include <cstdint>
#include <cstring>
#include <vector>

using emulation::allocated;
using emulation::enqueue;
using emulation::fail;

namespace {

constexpr int BAD_PARAM = 2000;
constexpr int NOT_SUPPORTED = 3000;
constexpr int EXECUTION_FAILED = 5000;
constexpr int DETERMINISTIC = 1;      // the algorithm that may be used; algorithm 0 is offered first and is not
constexpr std::size_t WORKSPACE = 4096; // bytes that it asks for

struct Handle {
    void* stream = nullptr;
};

struct Tensor {
    int n, c, h, w;
    std::size_t bytes() const { return sizeof(float) * n * c * h * w; }
    long at(int in, int ic, int ih, int iw) const { return ((long)(in * c + ic) * h + ih) * w + iw; }
};

struct Convolution {
    int padH, padW, strideH, strideW, dilationH, dilationW;
    int groups = 1;
    int math = 0;
};

struct Performance {
    int algorithm;
    int status;
    float time;
    std::size_t memory;
    int determinism;
    int math;
    int reserved[3];
};

int outputSize(int in, int pad, int kernel, int stride, int dilation) {
    return (in + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1;
}

// A filter is a tensor [out, in per group, height, width].
bool fits(const Tensor& x, const Tensor& w, const Convolution& c, const Tensor& y) {
    return w.c * c.groups == x.c && w.n % c.groups == 0 && y.n == x.n && y.c == w.n
           && y.h == outputSize(x.h, c.padH, w.h, c.strideH, c.dilationH)
           && y.w == outputSize(x.w, c.padW, w.w, c.strideW, c.dilationW);
}

// Calls term(y, x, w) with the place of each product.
template <class F> void forEachTerm(const Tensor& x, const Tensor& w, const Convolution& c, const Tensor& y, F term) {
    const int outPerGroup = w.n / c.groups;
    for (int n = 0; n < y.n; n++) {
        for (int k = 0; k < y.c; k++) {
            for (int i = 0; i < y.h; i++) {
                for (int j = 0; j < y.w; j++) {
                    for (int q = 0; q < w.c; q++) {
                        for (int r = 0; r < w.h; r++) {
                            const int h = i * c.strideH - c.padH + r * c.dilationH;
                            for (int s = 0; s < w.w && h >= 0 && h < x.h; s++) {
                                const int v = j * c.strideW - c.padW + s * c.dilationW;
                                if (v >= 0 && v < x.w) {
                                    term(y.at(n, k, i, j), x.at(n, k / outPerGroup * w.c + q, h, v), w.at(k, q, r, s));
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

// out = alpha * sum of terms + beta * out; each term adds to sums[place].
template <class F>
int queue(void* handle, const Tensor& out, float alpha, float beta, float* to, int algorithm, void* workspace,
          std::size_t workspaceBytes, F addTerms) {
    if (algorithm != DETERMINISTIC) {
        fail("cudnn: algorithm " + std::to_string(algorithm) + " was called, which is not deterministic");
        return NOT_SUPPORTED;
    }
    if (workspaceBytes < WORKSPACE || !allocated("cudnn workspace", workspace, workspaceBytes)) {
        return BAD_PARAM;
    }
    const int status = enqueue(static_cast<Handle*>(handle)->stream, [=] {
        std::memset(workspace, 0xff, workspaceBytes);
        const std::size_t count = out.bytes() / sizeof(float);
        std::vector<double> sums(count, 0);
        addTerms(sums.data());
        for (std::size_t i = 0; i < count; i++) {
            to[i] = (float)(alpha * sums[i] + (beta == 0 ? 0 : (double)beta * to[i]));
        }
        return emulation::SUCCESS;
    });
    return status == 0 ? 0 : EXECUTION_FAILED;
}

int offer(int requested, int* returned, Performance* results) {
    *returned = requested < 2 ? requested : 2;
    for (int i = 0; i < *returned; i++) {
        results[i] = {i, 0, 1.f + i, i * WORKSPACE, i, 0, {}};
    }
    return 0;
}

template <class T> int create(void** descriptor) {
    *descriptor = new T();
    return 0;
}

template <class T> int destroy(void* descriptor) {
    delete static_cast<T*>(descriptor);
    return 0;
}

} // namespace

API std::size_t cudnnGetVersion() { return 90000; }

API std::size_t cudnnGetCudartVersion() { return CUDA_MAJOR * 1000; }

API const char* cudnnGetErrorString(int status) {
    switch (status) {
    case 0:
        return "CUDNN_STATUS_SUCCESS";
    case BAD_PARAM:
        return "CUDNN_STATUS_BAD_PARAM";
    case NOT_SUPPORTED:
        return "CUDNN_STATUS_NOT_SUPPORTED";
    default:
        return "CUDNN_STATUS_EXECUTION_FAILED";
    }
}

API int cudnnCreate(void** handle) { return create<Handle>(handle); }
API int cudnnDestroy(void* handle) { return destroy<Handle>(handle); }
API int cudnnSetStream(void* handle, void* stream) {
    static_cast<Handle*>(handle)->stream = stream;
    return 0;
}

API int cudnnCreateTensorDescriptor(void** d) { return create<Tensor>(d); }
API int cudnnDestroyTensorDescriptor(void* d) { return destroy<Tensor>(d); }
API int cudnnCreateFilterDescriptor(void** d) { return create<Tensor>(d); }
API int cudnnDestroyFilterDescriptor(void* d) { return destroy<Tensor>(d); }
API int cudnnCreateConvolutionDescriptor(void** d) { return create<Convolution>(d); }
API int cudnnDestroyConvolutionDescriptor(void* d) { return destroy<Convolution>(d); }

API int cudnnSetTensor4dDescriptor(Tensor* d, int format, int type, int n, int c, int h, int w) {
    *d = {n, c, h, w};
    return format == 0 && type == 0 && n > 0 && c > 0 && h > 0 && w > 0 ? 0 : BAD_PARAM;
}

API int cudnnSetFilter4dDescriptor(Tensor* d, int type, int format, int k, int c, int h, int w) {
    return cudnnSetTensor4dDescriptor(d, format, type, k, c, h, w);
}

API int cudnnSetConvolution2dDescriptor(Convolution* d, int padH, int padW, int strideH, int strideW, int dilationH,
                                        int dilationW, int mode, int type) {
    *d = {padH, padW, strideH, strideW, dilationH, dilationW};
    return mode == 1 && type == 0 && padH >= 0 && padW >= 0 && strideH > 0 && strideW > 0 && dilationH > 0
                   && dilationW > 0
               ? 0
               : BAD_PARAM; // 1: cross-correlation
}

API int cudnnSetConvolutionMathType(Convolution* d, int math) {
    d->math = math;
    return 0;
}

API int cudnnSetConvolutionGroupCount(Convolution* d, int groups) {
    d->groups = groups;
    return groups > 0 ? 0 : BAD_PARAM;
}

API int cudnnGetConvolution2dForwardOutputDim(Convolution* c, Tensor* x, Tensor* w, int* n, int* k, int* h, int* v) {
    *n = x->n;
    *k = w->n;
    *h = outputSize(x->h, c->padH, w->h, c->strideH, c->dilationH);
    *v = outputSize(x->w, c->padW, w->w, c->strideW, c->dilationW);
    return 0;
}

API int cudnnFindConvolutionForwardAlgorithm(void*, Tensor* x, Tensor* w, Convolution* c, Tensor* y, int requested,
                                             int* returned, Performance* results) {
    return fits(*x, *w, *c, *y) ? offer(requested, returned, results) : BAD_PARAM;
}

API int cudnnFindConvolutionBackwardDataAlgorithm(void*, Tensor* w, Tensor* dy, Convolution* c, Tensor* dx,
                                                  int requested, int* returned, Performance* results) {
    return fits(*dx, *w, *c, *dy) ? offer(requested, returned, results) : BAD_PARAM;
}

API int cudnnFindConvolutionBackwardFilterAlgorithm(void*, Tensor* x, Tensor* dy, Convolution* c, Tensor* dw,
                                                    int requested, int* returned, Performance* results) {
    return fits(*x, *dw, *c, *dy) ? offer(requested, returned, results) : BAD_PARAM;
}

API int cudnnConvolutionForward(void* handle, const float* alpha, Tensor* xd, const float* x, Tensor* wd,
                                const float* w, Convolution* cd, int algorithm, void* workspace, std::size_t bytes,
                                const float* beta, Tensor* yd, float* y) {
    if (!fits(*xd, *wd, *cd, *yd) || !allocated("cudnn x", x, xd->bytes()) || !allocated("cudnn w", w, wd->bytes())
        || !allocated("cudnn y", y, yd->bytes())) {
        return BAD_PARAM;
    }
    return queue(handle, *yd, *alpha, *beta, y, algorithm, workspace, bytes,
                 [xs = *xd, ws = *wd, c = *cd, ys = *yd, x, w](double* sums) {
                     forEachTerm(xs, ws, c, ys, [&](long o, long i, long f) { sums[o] += (double)x[i] * w[f]; });
                 });
}

API int cudnnConvolutionBackwardData(void* handle, const float* alpha, Tensor* wd, const float* w, Tensor* yd,
                                     const float* dy, Convolution* cd, int algorithm, void* workspace,
                                     std::size_t bytes, const float* beta, Tensor* xd, float* dx) {
    if (!fits(*xd, *wd, *cd, *yd) || !allocated("cudnn dx", dx, xd->bytes()) || !allocated("cudnn w", w, wd->bytes())
        || !allocated("cudnn dy", dy, yd->bytes())) {
        return BAD_PARAM;
    }
    return queue(handle, *xd, *alpha, *beta, dx, algorithm, workspace, bytes,
                 [xs = *xd, ws = *wd, c = *cd, ys = *yd, w, dy](double* sums) {
                     forEachTerm(xs, ws, c, ys, [&](long o, long i, long f) { sums[i] += (double)dy[o] * w[f]; });
                 });
}

API int cudnnConvolutionBackwardFilter(void* handle, const float* alpha, Tensor* xd, const float* x, Tensor* yd,
                                       const float* dy, Convolution* cd, int algorithm, void* workspace,
                                       std::size_t bytes, const float* beta, Tensor* wd, float* dw) {
    if (!fits(*xd, *wd, *cd, *yd) || !allocated("cudnn x", x, xd->bytes()) || !allocated("cudnn dw", dw, wd->bytes())
        || !allocated("cudnn dy", dy, yd->bytes())) {
        return BAD_PARAM;
    }
    return queue(handle, *wd, *alpha, *beta, dw, algorithm, workspace, bytes,
                 [xs = *xd, ws = *wd, c = *cd, ys = *yd, x, dy](double* sums) {
                     forEachTerm(xs, ws, c, ys, [&](long o, long i, long f) { sums[f] += (double)dy[o] * x[i]; });
                 });
}
