// A replay that lies on the device: columns of observations and transitions, and a sum tree over priorities in whole units.
// Everything that runs at once adds integers only, so that equal inputs give equal results whatever the order of threads.
#include "device.cuh"

typedef long long i64;
typedef unsigned long long u64;

static const u64 GOLDEN_GAMMA = 0x9e3779b97f4a7c15ULL;
static const double UNITS = 1048576.0;                    // of a priority of 1
static const double UNIT_INTERVAL = 1.0 / 9007199254740992.0; // 2^-53
static const int LOG_WIDTH = 4;                           // children of a cell of the tree: 16, one cache line
static const int WIDTH = 1 << LOG_WIDTH;
static const int MAX_LEVELS = 8;
static const int MAX_DRAWS = 10000;                       // of one row
static const int BLOCK = 256;

// One replay. Words of 8 bytes, in the order in which the host writes them.
struct Replay {
    u64* tree;                // levels, each in whole blocks of WIDTH cells; the last is the leaves
    i64 level[MAX_LEVELS];    // where each begins, in cells
    i64 levels;
    int* stamp;               // by slot; -1 if nothing was ever there
    int* observed;            // by slot; -1 likewise
    int* next;
    int* action;
    float* reward;
    float* discount;
    unsigned char* legal;
    int* number;              // by place: of the observation there; -1 if there is none
    float* vectors;
    unsigned char* images;
    double* betas;            // of batches betaFirst and later
    i64 capacity, places, vector, image, actions;
    double alpha, eps, limit;
    i64 global;               // weights are normalised by the smallest priority of all slots
    // from here on the state
    i64 size;                 // slots in use
    double largest, least;
    u64 changes;
    i64 batches, betaFirst, betaCount;
    u64 failures;
};

// One sampler, likewise.
struct Draw {
    i64 rows;
    int* slot;                // by row: where it was drawn
    int* stamp;               // by row: of what was drawn there
    u64* units;               // by row: its priority
    float* obs;
    unsigned char* image;
    int* action;
    float* reward;
    float* discount;
    float* nextObs;
    unsigned char* nextImage;
    unsigned char* nextLegal;
    float* weight;            // null without priorities
    // from here on the state
    u64 random;
    u64 arrived, rejected, lost; // of the batch under way
    i64 redrawn;              // whether a row of the batch last drawn was drawn once more
    double beta, least;       // of that batch
};

// ---- random numbers: SplitMix64, the step-th number after state

__device__ static u64 randomBits(u64 state, u64 step) {
    u64 z = state + step * GOLDEN_GAMMA;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
    return z ^ z >> 31;
}

__device__ static double randomUnit(u64 state, u64 step) {
    return (randomBits(state, step) >> 11) * UNIT_INTERVAL;
}

// A number below bound as java.util.random draws it; false if this one is rejected.
__device__ static bool randomBelow(u64 state, u64 step, int bound, int* number) {
    int bits = (int) (randomBits(state, step) >> 32);
    int most = bound - 1;
    if ((bound & most) == 0) {
        *number = bits & most;
        return true;
    }
    unsigned u = (unsigned) bits >> 1;
    unsigned r = u % (unsigned) bound;
    *number = (int) r;
    return (int) (u + (unsigned) most - r) >= 0;
}

// ---- the tree

__device__ static u64* leafOf(const Replay* r, i64 slot) {
    return r->tree + r->level[r->levels - 1] + slot;
}

__device__ static u64 totalOf(const Replay* r) {
    u64 total = 0;
    for (int i = 0; i < WIDTH; i++) {
        total += r->tree[i];
    }
    return total;
}

// Adds to every sum above a slot; delta is modulo 2^64.
__device__ static void addAbove(Replay* r, i64 slot, u64 delta) {
    i64 cell = slot;
    for (i64 level = r->levels - 2; level >= 0; level--) {
        cell >>= LOG_WIDTH;
        atomicAdd(r->tree + r->level[level] + cell, delta);
    }
}

// Sets the priority of a slot that no other thread sets at the same time.
__device__ static void setUnits(Replay* r, int slot, u64 units) {
    u64* leaf = leafOf(r, slot);
    u64 before = *leaf;
    if (units != before) {
        *leaf = units;
        addAbove(r, slot, units - before);
    }
}

