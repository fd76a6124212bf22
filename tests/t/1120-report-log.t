#!/bin/sh
# what plugins of pytest write as JSON: each test has its result, and what did not finish is no pass
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

# one FILE...: a database with only these files in it; stdout and stderr are in out and err
one() {
	NETRA_TRIAGE_DB=$T/one.db
	export NETRA_TRIAGE_DB
	rm -f "$NETRA_TRIAGE_DB"*
	got_status=0
	nt ingest "$@" >"$T/out" 2>"$T/err" </dev/null || got_status=$?
}
rows() { sql 'select outcome, count(*) from tests group by 1 order by 1' | tr '\t\n' ' ;'; }
accounts() {
	is "$1: records seen are all counted" "$(sql 'select count(*) from sources where entries
		<> added + known + filled + conflicts + damaged + not_evidence')" 0
}

# report ID WHEN OUTCOME SECONDS [LONGREPR [MORE]]: a phase that begins SECONDS into the run and takes 0.25 s
report() {
	printf '{"nodeid": "%s", "when": "%s", "outcome": "%s", "longrepr": %s, "sections": [%s], ' "$1" "$2" "$3" \
		"${5:-null}" "${6:-}"
	printf '"duration": 0.25, "start": 17593964%02d.5, "user_properties": [], "$report_type": "TestReport"}\n' "$4"
}
passing() {	# passing ID SECONDS
	report "$1" setup passed "$2"
	report "$1" call passed "$2"
	report "$1" teardown passed "$2"
}
begin='{"pytest_version": "8.4.1", "$report_type": "SessionStart"}'
finish() { printf '{"exitstatus": %s, "$report_type": "SessionFinish"}\n' "$1"; }
crash='{"reprcrash": {"path": "/w/x.py", "lineno": 4, "message": "ValueError: 3 mugs\nmore"}, "reprtraceback":
	{"reprentries": [{"type": "ReprEntry", "data": {"style": "short", "lines": ["    raise ValueError()",
	"E   ValueError: 3 mugs"], "reprfileloc": {"path": "tests/x.py", "lineno": 4, "message": "in pay"}}}],
	"extraline": null, "style": "short"}, "sections": [], "chain": []}'
crash=$(printf '%s' "$crash" | tr -d '\n\t')

{
	echo "$begin"
	passing 'tests/test_cart.py::TestCart::test_total[a::b - c]' 1
	report tests/test_cart.py::test_pay setup passed 3
	report tests/test_cart.py::test_pay call failed 3 "$crash" '["Captured stdout call", "paying\n"]'
	report tests/test_cart.py::test_pay teardown passed 3
	report tests/test_cart.py::test_db setup failed 4 '"E   OSError: no db"'
	report tests/test_cart.py::test_db teardown passed 4
	report tests/test_cart.py::test_win setup skipped 5 '["/w/x.py", 5, "Skipped: windows only"]'
	report tests/test_cart.py::test_win teardown passed 5
	echo '{"category": "RuntimeWarning", "filename": "/w/x.py", "lineno": 9, "message": "coroutine pay was never awaited", "$report_type": "WarningMessage", "when": "runtest"}'
	finish 1
} >"$T/log.jsonl"
one "$T/log.jsonl"
is 'report log: exit status' "$got_status" 0
is 'report log: shape' "$(sql 'select shape from sources')" 'pytest report log'
is 'report log: rows' "$(rows)" 'error 1;failed 1;passed 1;skipped 1;'
is 'report log: the run' "$(sql 'select framework, state, exit_code, started_ts, clock from runs')" \
	"$(printf 'pytest 8.4.1\tcomplete\t1\t2025-10-02T09:13:21.500000000Z\texact')"
is 'report log: phase and message' "$(sql "select nodeid, outcome, phase, message, duration_s from tests
	where outcome <> 'passed' order by nodeid")" "$(printf '%s\n' \
	'tests/test_cart.py::test_db	error	setup	OSError: no db	0.5' \
	'tests/test_cart.py::test_pay	failed	call	ValueError: 3 mugs	0.75' \
	'tests/test_cart.py::test_win	skipped	setup	windows only	0.5')"
is 'report log: parts of the id' "$(sql "select file, suite, params from tests where outcome = 'passed'")" \
	"$(printf 'tests/test_cart.py\tTestCart\ta::b - c')"
is 'report log: what a test printed' "$(sql "select nodeid, section, text from outputs where nodeid like 'tests/%'")" \
	"$(printf 'tests/test_cart.py::test_pay\tCaptured stdout call\tpaying\\n')"
is 'report log: a warning is kept' "$(sql "select count(*) from outputs where text like '%never awaited%'")" 1
accounts 'report log'
t=$(sql "select id from tests where outcome = 'failed'")
nt show "t$t" >"$T/out" 2>"$T/err"
has 'report log: the traceback is shown' "$T/out" 'tests/x.py:4: in pay'
sql 'select * from tests' >"$T/before"
run 0 ingest "$T/log.jsonl"
sql 'select * from tests' >"$T/after"
same 'report log: again: nothing changes' "$T/before" "$T/after"
gzip -c "$T/log.jsonl" >"$T/log.jsonl.gz"
one "$T/log.jsonl.gz"
is 'report log: compressed' "$(rows)" 'error 1;failed 1;passed 1;skipped 1;'

# killed while a test ran: it is named, and the run is not complete
{
	echo "$begin"
	passing tests/a.py::test_ok 1
	report tests/a.py::test_hang setup passed 2
} >"$T/killed.jsonl"
one "$T/killed.jsonl"
is 'killed: rows' "$(rows)" 'error 1;passed 1;'
is 'killed: the test did not finish' "$(sql "select nodeid, message from tests where outcome = 'error'")" \
	"$(printf 'tests/a.py::test_hang\tdid not finish: no report behind its setup')"
