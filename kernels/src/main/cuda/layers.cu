// A layer in one launch, and its gradients in one, for products so small that a launch costs as much as the product.
#include "arithmetic.cuh"

static const int TILE = 16; // rows and columns of what a block computes, an element per thread
static const int DEPTH = 32; // of the factors that it holds at a time

// A factor of a product, as lines that are multiplied with the other's lines step by step. With a mask, numbers count as 0
// where it is not positive.
struct Factor {
    const float* values;
    const float* mask;
    int lines, steps;
    int perLine, perStep; // elements from line to line, and from step to step; one of them is 1
    __device__ float at(int line, int step) const {
        if (line >= lines || step >= steps) {
            return 0.f;
        }
        const long long i = (long long)line * perLine + (long long)step * perStep;
        return mask == 0 || mask[i] > 0.f ? values[i] : 0.f;
    }
};

static __device__ inline Factor asLines(const float* values, int lines, int steps) {
    const Factor factor = {values, 0, lines, steps, steps, 1};
    return factor;
}

static __device__ inline Factor asSteps(const float* values, int lines, int steps) {
    const Factor factor = {values, 0, lines, steps, 1, lines};
    return factor;
}

// A part of as many lines of a factor as a tile has; one step more, so that a column lies in different banks.
struct Held {
    float at[TILE][DEPTH + 1];
};

// Neighbouring threads read neighbouring numbers.
static __device__ inline void hold(Held& held, const Factor& factor, int firstLine, int firstStep) {
    for (int i = threadIdx.x; i < TILE * DEPTH; i += TILE * TILE) {
        const int line = factor.perStep == 1 ? i / DEPTH : i % TILE;
        const int step = factor.perStep == 1 ? i % DEPTH : i / TILE;
        held.at[line][step] = factor.at(firstLine + line, firstStep + step);
    }
}

// The sum over steps of a[row] · b[column], row and column being the thread's in its tile. The tile's first column also adds
// each row of a up, if asked.
static __device__ inline float product(
        Held& heldA, Held& heldB, const Factor& a, const Factor& b, int firstRow, int firstColumn, double* sumOfRow) {
    const int r = threadIdx.x / TILE;
    const int c = threadIdx.x % TILE;
    float sum = 0;
    for (int start = 0; start < a.steps; start += DEPTH) {
        hold(heldA, a, firstRow, start);
        hold(heldB, b, firstColumn, start);
        __syncthreads();
        for (int k = 0; k < DEPTH; k++) {
            sum += heldA.at[r][k] * heldB.at[c][k];
        }
        for (int k = 0; sumOfRow != 0 && c == 0 && k < DEPTH; k++) {
            *sumOfRow += heldA.at[r][k];
        }
        __syncthreads(); // before the next part is held
    }
    return sum;
}

static __device__ inline int tiles(int n) { return (n + TILE - 1) / TILE; }

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
    __shared__ Held heldX, heldW;
    const int firstRow = (int)(blockIdx.x / tiles(out)) * TILE;
    const int firstColumn = (int)(blockIdx.x % tiles(out)) * TILE;
    const float sum = product(
            heldX, heldW, asLines(x, rows, in), asLines(w, out, in), firstRow, firstColumn, 0);
    const int row = firstRow + (int)threadIdx.x / TILE;
    const int column = firstColumn + (int)threadIdx.x % TILE;
    if (row < rows && column < out) {
        const float value = sum + b[column];
        y[(long long)row * out + column] = relu ? rectified(value) : value;
    }
}

static __device__ inline void put(float* to, int add, float value) { *to = add ? *to + value : value; }

// dw = dyᵀ · x, db = the sums of the columns of dy, and dx = dy · w if asked, plus what is there if asked; dy counts as 0 where y,
// if there is one, is not positive. A block per tile of dw, which also has its part of db, then one per tile of dx.
extern "C" __global__ void linearGradients(
        const float* x,
        const float* w,
        const float* y,
        const float* dy,
        float* dx,
        float* dw,
        float* db,
        int add,
        int rows,
        int in,
        int out) {
    __shared__ Held heldSlopes, heldOther;
    const int ofWeights = tiles(out) * tiles(in);
    const bool weights = (int)blockIdx.x < ofWeights;
    const int tile = weights ? blockIdx.x : blockIdx.x - ofWeights;
    const int firstRow = tile / tiles(in) * TILE;
    const int firstColumn = tile % tiles(in) * TILE;
    Factor slopes = weights ? asSteps(dy, out, rows) : asLines(dy, rows, out);
    slopes.mask = y;
    const Factor other = weights ? asSteps(x, in, rows) : asSteps(w, in, out);
    double sumOfSlopes = 0;
    const bool sums = weights && firstColumn == 0;
    const float sum = product(
            heldSlopes, heldOther, slopes, other, firstRow, firstColumn, sums ? &sumOfSlopes : 0);
    const int row = firstRow + (int)threadIdx.x / TILE;
    const int column = firstColumn + (int)threadIdx.x % TILE;
    if (row >= slopes.lines) {
        return;
    }
    if (column < in) {
        put((weights ? dw : dx) + (long long)row * in + column, add, sum);
    }
    if (sums && column == 0) {
        put(db + row, add, (float)sumOfSlopes);
    }
}
