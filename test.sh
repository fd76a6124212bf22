#!/bin/sh
# test.sh - from a fresh clone to all tests passed: install what is needed, build, run every test.
# Set NETRA_TRIAGE_CORPUS=DIR to run the tests of real evidence too.
set -eu
cd "$(dirname "$0")"

sh build-aux/apt-install.sh test
if [ ! -f Makefile ]; then
	autoreconf -fi
	./configure
fi
make -j"$(nproc)"
status=0
make -j"$(nproc)" check || status=$?

# the results of all tests, from automake's own records
count() {
	cat tests/t/*.trs tests/unit/*.trs 2>/dev/null | grep -c "^:test-result: $1" || :
}
passed=$(count PASS) failed=$(($(count FAIL) + $(count ERROR) + $(count XPASS))) skipped=$(count SKIP)
echo "$passed passed, $failed failed, $skipped skipped"
[ "$status" -eq 0 ] && [ "$failed" -eq 0 ]
