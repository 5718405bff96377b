#!/bin/sh
# setup.sh TARGET: what Maven cannot bring. Finds JDK 25, and installs SUMO where it is missing and that is possible.
# On failure one line on stderr says what to install. TARGET remembers what is not to be tried again.
set -u
. "$(dirname "$0")/find-jdk.sh"
. "$(dirname "$0")/../../../../kernels/src/main/setup/apt.sh"

find_jdk
if [ -z "$JDK_HOME" ]; then
    echo "JDK 25 (25.0.3 or later) not found: install it, for example 'apt-get install temurin-25-jdk' from packages.adoptium.net or 'sdk install java 25-tem' (looked in $JDK_PLACES)" >&2
    exit 1
fi

install sumo sumo || exit 1

# SUMO allocates much and is faster with this malloc, but does without.
tried=$1/setup-tcmalloc
for library in /usr/lib/*-linux-gnu/libtcmalloc_minimal.so.4; do
    [ -e "$library" ] || [ -e "$tried" ] || add tcmalloc libtcmalloc-minimal4 2>/dev/null || { mkdir -p "$1" && touch "$tried"; }
done
