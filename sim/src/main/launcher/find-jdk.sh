# Sourced: find_jdk sets JDK_HOME to a JDK >= 25.0.3, or leaves it empty.
# 25.0.3 is the first update without JDK-8377811 (G1 may move an array pinned by a native call).
# The places are those where maven-toolchains-plugin looks too, so that a JDK found here is found by the build.
JDK_PLACES='JAVA_HOME, PATH, ~/.m2/toolchains.xml, /usr/lib/jvm, /usr/java, ~/.jdks and ~/.sdkman'

jdk_version() {
    sed -n 's/^JAVA_VERSION="\([0-9.]*\).*"$/\1/p' "$1/release" 2>/dev/null
}

find_jdk() {
    JDK_HOME=
    path_java=$(command -v java 2>/dev/null) && path_java=$(readlink -f "$path_java")
    declared=$(sed -n 's:.*<jdkHome>\(.*\)</jdkHome>.*:\1:p' "$HOME/.m2/toolchains.xml" 2>/dev/null)
    # shellcheck disable=SC2086 # several paths, none with a space
    for candidate in "${JAVA_HOME:-}" "${path_java%/bin/java}" $declared /usr/lib/jvm/* /usr/java/* \
        "$HOME"/.jdks/* "$HOME"/.sdkman/candidates/java/*; do
        [ -x "$candidate/bin/javac" ] || continue
        version=$(jdk_version "$candidate")
        [ -n "$version" ] || continue
        lowest=$(printf '25.0.3\n%s\n' "$version" | sort -V | head -n 1)
        if [ "$lowest" = 25.0.3 ]; then
            JDK_HOME=$candidate
            return
        fi
    done
}
