# Sourced: sets JDK_HOME to the newest JDK >= 25.0.3 that can be found, or leaves it empty.
# 25.0.3 is the first update without JDK-8377811 (G1 may move an array pinned by a native call).
jdk_version() {
    sed -n 's/^JAVA_VERSION="\([0-9.]*\).*"$/\1/p' "$1/release" 2>/dev/null
}

find_jdk() {
    JDK_HOME=
    path_java=$(command -v java 2>/dev/null) && path_java=$(readlink -f "$path_java")
    for home in "${JAVA_HOME:-}" "${path_java%/bin/java}" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* \
        "$HOME"/.jdks/* /opt/*jdk* /opt/java/*; do
        [ -x "$home/bin/javac" ] || continue
        version=$(jdk_version "$home")
        [ -n "$version" ] || continue
        lowest=$(printf '25.0.3\n%s\n' "$version" | sort -V | head -n 1)
        if [ "$lowest" = 25.0.3 ]; then
            JDK_HOME=$home
            return
        fi
    done
}
