// Pools of images, [planes, height, width]. A gradient is collected by the pixel that receives it, over the windows that
// see it and in their order, so that no two threads write to one place.
#include "arithmetic.cuh"

// A Window, its dimensions, and those of the output.
struct Pool {
    long long height, width;
    long long kernelHeight, kernelWidth;
    long long strideHeight, strideWidth;
    long long padHeight, padWidth;
    long long dilationHeight, dilationWidth;
    long long outHeight, outWidth;
};

// The place of pixel or output i.
struct Cell {
    long long plane;
    int row, column;
};

static __device__ inline Cell cellOf(long long i, long long height, long long width) {
    const long long line = i / width;
    const Cell cell = {line / height, (int)(line % height), (int)(i % width)};
    return cell;
}

static __device__ inline int rowOf(const Pool& p, int i, int u) {
    return (int)(i * p.strideHeight - p.padHeight + u * p.dilationHeight);
}

static __device__ inline int columnOf(const Pool& p, int j, int v) {
    return (int)(j * p.strideWidth - p.padWidth + v * p.dilationWidth);
}

static __device__ inline bool inside(const Pool& p, int row, int column) {
    return row >= 0 && row < p.height && column >= 0 && column < p.width;
}

// Where in its plane x the first of the largest pixels of window (i, j) lies, -1 if all is padding.
static __device__ inline long long largest(const Pool& p, const float* x, int i, int j) {
    long long best = -1;
    float most = 0;
    for (int u = 0; u < p.kernelHeight; u++) {
        for (int v = 0; v < p.kernelWidth; v++) {
            const int row = rowOf(p, i, u);
            const int column = columnOf(p, j, v);
            if (inside(p, row, column)) {
                const long long at = row * p.width + column;
                const float value = x[at];
                if (best < 0 || value > most || (!isNumber(value) && isNumber(most))) {
                    best = at;
                    most = value;
                }
            }
        }
    }
    return best;
}

extern "C" __global__ void maxPool(Pool p, const float* x, float* y, long long n) {
    GRID_STRIDE(at, n) {
        const Cell out = cellOf(at, p.outHeight, p.outWidth);
        const float* plane = x + out.plane * p.height * p.width;
        const long long best = largest(p, plane, out.row, out.column);
        y[at] = best < 0 ? minusInfinity() : plane[best];
    }
}

extern "C" __global__ void averagePool(Pool p, const float* x, float* y, long long n) {
    GRID_STRIDE(at, n) {
        const Cell out = cellOf(at, p.outHeight, p.outWidth);
        const float* plane = x + out.plane * p.height * p.width;
        float sum = 0;
        for (int u = 0; u < p.kernelHeight; u++) {
            for (int v = 0; v < p.kernelWidth; v++) {
                const int row = rowOf(p, out.row, u);
                const int column = columnOf(p, out.column, v);
                if (inside(p, row, column)) {
                    sum += plane[row * p.width + column];
                }
            }
        }
        y[at] = sum / (float)(p.kernelHeight * p.kernelWidth);
    }
}

// The output whose window begins at `start` in one dimension, -1 if none does.
static __device__ inline int outputAt(long long start, long long stride, long long outputs) {
    return start < 0 || start % stride != 0 || start / stride >= outputs ? -1 : (int)(start / stride);
}

// The sum, over the windows that see a pixel, of dy; of those alone where it is the largest, if asked.
static __device__ inline float collect(
        const Pool& p, int onlyLargest, const float* x, const float* dy, const Cell& pixel) {
    const long long mine = pixel.row * p.width + pixel.column;
    const float* plane = onlyLargest ? x + pixel.plane * p.height * p.width : 0;
    const float* slopes = dy + pixel.plane * p.outHeight * p.outWidth;
    float sum = 0;
    for (int u = (int)p.kernelHeight - 1; u >= 0; u--) { // from the first window to the last
        const int i = outputAt(
                pixel.row + p.padHeight - u * p.dilationHeight, p.strideHeight, p.outHeight);
        for (int v = (int)p.kernelWidth - 1; i >= 0 && v >= 0; v--) {
            const int j = outputAt(
                    pixel.column + p.padWidth - v * p.dilationWidth, p.strideWidth, p.outWidth);
            if (j >= 0 && (!onlyLargest || largest(p, plane, i, j) == mine)) {
                sum += slopes[i * p.outWidth + j];
            }
        }
    }
    return sum;
}

extern "C" __global__ void addMaxPoolGradient(
        Pool p, const float* x, const float* dy, float* dx, long long n) {
    GRID_STRIDE(at, n) { dx[at] += collect(p, 1, x, dy, cellOf(at, p.height, p.width)); }
}

extern "C" __global__ void addAveragePoolGradient(
        Pool p, const float* dy, float* dx, long long n) {
    const float area = (float)(p.kernelHeight * p.kernelWidth);
    GRID_STRIDE(at, n) { dx[at] += collect(p, 0, 0, dy, cellOf(at, p.height, p.width)) / area; }
}
