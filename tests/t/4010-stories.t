#!/bin/sh
# the three stories in miniature: worklogs as expected, every figure given by its SQL
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

for story in outage false-alarm cannot-tell; do
	ingest_story "$story"
	worklog_of "$story" >"$T/worklog.md"
	same "$story: the worklog is as expected" "$NT_SRC/tests/golden/$story/worklog.md" "$T/worklog.md"
	nt incidents -o tsv >"$T/incidents.tsv"
	same "$story: the incidents are as expected" "$NT_SRC/tests/golden/$story/incidents.tsv" "$T/incidents.tsv"
	worklog_of "$story" >"$T/again.md"
	same "$story: the same answer twice" "$T/worklog.md" "$T/again.md"
	check_facts "$story"
	dump >"$T/before"
	(cd "$NT_SRC" && nt ingest "samples/$story" >/dev/null 2>&1)
	dump >"$T/after"
	same "$story: ingesting twice changes nothing" "$T/before" "$T/after"
	conclusions >"$T/before"
	run 0 scan
	conclusions >"$T/after"
	same "$story: scan comes to the same conclusions" "$T/before" "$T/after"
done

# other order, other files first: the same incidents
NETRA_TRIAGE_DB=$T/order.db
export NETRA_TRIAGE_DB
(cd "$NT_SRC" && nt ingest samples/false-alarm/pytest.log samples/false-alarm/junit.xml \
	samples/false-alarm/backend.json samples/false-alarm/auth-service.json >/dev/null 2>&1)
nt query -o tsv 'select title, priority, occurrences, entries from incidents order by rank' >"$T/one"
NETRA_TRIAGE_DB=$T/false-alarm.db
nt query -o tsv 'select title, priority, occurrences, entries from incidents order by rank' >"$T/two"
same 'the order of ingest does not change the incidents' "$T/one" "$T/two"
end
