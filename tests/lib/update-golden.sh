#!/bin/sh
# update-golden.sh - write what the program says now over the expected outputs; read the diff before you commit
set -eu
. "$(dirname "$0")/tap.sh"

for story in outage false-alarm cannot-tell; do
	ingest_story "$story"
	mkdir -p "$NT_SRC/tests/golden/$story"
	worklog_of "$story" >"$NT_SRC/tests/golden/$story/worklog.md"
	nt incidents -o tsv >"$NT_SRC/tests/golden/$story/incidents.tsv"
done
