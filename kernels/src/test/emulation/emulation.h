// What the parts of the emulated device share: work on streams, memory that is watched, and the one message of a failure.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#define EXPORTED __attribute__((visibility("default")))
#define API extern "C" EXPORTED

namespace emulation {

using Operation = std::function<int()>;

constexpr int SUCCESS = 0;
constexpr int INVALID_VALUE = 1;

struct Dim {
    unsigned x, y, z;
};

// A kernel: the sizes of its parameters, and what calls it with them.
struct Kernel {
    std::string name;
    std::size_t sizes[40];
    int parameters;
    std::function<void(void**)> call;
};

// Queues an operation on a stream, or records it where the stream is captured. What it returns is the status of the device.
EXPORTED int enqueue(void* stream, Operation operation);

// Whether [address, address + bytes) lies in one allocation; if not, the device has failed and a message says which range.
EXPORTED bool allocated(const char* what, const void* address, std::size_t bytes);

// Whether callers of this function of a library are to have made a mistake.
EXPORTED bool mistaken(const char* call);

// Swaps two arguments of such a call.
template <class T> void mistake(const char* call, T& a, T& b) {
    if (mistaken(call)) {
        std::swap(a, b);
    }
}

// Notes why the device failed; the first note stays.
EXPORTED void fail(const std::string& message);

// Runs every thread of every block. Throws std::runtime_error where a barrier cannot be passed.
void run(Dim grid, Dim block, std::size_t sharedBytes, char* staticShared, std::size_t staticBytes,
         const std::function<void()>& body);

} // namespace emulation
