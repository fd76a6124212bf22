#!/bin/sh
# runs that stand in something else: a string of JSON, a fence of Markdown, a longer log; what they say of their world
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

one() {	# one FILE...: a database with only these files in it; stdout and stderr are in out and err
	NETRA_TRIAGE_DB=$T/one.db
	export NETRA_TRIAGE_DB
	rm -f "$NETRA_TRIAGE_DB"*
	got_status=0
	nt ingest "$@" >"$T/out" 2>"$T/err" </dev/null || got_status=$?
}

rows() {	# rows STATEMENT: its rows on one line
	sql "$1" | tr '\t\n' ' ;'
}

# json_text FILE: its text as the inside of a JSON string
json_text() {
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/	/\\t/g' "$1" | awk '{ printf "%s\\n", $0 }'
}

cat >"$T/run.txt" <<'END'
Docker: not available
Time: 2025-10-02 09:14:25
============================= test session starts ==============================
platform linux -- Python 3.11.2, pytest-8.4.1, pluggy-1.6.0
rootdir: /w
collecting ... collected 4 items

tests/test_cart.py::test_ok PASSED                                       [ 25%]
tests/test_cart.py::test_pay FAILED                                      [ 50%]
tests/test_cart.py::test_name[é] PASSED                                  [ 75%]
tests/test_cart.py::test_db ERROR                                        [100%]

==================================== ERRORS ====================================
__________________________ ERROR at setup of test_db ___________________________
tests/conftest.py:4: in db
    raise ConnectionError("no db")
E   ConnectionError: no db
=================================== FAILURES ===================================
___________________________________ test_pay ___________________________________
tests/test_cart.py:14: in test_pay
    assert total() == "2"
E   assert '1' == '2'
----------------------------- Captured stdout call -----------------------------
Backend URL: https://shop.example/api
exit code: 7
=========================== short test summary info ============================
FAILED tests/test_cart.py::test_pay - assert '1' == '2'
ERROR tests/test_cart.py::test_db - ConnectionError: no db
===================== 1 failed, 2 passed, 1 error in 0.31s =====================
END
results='select nodeid, outcome, phase, message from tests order by nodeid'
one "$T/run.txt"
sql "$results" >"$T/want"
is 'the run by itself is complete' "$(sql 'select state, passed, failed, errors from runs')" 'complete	2	1	1'

# ---- what it says of its world ----
is 'states, times and URLs are kept' "$(rows "select kind, name, value, line from run_facts order by line")" \
	'status Docker not available 1;time Time 2025-10-02 09:14:25 2;url Backend URL https://shop.example/api 24;'
is 'an exit code that a test printed is not that of the run' "$(sql 'select exit_code from runs')" ''
{
	echo 'Environment: staging'
	echo 'GITHUB_SHA=0123456789abcdef0123456789abcdef01234567'
	echo 'GITHUB_RUN_ID=17432'
	echo 'GITHUB_TOKEN=ghs_0123456789abcdefghij0123456789abcdef'
	echo '$ pytest tests -v --base-url https://shop.example'
	echo '2025-10-02 09:14:25 INFO Environment: production'
	cat "$T/run.txt"
	echo '##[error]Process completed with exit code 1.'
} >"$T/ci.txt"
one "$T/ci.txt"
is 'facts before and behind a run' "$(rows "select kind, name, value from run_facts where kind not in ('status', 'time') order by line, kind")" \
	'environment Environment staging;commit GITHUB_SHA 0123456789abcdef0123456789abcdef01234567;ci GITHUB_RUN_ID 17432;command $ pytest tests -v --base-url https://shop.example;url --base-url https://shop.example;url Backend URL https://shop.example/api;exit completed with exit code 1;'
is 'the run has them' "$(sql 'select env, commit_id, command, exit_code from runs')" \
	'staging	0123456789abcdef0123456789abcdef01234567	pytest tests -v --base-url https://shop.example	1'
{ cat "$T/run.txt"; i=0; while [ $i -lt 100 ]; do i=$((i + 1)); echo "Time: 2025-10-02 09:15:$((10 + i % 50)).$i"; done; } >"$T/many.txt"
one "$T/many.txt"
is 'no more than 64 of a kind are kept' "$(sql "select count(*) from run_facts where kind = 'time'")" 64
is 'and that is told' "$(rows "select name, level from diagnostics where name = 'run-facts'")" 'run-facts note;'

