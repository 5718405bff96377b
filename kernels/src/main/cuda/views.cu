// Copies and sums between places that strides give. A place is counted from the address that the host passes, the
// view's offset included.
#include "arithmetic.cuh"

static const int MOST_DIMS = 8; // as in StridedWords

// Two views of the same dimensions; rank is at least 1.
struct Places {
    long long rank;
    long long dims[MOST_DIMS];
    long long from[MOST_DIMS];
    long long to[MOST_DIMS];
};

struct Place {
    long long from;
    long long to;
};

static __device__ inline Place placeOf(const Places& p, long long i) {
    Place at = {0, 0};
    if (i <= 0xffffffffLL) { // division of 32 bits is several times faster
        unsigned rest = (unsigned)i;
        for (int d = (int)p.rank - 1; d > 0; d--) {
            const unsigned dim = (unsigned)p.dims[d];
            const unsigned index = rest % dim;
            rest /= dim;
            at.from += index * p.from[d];
            at.to += index * p.to[d];
        }
        at.from += rest * p.from[0];
        at.to += rest * p.to[0];
        return at;
    }
    long long rest = i;
    for (int d = (int)p.rank - 1; d > 0; d--) {
        const long long index = rest % p.dims[d];
        rest /= p.dims[d];
        at.from += index * p.from[d];
        at.to += index * p.to[d];
    }
    at.from += rest * p.from[0];
    at.to += rest * p.to[0];
    return at;
}

extern "C" __global__ void copyView(Places p, const float* x, float* y, long long n) {
    GRID_STRIDE(i, n) {
        const Place at = placeOf(p, i);
        y[at.to] = x[at.from];
    }
}

extern "C" __global__ void addView(Places p, float alpha, const float* x, float* y, long long n) {
    GRID_STRIDE(i, n) {
        const Place at = placeOf(p, i);
        y[at.to] += alpha * x[at.from];
    }
}
