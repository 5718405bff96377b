// One step of an optimizer over a whole slab of weights.
#include "arithmetic.cuh"

// Its last bit is worth 2^-123, and numbers are normal from 2^-126 on: moments below it become 0, as on every backend.
static const float FLUSH = 0x1p-100f;

static __device__ inline float flushed(float x) { return x + FLUSH - FLUSH; }

struct AdamW {
    float* w;
    const float* g;
    float* m;
    float* v;
    float* vMax; // null without
    float* target; // null without
    int* step;
    const float* rate;
    unsigned* finished; // blocks of this launch that have read the step; 0 before and after
    double beta1;
    double beta2;
    double eps;
    double decay;
    double limit;
    double tau;
    long long n;
};

// What a step shares over all weights: rounded as AdamWRule rounds it.
struct Shared {
    float keep;
    float stride;
    float unbias;
};

// Powers are slow: one warp takes the one, another the other.
static __device__ inline void prepare(const AdamW& a, Shared& s) {
    const double steps = *a.step + 1;
    if (threadIdx.x == 0) {
        const double rate = *a.rate;
        s.keep = (float)(1 - rate * a.decay);
        s.stride = (float)(rate / (1 - pow(a.beta1, steps)));
    } else if (threadIdx.x == LANES) {
        s.unbias = (float)(1 / sqrt(1 - pow(a.beta2, steps)));
    }
    __syncthreads(); // the block has read the step
    if (threadIdx.x == 0) {
        __threadfence();
        if (atomicAdd(a.finished, 1u) == gridDim.x - 1) { // so have all
            *a.step += 1;
            *a.finished = 0;
        }
    }
}

// Blocks have more than one warp.
extern "C" __global__ void adamW(AdamW a) {
    __shared__ Shared s;
    prepare(a, s);
    const float beta1 = (float)a.beta1;
    const float beta2 = (float)a.beta2;
    const float rest1 = (float)(1 - a.beta1);
    const float rest2 = (float)(1 - a.beta2);
    const float eps = (float)a.eps;
    const float limit = (float)a.limit;
    const float tau = (float)a.tau;
    GRID_STRIDE(i, a.n) {
        const float g = within(a.g[i], -limit, limit);
        const float m = flushed(beta1 * a.m[i] + rest1 * g);
        const float v = flushed(beta2 * a.v[i] + rest2 * g * g);
        float top = v;
        if (a.vMax) {
            top = larger(a.vMax[i], v);
            a.vMax[i] = top;
        }
        const float w = a.w[i] * s.keep - s.stride * m / (sqrtf(top) * s.unbias + eps);
        a.m[i] = m;
        a.v[i] = v;
        a.w[i] = w;
        if (a.target) {
            a.target[i] = tau * w + (1.f - tau) * a.target[i];
        }
    }
}

extern "C" __global__ void sgd(
        float* w,
        const float* g,
        float* velocity,
        const float* rate,
        float momentum,
        int nesterov,
        float decay,
        long long n) {
    const float lr = rate[0];
    GRID_STRIDE(i, n) {
        const float weight = w[i];
        const float slope = g[i] + decay * weight;
        float step = slope;
        if (velocity) {
            const float moved = momentum * velocity[i] + slope;
            velocity[i] = moved;
            step = nesterov ? slope + momentum * moved : moved;
        }
        w[i] = weight - lr * step;
    }
}

struct RmsProp {
    float* w;
    const float* g;
    float* squares;
    float* mean; // null without
    float* velocity; // null without
    const float* rate;
    double alpha;
    double eps;
    double momentum;
    double decay;
    long long n;
};

extern "C" __global__ void rmsProp(RmsProp a) {
    const float lr = *a.rate;
    const float keep = (float)a.alpha;
    const float rest = (float)(1 - a.alpha);
    const float eps = (float)a.eps;
    const float momentum = (float)a.momentum;
    const float decay = (float)a.decay;
    GRID_STRIDE(i, a.n) {
        const float weight = a.w[i];
        const float slope = a.g[i] + decay * weight;
        const float square = keep * a.squares[i] + rest * slope * slope;
        a.squares[i] = square;
        float variance = square;
        if (a.mean) {
            const float average = keep * a.mean[i] + rest * slope;
            a.mean[i] = average;
            variance = atLeast(square - average * average, 0.f); // rounding may pass 0
        }
        float step = slope / (sqrtf(variance) + eps);
        if (a.velocity) {
            step += momentum * a.velocity[i];
            a.velocity[i] = step;
        }
        a.w[i] = weight - lr * step;
    }
}