# ---- a string of JSON ----
text=$(json_text "$T/run.txt")
printf '{"total": 60, "passed": 50, "failed": 8, "exit_code": 1, "environment": "staging",\n "commit": "0123abc", "command": "pytest -v", "started_at": "2025-10-02T09:14:00Z",\n "stdout": "%s", "host": "runner-1"}\n' "$text" >"$T/wrapped.json"
one "$T/wrapped.json"
sql "$results" >"$T/got"
same 'JSON: the same results' "$T/want" "$T/got"
is 'JSON: exit status' "$got_status" 0
is 'JSON: the run is filled from what stands beside its text' "$(sql 'select state, exit_code, env, commit_id, command, host, started_ts, clock from runs')" \
	'complete	1	staging	0123abc	pytest -v	runner-1	2025-10-02T09:14:00.000000000Z	derived'
is 'JSON: both totals are told (R28)' "$(sql 'select wrapper_why from runs')" \
	'the wrapper says 60 total, 50 passed, 8 failed; the output holds 4 results: 2 passed, 1 failed, 1 error'
is 'JSON: counts are those of the output' "$(sql 'select passed, failed, errors from runs')" '2	1	1'
is 'JSON: members are facts' "$(rows "select name, value from run_facts where kind = 'property' and name in ('total', 'exit_code', 'host') order by name")" \
	'exit_code 1;host runner-1;total 60;'
is 'JSON: a result stands where its text does' "$(sql "select line, byte_offset from tests where nodeid like '%test_pay'")" \
	"3	$(grep -abo 'tests/test_cart.py::test_pay FAILED' "$T/wrapped.json" | cut -d : -f 1)"
is 'JSON: and so does what was printed' "$(sql "select line, byte_offset from run_facts where kind = 'url'")" \
	"3	$(grep -abo 'Backend URL' "$T/wrapped.json" | cut -d : -f 1)"
is 'JSON: records seen are all counted' "$(sql 'select count(*) from sources where entries
	<> added + known + filled + conflicts + damaged + not_evidence')" 0

printf '{"suites": [\n {"name": "unit", "output": "%s", "exit_code": 1, "summary": {"total": 4, "passed": 2, "failed": 2}},\n {"name": "e2e", "stdout": "%s", "passed": 4, "total": 4}], "total": 9}\n' \
	"$text" "$(printf '%s' "$text" | sed 's/test_cart/test_pay/g')" >"$T/two.json"
one "$T/two.json"
is 'two runs in one document' "$(rows 'select state, passed, exit_code, wrapper_why from runs order by id')" \
	'complete 2 1 ;complete 2  the wrapper says 4 total, 4 passed; the output holds 4 results: 2 passed, 1 failed, 1 error;'
is 'errors among the failures of a wrapper are no difference' "$(sql "select count(*) from diagnostics where name = 'run-wrapper'")" 1
for n in 1 2 3; do printf '{"job": %s, "log": "%s"}\n' $n "$(printf '%s' "$text" | sed "s/test_cart/test_$n/g")"; done >"$T/lines.json"
one "$T/lines.json"
is 'one document a line' "$(rows 'select run_id, count(*), min(line) from tests group by 1')" '1 4 1;2 4 2;3 4 3;'
printf '{"total": 60, "passed": 70, "stdout": "%s"}' "$text" >"$T/odd.json"
one "$T/odd.json"
is 'more passes than tests are rejected (R31)' "$(sql 'select passed, wrapper_why from runs')" \
	"2	the wrapper's figures cannot be, and are not used: 70 passed of 60"
printf '{"success_rate": -12.5, "passed": 2, "stdout": "%s"}' "$text" >"$T/rate.json"
one "$T/rate.json"
is 'so is a negative rate' "$(sql 'select wrapper_why from runs')" \
	"the wrapper's figures cannot be, and are not used: success_rate is -12.5"
