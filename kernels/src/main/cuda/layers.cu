// A layer in one launch, for products so small that a launch costs as much as the product.
#include "arithmetic.cuh"

static const int TILE = 16; // rows and columns of what a block computes, an element per thread
static const int DEPTH = 32; // of the inputs that it holds at a time

// y = x · wᵀ + b, then ReLU if asked; x [rows, in], w [out, in], b [out], y [rows, out]. A block per tile, row by row.
extern "C" __global__ void linearTile(
        const float* x,
        const float* w,
        const float* b,
        int relu,
        float* y,
        int rows,
        int in,
        int out) {
    __shared__ float xs[TILE][DEPTH + 1]; // one more, so that a column lies in different banks
    __shared__ float ws[TILE][DEPTH + 1];
    const int tilesAcross = (out + TILE - 1) / TILE;
    const int firstRow = (int)(blockIdx.x / tilesAcross) * TILE;
    const int firstColumn = (int)(blockIdx.x % tilesAcross) * TILE;
    const int r = threadIdx.x / TILE;
    const int c = threadIdx.x % TILE;
    float sum = 0;
    for (int start = 0; start < in; start += DEPTH) {
        for (int i = threadIdx.x; i < TILE * DEPTH; i += TILE * TILE) {
            const int line = i / DEPTH;
            const int k = start + i % DEPTH;
            const int row = firstRow + line;
            const int column = firstColumn + line;
            xs[line][i % DEPTH] = k < in && row < rows ? x[(long long)row * in + k] : 0.f;
            ws[line][i % DEPTH] = k < in && column < out ? w[(long long)column * in + k] : 0.f;
        }
        __syncthreads();
        for (int k = 0; k < DEPTH; k++) {
            sum += xs[r][k] * ws[c][k];
        }
        __syncthreads(); // before the next inputs are written
    }
    const int row = firstRow + r;
    const int column = firstColumn + c;
    if (row < rows && column < out) {
        const float value = sum + b[column];
        y[(long long)row * out + column] = relu ? rectified(value) : value;
    }
}
