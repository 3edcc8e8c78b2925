#!/bin/sh
# Lint, type-check and run the JavaScript unit tests: every check, even after one that fails, which are named at the end.
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
[ -d .venv/Scripts ] && bin=.venv/Scripts
failed=""

run() { # name, command ...
    name=$1
    shift
    printf '%s: ' "$name"
    if output=$("$@" 2>&1); then
        printf 'ok\n'
    else
        printf 'failed\n%s\n' "$output"
        failed="$failed $name"
    fi
}

run "ruff check" "$bin/ruff" check --quiet .
run "ruff format" "$bin/ruff" format --quiet --check .
run "mypy" "$bin/mypy" --no-error-summary
run "tsc" node_modules/.bin/tsc --project tsconfig.json
run "node --test" scripts/test_js.sh
if [ -n "$failed" ]; then
    echo "Failed:$failed" >&2
    exit 1
fi