# \u escapes, pairs of surrogates, halves of them
printf '{"stdout": "%s"}' "$(printf '%s' "$text" | sed -e 's/\[é\]/[\\u00e9\\ud83d\\ude00\\ud83d]/g' -e 's,/,\\/,g')" >"$T/escaped.json"
one "$T/escaped.json"
is 'escapes are undone' "$(sql "select nodeid from tests where nodeid like '%test_name%'")" "$(printf 'tests/test_cart.py::test_name[\303\251\360\237\230\200\357\277\275]')"
head -c "$(($(grep -abo 'test_name' "$T/wrapped.json" | head -n 1 | cut -d : -f 1) - 10))" "$T/wrapped.json" >"$T/cut.json"
one "$T/cut.json"
is 'a cut document: no pass' "$got_status $(sql 'select state from runs')" '3 truncated'
is 'a cut document is damage' "$(sql "select count(*) from diagnostics where name = 'json-cut'")" 1

# counter-examples
printf '{"message": "5 passed in 0.25s", "level": "info"}\n{"message": "%s", "level": "info"}\n' "$text" >"$T/log.json"
one "$T/log.json"
is 'a log in JSON is no run' "$(sql 'select count(*) from runs')" 0
printf '{"note": "PASSED means\\nthat it passed", "list": ["a\\nb"]}\n' >"$T/other.json"
one "$T/other.json"
is 'a document without a run is not recognised' "$got_status $(sql 'select count(*) from sources')" '3 0'

# ---- a fence of Markdown ----
cat >"$T/worklog.md" <<'END'
# Worklog

**Command:** `pytest tests -v`

```
tests/e2e/test_a.py::TestFlow::test_agent FAILED
AssertionError: Agent flow failed
Duration: 28.14s
```

1. And then:

   ```text
   $ pytest tests/cart -q
   FAILED tests/test_cart.py::test_pay - ConnectionError: refused
   ===== 7 passed, 1 failed, 0 skipped in 82.31s =====
   ```

~~~json
{"severity": "ERROR"}
~~~
END
one "$T/worklog.md"
is 'Markdown: every run in it is quoted' "$(rows 'select quality, count(*) from runs group by 1')" 'quoted 2;'
is 'Markdown: excerpts are read' "$(rows 'select nodeid, outcome, line, message from tests order by line')" \
	'tests/e2e/test_a.py::TestFlow::test_agent failed 6 ;tests/test_cart.py::test_pay failed 15 ConnectionError: refused;'
is 'Markdown: counts as printed' "$(sql 'select passed, failed from runs where passed not null')" '7	1'
is 'Markdown: signs of a hand' "$(sql "select value, line from run_facts where name = 'edited by hand'")" \
	'a shortened separator; passed stands before failed; a count of zero is printed; a duration as pytest does not print it	16'
is 'Markdown: a quoted run is no incident' "$(sql 'select count(*) from incidents')" 0
{ printf '# Run\n\n```\n'; cat "$T/run.txt"; printf '```\n'; } >"$T/whole.md"
one "$T/whole.md"
sql "$results" >"$T/got"
same 'Markdown: a whole run has the same results' "$T/want" "$T/got"
is 'Markdown: no sign of a hand in it' "$(sql "select quality, (select count(*) from run_facts where name = 'edited by hand') from runs")" 'quoted	0'
{ printf '# Notes\n\n```\n$ make\ncc -o a a.c\n```\n\n- 5 tests passed\n'; } >"$T/none.md"
one "$T/none.md"
is 'Markdown without a run is not recognised' "$got_status $(sql 'select count(*) from sources')" '3 0'
# a test that prints a fence is no document
sed 's/^exit code: 7$/```\ntests\/test_x.py::test_y PASSED [100%]\n```/' "$T/run.txt" >"$T/prints.txt"
one "$T/prints.txt"
is 'a run that prints a fence is recorded' "$(sql 'select quality, count(*) from runs join tests on run_id = runs.id')" 'recorded	4'
# ---- a longer log ----
log_lines() {	# log_lines N MINUTE: lines of a server
	awk -v n="$1" -v m="$2" 'BEGIN { for (i = 0; i < n; i++) printf "2025-10-02 09:%s:%02d,000 INFO shop.cart: page %d was given back\n", m, i % 60, i }'
}
{ log_lines 30 14; cat "$T/run.txt"; log_lines 20 16; } >"$T/middle.log"
one "$T/middle.log"
sql "$results" >"$T/got"
same 'a run amid a text log has the same results' "$T/want" "$T/got"
# the beginning shows a log only
{ log_lines 1500 14; cat "$T/run.txt"; log_lines 20 16; sed 's/test_cart/test_pay/' "$T/run.txt"; log_lines 3 18; } >"$T/late.log"
one "$T/late.log"
is 'two runs far behind the beginning of a log' "$(rows 'select state, passed, line from runs')" \
	"$(grep -n 'test session starts' "$T/late.log" | sed 's/:.*/;/; s/^/complete 2 /' | tr -d '\n')"