// The slot in which target lies, counted from 1 to the total.
__device__ static int slotAt(const Replay* r, u64 target) {
    i64 cell = 0;
    for (i64 level = 0; level < r->levels; level++) {
        const u64* block = r->tree + r->level[level] + (cell << LOG_WIDTH);
        int child = 0;
        while (child < WIDTH - 1 && target > block[child]) {
            target -= block[child];
            child++;
        }
        cell = (cell << LOG_WIDTH) + child;
    }
    return (int) (cell < r->capacity ? cell : r->capacity - 1);
}

__device__ static u64 aim(u64 total, double target) {
    u64 counted = 1 + (u64) target;
    return counted < total ? counted : total; // rounding may have reached the total
}

__device__ static u64 unitsOf(double priority) {
    if (priority == 0) {
        return 0;
    }
    u64 units = (u64) floor(priority * UNITS + 0.5);
    return units > 0 ? units : 1; // a small priority can still be drawn
}

// ---- drawing

__device__ static bool isWhole(const Replay* r, int slot) {
    int observed = r->observed[slot];
    int next = r->next[slot];
    return observed >= 0 && r->number[observed % r->places] == observed && r->number[next % r->places] == next;
}

__device__ static void take(const Replay* r, Draw* d, i64 row, int slot) {
    d->slot[row] = slot;
    d->stamp[row] = r->stamp[slot];
    if (d->weight) {
        d->units[row] = *leafOf(r, slot);
    }
}

// Whether this is the block that comes last; all threads of it see what the others wrote.
__device__ static bool isLastBlock(u64* arrived) {
    __shared__ bool last;
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) {
        last = atomicAdd(arrived, 1ULL) == gridDim.x - 1;
    }
    __syncthreads();
    __threadfence();
    return last;
}

// The smallest that a thread of the block has; all BLOCK threads call it.
__device__ static u64 blockLeast(u64 mine) {
    __shared__ u64 least[BLOCK];
    least[threadIdx.x] = mine;
    __syncthreads();
    for (int half = BLOCK / 2; half > 0; half /= 2) {
        if ((int) threadIdx.x < half && least[threadIdx.x + half] < least[threadIdx.x]) {
            least[threadIdx.x] = least[threadIdx.x + half];
        }
        __syncthreads();
    }
    u64 all = least[0];
    __syncthreads();
    return all;
}

// Draws once more, row by row, by one thread alone, whatever is not whole.
__device__ static u64 redrawByPriority(Replay* r, Draw* d, u64 used) {
    for (i64 row = 0; row < d->rows; row++) {
        for (int draws = 1; !isWhole(r, d->slot[row]); draws++) {
            setUnits(r, d->slot[row], 0); // it would only be drawn in vain again
            u64 total = totalOf(r);
            if (draws == MAX_DRAWS || total == 0) {
                r->failures++;
                break;
            }
            take(r, d, row, slotAt(r, aim(total, randomUnit(d->random, ++used) * (double) total)));
        }
    }
    return used;
}

__device__ static int nextSlot(const Replay* r, const Draw* d, u64* used) {
    int slot;
    while (!randomBelow(d->random, ++*used, (int) r->size, &slot)) {
    }
    return slot;
}

__device__ static u64 redrawAlike(Replay* r, Draw* d) {
    u64 used = 0;
    for (i64 row = 0; row < d->rows; row++) {
        take(r, d, row, nextSlot(r, d, &used));
    }
    for (i64 row = 0; row < d->rows; row++) {
        for (int draws = 1; !isWhole(r, d->slot[row]); draws++) {
            if (draws == MAX_DRAWS) {
                r->failures++;
                break;
            }
            take(r, d, row, nextSlot(r, d, &used));
        }
    }
    return used;
}

__device__ static void endBatch(Draw* d, u64 used) {
    d->random += used * GOLDEN_GAMMA;
    d->arrived = 0;
    d->rejected = 0;
    d->lost = 0;
}

// Every slot in use as likely as the others.
extern "C" __global__ void __launch_bounds__(BLOCK) replay_draw_alike(Replay* r, Draw* d) {
    GRID_STRIDE(row, d->rows) {
        int slot;
        if (!randomBelow(d->random, row + 1, (int) r->size, &slot)) {
            atomicAdd(&d->rejected, 1ULL);
        }
        take(r, d, row, slot);
        if (!isWhole(r, slot)) {
            atomicAdd(&d->lost, 1ULL);
        }
    }
    if (isLastBlock(&d->arrived) && threadIdx.x == 0) {
        bool again = d->rejected + d->lost > 0;
        endBatch(d, again ? redrawAlike(r, d) : d->rows);
    }
}

