// Many sums over one array at once, in f64 and in a fixed order.
//
// A launch has a row of blocks per split of the terms. With one split a block ends its sums itself; with more it leaves
// partial sums, [sums of an output, outputs, splits], which a second kernel adds up in order.
#pragma once
#include "arithmetic.cuh"

static const int MOST_SUM_DIMS = 6; // as in SumWords

// Output i sums the terms j of the elements at place(kept, i) + place(summed, j). Ranks are at least 1.
struct Sums {
    long long outputs;
    long long terms;
    long long keptRank;
    long long summedRank;
    long long keptDims[MOST_SUM_DIMS];
    long long keptStrides[MOST_SUM_DIMS];
    long long summedDims[MOST_SUM_DIMS];
    long long summedStrides[MOST_SUM_DIMS];
};

static __device__ inline long long placeOf(
        long long rank, const long long* dims, const long long* strides, long long i) {
    long long at = 0;
    if (i <= 0xffffffffLL) { // division of 32 bits is several times faster
        unsigned rest = (unsigned)i;
        for (int d = (int)rank - 1; d > 0; d--) {
            const unsigned dim = (unsigned)dims[d];
            at += rest % dim * strides[d];
            rest /= dim;
        }
        return at + rest * strides[0];
    }
    long long rest = i;
    for (int d = (int)rank - 1; d > 0; d--) {
        at += rest % dims[d] * strides[d];
        rest /= dims[d];
    }
    return at + rest * strides[0];
}

static __device__ inline long long startOf(const Sums& s, long long output) {
    return placeOf(s.keptRank, s.keptDims, s.keptStrides, output);
}

static __device__ inline long long termOf(const Sums& s, long long term) {
    return placeOf(s.summedRank, s.summedDims, s.summedStrides, term);
}

// What the block of this split begins and ends with.
static __device__ inline long long firstTerm(const Sums& s) {
    return s.terms * blockIdx.y / gridDim.y;
}

static __device__ inline long long lastTerm(const Sums& s) {
    return s.terms * (blockIdx.y + 1) / gridDim.y;
}

// In every thread of lane l of any warp, the sum over those threads; every thread must call it.
static __device__ inline double sumOverWarps(double value) {
    __shared__ double all[MOST_THREADS];
    all[threadIdx.x] = value;
    __syncthreads();
    double sum = 0;
    for (unsigned at = threadIdx.x % LANES; at < blockDim.x; at += LANES) {
        sum += all[at];
    }
    __syncthreads(); // before the next sum writes again
    return sum;
}

// Terms is a type with SUMS, 1 or 2, and add(sums, at, start), which adds what the element `at` of the output that starts
// at `start` gives to each; Result one with put(output, sums), which ends an output. With several splits partial sums
// are left instead.
template <class Terms, class Result>
static __device__ inline void leave(
        const Sums& s, const Result& result, double* partial, long long output, const double* sums) {
    if (gridDim.y == 1) {
        result.put(output, sums);
        return;
    }
    for (int k = 0; k < Terms::SUMS; k++) {
        partial[(k * s.outputs + output) * gridDim.y + blockIdx.y] = sums[k];
    }
}

// A block per output, its threads side by side on the terms: for terms that lie one after another.
template <class Terms, class Result>
static __device__ inline void sumAlong(
        const Sums& s, const Terms& terms, const Result& result, double* partial) {
    for (long long output = blockIdx.x; output < s.outputs; output += gridDim.x) {
        const long long start = startOf(s, output);
        double sums[2] = {0, 0};
        const long long end = lastTerm(s);
        for (long long j = firstTerm(s) + threadIdx.x; j < end; j += blockDim.x) {
            terms.add(sums, start + termOf(s, j), start);
        }
        for (int k = 0; k < Terms::SUMS; k++) {
            sums[k] = sumOfBlock(sums[k]);
        }
        if (threadIdx.x == 0) {
            leave<Terms>(s, result, partial, output, sums);
        }
    }
}

// A block per 32 outputs, its lanes side by side on them, its warps on the terms: for outputs that lie one after another.
template <class Terms, class Result>
static __device__ inline void sumAcross(
        const Sums& s, const Terms& terms, const Result& result, double* partial) {
    const long long groups = (s.outputs + LANES - 1) / LANES;
    for (long long group = blockIdx.x; group < groups; group += gridDim.x) {
        const long long output = group * LANES + threadIdx.x % LANES;
        const bool exists = output < s.outputs;
        double sums[2] = {0, 0};
        if (exists) {
            const long long start = startOf(s, output);
            const long long end = lastTerm(s);
            for (long long j = firstTerm(s) + threadIdx.x / LANES; j < end; j += blockDim.x / LANES) {
                terms.add(sums, start + termOf(s, j), start);
            }
        }
        for (int k = 0; k < Terms::SUMS; k++) {
            sums[k] = sumOverWarps(sums[k]);
        }
        if (exists && threadIdx.x < LANES) {
            leave<Terms>(s, result, partial, output, sums);
        }
    }
}

template <class Terms, class Result>
static __device__ inline void sumUp(
        int across, const Sums& s, const Terms& terms, const Result& result, double* partial) {
    if (across) {
        sumAcross(s, terms, result, partial);
    } else {
        sumAlong(s, terms, result, partial);
    }
}

// The second kernel: sum k of an output from its splits, in order.
static __device__ inline double sumOfSplits(
        const double* partial, int splits, long long outputs, int k, long long output) {
    double sum = 0;
    for (int split = 0; split < splits; split++) {
        sum += partial[(k * outputs + output) * splits + split];
    }
    return sum;
}

// The elements themselves.
struct Plain {
    static const int SUMS = 1;
    const float* x;
    __device__ void add(double* sums, long long at, long long) const { sums[0] += x[at]; }
};

// Elements that become 0 where those of another array are not positive; each is a term of one sum.
struct Masked {
    static const int SUMS = 1;
    const float* y;
    float* dy;
    __device__ void add(double* sums, long long at, long long) const {
        if (y[at] > 0.f) {
            sums[0] += dy[at];
        } else {
            dy[at] = 0;
        }
    }
};

// Products of the elements of two arrays.
struct Products {
    static const int SUMS = 1;
    const float* x;
    const float* y;
    __device__ void add(double* sums, long long at, long long) const {
        sums[0] += (double)x[at] * y[at];
    }
};

// Gradients, and their products with what was computed.
struct Slopes {
    static const int SUMS = 2;
    const float* y;
    const float* dy;
    __device__ void add(double* sums, long long at, long long) const {
        const double slope = dy[at];
        sums[0] += slope;
        sums[1] += slope * y[at];
    }
};

// y = scale · sum, plus y if asked.
struct Scaled {
    float* y;
    double scale;
    int plus;
    __device__ void put(long long output, const double* sums) const {
        y[output] = (float)((plus ? y[output] : 0.f) + scale * sums[0]);
    }
};

// The sums themselves, where partial sums of a single split would be.
struct Totals {
    double* totals;
    __device__ void put(long long output, const double* sums) const { totals[output] = sums[0]; }
};

struct PairTotals {
    double* totals;
    long long outputs;
    __device__ void put(long long output, const double* sums) const {
        totals[output] = sums[0];
        totals[outputs + output] = sums[1];
    }
};
