#!/bin/sh
# What Maven cannot bring: finds JDK 25, and installs SUMO where it is missing and that is possible.
# On failure one line on stderr says what to install.
set -u
. "$(dirname "$0")/find-jdk.sh"

find_jdk
if [ -z "$JDK_HOME" ]; then
    echo "JDK 25 (25.0.3 or later) not found: install it, for example 'apt-get install temurin-25-jdk' from packages.adoptium.net or 'sdk install java 25-tem' (looked in $JDK_PLACES)" >&2
    exit 1
fi

command -v sumo >/dev/null 2>&1 && exit 0
case $(id -u) in
    0) as_root= ;;
    *) as_root='sudo -n' ;;
esac
if command -v apt-get >/dev/null 2>&1 && { [ -z "$as_root" ] || sudo -n true 2>/dev/null; }; then
    echo "SUMO not found: installing Debian's package sumo"
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    if $as_root apt-get update >"$log" 2>&1 \
        && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends sumo >"$log" 2>&1; then
        exit 0
    fi
    echo "SUMO not found, and 'apt-get install sumo' failed: $(grep -v '^$' "$log" | tail -n 1)" >&2
    exit 1
fi
echo "SUMO not found: install it as root with 'apt-get install sumo'" >&2
exit 1
