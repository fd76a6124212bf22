#!/bin/sh
# run.sh BUILD SRC SECONDS - run every fuzz target of a --enable-fuzzing build for its share of
# SECONDS in all, two at once. New inputs go to BUILD/fuzz-corpus, findings to BUILD/fuzz-found.
# A new checkout takes the same path every time, so that a change is judged by what it changed;
# FUZZ_SEED=0 takes a new one, for the long runs that look for more.
set -eu

build=$1 src=$2 seconds=$3
found=$build/fuzz-found
mkdir -p "$found"
n=0
for target in "$build"/tests/fuzz/fuzz_*; do
	case $target in *.o | *.c) continue ;; esac
	[ -x "$target" ] && n=$((n + 1))
done
[ "$n" -gt 0 ] || { echo 'fuzz: no target was built' >&2; exit 1; }
share=$((seconds / n))
[ "$share" -gt 0 ] || share=1

# one TARGET: exit 1 and keep its log when it finds something
one() {
	name=$(basename "$1")
	corpus=$build/fuzz-corpus/${name#fuzz_}
	mkdir -p "$corpus"
	if "$1" -max_total_time="$share" -seed="${FUZZ_SEED:-1}" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$found/$name-" "$corpus" "$src/tests/fuzz/corpus/${name#fuzz_}" \
		>"$found/$name.log" 2>&1; then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$found/$name.log")
		echo "fuzz: $name ran ${runs:-0} inputs in $share s, nothing found"
	else
		echo "fuzz: $name FAILED, see its log:" >&2
		tail -n 40 "$found/$name.log" >&2
		return 1
	fi
}

bad=0
pid=
for target in "$build"/tests/fuzz/fuzz_*; do
	case $target in *.o | *.c) continue ;; esac
	[ -x "$target" ] || continue
	if [ -z "$pid" ]; then
		one "$target" &
		pid=$!
	else
		one "$target" || bad=1
		wait "$pid" || bad=1
		pid=
	fi
done
if [ -n "$pid" ]; then
	wait "$pid" || bad=1
fi
exit $bad
