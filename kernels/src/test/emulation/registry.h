// Lists the kernels of one source: included behind it, with KERNELS(one) naming each.
#include "emulation.h"

#include <utility>

extern "C" char __start_emulated_shared[] __attribute__((weak));
extern "C" char __stop_emulated_shared[] __attribute__((weak));

namespace {

template <class... A, std::size_t... I>
void callWith(void (*kernel)(A...), void** arguments, std::index_sequence<I...>) {
    kernel(*static_cast<std::remove_cv_t<A>*>(arguments[I])...);
}

template <class... A> emulation::Kernel describe(const char* name, void (*kernel)(A...)) {
    return {name, {sizeof(A)...}, sizeof...(A), [kernel](void** arguments) {
                callWith(kernel, arguments, std::index_sequence_for<A...>{});
            }};
}

} // namespace
