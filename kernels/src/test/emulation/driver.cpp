// A libcuda.so.1 without a device: host memory, streams, events, graphs, and kernels that were compiled for the host.
//
// Work runs as late as a device could run it: when something waits for it. So a copy that was not waited for has not
// happened, and what waits for no event overtakes. Memory lies between fields that nobody may write, holds no zeros when new,
// and its bounds are checked wherever the driver or a library is given a range.
#include "emulation.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <vector>

#include <dlfcn.h>
#include <unistd.h>

#ifndef CUDA_MAJOR
#error "the CUDA version that the driver serves"
#endif

namespace emulation {

namespace {

constexpr int OUT_OF_MEMORY = 2;
constexpr int NOT_INITIALISED = 3;
constexpr int NO_DEVICE = 100;
constexpr int INVALID_DEVICE = 101;
constexpr int INVALID_IMAGE = 200;
constexpr int NOT_FOUND = 500;
constexpr int NOT_READY = 600;
constexpr int ILLEGAL_ADDRESS = 700;
constexpr int LAUNCH_FAILED = 719;
constexpr int CAPTURE_UNSUPPORTED = 900;
constexpr int CAPTURE_UNJOINED = 904;
constexpr int CAPTURE_ISOLATION = 905;
constexpr int ILLEGAL_STATE = 401;
constexpr int INVALID_CONTEXT = 201;

constexpr int MULTIPROCESSORS = 4;
constexpr std::size_t GUARD = 1024;        // bytes before and behind each allocation
constexpr std::size_t MOST_SHARED = 48 << 10; // bytes, unless the kernel is allowed more

struct Graph {
    std::vector<Operation> operations;
};

struct Stream {
    std::deque<Operation> queue;
    std::uint64_t queued = 0;
    std::uint64_t done = 0;
    std::shared_ptr<Graph> capture; // what it records; null when it does not
    bool origin = false;            // of its capture
    bool unjoined = false;          // recorded something that the origin has not waited for
};

struct Event {
    Stream* stream = nullptr;
    std::uint64_t ticket = 0;
    std::shared_ptr<Graph> capture;
};

struct Module {
    std::string image;
};

struct Function {
    Kernel kernel;
    std::size_t mostShared = MOST_SHARED;
};

struct KernelLibrary {
    std::vector<Kernel> kernels;
    char* shared;
    std::size_t sharedBytes;
};

std::recursive_mutex mutex; // the driver takes calls of any thread
std::map<std::uintptr_t, std::size_t> memory;
std::map<std::uintptr_t, std::size_t> pinned;
std::set<Stream*> streams;
std::map<std::string, std::pair<Kernel, KernelLibrary*>> kernels;
std::string message;
int failure; // the first failure of the device, which every later call meets
long launches;
long operations; // of graphs
std::string mistakenCall;
bool initialised;
std::set<std::uint64_t> contexts; // threads with a current context
std::shared_ptr<Graph> capturing; // at most one at a time

#define CALL(...)                                                                         \
    const std::lock_guard<std::recursive_mutex> guard(mutex);                             \
    if (failure != 0) {                                                                   \
        return failure;                                                                   \
    }                                                                                     \
    if (!initialised) {                                                                   \
        return NOT_INITIALISED;                                                           \
    }

// As CALL; the thread must have a context.
#define CONTEXT_CALL()                                                                    \
    CALL()                                                                                \
    if (contexts.count(thread()) == 0) {                                                  \
        return INVALID_CONTEXT;                                                           \
    }

// As CONTEXT_CALL; the call cannot be recorded, and none may be made meanwhile.
#define WAITING_CALL()                                                                    \
    CONTEXT_CALL()                                                                        \
    if (capturing) {                                                                      \
        fail(std::string(__func__) + " while a stream is captured");                      \
        return CAPTURE_UNSUPPORTED;                                                       \
    }

std::uint64_t thread() { return (std::uint64_t)pthread_self(); }

Stream* of(void* stream) {
    static Stream standard;
    streams.insert(&standard);
    return stream == nullptr ? &standard : static_cast<Stream*>(stream);
}

int failed(int status) {
    if (status != 0 && failure == 0) {
        failure = status;
    }
    return failure;
}

int drain(Stream* stream, std::uint64_t ticket) {
    while (failure == 0 && stream->done < ticket && !stream->queue.empty()) {
        const Operation operation = std::move(stream->queue.front());
        stream->queue.pop_front();
        failed(operation());
        stream->done++;
    }
    return failure;
}

// Whether nobody wrote beside an allocation.
bool intact(std::uintptr_t address, std::size_t bytes);

int drainAll() {
    for (Stream* stream : std::set<Stream*>(streams)) {
        drain(stream, stream->queued);
    }
    for (const auto& [address, bytes] : memory) {
        if (failure == 0 && !intact(address, bytes)) {
            fail("a kernel wrote beside the allocation of " + std::to_string(bytes) + " bytes");
            failed(ILLEGAL_ADDRESS);
        }
    }
    return failure;
}

unsigned char guardByte(std::uintptr_t address, std::size_t i) {
    return (unsigned char)((address >> 8) * 31 + i * 7 + 0x5a);
}

void writeGuards(std::uintptr_t address, std::size_t bytes) {
    for (std::size_t i = 0; i < GUARD; i++) {
        reinterpret_cast<unsigned char*>(address - GUARD)[i] = guardByte(address, i);
        reinterpret_cast<unsigned char*>(address + bytes)[i] = guardByte(address + bytes, i);
    }
}

bool intact(std::uintptr_t address, std::size_t bytes) {
    const auto* before = reinterpret_cast<const unsigned char*>(address - GUARD);
    const auto* behind = reinterpret_cast<const unsigned char*>(address + bytes);
    for (std::size_t i = 0; i < GUARD; i++) {
        if (before[i] != guardByte(address, i) || behind[i] != guardByte(address + bytes, i)) {
            return false;
        }
    }
    return true;
}

bool within(const std::map<std::uintptr_t, std::size_t>& known, std::uintptr_t address, std::size_t bytes) {
    auto next = known.upper_bound(address);
    if (next == known.begin()) {
        return false;
    }
    --next;
    return address + bytes <= next->first + next->second;
}

// Loads kernels, over those of the same name.
int loadKernels(const std::string& file) {
    void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        fail(dlerror());
        return NOT_FOUND;
    }
    auto* list = (void (*)(std::vector<Kernel>&, char*&, std::size_t&))dlsym(library, "emulatedKernels");
    auto* loaded = new KernelLibrary(); // for the life of the process, like the library
    list(loaded->kernels, loaded->shared, loaded->sharedBytes);
    for (const Kernel& kernel : loaded->kernels) {
        kernels[kernel.name] = {kernel, loaded};
    }
    return SUCCESS;
}

// The libraries kernels-*.so in the folder above this one.
int loadPackagedKernels();

// The sizes of a kernel's parameters as its PTX declares them; empty if it has no such kernel.
std::vector<std::size_t> declaredSizes(const std::string& image, const std::string& name, bool& found);

} // namespace

