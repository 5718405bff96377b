#!/bin/sh
# kernels.sh LIBRARY DRIVER HEADERS SOURCE...: compiles kernels for the host into LIBRARY, which finds the emulated device in
# DRIVER, a libcuda.so.1. HEADERS is the folder of what the sources include.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
library=$1
driver=$2
headers=$3
shift 3

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags="-std=c++17 -O1 -fPIC -w -I$here -I$headers"

for source in "$@"; do
    family=$(basename "$source" .cu)
    # Preprocessed, so that kernels which a macro writes are seen too.
    names=$(g++ $flags -E -P -DEMULATED_KERNEL=EMULATED_KERNEL -x c++ -include device.h "$source" \
        | grep -o 'EMULATED_KERNEL *void *[A-Za-z0-9_]*' | sed 's/.* //')
    {
        echo '#include "device.h"'
        echo "#include \"$(cd "$(dirname "$source")" && pwd)/$family.cu\""
        echo '#include "registry.h"'
        echo '#include <vector>'
        echo "void list_$family(std::vector<emulation::Kernel>& all) {"
        for name in $names; do
            echo "    all.push_back(describe(\"$name\", $name));"
        done
        echo '}'
    } >"$work/$family.cpp"
    echo "$family" >>"$work/families"
done

{
    echo '#include "registry.h"'
    echo '#include <vector>'
    while read -r family; do
        echo "void list_$family(std::vector<emulation::Kernel>&);"
    done <"$work/families"
    echo 'API void emulatedKernels(std::vector<emulation::Kernel>& all, char*& shared, std::size_t& sharedBytes) {'
    while read -r family; do
        echo "    list_$family(all);"
    done <"$work/families"
    echo '    shared = __start_emulated_shared;'
    echo '    sharedBytes = __stop_emulated_shared - __start_emulated_shared;'
    echo '}'
} >"$work/all.cpp"

ls "$work"/*.cpp | xargs -P 2 -I{} sh -c 'g++ '"$flags"' -c -o "{}.o" "{}"'
# Each family must see the symbols of its own library only.
g++ -shared -Wl,-Bsymbolic -o "$library" "$work"/*.o -L"$(dirname "$driver")" -l:libcuda.so.1
