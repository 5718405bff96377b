// The loss of deep Q-learning: target, error, Huber's loss, its gradient and the mean in one pass.
#include "device.cuh"

static const int THREADS = 512; // of one block: a mean in a fixed order

// The first largest legal column as greenwave.kernels.Kernels#rowArgMax has it: NaN is larger than any number.
__device__ static int bestOf(const float* row, const unsigned char* legal, int actions) {
    int best = -1;
    for (int a = 0; a < actions; a++) {
        if (legal[a] && (best < 0 || (row[best] == row[best] && !(row[a] <= row[best])))) {
            best = a;
        }
    }
    return best < 0 ? 0 : best;
}

extern "C" __global__ void __launch_bounds__(THREADS) td_huber(const float* now, const float* judged, const float* then,
        const unsigned char* legal, const int* action, const float* reward, const float* discount, const float* weight,
        int rows, int actions, float beta, float gradientShare, float sumShare,
        float* gradient, float* errors, float* mean, float* sum) {
    __shared__ float sums[THREADS];
    float mine = 0;
    for (long long row = threadIdx.x; row < rows; row += THREADS) {
        long long at = row * actions;
        int best = bestOf(judged + at, legal + at, actions);
        int taken = action[row];
        float goal = then[at + best] * discount[row] + reward[row];
        float error = now[at + taken] - goal;
        float size = fabsf(error);
        float counts = weight ? weight[row] : 1.0f;
        mine += counts * (size < beta ? error * error / (2 * beta) : size - beta / 2);
        float slope = size < beta ? error / beta : error > 0 ? 1.0f : error < 0 ? -1.0f : error;
        for (int a = 0; a < actions; a++) {
            gradient[at + a] = a == taken ? gradientShare / rows * counts * slope : 0;
        }
        errors[row] = error;
    }
    sums[threadIdx.x] = mine;
    __syncthreads();
    for (int half = THREADS / 2; half > 0; half /= 2) {
        if ((int) threadIdx.x < half) {
            sums[threadIdx.x] += sums[threadIdx.x + half];
        }
        __syncthreads();
    }
    if (threadIdx.x == 0) {
        *mean = sums[0] / rows;
        *sum += sumShare * (sums[0] / rows);
    }
}