is 'and what stands around them is a log' "$(sql "select count(*) from events where message like 'page%'")" 1523
# containers, their lines interleaved
awk 'NR == FNR { run[++n] = $0; next }
	{ print "api-1    | " $0; if (++k <= n) print "tests-1  | " run[k] }
	END { while (++k <= n) print "tests-1  | " run[k]; print "tests-1 exited with code 1" }' "$T/run.txt" "$T/middle.log" |
	sed 's/^api-1    | =* test session starts =*$/api-1    | ready/' >"$T/compose.log"
one "$T/compose.log"
is 'containers: one of them ran the tests' "$(sql "select state, passed, failed, exit_code, (select count(*) from tests) from runs")" 'complete	2	1	1	4'
is 'containers: a result stands where it is said to' "$(sql "select line from tests where nodeid like '%test_ok'")" \
	"$(grep -n '^tests-1  | tests/test_cart.py::test_ok PASSED' "$T/compose.log" | cut -d : -f 1)"
is 'containers: the others wrote a log' "$(sql "select count(*) > 40, count(distinct service) from events where service = 'api'")" '1	1'
awk '{ print "[pod/shop-tests-x7/tests] " $0 }' "$T/run.txt" >"$T/kube.log"
one "$T/kube.log"
sql "$results" >"$T/got"
same 'kubectl: the output of one container' "$T/want" "$T/got"
awk '{ print "2025-10-02T09:14:25.1234567Z " $0 }' "$T/run.txt" >"$T/actions.log"
one "$T/actions.log"
is 'GitHub Actions: with its clock' "$(sql 'select state, passed, started_ts, clock from runs')" \
	'complete	2	2025-10-02T09:14:25.123456700Z	derived'
head -n 9 "$T/run.txt" | sed 's/^/tests-1  | /' >"$T/dead.log"
echo 'tests-1 exited with code 137' >>"$T/dead.log"
one "$T/dead.log"
is 'a container that died: no pass' "$(sql 'select state, exit_code from runs')" 'truncated	137'

# ---- the same run of the real pytest in six files ----
sample='select state, quality, passed, failed, errors, skipped, exit_code, (select count(*) from tests t where t.run_id = r.id) from runs r order by id'
embedded=$NT_SRC/samples/tests/embedded
for file in wrapper.json wrapper-differs.json github-actions.log compose.log; do
	one "$embedded/$file"
	is "$file: the run in it" "$(rows "$sample")" 'complete recorded 5 10 4 1 1 17;'
done
is 'compose.log: the others wrote a log' "$(sql "select group_concat(distinct service) from (select service from events where service <> '' order by 1)")" 'checkout-api,ledger'
one "$embedded/wrapper-differs.json"
is 'wrapper-differs.json: both totals' "$(sql 'select wrapper_why from runs')" \
	'the wrapper says 17 total, 17 passed, 0 failed, 0 skipped; the output holds 17 results: 5 passed, 10 failed, 4 errors, 1 skipped'
