#!/bin/sh
# check.sh [JVM OPTION...]: on a machine with an NVIDIA driver, and CUDA's libraries in the system or in Python's nvidia packages.
# Shows what is found, compares every kernel (also as NVRTC compiles it) and op with the plain loops, times whole updates, and
# times the same in PyTorch where it is installed. Prints one table; exit code 1 if anything failed. REPEATS and UPDATES shorten
# the timing, CURVE the loss curve.
set -u
kit=$(cd "$(dirname "$0")" && pwd)
work=${GREENWAVE_KIT_WORK:-$(mktemp -d)}
[ -x "$work/jre/bin/java" ] || tar -xzf "$kit/jre.tar.gz" -C "$work" || exit 1
python=$(command -v python3 || true)
status=0

java() {
    "$work/jre/bin/java" --enable-native-access=ALL-UNNAMED -Djava.awt.headless=true "$@"
}
tests() { # LABEL MODULE OPTION...: the tests that serve any backend
    label=$1
    module=$2
    shift 2
    java "$@" -Dgreenwave.test.backend=cuda:0 -cp "$kit/tests-$module:$kit/lib/*:$kit/junit.jar" \
        org.junit.platform.console.ConsoleLauncher execute --scan-classpath "$kit/tests-$module" --include-tag backend --exclude-tag host \
        --details=summary --disable-banner >"$work/$label.log" 2>&1 || status=1
    awk -v label="$label" '
        /tests successful/ { ok = $2 } /tests failed/ { bad = $2 }
        END { printf "parity %-8s %s tests passed, %s failed\n", label, ok == "" ? "no" : ok, bad == "" ? "all" : bad }' "$work/$label.log"
    grep -A2 -E '=> |MethodSource \[' "$work/$label.log" | head -20
}

java "$@" -cp "$kit/lib/*" greenwave.sim.app.Main doctor --backend cuda:0 || exit 1
tests kernels kernels "$@"
tests nvrtc kernels -Dgreenwave.cuda.nvrtc=true "$@"
tests engine engine "$@"
java "$@" -cp "$kit/lib/*" greenwave.bench.Main device --repeats "${REPEATS:-9}" --updates "${UPDATES:-500}" \
    --curve "${CURVE:-1000}" --beside reference >"$work/greenwave.txt" 2>"$work/greenwave.err" || { status=1; cat "$work/greenwave.err"; }
: >"$work/torch.txt"
if [ -n "$python" ] && "$python" -c 'import torch; assert torch.cuda.is_available()' 2>/dev/null; then
    REPEATS=${REPEATS:-9} UPDATES=${UPDATES:-500} "$python" "$kit/torch_step.py" >"$work/torch.txt" || status=1
else
    echo "PyTorch with CUDA: not installed, no ratios"
fi

awk '
    FILENAME ~ /greenwave.txt$/ && $1 != "curve" { key = $1 " " $2; order[++n] = key; ours[key] = $3; next }
    $1 == "curve" { curve = "losses of " $2 " steps: largest relative difference from the plain loops " $3; next }
    { peer[$1 " " $2 " " $3] = $4 }
    function ratio(key, form) { return form " " key in peer ? sprintf("%9.1f %6.2f", peer[form " " key], ours[key] / peer[form " " key]) : sprintf("%9s %6s", "-", "-") }
    END {
        printf "%-6s %6s %12s %9s %6s %9s %6s %10s %6s\n", "net", "batch", "Greenwave us", "eager us", "ratio", "graph us", "ratio", "compile us", "ratio"
        for (i = 1; i <= n; i++) {
            split(order[i], part, " ")
            printf "%-6s %6d %12.1f %s %s  %s\n", part[1], part[2], ours[order[i]], ratio(order[i], "eager"), ratio(order[i], "graph"), ratio(order[i], "compile")
        }
        if (curve != "") print curve
    }' "$work/greenwave.txt" "$work/torch.txt"
exit $status