// Row i from the i-th of equal parts of the total.
extern "C" __global__ void __launch_bounds__(BLOCK) replay_draw_by_priority(Replay* r, Draw* d) {
    u64 total = totalOf(r);
    double width = (double) total / d->rows;
    GRID_STRIDE(row, d->rows) {
        int slot = slotAt(r, aim(total, (row + randomUnit(d->random, row + 1)) * width));
        take(r, d, row, slot);
        if (!isWhole(r, slot)) {
            atomicAdd(&d->lost, 1ULL);
        }
    }
    if (!isLastBlock(&d->arrived)) {
        return;
    }
    if (threadIdx.x == 0) {
        d->redrawn = d->lost > 0;
        endBatch(d, d->redrawn ? redrawByPriority(r, d, d->rows) : d->rows);
        i64 place = r->batches - r->betaFirst;
        i64 last = r->betaCount - 1;
        d->beta = r->betas[place < 0 ? 0 : place < last ? place : last];
        r->batches++;
    }
    __syncthreads();
    u64 least = ~0ULL;
    if (!r->global) {
        for (i64 row = threadIdx.x; row < d->rows; row += BLOCK) {
            least = d->units[row] < least ? d->units[row] : least;
        }
        least = blockLeast(least);
        if (threadIdx.x == 0) {
            d->least = least / UNITS;
        }
    } else if (r->changes >= (u64) r->capacity) {
        const u64* leaves = leafOf(r, 0);
        for (i64 slot = threadIdx.x; slot < r->capacity; slot += BLOCK) {
            least = leaves[slot] != 0 && leaves[slot] < least ? leaves[slot] : least;
        }
        least = blockLeast(least);
        if (threadIdx.x == 0) {
            d->least = r->least = least == ~0ULL ? 0 : least / UNITS;
            r->changes = 0;
        }
    } else if (threadIdx.x == 0) {
        d->least = r->least;
    }
}

// ---- gathering

// Copies a row, thread i of n, in the largest words that fit both sides.
__device__ static void copyBytes(const unsigned char* from, unsigned char* to, i64 bytes, i64 i, i64 n) {
    u64 together = (u64) from | (u64) to | (u64) bytes;
    if ((together & 15) == 0) {
        for (i64 at = i; at < bytes / 16; at += n) {
            ((int4*) to)[at] = ((const int4*) from)[at];
        }
    } else if ((together & 3) == 0) {
        for (i64 at = i; at < bytes / 4; at += n) {
            ((int*) to)[at] = ((const int*) from)[at];
        }
    } else {
        for (i64 at = i; at < bytes; at += n) {
            to[at] = from[at];
        }
    }
}

__device__ static void copyObservation(const Replay* r, i64 place, float* vector, unsigned char* image, i64 row, i64 i, i64 n) {
    if (vector) {
        i64 bytes = r->vector * 4;
        copyBytes((const unsigned char*) r->vectors + place * bytes, (unsigned char*) vector + row * bytes, bytes, i, n);
    }
    if (image) {
        copyBytes(r->images + place * r->image, image + row * r->image, r->image, i, n);
    }
}

// A warp per row, and one for each gridDim.y-th part of it.
extern "C" __global__ void __launch_bounds__(BLOCK) replay_gather(const Replay* r, const Draw* d) {
    i64 row = blockIdx.x * (i64) (BLOCK / 32) + threadIdx.x / 32;
    if (row >= d->rows) {
        return;
    }
    i64 i = blockIdx.y * 32 + threadIdx.x % 32;
    i64 n = gridDim.y * 32;
    int slot = d->slot[row];
    i64 before = max(0, r->observed[slot]) % r->places;
    i64 after = max(0, r->next[slot]) % r->places;
    copyObservation(r, before, d->obs, d->image, row, i, n);
    copyObservation(r, after, d->nextObs, d->nextImage, row, i, n);
    copyBytes(r->legal + slot * r->actions, d->nextLegal + row * r->actions, r->actions, i, n);
    if (i == 0) {
        d->action[row] = r->action[slot];
        d->reward[row] = r->reward[slot];
        d->discount[row] = r->discount[slot];
        if (d->weight) { // (N P)^-beta over its largest value: N and the total cancel
            d->weight[row] = (float) fmin(1.0, pow(d->least / (d->units[row] / UNITS), d->beta));
        }
    }
}

// ---- changing

