#!/bin/sh
# pack.sh FOLDER: makes a kit that checks CUDA on a machine with an NVIDIA driver and nothing of ours, not even a JDK: copy FOLDER
# there and run FOLDER/check.sh. To be run where Greenwave is built: 'mvn -q package -DskipTests' first. About 50 MB; the CPU's
# libraries stay behind, results are compared with the plain loops.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../../../..
kit=${1:?"expected a folder to make the kit in"}
. "$root/sim/src/main/launcher/find-jdk.sh"
find_jdk || true
[ -n "$JDK_HOME" ] || { echo "pack: JDK 25 not found, looked in $JDK_PLACES" >&2; exit 1; }
[ -d "$root/bench/target/greenwave-bench/lib" ] || { echo "pack: not built, run 'mvn -q package -DskipTests' first" >&2; exit 1; }

mkdir -p "$kit/lib"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$JDK_HOME/bin/jlink" --add-modules java.base,java.desktop,java.logging,java.management,java.sql,java.xml,jdk.management,jdk.unsupported,jdk.incubator.vector \
    --strip-debug --no-header-files --no-man-pages --compress=zip-0 --output "$work/jre" 2>/dev/null
tar -C "$work" -c jre | gzip -9 >"$kit/jre.tar.gz"

for jar in "$root"/bench/target/greenwave-bench/lib/*.jar; do
    case $(basename "$jar") in
        dnnl-* | openblas-*) ;;
        *) cp "$jar" "$kit/lib/" ;;
    esac
done
(cd "$root" && mvn -o -q dependency:copy -Dartifact=org.junit.platform:junit-platform-console-standalone:1.13.4 -DoutputDirectory="$work" >/dev/null 2>&1 \
    || mvn -q dependency:copy -Dartifact=org.junit.platform:junit-platform-console-standalone:1.13.4 -DoutputDirectory="$work")
cp "$work"/junit-platform-console-standalone-*.jar "$kit/junit.jar"
for module in kernels engine; do
    rm -rf "$kit/tests-$module"
    cp -r "$root/$module/target/test-classes" "$kit/tests-$module"
done
cp "$here/check.sh" "$here/torch_step.py" "$kit/"
du -sm "$kit" | awk '{print $1 " MB in " $2}'
