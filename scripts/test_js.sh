#!/bin/sh
# Run every JavaScript unit test with Node's own runner.
set -eu
cd "$(dirname "$0")/.."
files=$(find tests/js -name '*.test.js' -o -name '*.test.mjs' | sort)
if [ -z "$files" ]; then
    echo "tests/js holds no *.test.js" >&2
    exit 1
fi
# shellcheck disable=SC2086 -- one argument per file; their names hold no spaces
exec node --import ./tests/js/english.js --test --test-reporter=dot $files