void fail(const std::string& text) {
    if (message.empty()) {
        message = text;
    }
    std::fprintf(stderr, "emulated device: %s\n", text.c_str());
}

bool mistaken(const char* call) { return mistakenCall == call; }

bool allocated(const char* what, const void* address, std::size_t bytes) {
    const std::lock_guard<std::recursive_mutex> guard(mutex);
    if (within(memory, reinterpret_cast<std::uintptr_t>(address), bytes)) {
        return true;
    }
    fail(std::string(what) + ": " + std::to_string(bytes) + " bytes lie in no allocation");
    return false;
}

int enqueue(void* handle, Operation operation) {
    CONTEXT_CALL()
    Stream* stream = of(handle);
    if (stream->capture) {
        stream->capture->operations.push_back(std::move(operation));
        stream->unjoined = !stream->origin;
    } else {
        stream->queue.push_back(std::move(operation));
        stream->queued++;
    }
    return SUCCESS;
}

// Initialisation, device and context

API int cuInit(unsigned) {
    const std::lock_guard<std::recursive_mutex> guard(mutex);
    if (std::getenv("EMULATED_NO_DEVICE") != nullptr) {
        return NO_DEVICE;
    }
    initialised = true;
    return SUCCESS;
}

API int cuDriverGetVersion(int* version) {
    *version = CUDA_MAJOR * 1000;
    return SUCCESS;
}

