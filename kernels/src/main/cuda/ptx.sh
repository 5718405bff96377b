#!/bin/sh
# ptx.sh [FOLDER]: brings the PTX of every .cu beside this script up to date, in FOLDER (the committed resources if none is named).
# The first line of a PTX holds the hash of what it was made from. Nothing is stale: nothing is done. Something is: nvcc makes it
# anew, and without nvcc this fails. Made for compute capability 7.5; every later device's driver compiles it further.
set -eu
cuda=$(cd "$(dirname "$0")" && pwd)
out=${1:-$cuda/../resources/greenwave/kernels/cuda}

nvcc=$(command -v nvcc || true)
if [ -z "$nvcc" ] && [ -x "${CUDA_HOME:-/usr/local/cuda}/bin/nvcc" ]; then
    nvcc=${CUDA_HOME:-/usr/local/cuda}/bin/nvcc
fi

mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The headers that a file includes, directly or not, each perhaps more than once.
headers() {
    sed -n 's/^#include "\(.*\)"$/\1/p' "$1" | while read -r header; do
        echo "$cuda/$header"
        headers "$cuda/$header"
    done
}

for source in "$cuda"/*.cu; do
    family=$(basename "$source" .cu)
    ptx=$out/$family.ptx
    hash=$(cat "$source" $(headers "$source" | sort -u) | sha256sum | cut -d ' ' -f 1)
    mark="// Made by nvcc from $family.cu and its headers, SHA-256 $hash"
    if [ -f "$ptx" ] && [ "$(head -n 1 "$ptx")" = "$mark" ]; then
        continue
    fi
    if [ -z "$nvcc" ]; then
        echo "$family.ptx is older than its source, and nvcc was not found: install CUDA's nvcc, or undo the change to $family.cu and its headers" >&2
        exit 1
    fi
    # The version is that of CUDA 11.8, which the oldest driver that serves our libraries reads; nvcc writes its own.
    (cd "$cuda" && "$nvcc" -ptx -arch=compute_75 -std=c++17 -o "$work/$family.ptx" "$family.cu")
    { echo "$mark"; sed -e 's/^\.version .*/.version 7.8/' -e '/^\/\//d' -e '/^$/d' "$work/$family.ptx"; } >"$work/marked"
    mv "$work/marked" "$ptx"
    echo "$family.ptx: made anew"
done

# A source that is gone leaves nothing behind.
for ptx in "$out"/*.ptx; do
    [ -f "$cuda/$(basename "$ptx" .ptx).cu" ] || rm -f "$ptx"
done
