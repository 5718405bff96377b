#!/bin/sh
# build.sh OUT KERNELS: builds the emulated device for tests in OUT, with the kernels of the folder KERNELS. OUT/12 and OUT/13 hold
# the libraries of a CUDA of that version; OUT/libkernels.so serves both. Nothing is done where nothing changed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
kernels=$2

. "$here/../../main/setup/apt.sh"
install g++ g++

stamp=$(cat "$here"/* "$kernels"/*.cu* | sha256sum)
if [ -f "$out/stamp" ] && [ "$(cat "$out/stamp")" = "$stamp" ]; then
    exit 0
fi

flags="-std=c++17 -O2 -fPIC -fvisibility=hidden -Wall -Wextra -Werror -I$here"
for major in 12 13; do
    folder=$out/$major
    mkdir -p "$folder"
    g++ $flags -fvisibility=default -DCUDA_MAJOR=$major -shared -Wl,-soname,libcuda.so.1 -o "$folder/libcuda.so.1" \
        "$here/driver.cpp" "$here/fibers.cpp" -ldl
    # The natives ask for symbols of this version.
    echo "libcublas.so.$major { global: cublas*; local: *; };" >"$folder/cublas.map"
    g++ $flags -DCUDA_MAJOR=$major -shared -Wl,-soname,libcublas.so.$major -Wl,--version-script,"$folder/cublas.map" \
        -o "$folder/libcublas.so.$major" "$here/blas.cpp" -L"$folder" -l:libcuda.so.1
    echo "libcudnn.so.9 { global: cudnn*; local: *; };" >"$folder/cudnn.map"
    g++ $flags -DCUDA_MAJOR=$major -shared -Wl,-soname,libcudnn.so.9 -Wl,--version-script,"$folder/cudnn.map" \
        -o "$folder/libcudnn.so.9" "$here/dnn.cpp" -L"$folder" -l:libcuda.so.1
    echo "libnvrtc.so.$major { global: nvrtc*; local: *; };" >"$folder/nvrtc.map"
    g++ $flags -DCUDA_MAJOR=$major -DKERNELS="\"$kernels\"" -DPTX="\"$kernels/../resources/greenwave/kernels/cuda\"" -shared \
        -Wl,-soname,libnvrtc.so.$major -Wl,--version-script,"$folder/nvrtc.map" \
        -o "$folder/libnvrtc.so.$major" "$here/nvrtc.cpp" -L"$folder" -l:libcuda.so.1
done
sh "$here/kernels.sh" "$out/libkernels.so" "$out/12/libcuda.so.1" "$kernels" "$kernels"/*.cu
echo "$stamp" >"$out/stamp"
