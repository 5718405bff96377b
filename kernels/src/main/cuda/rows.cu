// Rows of a matrix. Where a row has a result of its own, a warp works on it; blocks are whole warps.
#include "arithmetic.cuh"

#define EACH_ROW(r, rows)                                                                        \
    for (long long r = (blockIdx.x * (long long)blockDim.x + threadIdx.x) / LANES; r < (rows);   \
            r += gridDim.x * (long long)blockDim.x / LANES)

static __device__ inline int laneId() { return threadIdx.x % LANES; }

extern "C" __global__ void gather(
        const float* x, const int* index, float* y, int cols, long long rows) {
    GRID_STRIDE(r, rows) {
        const int c = index[r];
        y[r] = c >= 0 && c < cols ? x[r * cols + c] : undefined();
    }
}

extern "C" __global__ void addScatter(
        const float* y, const int* index, float* x, int cols, long long rows) {
    GRID_STRIDE(r, rows) {
        const int c = index[r];
        if (c >= 0 && c < cols) {
            x[r * cols + c] += y[r];
        }
    }
}

// A column and its value; none if negative.
struct Best {
    float value;
    int column;
};

static __device__ inline bool beats(Best a, Best b) {
    if (a.column < 0 || b.column < 0) {
        return a.column >= 0;
    }
    if (isNumber(a.value) != isNumber(b.value)) {
        return !isNumber(a.value);
    }
    const bool equal = a.value == b.value || !isNumber(a.value);
    return equal ? a.column < b.column : a.value > b.value;
}

// The first column of the largest legal value of a row, in every lane of its warp.
static __device__ inline Best bestOf(const float* x, const unsigned char* legal, int cols) {
    Best best = {0.f, -1};
    for (int c = laneId(); c < cols; c += LANES) {
        const Best next = {x[c], legal == 0 || legal[c] != 0 ? c : -1};
        if (beats(next, best)) {
            best = next;
        }
    }
    for (int distance = LANES / 2; distance > 0; distance /= 2) {
        const Best other = {
                __shfl_xor_sync(ALL_LANES, best.value, distance),
                __shfl_xor_sync(ALL_LANES, best.column, distance)};
        if (beats(other, best)) {
            best = other;
        }
    }
    return best;
}

static __device__ inline const unsigned char* rowOf(
        const unsigned char* legal, long long r, int cols) {
    return legal == 0 ? 0 : legal + r * cols;
}

extern "C" __global__ void rowMax(
        const float* x, const unsigned char* legal, float* y, int cols, long long rows) {
    EACH_ROW(r, rows) {
        const Best best = bestOf(x + r * cols, rowOf(legal, r, cols), cols);
        if (laneId() == 0) {
            y[r] = best.column < 0 ? 0.f : best.value;
        }
    }
}

extern "C" __global__ void rowArgMax(
        const float* x, const unsigned char* legal, int* y, int cols, long long rows) {
    EACH_ROW(r, rows) {
        const Best best = bestOf(x + r * cols, rowOf(legal, r, cols), cols);
        if (laneId() == 0) {
            y[r] = best.column < 0 ? 0 : best.column;
        }
    }
}

extern "C" __global__ void addRowMaxGradient(
        const float* x,
        const unsigned char* legal,
        const float* dy,
        float* dx,
        int cols,
        long long rows) {
    EACH_ROW(r, rows) {
        const Best best = bestOf(x + r * cols, rowOf(legal, r, cols), cols);
        if (laneId() == 0 && best.column >= 0) {
            dx[r * cols + best.column] += dy[r];
        }
    }
}

extern "C" __global__ void addEvenRowMaxGradient(
        const float* x, const float* y, const float* dy, float* dx, int cols, long long rows) {
    EACH_ROW(r, rows) {
        const float most = y[r];
        double equals = 0;
        for (int c = laneId(); c < cols; c += LANES) {
            equals += x[r * cols + c] == most;
        }
        equals = sumOfWarp(equals);
        const float slope = dy[r];
        for (int c = laneId(); c < cols; c += LANES) { // 0 / 0 where the largest is NaN
            const long long at = r * cols + c;
            dx[at] += (x[at] == most ? slope : 0.f) / (float)equals;
        }
    }
}