// Whether no later row has the same slot. Strata ascend, so equal slots are neighbours, unless one was drawn once more.
__device__ static bool isLastOfSlot(const Draw* d, i64 row) {
    i64 end = d->redrawn ? d->rows : min(d->rows, row + 2);
    for (i64 later = row + 1; later < end; later++) {
        if (d->slot[later] == d->slot[row]) {
            return false;
        }
    }
    return true;
}

__device__ static u64 bitsOf(double x) {
    return (u64) __double_as_longlong(x); // of positive numbers these sort as they do
}

extern "C" __global__ void __launch_bounds__(BLOCK) replay_update(Replay* r, const Draw* d, const float* errors) {
    GRID_STRIDE(row, d->rows) {
        int slot = d->slot[row];
        double error = errors[row];
        bool finite = error - error == 0;
        if (r->stamp[slot] != d->stamp[row] || !finite) {
            continue;
        }
        double priority = fmin(r->limit, pow(fabs(error) + r->eps, r->alpha));
        if (priority > r->largest) {
            atomicMax((u64*) &r->largest, bitsOf(priority));
        }
        if (r->global) {
            if (priority < r->least) {
                atomicMin((u64*) &r->least, bitsOf(priority));
            }
            atomicAdd(&r->changes, 1ULL);
        }
        if (isLastOfSlot(d, row)) {
            setUnits(r, slot, unitsOf(priority));
        }
    }
}

// What the host has staged, likewise in words of 8 bytes.
struct Staged {
    const int* number;
    const float* vector;
    const unsigned char* image;
    const int* slot;
    const int* stamp;
    const int* observed;
    const int* next;
    const int* action;
    const float* reward;
    const float* discount;
    const unsigned char* legal;
};

__device__ static void observe(Replay* r, const Staged* s, i64 row, i64 i, i64 n) {
    i64 place = s->number[row] % r->places;
    i64 bytes = r->vector * 4;
    copyBytes((const unsigned char*) s->vector + row * bytes, (unsigned char*) r->vectors + place * bytes, bytes, i, n);
    copyBytes(s->image + row * r->image, r->images + place * r->image, r->image, i, n);
    if (i == 0) {
        r->number[place] = s->number[row];
    }
}

__device__ static void insert(Replay* r, const Staged* s, i64 row) {
    int slot = s->slot[row];
    r->stamp[slot] = s->stamp[row];
    r->observed[slot] = s->observed[row];
    r->next[slot] = s->next[row];
    r->action[slot] = s->action[row];
    r->reward[slot] = s->reward[row];
    r->discount[slot] = s->discount[row];
    for (i64 a = 0; a < r->actions; a++) {
        r->legal[slot * r->actions + a] = s->legal[row * r->actions + a];
    }
    if (r->levels > 0) {
        setUnits(r, slot, unitsOf(r->largest));
    }
}

// Observations by a warp each, and one for each gridDim.y-th part of it; transitions by a thread each.
extern "C" __global__ void __launch_bounds__(BLOCK) replay_append(Replay* r, const Staged* s, int observations, int transitions, int size) {
    i64 place = blockIdx.x * (i64) (BLOCK / 32) + threadIdx.x / 32;
    if (place < observations) {
        observe(r, s, place, blockIdx.y * 32 + threadIdx.x % 32, gridDim.y * 32);
    }
    if (blockIdx.y > 0) {
        return;
    }
    GRID_STRIDE(row, transitions) {
        insert(r, s, row);
    }
    if (blockIdx.x == 0 && threadIdx.x == 0) {
        r->size = size;
    }
}

extern "C" __global__ void __launch_bounds__(BLOCK) replay_clear(Replay* r) {
    GRID_STRIDE(slot, r->capacity) {
        r->stamp[slot] = -1;
        r->observed[slot] = -1;
        if (r->levels > 0) {
            *leafOf(r, slot) = 0;
        }
    }
    GRID_STRIDE(place, r->places) {
        r->number[place] = -1;
    }
    if (blockIdx.x == 0 && threadIdx.x == 0) {
        r->size = 0;
    }
}

// Makes the cells of a level the sums of those below.
extern "C" __global__ void __launch_bounds__(BLOCK) replay_sum_level(Replay* r, int level, i64 cells) {
    const u64* below = r->tree + r->level[level + 1];
    GRID_STRIDE(cell, cells) {
        u64 sum = 0;
        for (int i = 0; i < WIDTH; i++) {
            sum += below[(cell << LOG_WIDTH) + i];
        }
        r->tree[r->level[level] + cell] = sum;
    }
}
