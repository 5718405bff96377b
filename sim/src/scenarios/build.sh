#!/bin/sh
# Builds the networks of the built-in scenarios from the sources in this folder.
# Needs netconvert 1.15 (Debian's package sumo); another version may write other bytes.
#
# usage: build.sh [FOLDER]    writes FOLDER/NAME/NAME.net.xml; FOLDER is by default where the
#                             resources of the module lie
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:-$here/../main/resources/greenwave/sim/scenarios}"
out=$(cd "${1:-$here/../main/resources/greenwave/sim/scenarios}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# SUMO's tools open every network with a comment that holds the date and paths: drop it, so that
# equal sources give equal bytes.
keep() {
    mkdir -p "$out/$1"
    sed '/^<!-- generated on /,/^-->$/d' "$work/$1.net.xml" >"$out/$1/$1.net.xml"
}

quietly() {
    "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
}

# network NAME FOLDER: from FOLDER/NAME.{nod,edg,con,tll}.xml
network() {
    quietly netconvert -n "$2/$1.nod.xml" -e "$2/$1.edg.xml" -x "$2/$1.con.xml" -i "$2/$1.tll.xml" \
        --no-turnarounds -o "$work/$1.net.xml"
    keep "$1"
}

network cross "$here/cross"
network tee "$here/tee"
awk -v dir="$work" -f "$here/grid4x4/grid4x4.awk"
network grid4x4 "$work"