// Rows of 4-byte elements.
extern "C" __global__ void gatherRowsOfWords(
        const unsigned* x,
        const int* index,
        unsigned* y,
        long long available,
        int width,
        long long n) {
    GRID_STRIDE(i, n) {
        const int from = index[i / width];
        y[i] = from >= 0 && from < available ? x[(long long)from * width + i % width] : UNDEFINED;
    }
}

extern "C" __global__ void gatherRowsOfBytes(
        const unsigned char* x,
        const int* index,
        unsigned char* y,
        long long available,
        int width,
        long long n) {
    GRID_STRIDE(i, n) {
        const int from = index[i / width];
        y[i] = from >= 0 && from < available ? x[(long long)from * width + i % width]
                                             : (unsigned char)UNDEFINED;
    }
}

// A block per row of y. That of the first row with its index adds all rows with it, in order; the others do nothing.
extern "C" __global__ void addScatterRows(
        const float* y, const int* index, float* x, long long available, int width, int rows) {
    __shared__ int later;
    for (int r = blockIdx.x; r < rows; r += gridDim.x) {
        const int to = index[r];
        if (threadIdx.x == 0) {
            later = to < 0 || to >= available;
        }
        __syncthreads();
        for (int earlier = threadIdx.x; earlier < r; earlier += blockDim.x) {
            if (index[earlier] == to) {
                later = 1; // whoever writes it writes the same
            }
        }
        __syncthreads();
        const int skip = later;
        __syncthreads(); // before the next row writes again
        if (skip) {
            continue;
        }
        for (int c = threadIdx.x; c < width; c += blockDim.x) {
            float sum = x[(long long)to * width + c];
            for (int same = r; same < rows; same++) {
                if (index[same] == to) {
                    sum += y[(long long)same * width + c];
                }
            }
            x[(long long)to * width + c] = sum;
        }
    }
}

extern "C" __global__ void flatIndex(const int* index, int* y, int cols, long long rows) {
    GRID_STRIDE(r, rows) { y[r] = (int)((unsigned)r * cols + index[r]); }
}

static __device__ inline float largestOfWarp(float value) {
    for (int distance = LANES / 2; distance > 0; distance /= 2) {
        value = larger(value, __shfl_xor_sync(ALL_LANES, value, distance));
    }
    return value;
}

extern "C" __global__ void softmax(int log, const float* x, float* y, int cols, long long rows) {
    EACH_ROW(r, rows) {
        const float* in = x + r * cols;
        float* out = y + r * cols;
        float most = minusInfinity();
        for (int c = laneId(); c < cols; c += LANES) {
            most = larger(most, in[c]);
        }
        most = largestOfWarp(most); // subtracted, so that nothing overflows
        double sum = 0;
        for (int c = laneId(); c < cols; c += LANES) {
            sum += expf(in[c] - most);
        }
        sum = sumOfWarp(sum);
        const float total = (float)sum;
        const float logTotal = logf(total);
        for (int c = laneId(); c < cols; c += LANES) {
            const float distance = in[c] - most;
            out[c] = log ? distance - logTotal : expf(distance) / total;
        }
    }
}

extern "C" __global__ void addSoftmaxGradient(
        int log, const float* y, const float* dy, float* dx, int cols, long long rows) {
    EACH_ROW(r, rows) {
        const float* value = y + r * cols;
        const float* slope = dy + r * cols;
        float* out = dx + r * cols;
        double sum = 0;
        for (int c = laneId(); c < cols; c += LANES) {
            sum += log ? slope[c] : (double)slope[c] * value[c];
        }
        const float total = (float)sumOfWarp(sum);
        for (int c = laneId(); c < cols; c += LANES) {
            out[c] += log ? slope[c] - expf(value[c]) * total : value[c] * (slope[c] - total);
        }
    }
}
