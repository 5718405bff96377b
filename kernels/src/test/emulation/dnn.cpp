// A libcudnn without a device: convolutions, batch normalisation, pools and activations on dense NCHW tensors, as far as the
// engine calls them. A call of anything else ends the process with its name.
#include "emulation.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

using emulation::allocated;
using emulation::enqueue;
using emulation::fail;
using emulation::mistake;

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

struct Activation {
    int mode, propagate;
};

struct Pool {
    int mode, propagate, height, width, padH, padW, strideH, strideW;
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

int queued(void* handle, const emulation::Operation& operation) {
    return enqueue(static_cast<Handle*>(handle)->stream, operation) == 0 ? 0 : EXECUTION_FAILED;
}

// alpha * value + beta * what is there; beta 0 overwrites NaN.
void blend(float& to, double value, float alpha, float beta) {
    to = (float)(alpha * value + (beta == 0 ? 0 : (double)beta * to));
}

bool same(const Tensor& a, const Tensor& b) { return a.n == b.n && a.c == b.c && a.h == b.h && a.w == b.w; }

// What the descriptor of scale, shift, mean and variance must be for x.
bool byChannel(const Tensor& d, const Tensor& x) { return d.n == 1 && d.c == x.c && d.h == 1 && d.w == 1; }

// Calls visit(place) with each element of a channel.
template <class F> void forEachOfChannel(const Tensor& x, int channel, F visit) {
    for (int n = 0; n < x.n; n++) {
        for (long i = 0; i < (long)x.h * x.w; i++) {
            visit(x.at(n, channel, 0, 0) + i);
        }
    }
}

double activated(int mode, double x) {
    switch (mode) {
    case 0:
        return 1 / (1 + std::exp(-x));
    case 1:
        return x > 0 || x != x ? x : 0;
    default:
        return std::tanh(x);
    }
}

bool pools(const Pool& p, const Tensor& x, const Tensor& y) {
    return x.n == y.n && x.c == y.c && y.h == outputSize(x.h, p.padH, p.height, p.strideH, 1)
           && y.w == outputSize(x.w, p.padW, p.width, p.strideW, 1);
}

// Calls visit(x, y) with each pixel of each window, padding left out.
template <class F> void forEachPixel(const Pool& p, const Tensor& x, const Tensor& y, F visit) {
    for (int n = 0; n < y.n; n++) {
        for (int c = 0; c < y.c; c++) {
            for (int i = 0; i < y.h; i++) {
                for (int j = 0; j < y.w; j++) {
                    for (int r = 0; r < p.height; r++) {
                        for (int s = 0; s < p.width; s++) {
                            const int h = i * p.strideH - p.padH + r;
                            const int v = j * p.strideW - p.padW + s;
                            if (h >= 0 && h < x.h && v >= 0 && v < x.w) {
                                visit(x.at(n, c, h, v), y.at(n, c, i, j));
                            }
                        }
                    }
                }
            }
        }
    }
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
    mistake("cudnnConvolutionForward", alpha, beta);
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
    mistake("cudnnConvolutionBackwardData", xd, yd);
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
    mistake("cudnnConvolutionBackwardFilter", x, dy);
    if (!fits(*xd, *wd, *cd, *yd) || !allocated("cudnn x", x, xd->bytes()) || !allocated("cudnn dw", dw, wd->bytes())
        || !allocated("cudnn dy", dy, yd->bytes())) {
        return BAD_PARAM;
    }
    return queue(handle, *wd, *alpha, *beta, dw, algorithm, workspace, bytes,
                 [xs = *xd, ws = *wd, c = *cd, ys = *yd, x, dy](double* sums) {
                     forEachTerm(xs, ws, c, ys, [&](long o, long i, long f) { sums[f] += (double)dy[o] * x[i]; });
                 });
}

API int cudnnConvolutionBackwardBias(void* handle, const float* alpha, Tensor* yd, const float* dy, const float* beta,
                                     Tensor* bd, float* db) {
    mistake("cudnnConvolutionBackwardBias", alpha, beta);
    if (!byChannel(*bd, *yd) || !allocated("cudnn dy", dy, yd->bytes()) || !allocated("cudnn db", db, bd->bytes())) {
        return BAD_PARAM;
    }
    return queued(handle, [=, a = *alpha, b = *beta, ys = *yd] {
        for (int c = 0; c < ys.c; c++) {
            double sum = 0;
            forEachOfChannel(ys, c, [&](long i) { sum += dy[i]; });
            blend(db[c], sum, a, b);
        }
        return emulation::SUCCESS;
    });
}

// Batch normalisation, by channel (mode 1); eps may be as small as CUDNN_BN_MIN_EPSILON of cuDNN 9, which is 0.

API int cudnnBatchNormalizationForwardTraining(void* handle, int mode, const float* alpha, const float* beta, Tensor* xd,
                                               const float* x, Tensor* yd, float* y, Tensor* cd, const float* scale,
                                               const float* shift, double factor, float* runningMean,
                                               float* runningVariance, double eps, float* mean, float* inverse) {
    mistake("cudnnBatchNormalizationForwardTraining", scale, shift);
    if (mode != 1 || !same(*xd, *yd) || !byChannel(*cd, *xd) || eps < 0 || (runningMean == nullptr) != (runningVariance == nullptr)
        || !allocated("cudnn x", x, xd->bytes()) || !allocated("cudnn y", y, yd->bytes())
        || !allocated("cudnn scale", scale, cd->bytes()) || !allocated("cudnn shift", shift, cd->bytes())
        || !allocated("cudnn mean", mean, cd->bytes()) || !allocated("cudnn inverse", inverse, cd->bytes())) {
        return BAD_PARAM;
    }
    return queued(handle, [=, a = *alpha, b = *beta, xs = *xd] {
        const double count = (double)xs.n * xs.h * xs.w;
        for (int c = 0; c < xs.c; c++) {
            double sum = 0;
            forEachOfChannel(xs, c, [&](long i) { sum += x[i]; });
            const double centre = sum / count;
            double squares = 0;
            forEachOfChannel(xs, c, [&](long i) { squares += (x[i] - centre) * (x[i] - centre); });
            mean[c] = (float)centre;
            inverse[c] = (float)(1 / std::sqrt(squares / count + eps));
            if (runningMean != nullptr) {
                runningMean[c] = (float)(runningMean[c] * (1 - factor) + centre * factor);
                runningVariance[c] = (float)(runningVariance[c] * (1 - factor) + squares / (count - 1) * factor);
            }
            forEachOfChannel(xs, c, [&](long i) { blend(y[i], (x[i] - centre) * inverse[c] * scale[c] + shift[c], a, b); });
        }
        return emulation::SUCCESS;
    });
}

API int cudnnBatchNormalizationForwardInference(void* handle, int mode, const float* alpha, const float* beta, Tensor* xd,
                                                const float* x, Tensor* yd, float* y, Tensor* cd, const float* scale,
                                                const float* shift, const float* mean, const float* variance, double eps) {
    mistake("cudnnBatchNormalizationForwardInference", mean, variance);
    if (mode != 1 || !same(*xd, *yd) || !byChannel(*cd, *xd) || eps < 0 || !allocated("cudnn x", x, xd->bytes())
        || !allocated("cudnn y", y, yd->bytes()) || !allocated("cudnn scale", scale, cd->bytes())
        || !allocated("cudnn shift", shift, cd->bytes()) || !allocated("cudnn mean", mean, cd->bytes())
        || !allocated("cudnn variance", variance, cd->bytes())) {
        return BAD_PARAM;
    }
    return queued(handle, [=, a = *alpha, b = *beta, xs = *xd] {
        for (int c = 0; c < xs.c; c++) {
            const double inverse = 1 / std::sqrt(variance[c] + eps);
            forEachOfChannel(xs, c, [&](long i) {
                blend(y[i], ((double)x[i] - mean[c]) * inverse * scale[c] + shift[c], a, b);
            });
        }
        return emulation::SUCCESS;
    });
}

API int cudnnBatchNormalizationBackward(void* handle, int mode, const float* alphaData, const float* betaData,
                                        const float* alphaParameter, const float* betaParameter, Tensor* xd, const float* x,
                                        Tensor* dyd, const float* dy, Tensor* dxd, float* dx, Tensor* cd, const float* scale,
                                        float* dscale, float* dshift, double eps, const float* mean, const float* inverse) {
    mistake("cudnnBatchNormalizationBackward", dscale, dshift);
    if (mode != 1 || !same(*xd, *dyd) || !same(*xd, *dxd) || !byChannel(*cd, *xd) || eps < 0
        || !allocated("cudnn x", x, xd->bytes()) || !allocated("cudnn dy", dy, xd->bytes())
        || !allocated("cudnn dx", dx, xd->bytes()) || !allocated("cudnn scale", scale, cd->bytes())
        || !allocated("cudnn dscale", dscale, cd->bytes()) || !allocated("cudnn dshift", dshift, cd->bytes())
        || !allocated("cudnn mean", mean, cd->bytes()) || !allocated("cudnn inverse", inverse, cd->bytes())) {
        return BAD_PARAM;
    }
    return queued(handle, [=, a = *alphaData, b = *betaData, ap = *alphaParameter, bp = *betaParameter, xs = *xd] {
        const double count = (double)xs.n * xs.h * xs.w;
        for (int c = 0; c < xs.c; c++) {
            const auto standard = [&](long i) { return ((double)x[i] - mean[c]) * inverse[c]; };
            double sum = 0;
            double dot = 0;
            forEachOfChannel(xs, c, [&](long i) {
                sum += dy[i];
                dot += dy[i] * standard(i);
            });
            forEachOfChannel(xs, c, [&](long i) {
                const double slope = dy[i] - sum / count - standard(i) * dot / count;
                blend(dx[i], (double)scale[c] * inverse[c] * slope, a, b);
            });
            blend(dscale[c], dot, ap, bp);
            blend(dshift[c], sum, ap, bp);
        }
        return emulation::SUCCESS;
    });
}

// Activations: sigmoid (mode 0), ReLU (1) and the hyperbolic tangent (2)

API int cudnnCreateActivationDescriptor(void** d) { return create<Activation>(d); }
API int cudnnDestroyActivationDescriptor(void* d) { return destroy<Activation>(d); }

API int cudnnSetActivationDescriptor(Activation* d, int mode, int propagate, double) {
    *d = {mode, propagate};
    return mode >= 0 && mode <= 2 && (propagate == 0 || propagate == 1) ? 0 : BAD_PARAM;
}

API int cudnnActivationForward(void* handle, Activation* activation, const float* alpha, Tensor* xd, const float* x,
                               const float* beta, Tensor* yd, float* y) {
    mistake("cudnnActivationForward", alpha, beta);
    if (!same(*xd, *yd) || !allocated("cudnn x", x, xd->bytes()) || !allocated("cudnn y", y, yd->bytes())) {
        return BAD_PARAM;
    }
    return queued(handle, [=, f = *activation, a = *alpha, b = *beta, xs = *xd] {
        for (std::size_t i = 0; i < xs.bytes() / sizeof(float); i++) {
            const bool lost = f.mode == 1 && f.propagate == 0 && x[i] != x[i];
            blend(y[i], lost ? 0 : activated(f.mode, x[i]), a, b);
        }
        return emulation::SUCCESS;
    });
}

// Pools: of the largest (mode 0) and of the mean, padding counted (mode 1)

API int cudnnCreatePoolingDescriptor(void** d) { return create<Pool>(d); }
API int cudnnDestroyPoolingDescriptor(void* d) { return destroy<Pool>(d); }

API int cudnnSetPooling2dDescriptor(Pool* d, int mode, int propagate, int height, int width, int padH, int padW, int strideH,
                                    int strideW) {
    *d = {mode, propagate, height, width, padH, padW, strideH, strideW};
    mistake("cudnnSetPooling2dDescriptor", d->padH, d->padW);
    mistake("cudnnSetPooling2dDescriptor", d->strideH, d->strideW);
    return mode >= 0 && mode <= 1 && height > 0 && width > 0 && padH >= 0 && padH < height && padW >= 0 && padW < width
                   && strideH > 0 && strideW > 0
               ? 0
               : BAD_PARAM;
}

API int cudnnPoolingForward(void* handle, Pool* pool, const float* alpha, Tensor* xd, const float* x, const float* beta,
                            Tensor* yd, float* y) {
    mistake("cudnnPoolingForward", alpha, beta);
    if (!pools(*pool, *xd, *yd) || !allocated("cudnn x", x, xd->bytes()) || !allocated("cudnn y", y, yd->bytes())) {
        return BAD_PARAM;
    }
    return queued(handle, [=, p = *pool, a = *alpha, b = *beta, xs = *xd, ys = *yd] {
        const double first = p.mode == 0 ? -std::numeric_limits<double>::infinity() : 0;
        std::vector<double> found(ys.bytes() / sizeof(float), first);
        forEachPixel(p, xs, ys, [&](long from, long to) {
            if (p.mode == 1) {
                found[to] += x[from];
            } else if (x[from] > found[to] || (p.propagate == 1 && x[from] != x[from])) {
                found[to] = x[from];
            }
        });
        for (std::size_t i = 0; i < found.size(); i++) {
            blend(y[i], p.mode == 1 ? found[i] / (p.height * p.width) : found[i], a, b);
        }
        return emulation::SUCCESS;
    });
}

API int cudnnPoolingBackward(void* handle, Pool* pool, const float* alpha, Tensor* yd, const float* y, Tensor* dyd,
                             const float* dy, Tensor* xd, const float* x, const float* beta, Tensor* dxd, float* dx) {
    mistake("cudnnPoolingBackward", dyd, dxd);
    if (pool->mode != 1) {
        fail("cudnnPoolingBackward: of equal pixels, the one that the gradient goes to is not defined");
        return NOT_SUPPORTED;
    }
    if (!pools(*pool, *xd, *yd) || !same(*yd, *dyd) || !same(*xd, *dxd) || !allocated("cudnn y", y, yd->bytes())
        || !allocated("cudnn dy", dy, yd->bytes()) || !allocated("cudnn x", x, xd->bytes())
        || !allocated("cudnn dx", dx, xd->bytes())) {
        return BAD_PARAM;
    }
    return queued(handle, [=, p = *pool, a = *alpha, b = *beta, xs = *xd, ys = *yd] {
        std::vector<double> sums(xs.bytes() / sizeof(float), 0);
        forEachPixel(p, xs, ys, [&](long to, long from) { sums[to] += dy[from]; });
        for (std::size_t i = 0; i < sums.size(); i++) {
            blend(dx[i], sums[i] / (p.height * p.width), a, b);
        }
        return emulation::SUCCESS;
    });
}
