#!/bin/sh
# valgrind.sh BUILD SRC - the main job on the samples of each story and shape, without a single error or leak
set -eu

build=$(cd "$1" && pwd) src=$(cd "$2" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$src"
for story in outage false-alarm cannot-tell shapes; do
	export NETRA_TRIAGE_DB="$tmp/$story.db"
	for args in "ingest samples/$story" worklog incidents 'query errors_by_service' scan; do
		status=0
		# shellcheck disable=SC2086
		valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite \
			"$build/netra-triage" $args >"$tmp/out" 2>"$tmp/err" || status=$?
		if [ "$status" -ne 0 ] && [ "$status" -ne 3 ]; then
			echo "valgrind: $story: $args: exit $status" >&2
			tail -n 40 "$tmp/err" >&2
			exit 1
		fi
		echo "$story: $args: clean"
	done
done
