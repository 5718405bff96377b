// Sums over dimensions of an array: of its elements, and of their products with another's.
#include "sums.cuh"

extern "C" __global__ void sumElements(
        Sums s, int across, const float* x, double scale, int plus, float* y, double* partial) {
    const Plain terms = {x};
    const Scaled result = {y, scale, plus};
    sumUp(across, s, terms, result, partial);
}

extern "C" __global__ void sumProducts(
        Sums s,
        int across,
        const float* a,
        const float* b,
        double scale,
        int plus,
        float* y,
        double* partial) {
    const Products terms = {a, b};
    const Scaled result = {y, scale, plus};
    sumUp(across, s, terms, result, partial);
}

// The sums of the columns of dy, which becomes 0 where y is not positive.
extern "C" __global__ void maskAndSum(
        Sums s,
        int across,
        const float* y,
        float* dy,
        double scale,
        int plus,
        float* sums,
        double* partial) {
    const Masked terms = {y, dy};
    const Scaled result = {sums, scale, plus};
    sumUp(across, s, terms, result, partial);
}

extern "C" __global__ void addUpSplits(
        const double* partial, int splits, double scale, int plus, float* y, long long outputs) {
    const Scaled result = {y, scale, plus};
    GRID_STRIDE(i, outputs) {
        const double sum = sumOfSplits(partial, splits, outputs, 0, i);
        result.put(i, &sum);
    }
}

// Partial sums of squares, for scaleToNorm.
extern "C" __global__ void sumSquares(Sums s, const float* x, double* partial) {
    const Products terms = {x, x};
    const Totals result = {partial};
    sumUp(0, s, terms, result, partial);
}

static const double NORM_EPS = 1e-6; // of torch.nn.utils.clip_grad_norm_

// x *= min(1, limit / (norm + 1e-6)), from partial sums of its squares; NaN spreads.
extern "C" __global__ void scaleToNorm(
        const double* partial, int splits, float limit, float* norm, float* x, long long n) {
    const double before = sqrt(sumOfSplits(partial, splits, 1, 0, 0));
    if (blockIdx.x == 0 && threadIdx.x == 0) {
        norm[0] = (float)before;
    }
    const double ratio = limit / (before + NORM_EPS);
    const float scale = ratio > 1 ? 1.f : (float)ratio;
    GRID_STRIDE(i, n) { x[i] *= scale; }
}
