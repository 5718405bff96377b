// Sums, products and functions of single elements. Inputs may be the output: each thread reads its element first.
#include "arithmetic.cuh"

extern "C" __global__ void fill(float* y, float value, long long n) {
    GRID_STRIDE(i, n) { y[i] = value; }
}

extern "C" __global__ void copyWords(const unsigned* x, unsigned* y, long long n) {
    GRID_STRIDE(i, n) { y[i] = x[i]; }
}

extern "C" __global__ void copyBytes(const unsigned char* x, unsigned char* y, long long n) {
    GRID_STRIDE(i, n) { y[i] = x[i]; }
}

extern "C" __global__ void add(const float* a, const float* b, float* y, long long n) {
    GRID_STRIDE(i, n) { y[i] = a[i] + b[i]; }
}

extern "C" __global__ void sub(const float* a, const float* b, float* y, long long n) {
    GRID_STRIDE(i, n) { y[i] = a[i] - b[i]; }
}

extern "C" __global__ void mul(const float* a, const float* b, float* y, long long n) {
    GRID_STRIDE(i, n) { y[i] = a[i] * b[i]; }
}

// Named so as not to meet div of the host's C library.
extern "C" __global__ void divide(const float* a, const float* b, float* y, long long n) {
    GRID_STRIDE(i, n) { y[i] = a[i] / b[i]; }
}

extern "C" __global__ void affine(const float* x, float scale, float shift, float* y, long long n) {
    GRID_STRIDE(i, n) { y[i] = scale * x[i] + shift; }
}

extern "C" __global__ void relu(const float* x, float* y, long long n) {
    GRID_STRIDE(i, n) { y[i] = rectified(x[i]); }
}

extern "C" __global__ void clampTo(const float* x, float low, float high, float* y, long long n) {
    GRID_STRIDE(i, n) { y[i] = within(x[i], low, high); }
}

extern "C" __global__ void addScaled(float alpha, const float* x, float* y, long long n) {
    GRID_STRIDE(i, n) { y[i] += alpha * x[i]; }
}

extern "C" __global__ void addProduct(const float* a, const float* b, float* y, long long n) {
    GRID_STRIDE(i, n) { y[i] += a[i] * b[i]; }
}

extern "C" __global__ void addScalar(float alpha, const float* s, float* y, long long n) {
    const float term = alpha * s[0];
    GRID_STRIDE(i, n) { y[i] += term; }
}

extern "C" __global__ void addReluGradient(const float* x, const float* dy, float* dx, long long n) {
    GRID_STRIDE(i, n) { dx[i] += x[i] > 0.f ? dy[i] : 0.f; }
}

extern "C" __global__ void maskByPositive(const float* y, float* dy, long long n) {
    GRID_STRIDE(i, n) { dy[i] = y[i] > 0.f ? dy[i] : 0.f; }
}

extern "C" __global__ void huber(const float* a, const float* b, float beta, float* y, long long n) {
    GRID_STRIDE(i, n) {
        const float distance = fabsf(a[i] - b[i]);
        y[i] = distance < beta ? 0.5f * distance * distance / beta : distance - 0.5f * beta;
    }
}

extern "C" __global__ void addHuberGradient(
        const float* a,
        const float* b,
        float beta,
        float scale,
        const float* dy,
        float* dx,
        long long n) {
    GRID_STRIDE(i, n) { dx[i] += scale * dy[i] * within((a[i] - b[i]) / beta, -1.f, 1.f); }
}

extern "C" __global__ void lerp(const float* x, float t, float* y, long long n) {
    GRID_STRIDE(i, n) { y[i] = t * x[i] + (1.f - t) * y[i]; }
}

extern "C" __global__ void addDividendGradient(const float* b, const float* dy, float* da, long long n) {
    GRID_STRIDE(i, n) { da[i] += dy[i] / b[i]; }
}

extern "C" __global__ void addDivisorGradient(
        const float* b, const float* y, const float* dy, float* db, long long n) {
    GRID_STRIDE(i, n) { db[i] -= dy[i] * y[i] / b[i]; }
}

extern "C" __global__ void fromBytes(const unsigned char* x, float scale, float* y, long long n) {
    GRID_STRIDE(i, n) { y[i] = scale * x[i]; }
}

// y [rows, cols] += b [cols], then ReLU if asked: what follows the matrix product of a layer.
extern "C" __global__ void addBias(const float* b, int relu, float* y, int cols, long long n) {
    GRID_STRIDE(i, n) {
        const float value = y[i] + b[i % cols];
        y[i] = relu ? rectified(value) : value;
    }
}

// The ordinals of UnaryFunction.
enum Function { ABS, EXP, LOG, SQRT, POW, CLAMP, LEAKY_RELU, GELU, TANH, SIGMOID, SIGNED_SQRT };

static const float SQRT_HALF = 0.70710678118654752f;
static const float DENSITY_AT_0 = 0.39894228040143268f; // 1 / sqrt(2 pi)

// P(a normal variate is below x).
static __device__ inline float normalBelow(float x) { return 0.5f * erfcf(-x * SQRT_HALF); }

static __device__ inline float valueOf(int f, float a, float b, float x) {
    switch (f) {
        case ABS: return fabsf(x);
        case EXP: return expf(x);
        case LOG: return logf(x);
        case SQRT: return sqrtf(x);
        case POW: return powf(x, a);
        case CLAMP: return within(x, a, b);
        case LEAKY_RELU: return x > 0.f ? x : a * x;
        case GELU: return x * normalBelow(x);
        case TANH: return tanhf(x);
        case SIGMOID: return 1.f / (1.f + expf(-x));
        case SIGNED_SQRT: return copysignf(sqrtf(fabsf(x)), x);
        default: return undefined();
    }
}

static __device__ inline float slopeOf(int f, float a, float b, float x, float y) {
    switch (f) {
        case ABS: return x > 0.f ? 1.f : x < 0.f ? -1.f : x;
        case EXP: return y;
        case LOG: return 1.f / x;
        case SQRT: return 0.5f / y;
        case POW: return a == 0.f ? 0.f : a * powf(x, a - 1.f);
        case CLAMP: return x >= a && x <= b ? 1.f : 0.f;
        case LEAKY_RELU: return x > 0.f ? 1.f : a;
        case GELU: return normalBelow(x) + x * expf(-0.5f * x * x) * DENSITY_AT_0;
        case TANH: return 1.f - y * y;
        case SIGMOID: return y * (1.f - y);
        case SIGNED_SQRT: return x == 0.f ? 0.f : 0.5f / fabsf(y);
        default: return undefined();
    }
}

extern "C" __global__ void unary(int f, float a, float b, const float* x, float* y, long long n) {
    GRID_STRIDE(i, n) { y[i] = valueOf(f, a, b, x[i]); }
}

extern "C" __global__ void addUnaryGradient(
        int f,
        float a,
        float b,
        const float* x,
        const float* y,
        const float* dy,
        float* dx,
        long long n) {
    GRID_STRIDE(i, n) { dx[i] += dy[i] * slopeOf(f, a, b, x[i], y[i]); }
}