one "$embedded/wrapper.json"
is 'wrapper.json: totals that agree are not told' "$(sql "select count(*) from diagnostics where name = 'run-wrapper'")" 0
one "$embedded/report.md"
is 'report.md: a run of pytest and one of go, quoted' "$(rows "$sample")" 'complete quoted 2 1 0 0  7;complete quoted      1;'

# ---- memory ----
# big BYTES FILE: text on stdout, FILE in its middle
big() {
	log_lines 59 10 >"$T/block"
	awk -v n="$1" -v run="$2" 'BEGIN { while ((getline l < ARGV[1]) > 0) b = b l "\n"
		for (d = 0; d < n / 2; d += length(b)) printf "%s", b
		while ((getline l < run) > 0) print l
		for (d = 0; d < n / 2; d += length(b)) printf "%s", b }' "$T/block"
}
if [ -n "${NT_BIG:-}" ]; then size=1000000000; else size=64000000; fi
# of address space, for the program, its libraries, and what is kept of a run and of a line
limit=${NT_LIMIT_KB:-200000}
# shellcheck disable=SC3045
(ulimit -v "$limit") 2>/dev/null && limited=1 || limited=
if grep -q "^SANITIZE_FLAGS='.*-fsanitize" "$NT_BUILD/config.log" 2>/dev/null; then
	skip 'memory' 'the sanitizers reserve terabytes of address space'
elif [ -z "$limited" ]; then
	skip 'memory' 'the shell cannot limit address space'
else
	bounded() {	# bounded NAME ARG...: ingest of what comes through the pipe, within the limit
		name=$1
		shift
		NETRA_TRIAGE_DB=$T/big.db
		rm -f "$NETRA_TRIAGE_DB"*
		got_status=0
		# shellcheck disable=SC3045
		(ulimit -v "$limit" && nt ingest --no-scan "$@" - <"$T/pipe" >"$T/out" 2>"$T/err") || got_status=$?
		case $got_status in
		0 | 3) tap 0 "$name" ;;
		*) tap 1 "$name"; sed 's/^/# /' "$T/err" | head -n 5 ;;
		esac
	}
	mkfifo "$T/pipe"
	big $size "$T/run.txt" >"$T/pipe" &
	bounded "$size bytes of console text" --as pytest
	is 'the run in their middle' "$(sql 'select state, passed, failed, errors, (select count(*) from tests) from runs')" 'complete	2	1	1	4'
	long=$((size / 4))
	{ printf '{"a": "'; head -c $long /dev/zero | tr '\0' x; printf '", "stdout": "%s", "total": 9}' "$text"; } >"$T/pipe" &
	bounded "a string of $long bytes in JSON" --as run-json
	is 'and the run behind it' "$(sql 'select state, wrapper_why from runs')" \
		'complete	the wrapper says 9 total; the output holds 4 results: 2 passed, 1 failed, 1 error'
	{ head -n 8 "$T/run.txt"; head -c $long /dev/zero | tr '\0' x; echo; tail -n +9 "$T/run.txt"; } >"$T/pipe" &
	bounded "a line of $long bytes" --as pytest
	is 'and the results around it' "$(sql 'select state, passed, (select count(*) from tests) from runs')" 'complete	2	4'
	{ printf '{"stdout": "'; big $((size / 4)) "$T/run.txt" | sed -e 's/"/\\"/g' -e 's/$/\\n/' | tr -d '\n'; printf '"}'; } >"$T/pipe" &
	bounded 'a run amid a long string of JSON' --as run-json
	is 'which is found' "$(sql 'select state, passed, (select count(*) from tests) from runs')" 'complete	2	4'
	{ printf '<testsuite name="a" tests="1"><testcase classname="a" name="b" time="1"><system-out>'; head -c $long /dev/zero | tr '\0' x
		printf '</system-out></testcase></testsuite>'; } >"$T/pipe" &
	bounded "a text of $long bytes in XML" --as junit
	is 'XML: its test is there' "$(sql "select nodeid like '%b', outcome from tests")" '1	passed'
fi
end
