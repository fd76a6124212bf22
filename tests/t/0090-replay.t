#!/bin/sh
# every seed and every input that once broke something, through its fuzz target without a fuzzer
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

for folder in "$NT_SRC"/tests/fuzz/corpus/*; do
	name=$(basename "$folder")
	replay=$NT_BUILD/tests/fuzz/replay_$name
	if [ ! -x "$replay" ]; then
		tap 1 "$name has a target that is built"
		continue
	fi
	status=0
	timeout 120 "$replay" "$folder" >"$T/out" 2>"$T/err" || status=$?
	is "$name: $(cat "$T/out")" "$status" 0
	sed 's/^/# /' "$T/err" | head -n 20
done
for source in "$NT_SRC"/tests/fuzz/fuzz_*.c; do
	name=$(basename "$source" .c)
	if [ -d "$NT_SRC/tests/fuzz/corpus/${name#fuzz_}" ]; then
		tap 0 "$name has seeds"
	else
		tap 1 "$name has seeds"
	fi
done
end