API int cuDeviceGetCount(int* count) {
    CALL()
    *count = 1;
    return SUCCESS;
}

API int cuDeviceGet(int* device, int ordinal) {
    CALL()
    *device = ordinal;
    return ordinal == 0 ? SUCCESS : INVALID_DEVICE;
}

API int cuDeviceGetName(char* name, int length, int) {
    CALL()
    std::snprintf(name, length, "emulation on the host");
    return SUCCESS;
}

API int cuDeviceGetAttribute(int* value, int attribute, int) {
    CALL()
    switch (attribute) {
    case 16:
        *value = MULTIPROCESSORS;
        return SUCCESS;
    case 75: // compute capability
        *value = 9;
        return SUCCESS;
    case 76:
        *value = 0;
        return SUCCESS;
    default:
        fail("cuDeviceGetAttribute: attribute " + std::to_string(attribute));
        return INVALID_VALUE;
    }
}

API int cuDevicePrimaryCtxRetain(void** context, int) {
    CALL()
    *context = &memory;
    return SUCCESS;
}

API int cuDevicePrimaryCtxRelease_v2(int) { return SUCCESS; }

API int cuCtxSetCurrent(void* context) {
    CALL()
    if (context == nullptr) {
        contexts.erase(thread());
    } else {
        contexts.insert(thread());
    }
    return SUCCESS;
}

API int cuCtxSynchronize() {
    WAITING_CALL()
    return drainAll();
}

