# Sourced: install COMMAND PACKAGE installs Debian's package where the command is missing and that is possible.
# On failure one line on stderr says what to install.
install() {
    command -v "$1" >/dev/null 2>&1 || add "$1" "$2"
}

# add NAME PACKAGE installs the package that brings NAME.
add() {
    case $(id -u) in
        0) as_root= ;;
        *) as_root='sudo -n' ;;
    esac
    if ! command -v apt-get >/dev/null 2>&1 || { [ -n "$as_root" ] && ! sudo -n true 2>/dev/null; }; then
        echo "$1 not found: install it as root with 'apt-get install $2'" >&2
        return 1
    fi
    echo "$1 not found: installing Debian's package $2"
    log=$(mktemp)
    if $as_root apt-get update >"$log" 2>&1 \
        && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$2" >"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    echo "$1 not found, and 'apt-get install $2' failed: $(grep -v '^$' "$log" | tail -n 1)" >&2
    rm -f "$log"
    return 1
}
