// What the families of kernels share.
//
// No result depends on which thread, warp or block runs first: sums are taken in a fixed order, and in f64, of which a
// sum in memory order needs far less than a device has.
#pragma once
#include "device.cuh"

static const int LANES = 32; // of a warp
static const unsigned ALL_LANES = 0xffffffffu;
static const int MOST_THREADS = 1024; // of a block

// fminf and fmaxf lose a NaN; these keep that of x. Bounds are numbers.
static __device__ inline float atLeast(float x, float low) { return x < low ? low : x; }
static __device__ inline float atMost(float x, float high) { return x > high ? high : x; }
static __device__ inline float within(float x, float low, float high) {
    return atMost(atLeast(x, low), high);
}
static __device__ inline float rectified(float x) { return x <= 0.f ? 0.f : x; }
static __device__ inline bool isNumber(float x) { return x == x; }

// The larger of two, NaN if either is.
static __device__ inline float larger(float a, float b) {
    return !isNumber(a) || a > b ? a : b;
}

// What stands for a result that is undefined: as f32 NaN, as i32 -1.
static const unsigned UNDEFINED = 0xffffffffu;

static __device__ inline float minusInfinity() { return __int_as_float((int)0xff800000u); }
static __device__ inline float undefined() { return __int_as_float((int)UNDEFINED); }

// The sum over a warp, in every lane; every lane must call it.
static __device__ inline double sumOfWarp(double value) {
    for (int distance = LANES / 2; distance > 0; distance /= 2) {
        value += __shfl_xor_sync(ALL_LANES, value, distance);
    }
    return value;
}

// The sum over a block of whole warps, in every thread; every thread must call it.
static __device__ inline double sumOfBlock(double value) {
    __shared__ double ofWarps[MOST_THREADS / LANES];
    const double mine = sumOfWarp(value);
    if (threadIdx.x % LANES == 0) {
        ofWarps[threadIdx.x / LANES] = mine;
    }
    __syncthreads();
    double sum = 0;
    for (unsigned w = 0; w < blockDim.x / LANES; w++) {
        sum += ofWarps[w];
    }
    __syncthreads(); // before the next sum writes again
    return sum;
}
