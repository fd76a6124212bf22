#!/bin/sh
# outputs of the real runners in samples/tests: results against those that a script counted, and no file
# that makes a pass of what did not pass
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

samples=$NT_SRC/samples/tests
truth=$samples/src/truth.tsv

for file in $(cut -f 1 "$truth" | sed 1d | uniq); do
	NETRA_TRIAGE_DB=$T/one.db
	export NETRA_TRIAGE_DB
	rm -f "$T"/one.db*
	nt ingest "$samples/$file" >"$T/out" 2>"$T/err" </dev/null
	awk -F '\t' -v f="$file" '$1 == f { print $2 "\t" $3 "\t" $4 }' "$truth" >"$T/truth"
	sql 'select nodeid, attempt, outcome, message from tests' >"$T/rows"
	is "$file: results" "$(perl "$NT_SRC/tests/lib/truth.pl" "$T/truth" "$T/rows")" ''
done
end