namespace {

struct Text {
    const char* name;
    const char* text;
};

const std::map<int, Text> TEXTS = {
    {SUCCESS, {"CUDA_SUCCESS", "no error"}},
    {INVALID_VALUE, {"CUDA_ERROR_INVALID_VALUE", "invalid argument"}},
    {OUT_OF_MEMORY, {"CUDA_ERROR_OUT_OF_MEMORY", "out of memory"}},
    {NOT_INITIALISED, {"CUDA_ERROR_NOT_INITIALIZED", "initialization error"}},
    {NO_DEVICE, {"CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"}},
    {INVALID_DEVICE, {"CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"}},
    {INVALID_IMAGE, {"CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"}},
    {INVALID_CONTEXT, {"CUDA_ERROR_INVALID_CONTEXT", "invalid device context"}},
    {ILLEGAL_STATE, {"CUDA_ERROR_ILLEGAL_STATE", "the operation cannot be performed in the present state"}},
    {NOT_FOUND, {"CUDA_ERROR_NOT_FOUND", "named symbol not found"}},
    {NOT_READY, {"CUDA_ERROR_NOT_READY", "device not ready"}},
    {ILLEGAL_ADDRESS, {"CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"}},
    {LAUNCH_FAILED, {"CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"}},
    {CAPTURE_UNSUPPORTED,
     {"CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "operation not permitted when stream is capturing"}},
    {CAPTURE_UNJOINED,
     {"CUDA_ERROR_STREAM_CAPTURE_UNJOINED", "capturing stream has unjoined work"}},
    {CAPTURE_ISOLATION,
     {"CUDA_ERROR_STREAM_CAPTURE_ISOLATION", "dependency created on uncaptured work in another stream"}}};

} // namespace

API int cuGetErrorName(int error, const char** name) {
    const auto known = TEXTS.find(error);
    *name = known == TEXTS.end() ? nullptr : known->second.name;
    return known == TEXTS.end() ? INVALID_VALUE : SUCCESS;
}

API int cuGetErrorString(int error, const char** text) {
    const auto known = TEXTS.find(error);
    *text = known == TEXTS.end() ? nullptr : known->second.text;
    return known == TEXTS.end() ? INVALID_VALUE : SUCCESS;
}

// Memory

API int cuMemAlloc_v2(std::uintptr_t* address, std::size_t bytes) {
    WAITING_CALL()
    if (bytes == 0) {
        return INVALID_VALUE;
    }
    auto* block = static_cast<unsigned char*>(std::aligned_alloc(1024, (bytes + 2 * GUARD + 1023) & ~(std::size_t)1023));
    if (block == nullptr) {
        return OUT_OF_MEMORY;
    }
    *address = reinterpret_cast<std::uintptr_t>(block) + GUARD;
    writeGuards(*address, bytes);
    std::memset(block + GUARD, 0xff, bytes);
    memory[*address] = bytes;
    return SUCCESS;
}

API int cuMemFree_v2(std::uintptr_t address) {
    CONTEXT_CALL()
    const auto found = memory.find(address);
    if (found == memory.end()) {
        fail("cuMemFree of an address that was not allocated");
        return INVALID_VALUE;
    }
    if (!capturing) {
        drainAll();
    }
    const int status = failure;
    std::memset(reinterpret_cast<void*>(address), 0xff, found->second);
    memory.erase(found);
    std::free(reinterpret_cast<void*>(address - GUARD));
    return status;
}

API int cuMemHostAlloc(void** address, std::size_t bytes, unsigned) {
    WAITING_CALL()
    *address = std::aligned_alloc(4096, (bytes + 4095) & ~(std::size_t)4095);
    std::memset(*address, 0xff, bytes);
    pinned[reinterpret_cast<std::uintptr_t>(*address)] = bytes;
    return SUCCESS;
}

API int cuMemFreeHost(void* address) {
    CONTEXT_CALL()
    if (pinned.erase(reinterpret_cast<std::uintptr_t>(address)) == 0) {
        return INVALID_VALUE;
    }
    drainAll();
    std::free(address);
    return failure;
}

API int cuMemcpyHtoDAsync_v2(std::uintptr_t to, const void* from, std::size_t bytes, void* stream) {
    CONTEXT_CALL()
    if (!allocated("cuMemcpyHtoDAsync", reinterpret_cast<void*>(to), bytes)) {
        return INVALID_VALUE;
    }
    if (within(pinned, reinterpret_cast<std::uintptr_t>(from), bytes) || of(stream)->capture) {
        return enqueue(stream, [=] {
            std::memcpy(reinterpret_cast<void*>(to), from, bytes);
            return SUCCESS;
        });
    }
    // Ordinary memory: the driver has read it when the call returns.
    const std::string copy(static_cast<const char*>(from), bytes);
    return enqueue(stream, [=] {
        std::memcpy(reinterpret_cast<void*>(to), copy.data(), bytes);
        return SUCCESS;
    });
}

API int cuMemcpyDtoHAsync_v2(void* to, std::uintptr_t from, std::size_t bytes, void* stream) {
    CONTEXT_CALL()
    if (!allocated("cuMemcpyDtoHAsync", reinterpret_cast<void*>(from), bytes)) {
        return INVALID_VALUE;
    }
    return enqueue(stream, [=] {
        std::memcpy(to, reinterpret_cast<void*>(from), bytes);
        return SUCCESS;
    });
}

API int cuMemcpyDtoDAsync_v2(std::uintptr_t to, std::uintptr_t from, std::size_t bytes, void* stream) {
    CONTEXT_CALL()
    if (!allocated("cuMemcpyDtoDAsync", reinterpret_cast<void*>(from), bytes)
        || !allocated("cuMemcpyDtoDAsync", reinterpret_cast<void*>(to), bytes)) {
        return INVALID_VALUE;
    }
    return enqueue(stream, [=] {
        std::memmove(reinterpret_cast<void*>(to), reinterpret_cast<void*>(from), bytes);
        return SUCCESS;
    });
}

API int cuMemsetD8Async(std::uintptr_t to, unsigned char value, std::size_t bytes, void* stream) {
    CONTEXT_CALL()
    if (!allocated("cuMemsetD8Async", reinterpret_cast<void*>(to), bytes)) {
        return INVALID_VALUE;
    }
    return enqueue(stream, [=] {
        std::memset(reinterpret_cast<void*>(to), value, bytes);
        return SUCCESS;
    });
}

API int cuMemsetD32Async(std::uintptr_t to, unsigned value, std::size_t count, void* stream) {
    CONTEXT_CALL()
    if (!allocated("cuMemsetD32Async", reinterpret_cast<void*>(to), 4 * count)) {
        return INVALID_VALUE;
    }
    return enqueue(stream, [=] {
        auto* words = reinterpret_cast<unsigned*>(to);
        for (std::size_t i = 0; i < count; i++) {
            words[i] = value;
        }
        return SUCCESS;
    });
}

// Streams and events

API int cuStreamCreate(void** stream, unsigned) {
    WAITING_CALL()
    auto* created = new Stream();
    streams.insert(created);
    *stream = created;
    return SUCCESS;
}

API int cuStreamDestroy_v2(void* handle) {
    CONTEXT_CALL()
    Stream* stream = of(handle);
    drain(stream, stream->queued);
    streams.erase(stream); // kept: an event may still name it
    return failure;
}

API int cuStreamSynchronize(void* handle) {
    WAITING_CALL()
    Stream* stream = of(handle);
    return drain(stream, stream->queued);
}

API int cuStreamQuery(void* handle) {
    WAITING_CALL()
    Stream* stream = of(handle);
    if (stream->queue.empty()) {
        return SUCCESS;
    }
    const int status = drain(stream, stream->done + 1);
    return status == 0 ? NOT_READY : status;
}

API int cuEventCreate(void** event, unsigned) {
    WAITING_CALL()
    *event = new Event();
    return SUCCESS;
}

API int cuEventDestroy_v2(void* event) {
    CONTEXT_CALL()
    delete static_cast<Event*>(event);
    return SUCCESS;
}

API int cuEventRecord(void* handle, void* stream) {
    CONTEXT_CALL()
    auto* event = static_cast<Event*>(handle);
    event->stream = of(stream);
    event->ticket = event->stream->queued;
    event->capture = event->stream->capture;
    return SUCCESS;
}

API int cuStreamWaitEvent(void* handle, void* waited, unsigned) {
    CONTEXT_CALL()
    const Event event = *static_cast<Event*>(waited);
    Stream* stream = of(handle);
    if (event.stream == nullptr) {
        return SUCCESS;
    }
    if (event.capture && event.capture == capturing) {
        if (!stream->capture) {
            stream->capture = event.capture; // it joins what is recorded
        }
        event.stream->unjoined = false;
        return SUCCESS;
    }
    if (stream->capture) {
        fail("a captured stream waits for an event from before its capture");
        return CAPTURE_ISOLATION;
    }
    return enqueue(stream, [=] { return drain(event.stream, event.ticket); });
}

API int cuEventSynchronize(void* handle) {
    WAITING_CALL()
    const Event event = *static_cast<Event*>(handle);
    return event.stream == nullptr ? SUCCESS : drain(event.stream, event.ticket);
}

API int cuEventQuery(void* handle) {
    WAITING_CALL()
    const Event event = *static_cast<Event*>(handle);
    if (event.stream == nullptr || event.stream->done >= event.ticket) {
        return SUCCESS;
    }
    const int status = drain(event.stream, event.stream->done + 1); // time passes
    return status == 0 ? NOT_READY : status;
}

// Graphs

API int cuStreamBeginCapture_v2(void* handle, int) {
    CONTEXT_CALL()
    Stream* stream = of(handle);
    if (capturing) {
        return ILLEGAL_STATE;
    }
    capturing = std::make_shared<Graph>();
    stream->capture = capturing;
    stream->origin = true;
    return SUCCESS;
}

API int cuStreamEndCapture(void* handle, void** graph) {
    CONTEXT_CALL()
    Stream* stream = of(handle);
    if (!stream->origin) {
        return ILLEGAL_STATE;
    }
    bool unjoined = false;
    for (Stream* other : streams) {
        if (other->capture == capturing) {
            unjoined |= other->unjoined;
            other->capture = nullptr;
            other->origin = false;
            other->unjoined = false;
        }
    }
    const std::shared_ptr<Graph> ended = std::move(capturing);
    capturing = nullptr;
    if (unjoined) {
        fail("cuStreamEndCapture: a stream was forked and not joined");
        return CAPTURE_UNJOINED;
    }
    *graph = new Graph(*ended);
    return SUCCESS;
}

API int cuStreamIsCapturing(void* stream, int* status) {
    CONTEXT_CALL()
    *status = of(stream)->capture ? 1 : 0;
    return SUCCESS;
}

API int cuGraphInstantiateWithFlags(void** executable, void* graph, unsigned long long) {
    CONTEXT_CALL()
    *executable = new Graph(*static_cast<Graph*>(graph));
    return SUCCESS;
}

API int cuGraphUpload(void*, void*) {
    CONTEXT_CALL()
    return SUCCESS;
}

API int cuGraphLaunch(void* executable, void* stream) {
    CONTEXT_CALL()
    const Graph graph = *static_cast<Graph*>(executable);
    return enqueue(stream, [=] {
        for (const Operation& operation : graph.operations) {
            operations++;
            if (const int status = operation()) {
                return status;
            }
        }
        return SUCCESS;
    });
}

API int cuGraphGetNodes(void* graph, void**, std::size_t* count) {
    CONTEXT_CALL()
    *count = static_cast<Graph*>(graph)->operations.size();
    return SUCCESS;
}

API int cuGraphExecDestroy(void* executable) {
    CONTEXT_CALL()
    delete static_cast<Graph*>(executable);
    return SUCCESS;
}

API int cuGraphDestroy(void* graph) {
    CONTEXT_CALL()
    delete static_cast<Graph*>(graph);
    return SUCCESS;
}

// Kernels

API int cuModuleLoadData(void** module, const void* image) {
    WAITING_CALL()
    const auto* text = static_cast<const char*>(image);
    if (std::strstr(text, ".version") == nullptr) {
        fail("cuModuleLoadData: expected PTX");
        return INVALID_IMAGE;
    }
    if (kernels.empty()) {
        if (const int status = loadPackagedKernels()) {
            return status;
        }
    }
    *module = new Module{text};
    return SUCCESS;
}

API int cuModuleUnload(void* module) {
    CONTEXT_CALL()
    delete static_cast<Module*>(module);
    return SUCCESS;
}

API int cuModuleGetFunction(void** function, void* module, const char* name) {
    CONTEXT_CALL()
    bool found = false;
    const std::vector<std::size_t> declared = declaredSizes(static_cast<Module*>(module)->image, name, found);
    if (!found) {
        return NOT_FOUND; // what a real driver says too
    }
    const auto compiled = kernels.find(name);
    if (compiled == kernels.end()) {
        fail(std::string(name) + " is in the PTX and was not compiled for the host");
        return NOT_FOUND;
    }
    const Kernel& kernel = compiled->second.first;
    if (declared != std::vector<std::size_t>(kernel.sizes, kernel.sizes + kernel.parameters)) {
        fail(std::string(name) + ": the PTX declares other parameters than the source");
        return NOT_FOUND;
    }
    *function = new Function{kernel};
    return SUCCESS;
}

API int cuFuncSetAttribute(void* function, int attribute, int value) {
    CONTEXT_CALL()
    if (attribute != 8 || value > 227 << 10) { // MAX_DYNAMIC_SHARED_SIZE_BYTES
        return INVALID_VALUE;
    }
    static_cast<Function*>(function)->mostShared = value;
    return SUCCESS;
}

API int cuLaunchKernel(void* handle, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
                       unsigned blockZ, unsigned sharedBytes, void* stream, void** arguments, void** extra) {
    CONTEXT_CALL()
    auto* function = static_cast<Function*>(handle);
    const Kernel& kernel = function->kernel;
    const bool fits = gridX >= 1 && gridX <= 0x7fffffffu && gridY >= 1 && gridY <= 65535 && gridZ >= 1
                      && gridZ <= 65535 && blockX >= 1 && blockY >= 1 && blockZ >= 1 && blockZ <= 64
                      && (std::uint64_t)blockX * blockY * blockZ <= 1024 && sharedBytes <= function->mostShared;
    if (!fits || extra != nullptr) {
        fail(kernel.name + ": no device takes such a launch");
        return INVALID_VALUE;
    }
    std::vector<std::string> values;
    for (int i = 0; i < kernel.parameters; i++) {
        values.emplace_back(static_cast<const char*>(arguments[i]), kernel.sizes[i]);
    }
    return enqueue(stream, [=, name = kernel.name]() mutable {
        std::vector<void*> pointers;
        for (std::string& value : values) {
            pointers.push_back(value.data());
        }
        const auto& [current, library] = kernels[name];
        launches++;
        try {
            run({gridX, gridY, gridZ}, {blockX, blockY, blockZ}, sharedBytes, library->shared, library->sharedBytes,
                [&] { current.call(pointers.data()); });
            return SUCCESS;
        } catch (const std::runtime_error& e) {
            fail(name + ": " + e.what());
            return LAUNCH_FAILED;
        }
    });
}

// For tests

// Runs all that is queued and looks for writes beside allocations; returns the status.
API int emulationIdle() {
    const std::lock_guard<std::recursive_mutex> guard(mutex);
    return drainAll();
}

API const char* emulationMessage() { return message.c_str(); }

API long emulationLaunches() { return launches; }

// Launches, calls of libraries and copies that were a part of a graph.
API long emulationOperations() { return operations; }

// From now on, that function of cuBLAS or cuDNN finds two of its arguments swapped; an empty name ends it.
API void emulationMistake(const char* call) { mistakenCall = call; }

// Forgets a failure, as a new process would.
API void emulationRecover() {
    const std::lock_guard<std::recursive_mutex> guard(mutex);
    failure = 0;
    message.clear();
    for (Stream* stream : streams) {
        stream->done = stream->queued;
        stream->queue.clear();
    }
    for (const auto& [address, bytes] : memory) {
        writeGuards(address, bytes);
    }
}

// Puts other kernels in place of those of the same name; a null file brings the packaged ones back.
API int emulationReplace(const char* file) {
    const std::lock_guard<std::recursive_mutex> guard(mutex);
    return file == nullptr ? loadPackagedKernels() : loadKernels(file);
}

namespace {

std::string folder() {
    Dl_info info;
    dladdr(reinterpret_cast<void*>(&cuInit), &info);
    const std::string file = info.dli_fname;
    return file.substr(0, file.rfind('/'));
}

int loadPackagedKernels() { return loadKernels(folder() + "/../libkernels.so"); }

std::size_t declaredSize(const std::string& parameter) {
    const std::size_t type = parameter.find(".b8 ");
    if (type != std::string::npos) {
        return std::stoul(parameter.substr(parameter.find('[', type) + 1));
    }
    const std::size_t bits = parameter.find_first_of("0123456789");
    return std::stoul(parameter.substr(bits)) / 8;
}

std::vector<std::size_t> declaredSizes(const std::string& image, const std::string& name, bool& found) {
    std::vector<std::size_t> sizes;
    const std::size_t entry = image.find(".entry " + name + "(");
    found = entry != std::string::npos;
    if (!found) {
        return sizes;
    }
    const std::size_t end = image.find(')', entry);
    for (std::size_t at = image.find(".param", entry); at < end; at = image.find(".param", at + 1)) {
        const std::size_t stop = std::min(image.find(',', at), end);
        std::string parameter = image.substr(at + 6, stop - at - 6);
        sizes.push_back(declaredSize(parameter));
    }
    return sizes;
}

} // namespace

} // namespace emulation
