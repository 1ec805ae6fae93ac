#!/usr/bin/env bash
# Brings what building and testing need: as root installs missing Debian packages, otherwise names them and stops.
# Foreign programs for the tests come from the Python and npm registries into the build's folder. Safe to run at any time; does nothing, quickly, when everything is there.
set -euo pipefail

RUST_NEEDED="1.95"

# What is looked for → the Debian package that brings it.
NEEDS=(
    "command:cc=gcc"
    "command:make=make"
    "command:git=git"
    "command:pkg-config=pkg-config"
    "package:libpq-dev=libpq-dev"
    "postgres:15=postgresql-15"
    "command:rsync=rsync"
    "command:chromium=chromium"
    "command:chromedriver=chromium-driver"
    "package:fonts-dejavu-core=fonts-dejavu-core"
    "command:pip3=python3-pip"
    "command:node=nodejs"
    "command:npm=npm"
)

installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

present() {
    local kind="${1%%:*}" name="${1#*:}"
    case "$kind" in
        command) command -v "$name" >/dev/null 2>&1 ;;
        postgres) command -v postgres >/dev/null 2>&1 || [ -x "/usr/lib/postgresql/$name/bin/postgres" ] ;;
        package) installed "$name" ;;
    esac
}

if ! command -v rustc >/dev/null 2>&1; then
    echo "setup: Rust is missing: install it from https://rustup.rs (version $RUST_NEEDED or newer)" >&2
    exit 1
fi
rust_version="$(rustc --version | cut -d' ' -f2)"
if [ "$(printf '%s\n' "$RUST_NEEDED" "$rust_version" | sort -V | head -n1)" != "$RUST_NEEDED" ]; then
    echo "setup: Rust $rust_version is too old, $RUST_NEEDED or newer is needed: run 'rustup update stable'" >&2
    exit 1
fi

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "setup: this is not Debian; make sure that these are here: C compiler, pkg-config, libpq with headers," \
        "PostgreSQL 15, rsync, Chromium with its driver, the DejaVu fonts, Node.js 18 or newer, with pip what scripts/tools.txt names and with npm what scripts/tools names" >&2
    exit 0
fi

# Foreign programs that our tests run with the server: pinned in tools.txt and tools/package-lock.json, kept with the build.
install_tools() {
    install_python_tools
    install_node_tools
}

install_node_tools() {
    local list tools
    list="$(dirname "$0")/tools"
    tools="${CARGO_TARGET_DIR:-$(dirname "$0")/../target}/tools/node"
    cmp -s "$list/package-lock.json" "$tools/installed.json" && return
    echo "setup: installing the foreign programs of $list"
    rm -rf "$tools"
    mkdir -p "$tools"
    cp "$list/package.json" "$list/package-lock.json" "$tools"
    # Nothing of theirs runs while they are installed.
    npm ci --prefix "$tools" --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
    cp "$list/package-lock.json" "$tools/installed.json"
}

install_python_tools() {
    local list tools
    list="$(dirname "$0")/tools.txt"
    tools="${CARGO_TARGET_DIR:-$(dirname "$0")/../target}/tools"
    cmp -s "$list" "$tools/installed.txt" && return
    echo "setup: installing the foreign clients of $list"
    rm -rf "$tools"
    PIP_ROOT_USER_ACTION=ignore pip3 install --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
        --target "$tools" --requirement "$list"
    cp "$list" "$tools/installed.txt"
}

missing=()
for need in "${NEEDS[@]}"; do
    present "${need%%=*}" || missing+=("${need#*=}")
done
if [ "${#missing[@]}" -eq 0 ]; then
    install_tools
    exit 0
fi

if [ "$(id -u)" -ne 0 ]; then
    echo "setup: these Debian packages are missing: ${missing[*]}" >&2
    echo "       install them with: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
fi
echo "setup: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
install_tools
echo "setup: done"
