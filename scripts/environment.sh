#!/bin/sh
# Make sure that .venv holds one set of pinned packages, then print nothing.
#
#   scripts/environment.sh run|test|dev
#
# run: what the server needs; test: and what the tests need; dev: and what the linters need.
# A stamp in .venv remembers what is installed, so that a second call returns at once.
# PYTHON names the interpreter to build with (3.11 or newer); without it the first that fits is taken.
set -eu
cd "$(dirname "$0")/.."

lists_of() {
    case "$1" in
        run) echo "requirements.txt" ;;
        test) echo "requirements.txt requirements-test.txt" ;;
        dev) echo "requirements.txt requirements-test.txt requirements-dev.txt" ;;
    esac
}

case "${1:-}" in
    run) levels="run" ;;
    test) levels="run test" ;;
    dev) levels="run test dev" ;;
    *) echo "usage: scripts/environment.sh run|test|dev" >&2; exit 2 ;;
esac
lists=$(lists_of "$1")
stamp=.venv/.installed
last=${lists##* }

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

bin() { if [ -d .venv/Scripts ]; then echo .venv/Scripts; else echo .venv/bin; fi; }

checksum() { cat $(lists_of "$1") | cksum; }

if [ -f "$stamp" ] && grep -qxF "$1 $(checksum "$1")" "$stamp" && fits "$(bin)/python"; then exit 0; fi

if ! fits "$(bin)/python"; then
    found=""
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if fits "$candidate"; then found=$candidate; break; fi
    done
    if [ -z "$found" ]; then
        echo "raftviz needs Python 3.11 or newer, and found none; name one with PYTHON=/path/to/python3.11 make ..." >&2
        exit 1
    fi
    rm -rf .venv
    if ! "$found" -m venv .venv; then
        rm -rf .venv
        echo "$found cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 1
    fi
fi

rm -f "$stamp"
echo "Installing the packages of $last into .venv ..."
if ! PIP_DISABLE_PIP_VERSION_CHECK=1 "$(bin)/python" -m pip install -qq --no-input -r "$last"; then
    echo "The packages of $last could not be installed (pip's message is above); a network or a package mirror is needed once." >&2
    exit 1
fi

for level in $levels; do echo "$level $(checksum "$level")" >>"$stamp"; done
