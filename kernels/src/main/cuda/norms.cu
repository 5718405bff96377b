// Normalisation by channel: x is [outer, channels, inner].
#include "sums.cuh"

// Distances from the first element of the channel, and their squares: without it the variance of large, close numbers
// would be lost in the difference of two sums.
struct Moments {
    static const int SUMS = 2;
    const float* x;
    __device__ double shift(long long start) const {
        const double first = x[start];
        return first - first == 0 ? first : 0; // 0 unless finite
    }
    __device__ void add(double* sums, long long at, long long start) const {
        const double distance = x[at] - shift(start);
        sums[0] += distance;
        sums[1] += distance * distance;
    }
};

struct MeanAndVariance {
    Moments moments;
    long long inner; // elements from a channel's first to the next one's
    double count; // of a channel's elements
    float* mean;
    float* variance;
    __device__ void put(long long channel, const double* sums) const {
        const double part = sums[0] / count;
        const double squares = sums[1] / count - part * part;
        mean[channel] = (float)(moments.shift(channel * inner) + part);
        variance[channel] = (float)(squares < 0 ? 0 : squares);
    }
};

extern "C" __global__ void channelMoments(
        Sums s, int across, const float* x, float* mean, float* variance, double* partial) {
    const Moments terms = {x};
    const MeanAndVariance result = {terms, s.keptStrides[0], (double)s.terms, mean, variance};
    sumUp(across, s, terms, result, partial);
}

extern "C" __global__ void endMoments(
        Sums s, const double* partial, int splits, const float* x, float* mean, float* variance) {
    const Moments terms = {x};
    const MeanAndVariance result = {terms, s.keptStrides[0], (double)s.terms, mean, variance};
    GRID_STRIDE(i, s.outputs) {
        const double sums[2] = {
                sumOfSplits(partial, splits, s.outputs, 0, i),
                sumOfSplits(partial, splits, s.outputs, 1, i)};
        result.put(i, sums);
    }
}

// The variance, from what cuDNN keeps of it: 1 / sqrt(variance + eps).
extern "C" __global__ void varianceOfInverse(
        const float* inverse, float eps, float* variance, long long n) {
    GRID_STRIDE(i, n) {
        const double value = 1 / ((double)inverse[i] * inverse[i]) - eps;
        variance[i] = (float)(value < 0 ? 0 : value);
    }
}

static __device__ inline long long channelOf(long long i, int channels, int inner) {
    return i <= 0xffffffffLL ? (unsigned)i / (unsigned)inner % (unsigned)channels
                             : i / inner % channels;
}

static __device__ inline float factorOf(float variance, float eps) {
    return 1.f / sqrtf(variance + eps);
}

extern "C" __global__ void standardise(
        const float* x,
        const float* mean,
        const float* variance,
        float eps,
        float* y,
        int channels,
        int inner,
        long long n) {
    GRID_STRIDE(i, n) {
        const long long c = channelOf(i, channels, inner);
        y[i] = (x[i] - mean[c]) * factorOf(variance[c], eps);
    }
}

extern "C" __global__ void sumSlopes(
        Sums s, int across, const float* y, const float* dy, double* partial) {
    const Slopes terms = {y, dy};
    const PairTotals result = {partial, s.outputs};
    sumUp(across, s, terms, result, partial);
}

extern "C" __global__ void endTotals(
        const double* partial, int splits, double* totals, long long sums) {
    GRID_STRIDE(i, sums) { totals[i] = sumOfSplits(partial, splits, sums, 0, i); }
}

// totals [2, channels]: the sums of dy and of dy · y; count is how many elements a channel has.
extern "C" __global__ void addStandardiseGradient(
        const float* variance,
        float eps,
        const double* totals,
        const float* y,
        const float* dy,
        float* dx,
        long long count,
        int channels,
        int inner,
        long long n) {
    GRID_STRIDE(i, n) {
        const long long c = channelOf(i, channels, inner);
        const float mean = (float)(totals[c] / count);
        const float along = y[i] * (float)(totals[channels + c] / count);
        dx[i] += factorOf(variance[c], eps) * (dy[i] - mean - along);
    }
}

extern "C" __global__ void channelAffine(
        const float* x,
        const float* scale,
        const float* shift,
        float* y,
        int channels,
        int inner,
        long long n) {
    GRID_STRIDE(i, n) {
        const long long c = channelOf(i, channels, inner);
        y[i] = x[i] * scale[c] + shift[c];
    }
}

extern "C" __global__ void addChannelScaled(
        const float* dy, const float* scale, float* dx, int channels, int inner, long long n) {
    GRID_STRIDE(i, n) { dx[i] += dy[i] * scale[channelOf(i, channels, inner)]; }
}

// y += shift, by channel, then ReLU if asked: what follows a convolution; without a bias there is no shift.
extern "C" __global__ void addChannelShift(
        const float* shift, int relu, float* y, int channels, int inner, long long n) {
    GRID_STRIDE(i, n) {
        const float value = shift == 0 ? y[i] : y[i] + shift[channelOf(i, channels, inner)];
        y[i] = relu ? rectified(value) : value;
    }
}
