// What every kernel may use. No standard header: NVRTC has none.
#pragma once

#ifndef DYNAMIC_SHARED
// The shared memory whose size the launch gives, as an array of T.
#define DYNAMIC_SHARED(T, name) extern __shared__ T name[]
#endif

// A loop over [0, n) whose steps are as wide as the grid: any grid covers any n.
#define GRID_STRIDE(i, n)                                                             \
    for (long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x; i < (n);     \
         i += (long long)gridDim.x * blockDim.x)

// The sum over a block of whole warps, in every thread. Every thread calls it.
static __device__ inline float blockSum(float x) {
    __shared__ float sums[32];
    for (int lanes = 16; lanes > 0; lanes /= 2) {
        x += __shfl_xor_sync(0xffffffffu, x, lanes);
    }
    const unsigned lane = threadIdx.x % 32;
    if (lane == 0) {
        sums[threadIdx.x / 32] = x;
    }
    __syncthreads();
    x = lane < blockDim.x / 32 ? sums[lane] : 0.f;
    for (int lanes = 16; lanes > 0; lanes /= 2) {
        x += __shfl_xor_sync(0xffffffffu, x, lanes);
    }
    __syncthreads(); // before the next sum writes again
    return x;
}