is 'killed: the run is truncated' "$(sql 'select state from runs')" truncated
has 'killed: it is told' "$T/err" 'tests/a.py::test_hang had begun'

# cut at any line: a test is passed only when all three of its phases are there
n=$(wc -l <"$T/log.jsonl")
bad=
i=1
while [ "$i" -lt "$n" ]; do
	head -n "$i" "$T/log.jsonl" >"$T/cut.jsonl"
	one "$T/cut.jsonl"
	[ "$(sql "select count(*) from runs where state = 'complete'")" -eq 0 ] || bad="$bad $i:complete"
	want=0
	[ "$i" -lt 4 ] || want=1
	[ "$(sql "select count(*) from tests where outcome = 'passed'")" -eq $want ] || bad="$bad $i:passed"
	i=$((i + 1))
done
is 'cut at any line: no pass more, never complete' "$bad" ''

# a damaged line is listed with its place, the others are read
sed '3s/"when"/"when/' "$T/log.jsonl" >"$T/damaged.jsonl"
one "$T/damaged.jsonl"
is 'damaged: exit status' "$got_status" 3
is 'damaged: the line' "$(sql "select line, reason like 'this record is not valid JSON: %' from damaged_records")" "$(printf '3\t1')"
is 'damaged: the test whose call is lost' "$(sql "select outcome, message from tests where nodeid like '%total%'")" \
	"$(printf 'error\tno report of its call could be read')"
is 'damaged: the other rows' "$(rows)" 'error 2;failed 1;skipped 1;'
accounts damaged

# the report of pytest-json-report
stage() { printf '"%s": {"duration": 0.25, "outcome": "%s"%s}' "$1" "$2" "${3:-}"; }
{
	printf '%s\n' '{"created": 1759396410.5, "duration": 10.5, "exitcode": 1, "root": "/w/shop", "environment": {"Packages": {"pytest": "8.4.1"}},'
	printf '%s\n' ' "summary": {"passed": 1, "failed": 1, "error": 1, "skipped": 1, "total": 4, "collected": 9, "deselected": 2},'
	printf '%s\n' ' "tests": ['
	printf '%s\n' "  {\"nodeid\": \"tests/test_cart.py::TestCart::test_total[a::b - c]\", \"outcome\": \"passed\", $(stage setup passed), $(stage call passed), $(stage teardown passed)},"
	printf '%s\n' "  {\"nodeid\": \"tests/test_cart.py::test_pay\", \"outcome\": \"failed\", $(stage setup passed), $(stage call failed ', "crash": {"path": "/w/x.py", "lineno": 4, "message": "ValueError: 3 mugs"}, "stdout": "paying\n", "longrepr": "tests/x.py:4: in pay\nE   ValueError: 3 mugs"'), $(stage teardown passed)},"
	printf '%s\n' "  {\"nodeid\": \"tests/test_cart.py::test_db\", \"outcome\": \"error\", $(stage setup failed ', "longrepr": "E   OSError: no db"'), $(stage teardown passed)},"
	printf '%s\n' "  {\"nodeid\": \"tests/test_cart.py::test_win\", \"outcome\": \"skipped\", $(stage setup skipped ", \"longrepr\": \"('/w/x.py', 5, 'Skipped: windows only')\""), $(stage teardown passed)}"
	printf '%s\n' ' ]}'
} >"$T/report.json"
one "$T/report.json"
is 'JSON report: exit status' "$got_status" 0
is 'JSON report: shape' "$(sql 'select shape from sources')" 'pytest JSON report'
is 'JSON report: rows' "$(rows)" 'error 1;failed 1;passed 1;skipped 1;'
is 'JSON report: the run' "$(sql 'select framework, state, exit_code, collected, passed, failed, errors, skipped, started_ts, clock, duration_s from runs')" \
	"$(printf 'pytest 8.4.1\tstopped\t1\t9\t1\t1\t1\t1\t2025-10-02T09:13:20.000000000Z\texact\t10.5')"
is 'JSON report: phase and message' "$(sql "select nodeid, outcome, phase, message from tests where outcome <> 'passed' order by nodeid")" \
	"$(printf '%s\n' \
	'tests/test_cart.py::test_db	error	setup	OSError: no db' \
	'tests/test_cart.py::test_pay	failed	call	ValueError: 3 mugs' \
	'tests/test_cart.py::test_win	skipped	setup	windows only')"
accounts 'JSON report'
head -n 5 "$T/report.json" >"$T/cut.json"
one "$T/cut.json"
is 'JSON report, cut: what was closed' "$(rows)" 'failed 1;passed 1;'
is 'JSON report, cut: the run is truncated' "$(sql 'select state from runs')" truncated
is 'JSON report, cut: exit status' "$got_status" 3

# logs that hold the words of a report are logs
cat >"$T/log.ndjson" <<'END'
{"insertId": "a1", "timestamp": "2025-10-02T09:14:25Z", "logName": "projects/p/logs/run", "jsonPayload": {"$report_type": "TestReport", "nodeid": "a.py::t", "outcome": "passed"}}
{"insertId": "a2", "timestamp": "2025-10-02T09:14:26Z", "logName": "projects/p/logs/run", "jsonPayload": {"exitcode": 0, "created": 1, "duration": 2, "summary": {"passed": 1}}}
END
one "$T/log.ndjson"
is 'a log about reports is a log' "$(sql 'select kind, added from sources')" "$(printf 'logs\t2')"
end
