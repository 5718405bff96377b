// Numbers by hashing (seed, draw, element), as every backend draws them. The hash is the finaliser of SplitMix64
// (Steele, Lea and Flood 2014), taken twice.
#include "arithmetic.cuh"

typedef unsigned long long Word;

static __device__ inline Word mix(Word input) {
    Word z = input + 0x9e3779b97f4a7c15ULL;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
    return z ^ z >> 31;
}

// state: two words of a seed, then the number of draws so far.
static __device__ inline Word streamOf(const int* state) {
    const Word seed = (Word)(unsigned)state[0] << 32 | (unsigned)state[1];
    return mix(seed + mix((Word)(long long)state[2]));
}

// Uniform in [0, 1), a multiple of 2 to the -24.
static __device__ inline double unit(Word stream, Word i) {
    return (double)(mix(stream + i * 0x9e3779b97f4a7c15ULL) >> 40) * 0x1p-24;
}

extern "C" __global__ void dropoutMask(const int* state, float keep, float* y, long long n) {
    const Word stream = streamOf(state);
    const float kept = 1.f / keep;
    GRID_STRIDE(i, n) { y[i] = unit(stream, i) < keep ? kept : 0.f; }
}

// Box and Muller 1958; in f64, so that a stream is the same on all backends up to its last bits.
extern "C" __global__ void drawNormal(const int* state, float* y, long long n) {
    const Word stream = streamOf(state);
    const double circle = 6.283185307179586;
    GRID_STRIDE(i, n) {
        const double radius = sqrt(-2 * log(1 - unit(stream, 2 * i))); // 1 - u > 0
        y[i] = (float)(radius * cos(circle * unit(stream, 2 * i + 1)));
    }
}

// Counts a draw, once all of it has read the state: a launch of its own, of one thread.
extern "C" __global__ void countDraw(int* state) { state[2]++; }
