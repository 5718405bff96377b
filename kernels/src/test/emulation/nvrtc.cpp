// A libnvrtc without a compiler: it takes what the kernels' own folder holds, under the names there, with every header that
// is included, and gives the packaged PTX for machine code. So it shows that NVRTC would be given the right texts; not that
// it compiles them, which nvcc shows wherever the PTX is made.
#include "emulation.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

namespace {

constexpr int INVALID_INPUT = 3;
constexpr int INVALID_PROGRAM = 4;
constexpr int INVALID_OPTION = 5;
constexpr int COMPILATION = 6;
constexpr int KNOWN[] = {75, 80, 86, 89, 90, 100, 120};

struct Program {
    std::string name, text;
    std::map<std::string, std::string> headers;
    std::string log, code;
};

std::string read(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

bool reject(Program& program, const std::string& why) {
    program.log = why;
    return false;
}

// Whether a file of this name has this text, and all that it includes can be had.
bool known(Program& program, const std::string& name, const std::string& text) {
    if (text.empty() || text != read(KERNELS "/" + name)) {
        return reject(program, name + ": error: not what was packaged");
    }
    for (std::size_t at = 0; (at = text.find("#include ", at)) != std::string::npos; at++) {
        const std::size_t from = at + std::strlen("#include ") + 1;
        const std::string included = text.substr(from, text.find_first_of("\">\n", from) - from);
        const auto header = program.headers.find(included);
        if (header == program.headers.end()) {
            return reject(program, name + ": catastrophic error: cannot open source file \"" + included + "\"");
        }
        if (!known(program, header->first, header->second)) {
            return false;
        }
    }
    return true;
}

} // namespace

API int nvrtcVersion(int* major, int* minor) {
    *major = CUDA_MAJOR;
    *minor = 0;
    return emulation::SUCCESS;
}

API const char* nvrtcGetErrorString(int status) {
    switch (status) {
    case INVALID_INPUT: return "NVRTC_ERROR_INVALID_INPUT";
    case INVALID_PROGRAM: return "NVRTC_ERROR_INVALID_PROGRAM";
    case INVALID_OPTION: return "NVRTC_ERROR_INVALID_OPTION";
    case COMPILATION: return "NVRTC_ERROR_COMPILATION";
    default: return "NVRTC_SUCCESS";
    }
}

API int nvrtcGetNumSupportedArchs(int* count) {
    *count = std::size(KNOWN);
    return emulation::SUCCESS;
}

API int nvrtcGetSupportedArchs(int* all) {
    std::copy(std::begin(KNOWN), std::end(KNOWN), all);
    return emulation::SUCCESS;
}

API int nvrtcCreateProgram(Program** program, const char* text, const char* name, int headers, const char* const* texts,
                           const char* const* names) {
    if (text == nullptr || name == nullptr || headers < 0) {
        return INVALID_INPUT;
    }
    emulation::mistake("nvrtcCreateProgram", texts, names);
    *program = new Program{name, text, {}, {}, {}};
    for (int i = 0; i < headers; i++) {
        (*program)->headers[names[i]] = texts[i];
    }
    return emulation::SUCCESS;
}

API int nvrtcDestroyProgram(Program** program) {
    if (*program == nullptr) {
        return INVALID_PROGRAM;
    }
    delete *program;
    *program = nullptr;
    return emulation::SUCCESS;
}

API int nvrtcCompileProgram(Program* program, int count, const char* const* options) {
    std::string target;
    bool standard = false;
    for (int i = 0; i < count; i++) {
        for (const int one : KNOWN) {
            if (options[i] == "--gpu-architecture=sm_" + std::to_string(one)) {
                target = "sm_" + std::to_string(one);
            }
        }
        standard |= std::string(options[i]) == "--std=c++17";
    }
    if (target.empty() || !standard || count != 2) {
        program->log = "nvrtc: error: invalid value for an option";
        return INVALID_OPTION;
    }
    if (!known(*program, program->name, program->text)) {
        return COMPILATION;
    }
    const std::string family = program->name.substr(0, program->name.rfind('.'));
    program->code = "// " + target + "\n" + read(PTX "/" + family + ".ptx") + '\0';
    return emulation::SUCCESS;
}

API int nvrtcGetProgramLogSize(Program* program, std::size_t* bytes) {
    *bytes = program->log.size() + 1;
    return emulation::SUCCESS;
}

API int nvrtcGetProgramLog(Program* program, char* log) {
    std::strcpy(log, program->log.c_str());
    return emulation::SUCCESS;
}

API int nvrtcGetCUBINSize(Program* program, std::size_t* bytes) {
    *bytes = program->code.size();
    return emulation::SUCCESS;
}

API int nvrtcGetCUBIN(Program* program, char* code) {
    program->code.copy(code, program->code.size());
    return emulation::SUCCESS;
}
