// Rows as distributions of returns (Bellemare et al. 2017, Dabney et al. 2018); a block works on a row.
#include "arithmetic.cuh"

static const int PROJECTION_THREADS = 128; // of a block: CudaRows.ROW_THREADS

// Each thread collects what its atom receives, from the first atom to the last, so that no two write to one place.
extern "C" __global__ void projectCategorical(
        const float* p,
        const float* reward,
        const float* discount,
        float low,
        float high,
        float* y,
        int rows,
        int atoms) {
    __shared__ int belows[PROJECTION_THREADS]; // of a run of atoms: the atom below where each moves
    __shared__ double uppers[PROJECTION_THREADS]; // the share of the atom above
    __shared__ float masses[PROJECTION_THREADS];
    const double gap = ((double)high - low) / (atoms - 1);
    for (int r = blockIdx.x; r < rows; r += gridDim.x) {
        const double earned = reward[r];
        const double kept = discount[r];
        for (int first = 0; first < atoms; first += PROJECTION_THREADS) {
            const int mine = first + threadIdx.x;
            double sum = 0;
            for (int start = 0; start < atoms; start += PROJECTION_THREADS) {
                const int c = start + threadIdx.x;
                if (c < atoms) {
                    const double moved = earned + kept * (low + c * gap);
                    const double inside = moved < low ? low : moved > high ? high : moved; // or NaN
                    const double at = (inside - low) / gap;
                    const int below = at >= 1 ? min((int)at, atoms - 2) : 0;
                    belows[threadIdx.x] = below;
                    uppers[threadIdx.x] = at - below;
                    masses[threadIdx.x] = p[(long long)r * atoms + c];
                }
                __syncthreads();
                const int run = min(PROJECTION_THREADS, atoms - start);
                for (int k = 0; k < run; k++) {
                    if (belows[k] == mine) {
                        sum += masses[k] * (1 - uppers[k]);
                    } else if (belows[k] + 1 == mine) {
                        sum += masses[k] * uppers[k];
                    }
                }
                __syncthreads(); // before the next run is written
            }
            if (mine < atoms) {
                y[(long long)r * atoms + mine] = (float)sum;
            }
        }
    }
}

// |level - (1 if u is negative)| and u kept within kappa.
static __device__ inline float weightOf(float u, float level) { return u < 0.f ? 1.f - level : level; }

static __device__ inline float levelOf(int i, int n) { return (2 * i + 1) / (2.f * n); }

extern "C" __global__ void quantileHuber(
        const float* x, const float* goal, float kappa, float* y, int rows, int n, int m) {
    for (int r = blockIdx.x; r < rows; r += gridDim.x) {
        const float* goals = goal + (long long)r * m;
        double sum = 0;
        for (int i = threadIdx.x; i < n; i += blockDim.x) {
            const float quantile = x[(long long)r * n + i];
            const float level = levelOf(i, n);
            float ofQuantile = 0;
            for (int j = 0; j < m; j++) {
                const float u = goals[j] - quantile;
                const float near = within(u, -kappa, kappa);
                // u^2 / 2 where near is u, else kappa * (|u| - kappa / 2)
                ofQuantile += weightOf(u, level) * near * (u - near / 2);
            }
            sum += ofQuantile;
        }
        sum = sumOfBlock(sum);
        if (threadIdx.x == 0) {
            y[r] = (float)(sum / ((double)kappa * m));
        }
    }
}

extern "C" __global__ void addQuantileHuberGradient(
        const float* x,
        const float* goal,
        float kappa,
        const float* dy,
        float* dx,
        int n,
        int m,
        long long elements) {
    GRID_STRIDE(at, elements) {
        const long long r = at / n;
        const float* goals = goal + r * m;
        const float quantile = x[at];
        const float level = levelOf((int)(at % n), n);
        float sum = 0;
        for (int j = 0; j < m; j++) {
            const float u = goals[j] - quantile;
            sum += weightOf(u, level) * within(u, -kappa, kappa);
        }
        dx[at] -= dy[r] / (kappa * m) * sum;
    }
}
