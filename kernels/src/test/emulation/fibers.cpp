// Threads of a device as fibers on one thread of the host: barriers, shuffles, and orders that a seed chooses.
#include "device.h"
#include "emulation.h"

#include <numeric>
#include <random>
#include <stdexcept>
#include <vector>

#include <sys/mman.h>

// Saves what a call must preserve, with the stack pointer, and takes up another stack where it left off.
extern "C" void emulationSwitch(void** left, void* entered);
asm(R"(
.text
.globl emulationSwitch
.hidden emulationSwitch
.type emulationSwitch, @function
emulationSwitch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
.size emulationSwitch, .-emulationSwitch
.section .note.GNU-stack,"",@progbits
.text
)");

namespace emulation {

char* dynamicShared;
uint3 currentThread, currentBlock, blockSize, gridSize;

namespace {

constexpr std::size_t STACK = 64 << 10;
constexpr unsigned LANES = 32;
constexpr std::size_t MOST_SHUFFLED = 1 << 16; // larger grids keep the order of their blocks

enum class State { READY, AT_BARRIER, AT_WARP, DONE };

struct Fiber {
    void* stack;
    State state;
    unsigned mask;
    std::uint64_t given;
};

std::vector<Fiber> fibers;
char* stacks;
std::size_t stackCount;
unsigned running; // the fiber's number
void* scheduler;
const std::function<void()>* body;
unsigned seed;

void giveWay(State state) {
    fibers[running].state = state;
    emulationSwitch(&fibers[running].stack, scheduler); // who comes back finds `running` and `currentThread` its own
}

void begin() {
    (*body)();
    giveWay(State::DONE);
}

void* freshStack(unsigned number) {
    char* top = stacks + (number + 1) * STACK;
    void** at = reinterpret_cast<void**>(top) - 2; // the alignment that a function expects at its first instruction
    *at = reinterpret_cast<void*>(&begin);
    at -= 6;
    std::fill(at, at + 6, nullptr);
    return at;
}

uint3 place(unsigned number, Dim size) {
    return {number % size.x, number / size.x % size.y, number / (size.x * size.y)};
}

// Lets lanes of a warp go on where all that their mask names wait. Returns whether any may.
bool releaseWarp(unsigned first) {
    const unsigned end = std::min<unsigned>(first + LANES, fibers.size());
    bool released = false;
    for (unsigned i = first; i < end; i++) {
        if (fibers[i].state != State::AT_WARP) {
            continue;
        }
        const unsigned mask = fibers[i].mask;
        bool complete = true;
        for (unsigned lane = 0; lane < LANES; lane++) {
            if (mask >> lane & 1) {
                const unsigned other = first + lane;
                if (other >= end || fibers[other].state == State::DONE) {
                    throw std::runtime_error("a warp waits for lane " + std::to_string(lane)
                                             + ", which has ended or never was");
                }
                complete &= fibers[other].state == State::AT_WARP && fibers[other].mask == mask;
            }
        }
        for (unsigned lane = 0; complete && lane < LANES; lane++) {
            if (mask >> lane & 1) {
                fibers[first + lane].state = State::READY;
                released = true;
            }
        }
    }
    return released;
}

// Lets the block go on where all its threads wait at a barrier. Returns false where all have ended.
bool releaseBlock() {
    std::size_t waiting = 0;
    std::size_t ended = 0;
    for (const Fiber& fiber : fibers) {
        waiting += fiber.state == State::AT_BARRIER;
        ended += fiber.state == State::DONE;
    }
    if (ended == fibers.size()) {
        return false;
    }
    if (waiting < fibers.size()) {
        throw std::runtime_error(std::to_string(waiting) + " of " + std::to_string(fibers.size())
                                 + " threads wait at a barrier, " + std::to_string(ended)
                                 + " have ended, the others wait for lanes of their warp");
    }
    for (Fiber& fiber : fibers) {
        fiber.state = State::READY;
    }
    return true;
}

// Runs the threads of `order` that can run, each until it waits.
void runReady(const std::vector<unsigned>& order, Dim block) {
    for (const unsigned i : order) {
        if (fibers[i].state == State::READY) {
            running = i;
            currentThread = place(i, block);
            emulationSwitch(&scheduler, fibers[i].stack);
        }
    }
}

std::vector<std::vector<unsigned>> groupsOfThreads(unsigned size) {
    std::vector<std::vector<unsigned>> groups;
    for (unsigned i = 0; i < fibers.size(); i++) {
        if (i % size == 0) {
            groups.emplace_back();
        }
        groups.back().push_back(i);
    }
    return groups;
}

bool releaseWarps(const std::vector<unsigned>& threads) {
    bool released = false;
    for (const unsigned i : threads) {
        if (i % LANES == 0) {
            released |= releaseWarp(i);
        }
    }
    return released;
}

// Threads run in groups: an odd seed makes a group of each warp, which then runs ahead of the others as far as its barrier; else
// all threads are one, and take turns at every shuffle. A seed other than 0 shuffles groups, and threads within them.
void runBlock(Dim block, std::mt19937& random) {
    for (unsigned i = 0; i < fibers.size(); i++) {
        fibers[i] = {freshStack(i), State::READY, 0, 0};
    }
    std::vector<std::vector<unsigned>> groups = groupsOfThreads(seed % 2 == 1 ? LANES : fibers.size());
    do {
        if (seed != 0) {
            std::shuffle(groups.begin(), groups.end(), random);
        }
        for (std::vector<unsigned>& threads : groups) {
            do {
                std::vector<unsigned> order = threads;
                if (seed != 0) {
                    std::shuffle(order.begin(), order.end(), random);
                }
                runReady(order, block);
            } while (releaseWarps(threads));
        }
    } while (releaseBlock());
}

} // namespace

void barrier() { giveWay(State::AT_BARRIER); }

int laneOfThread() { return (int)(running % LANES); }

static void waitForWarp(unsigned mask) {
    fibers[running].mask = mask;
    giveWay(State::AT_WARP);
}

std::uint64_t exchange(unsigned mask, std::uint64_t value, int source) {
    fibers[running].given = value;
    waitForWarp(mask);
    const unsigned from = running / LANES * LANES + source;
    const std::uint64_t taken = mask >> source & 1 ? fibers[from].given : value;
    waitForWarp(mask); // before the next exchange gives another
    return taken;
}

unsigned ballot(unsigned mask, bool value) {
    fibers[running].given = value;
    waitForWarp(mask);
    unsigned votes = 0;
    for (unsigned lane = 0; lane < LANES; lane++) {
        if (mask >> lane & 1) {
            votes |= (unsigned)fibers[running / LANES * LANES + lane].given << lane;
        }
    }
    waitForWarp(mask);
    return votes;
}

void run(Dim grid, Dim block, std::size_t sharedBytes, char* staticShared, std::size_t staticBytes,
         const std::function<void()>& of) {
    const std::size_t threads = (std::size_t)block.x * block.y * block.z;
    const std::size_t blocks = (std::size_t)grid.x * grid.y * grid.z;
    if (stackCount < threads) { // touched pages alone cost memory
        munmap(stacks, stackCount * STACK);
        stackCount = threads;
        stacks = (char*)mmap(nullptr, stackCount * STACK, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    }
    fibers.assign(threads, Fiber{});
    std::vector<double> shared(sharedBytes / sizeof(double) + 2);
    dynamicShared = reinterpret_cast<char*>(shared.data());
    gridSize = {grid.x, grid.y, grid.z};
    blockSize = {block.x, block.y, block.z};
    body = &of;
    std::mt19937 random(seed);
    std::vector<unsigned> blockOrder(seed != 0 && blocks <= MOST_SHUFFLED ? blocks : 0);
    std::iota(blockOrder.begin(), blockOrder.end(), 0);
    std::shuffle(blockOrder.begin(), blockOrder.end(), random);
    for (std::size_t b = 0; b < blocks; b++) {
        currentBlock = place(blockOrder.empty() ? b : blockOrder[b], grid);
        std::memset(dynamicShared, 0xff, sharedBytes); // NaN, and no index
        std::memset(staticShared, 0xff, staticBytes);
        runBlock(block, random);
    }
}

API void emulationOrder(unsigned chosen) { seed = chosen; }

} // namespace emulation
