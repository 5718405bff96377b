#!/bin/sh
# What Maven cannot bring: finds JDK 25, and installs SUMO where it is missing and that is possible.
# On failure one line on stderr says what to install.
set -u
. "$(dirname "$0")/find-jdk.sh"
. "$(dirname "$0")/../../../../kernels/src/main/setup/apt.sh"

find_jdk
if [ -z "$JDK_HOME" ]; then
    echo "JDK 25 (25.0.3 or later) not found: install it, for example 'apt-get install temurin-25-jdk' from packages.adoptium.net or 'sdk install java 25-tem' (looked in $JDK_PLACES)" >&2
    exit 1
fi

install sumo sumo
