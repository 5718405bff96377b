// CUDA C++ for the host's compiler: as much of it as the kernels use. Included before a kernel's source.
//
// One thread of the host runs all; a thread of the device is a fiber, which gives way at barriers and shuffles only. What is
// shared by a block is static, as blocks run one after the other; it lies in a section of its own, which is spoilt before each.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#define __device__
#define __host__
#define __constant__ const
#define __forceinline__ inline
#define __launch_bounds__(...)
#ifndef EMULATED_KERNEL
#define EMULATED_KERNEL
#endif
#define __global__ EMULATED_KERNEL
#define __shared__ static __attribute__((section("emulated_shared")))
#define DYNAMIC_SHARED(T, name) T* name = reinterpret_cast<T*>(emulation::dynamicShared)

struct uint3 {
    unsigned x, y, z;
};
using dim3 = uint3;

namespace emulation {
extern char* dynamicShared;
extern uint3 currentThread, currentBlock, blockSize, gridSize;
void barrier();
// Waits for the lanes of the mask; then returns what the lane called source gave, or the own value where it is not in the mask.
std::uint64_t exchange(unsigned mask, std::uint64_t value, int source);
// As exchange, for all: bit i is set where lane i gave a true value.
unsigned ballot(unsigned mask, bool value);

template <class T> T shuffle(unsigned mask, T value, int source) {
    static_assert(sizeof(T) <= sizeof(std::uint64_t));
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(T));
    bits = exchange(mask, bits, source);
    std::memcpy(&value, &bits, sizeof(T));
    return value;
}

int laneOfThread();
} // namespace emulation

#define threadIdx emulation::currentThread
#define blockIdx emulation::currentBlock
#define blockDim emulation::blockSize
#define gridDim emulation::gridSize
static const int warpSize = 32;

inline void __syncthreads() { emulation::barrier(); }
inline void __syncwarp(unsigned mask = 0xffffffffu) { emulation::exchange(mask, 0, 0); }
inline void __threadfence() {}
inline void __threadfence_block() {}

// A lane outside of [0, width) leaves the own value, as on the device.
inline int sourceLane(int lane, int width) {
    const int own = emulation::laneOfThread();
    return lane < 0 || lane >= width ? own : own / width * width + lane;
}
template <class T> T __shfl_sync(unsigned mask, T value, int lane, int width = 32) {
    return emulation::shuffle(mask, value, sourceLane(lane % width, width));
}
template <class T> T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32) {
    return emulation::shuffle(mask, value, sourceLane(emulation::laneOfThread() % width + (int)delta, width));
}
template <class T> T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32) {
    return emulation::shuffle(mask, value, sourceLane(emulation::laneOfThread() % width - (int)delta, width));
}
template <class T> T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32) {
    return emulation::shuffle(mask, value, sourceLane(emulation::laneOfThread() % width ^ lanes, width));
}
inline unsigned __ballot_sync(unsigned mask, int value) { return emulation::ballot(mask, value != 0); }
inline int __any_sync(unsigned mask, int value) { return emulation::ballot(mask, value != 0) != 0; }
inline int __all_sync(unsigned mask, int value) { return emulation::ballot(mask, value != 0) == mask; }

template <class T> T atomicExch(T* at, T value) {
    const T old = *at;
    *at = value;
    return old;
}
template <class T> T atomicAdd(T* at, T value) { return atomicExch(at, (T)(*at + value)); }
template <class T> T atomicSub(T* at, T value) { return atomicExch(at, (T)(*at - value)); }
template <class T> T atomicMax(T* at, T value) { return atomicExch(at, std::max(*at, value)); }
template <class T> T atomicMin(T* at, T value) { return atomicExch(at, std::min(*at, value)); }
template <class T> T atomicOr(T* at, T value) { return atomicExch(at, (T)(*at | value)); }
template <class T> T atomicAnd(T* at, T value) { return atomicExch(at, (T)(*at & value)); }
template <class T> T atomicCAS(T* at, T compare, T value) {
    return atomicExch(at, *at == compare ? value : *at);
}
inline unsigned atomicInc(unsigned* at, unsigned last) { return atomicExch(at, *at >= last ? 0 : *at + 1); }

template <class To, class From> To sameBits(From from) {
    static_assert(sizeof(To) == sizeof(From));
    To to;
    std::memcpy(&to, &from, sizeof(To));
    return to;
}
inline int __float_as_int(float x) { return sameBits<int>(x); }
inline unsigned __float_as_uint(float x) { return sameBits<unsigned>(x); }
inline float __int_as_float(int x) { return sameBits<float>(x); }
inline float __uint_as_float(unsigned x) { return sameBits<float>(x); }
inline long long __double_as_longlong(double x) { return sameBits<long long>(x); }
inline double __longlong_as_double(long long x) { return sameBits<double>(x); }

template <class T> T __ldg(const T* at) { return *at; }
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz((unsigned)x); }
inline int __clzll(long long x) { return x == 0 ? 64 : __builtin_clzll((unsigned long long)x); }
inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)((std::uint64_t)a * b >> 32); }
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    return (unsigned long long)((unsigned __int128)a * b >> 64);
}
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fsqrt_rn(float x) { return std::sqrt(x); }
inline float __fmaf_rn(float a, float b, float c) { return std::fma(a, b, c); }
inline float rsqrtf(float x) { return 1 / std::sqrt(x); }
inline double rsqrt(double x) { return 1 / std::sqrt(x); }
inline float __saturatef(float x) { return x > 0 ? std::min(x, 1.f) : 0.f; }
template <class A, class B> auto min(A a, B b) {
    using T = std::common_type_t<A, B>;
    return (T)a < (T)b ? (T)a : (T)b;
}
template <class A, class B> auto max(A a, B b) {
    using T = std::common_type_t<A, B>;
    return (T)a > (T)b ? (T)a : (T)b;
}

#define VECTORS(T, name)                                                                 \
    struct alignas(2 * sizeof(T)) name##2 { T x, y; };                                   \
    struct alignas(4 * sizeof(T)) name##4 { T x, y, z, w; };                             \
    inline name##2 make_##name##2(T x, T y) { return {x, y}; }                           \
    inline name##4 make_##name##4(T x, T y, T z, T w) { return {x, y, z, w}; }
VECTORS(float, float)
VECTORS(int, int)
VECTORS(unsigned, uint)
VECTORS(unsigned char, uchar)
#undef VECTORS
struct alignas(16) double2 { double x, y; };
struct alignas(16) longlong2 { long long x, y; };
struct alignas(16) ulonglong2 { unsigned long long x, y; };
