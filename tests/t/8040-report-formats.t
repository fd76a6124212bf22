#!/bin/sh
# real evidence: reports of pytest as JSON (skipped without NETRA_TRIAGE_CORPUS)
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

if [ -z "${NETRA_TRIAGE_CORPUS:-}" ]; then
	echo '1..0 # SKIP NETRA_TRIAGE_CORPUS is not set'
	exit 0
fi
forms=$NETRA_TRIAGE_CORPUS/pytest-forms tests=$NETRA_TRIAGE_CORPUS/tests
rows() { sql 'select outcome, count(*) from tests group by 1 order by 1' | tr '\t\n' ' ;'; }

export NETRA_TRIAGE_DB="$T/log.db"
run 0 ingest "$forms/log.jsonl"
is 'log.jsonl: 43 tests' "$(rows)" 'error 4;failed 28;passed 4;skipped 4;xfailed 2;xpassed 1;'
is 'log.jsonl: the run' "$(sql 'select framework, state, exit_code, clock from runs')" \
	"$(printf 'pytest 9.2.0.dev0\tcomplete\t1\texact')"
is 'log.jsonl: errors by phase' "$(sql "select phase, count(*) from tests where outcome = 'error' group by 1 order by 1" | tr '\t\n' ' ;')" \
	'setup 2;teardown 2;'
is 'log.jsonl: a failed subtest fails its parent' "$(sql "select outcome, message from tests where nodeid like '%UT::test_sub'")" \
	"$(printf 'failed\tAssertionError: 1 == 1')"
is 'log.jsonl: ids with brackets, blanks and colons' "$(sql "select params from tests where params in ('a b', 'x[y]z', 'p::q', 'a - b', '[gw0]') order by 1" | tr '\n' ';')" \
	'[gw0];a - b;a b;p::q;x[y]z;'
is 'log.jsonl: a spoofed summary is captured text' "$(sql "select count(*) from outputs where section = 'Captured stdout call' and text like '%=== 3 failed, 2 passed in 1.00s ===%'")" 1
sql 'select nodeid, outcome, message, duration_s from tests order by 1' >"$T/log"

NETRA_TRIAGE_DB=$T/report.db
run 0 ingest "$forms/report.json"
is 'report.json: 43 tests' "$(sql 'select count(*) from tests')" 43
sql 'select nodeid, outcome, message, duration_s from tests order by 1' >"$T/report"
# what this format overwrites or does not hold: subtests, and why a failure was expected
is 'report.json: the same results but for subtests and reasons of xfail' "$(diff "$T/log" "$T/report" | grep '^[<>]' |
	grep -v -e '::test_sub' -e '::test_xfail' -e '::test_xpass	')" ''
# json-report has stripped the text
for id in test_chain test_group test_fail; do
	sql "select detail from tests where nodeid like '%::$id'" | sed 's/^ *//' >"$T/$id.report"
	(NETRA_TRIAGE_DB=$T/log.db && sql "select detail from tests where nodeid like '%::$id'" | sed 's/^ *//' >"$T/$id.log")
	same "$id: one traceback in both" "$T/$id.log" "$T/$id.report"
done

NETRA_TRIAGE_DB=$T/same.db
run 0 ingest "$tests/same-run.json"
is 'same-run.json: 61 tests' "$(rows)" 'error 3;failed 7;passed 51;'
is 'same-run.json: stopped' "$(sql 'select state, collected, passed, failed, errors, exit_code, clock from runs')" \
	"$(printf 'stopped\t248\t51\t7\t3\t1\texact')"
is 'same-run.json: why' "$(sql 'select state_why from runs')" '61 of 215 selected tests reported, 154 not run'
is 'same-run.json: 3 errors are of setup' "$(sql "select count(*) from tests where outcome = 'error' and phase = 'setup'")" 3
is 'same-run.json: 58 calls, 32 under 5 ms' "$(sql 'select count(call_s), sum(call_s < 0.005) from tests')" "$(printf '58\t32')"

# one run in three formats
results() { sql "select replace(nodeid, 'tests/e2e/staging/', ''), outcome from tests order by 1"; }
for form in txt xml json; do
	NETRA_TRIAGE_DB=$T/only-$form.db
	nt ingest "$tests/same-run.$form" >/dev/null 2>&1
	results >"$T/only-$form"
	is "same-run.$form alone: 61 results" "$(wc -l <"$T/only-$form" | tr -d ' ')" 61
done
same 'the console has the results of the JSON' "$T/only-json" "$T/only-txt"
same 'so has the XML' "$T/only-json" "$T/only-xml"
NETRA_TRIAGE_DB=$T/three.db
run 0 ingest "$tests/same-run.txt" "$tests/same-run.xml" "$tests/same-run.json"
is 'together: one run of 61 tests' "$(sql 'select formats, state, state_why, selected, (select count(*) from tests) from runs')" \
	"$(printf 'pytest-json-report, junit, pytest\tstopped\t61 of 215 selected tests reported, 154 not run\t215\t61')"
is 'the counts are those of the JSON' "$(sql 'select passed, failed, errors from runs')" "$(printf '51\t7\t3')"
has 'the wrapper that drops the errors is told' "$(sql 'select wrapper_why from runs' >"$T/wrapper"; echo "$T/wrapper")" \
	'it says 61 total, 51 passed, 7 failed, 0 skipped; the run has 51 passed, 7 failed, 3 errors'
results >"$T/three"
same 'and the same results' "$T/only-json" "$T/three"
dump >"$T/before"
run 0 ingest "$tests/same-run.json" "$tests/same-run.txt" "$tests/same-run.xml"
dump >"$T/after"
same 'again: nothing changes' "$T/before" "$T/after"
end
