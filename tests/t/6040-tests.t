#!/bin/sh
# tests, runs, show tN and show uN: what failed, why a run is no pass, durations, skips, history
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

fresh() {	# fresh NAME: a new database
	NETRA_TRIAGE_DB=$T/$1.db
	export NETRA_TRIAGE_DB
}
column() {	# column N: of the rows of the last run
	tail -n +2 "$T/out" | cut -f"$1"
}

# a console that was stopped: 4 of 9 selected tests ran, one of them twice
cat >"$T/stopped.log" <<'END'
============================= test session starts ==============================
platform linux -- Python 3.11.2, pytest-8.4.1, pluggy-1.6.0
rootdir: /w/shop
collected 12 items / 3 deselected / 9 selected

tests/test_cart.py::test_add PASSED                                      [ 11%]
tests/test_cart.py::test_pay[a[b]*c] FAILED                              [ 22%]
tests/test_cart.py::test_ship ERROR                                      [ 33%]
tests/test_cart.py::test_tax SKIPPED (no *tax* service)                  [ 44%]

==================================== ERRORS ====================================
_________________________ ERROR at setup of test_ship __________________________
tests/test_cart.py:5: in carrier
    raise ConnectionError("no carrier")
E   ConnectionError: no carrier
=================================== FAILURES ===================================
_______________________________ test_pay[a[b]*c] _______________________________
tests/test_cart.py:20: in test_pay
    assert total == 12
E   AssertionError: total of `rm -rf ~` is <b>11</b> | not 12
----------------------------- Captured stdout call -----------------------------
calling https://staging.example/pay
=========================== short test summary info ============================
FAILED tests/test_cart.py::test_pay[a[b]*c] - AssertionError: total of `rm -rf ~` is <b>11</b> | not 12
ERROR tests/test_cart.py::test_ship - ConnectionError: no carrier
!!!!!!!!!!!!!!!!!!!!!!!!!! stopping after 2 failures !!!!!!!!!!!!!!!!!!!!!!!!!!!
======== 1 failed, 1 passed, 1 skipped, 3 deselected, 1 error in 4.25s =========
END
fresh stopped
run 0 ingest "$T/stopped.log"
run 0 runs
is 'a run that was stopped says so' "$(column 2)" \
	'stopped after 4 of 9 tests: 1 passed, 1 failed, 1 error, 1 skipped, 5 not run'
has 'and is called no pass' "$T/err" '1 of 1 run did not come to its end: no pass'
has 'the next command is named' "$T/err" 'netra-triage show u1'
is 'counts are those of its results' "$(nt runs --json 2>/dev/null | grep -o '"passed":[0-9]*,"failed":[0-9]*,"errors":[0-9]*\|"not_run":[0-9]*' | tr '\n' ' ')" \
	'"passed":1,"failed":1,"errors":1 "not_run":5 '
run 0 show u1
is 'the page begins with what matters' "$(sed -n 3p "$T/out")" \
	'**u1**: stopped after 4 of 9 tests: 1 passed, 1 failed, 1 error, 1 skipped, 5 not run.'
has 'and tells why' "$T/out" '**Why:** stopped after 2 failures'
has 'and what the output does not name' "$T/out" 'no result: 5 tests in all'
has 'and its failures' "$T/out" '`ConnectionError: no carrier`'
has 'what is quoted cannot start markup' "$T/out" '``AssertionError: total of `rm -rf ~` is <b>11</b> \| not 12``'
sed 's/``.*``//' "$T/out" >"$T/plain"
lacks 'outside of code' "$T/plain" '<b>'

run 0 tests
is 'failures are listed' "$(column 6)" 'failed
error'
has 'the run that is no pass is named with them' "$T/err" 'u1 stopped after 4 of 9 tests'
run 0 tests 'pay[a[b]*'
is 'with a star the whole id has to match' "$(column 1)" ''
has 'and nothing is taken for a pass' "$T/err" 'no failure is recorded; netra-triage runs tells what ran'
run 0 tests 'tests/*pay[a[b]*'
is 'brackets stand for themselves' "$(column 8)" 'AssertionError: total of `rm -rf ~` is <b>11</b> | not 12'
run 0 tests 'pay[a['
is 'without a wildcard a part of the id is enough' "$(column 7)" 'tests/test_cart.py::test_pay[a[b]*c]'
run 0 tests --list TEST_ADD
is 'case counts' "$(column 1)" ''
run 0 tests --list
is 'every result is listed' "$(column 3 | tr '\n' ' ')" 'passed failed error skipped '
run 0 tests --outcome 'error,skipped'
is 'outcomes can be chosen' "$(column 3 | tr '\n' ' ')" 'error skipped '
run 0 tests --outcome failed -n 0
is 'a limit of 0 is none' "$(column 3)" failed
run 0 tests --list -n 2
is 'rows can be limited' "$(column 1 | tr '\n' ' ')" 't1 t2 '
has 'which is said' "$T/err" 'as many as --limit allows'
run 0 tests --skipped
is 'skips are counted by reason' "$(column 1,4)" '1	no *tax* service'

run 0 show t2
has 'a test has its id' "$T/out" '**Id:** `tests/test_cart.py::test_pay[a[b]*c]`'
has 'its outcome' "$T/out" '**Outcome:** failed in call, attempt 1'
has 'its run' "$T/out" '**Run:** `u1` pytest 8.4.1, stopped'
has 'its traceback' "$T/out" '    assert total == 12'
has 'with its place' "$T/out" "[$T/stopped.log:18]"
has 'and what it printed' "$T/out" 'calling https://staging.example/pay'
lacks 'as no link' "$T/out" '[https://'
run 0 tests --history t2
is 'the id of a result stands for its test, wildcards in it or not' "$(column 1,2,3)" 'F	failing	tests/test_cart.py::test_pay[a[b]*c]'

for words in 'runs u9' 'tests --run u9' 'tests t99' 'tests --history t99' 'show u9' 'show t99' 'runs t1' 'tests --run x'; do
	# shellcheck disable=SC2086
	run 5 $words
done
run 2 tests --list --slow
run 2 tests --outcome passed,wrong
has 'an outcome that is none is named' "$T/err" '`wrong` is not an outcome'
run 2 tests --limit -1
run 2 tests a b

# nothing is there
fresh nothing
printf '{"severity":"ERROR","timestamp":"2025-10-02T09:00:00Z","textPayload":"x","insertId":"a"}\n' >"$T/x.ndjson"
run 0 ingest "$T/x.ndjson"
run 0 runs
has 'without a run it says so' "$T/err" 'no test run'
run 0 tests
is 'without a result only the header is written' "$(wc -l <"$T/out" | tr -d ' ')" 1
run 0 tests --history
has 'and there is no history' "$T/err" 'no recorded run'
run 0 tests --json
has 'as JSON there is an empty list' "$T/out" '"rows":['

# durations
xml() {	# xml NAME START: a report around the test cases on stdin
	printf '<?xml version="1.0"?>\n<testsuites><testsuite name="pytest" timestamp="%s" time="9.5">\n' "$2" >"$T/$1.xml"
	cat >>"$T/$1.xml"
	printf '</testsuite></testsuites>\n' >>"$T/$1.xml"
}
xml odd 2025-10-02T09:00:00+00:00 <<'END'
<testcase classname="tests.e2e.test_login" name="test_fast" time="0.0021"/>
<testcase classname="tests.e2e.test_login" name="test_failed_fast" time="0.0021"><failure message="assert 0">E assert 0</failure></testcase>
<testcase classname="tests.e2e.test_login" name="test_real" time="0.812"/>
<testcase classname="tests.unit.test_price" name="test_delivery" time="0.0003"/>
<testcase classname="tests.unit.test_price" name="test_live_price" time="0.004"/>
<testcase classname="tests.unit.test_price" name="test_prints" time="0.004"><system-out>GET https://shop.example/cart</system-out></testcase>
<testcase classname="tests.unit.test_price" name="test_prints_words" time="0.004"><system-out>httpsomething</system-out></testcase>
<testcase classname="tests.unit.test_same" name="test_1" time="0.512"/>
<testcase classname="tests.unit.test_same" name="test_2" time="0.512"/>
<testcase classname="tests.unit.test_same" name="test_3" time="0.512"/>
<testcase classname="tests.unit.test_same" name="test_4" time="0.512"/>
<testcase classname="tests.unit.test_other" name="test_1" time="0.050"/>
<testcase classname="tests.unit.test_other" name="test_2" time="0.050"/>
<testcase classname="tests.unit.test_other" name="test_3" time="0.050"/>
<testcase classname="tests.unit.test_other" name="test_4" time="0.050"/>
<testcase classname="tests.unit.test_other" name="test_5" time="0.050"/>
END
fresh odd
run 0 ingest "$T/odd.xml"
run 0 tests --suspicious
is 'passes that may have done nothing' "$(column 10,19)" 'tests/e2e/test_login.py::test_fast	passed in 2.1 ms, and its name says e2e
tests/unit/test_price.py::test_live_price	passed in 4 ms, and its name says live
tests/unit/test_price.py::test_prints	passed in 4 ms, and it printed a URL'
run 0 show u1
has 'the page of the run has them' "$T/out" 'passed in 4 ms, and it printed a URL'
# a run that says itself that its target was not there
cat >"$T/gone.log" <<'END'
Environment Status: UNAVAILABLE
Docker: not available
============================= test session starts ==============================
platform linux -- Python 3.11.2, pytest-8.4.1, pluggy-1.6.0
rootdir: /w
collected 2 items

tests/test_a.py::test_ok PASSED                                          [ 50%]
tests/test_a.py::test_bad FAILED                                         [100%]

=================================== FAILURES ===================================
___________________________________ test_bad ___________________________________
E   assert 0
=========================== short test summary info ============================
FAILED tests/test_a.py::test_bad - assert 0
========================= 1 failed, 1 passed in 7.25s ==========================
END
fresh gone
run 0 ingest "$T/gone.log"
run 0 tests --suspicious
is 'a pass that its run contradicts' "$(column 10,19)" 'tests/test_a.py::test_ok	contradicted: passed, while its run says Environment Status: UNAVAILABLE'
run 0 show u1
has 'stands on the page of the run' "$T/out" 'contradicted: passed, while its run says Environment Status: UNAVAILABLE'
fresh tool
sed 1d "$T/gone.log" >"$T/tool.log"
run 0 ingest "$T/tool.log"
run 0 tests --suspicious
is 'a tool that is not there contradicts nothing' "$(column 10,19)" ''
fresh odd
# what says nothing stands behind what is odd
cat >"$T/zero.log" <<'END'
=== RUN   TestOne
--- PASS: TestOne (0.00s)
=== RUN   TestStagingLogin
--- PASS: TestStagingLogin (0.25s)
PASS
ok  	shop/cart	0.301s
END
run 0 ingest "$T/zero.log"
run 0 tests --suspicious
is 'durations that say nothing come last' "$(column 19 | cut -c1-10 | uniq -c | tr -s ' ' | tr '\n' ';')" ' 3 passed in ; 1 printed as;'
has 'and are counted' "$T/err" '1 of them, the last ones, only state a duration that says nothing'
sed 's/name="test_real" time="0.812"/name="test_real" time="0.512"/' "$T/odd.xml" >"$T/same.xml"
fresh same
run 0 ingest "$T/same.xml"
run 0 tests --suspicious --limit 99
is 'five that last as long to the digit are odd, four are not' "$(column 19 | grep -c 'of 15 passes of its run state this very duration')" 5
run 0 tests --slow -n 2
is 'the slowest first, with where the duration comes from' "$(column 6,7)" '0.512	field
0.512	field'

# history: four runs, the third at the commit of the second
case_of() {	# case_of NAME [ELEMENT]
	printf '<testcase classname="tests.test_h" name="%s" time="1.5">%s</testcase>\n' "$1" "${2-}"
}
bad='<failure message="assert 0">E assert 0</failure>'
{ case_of breaks; case_of heals "$bad"; case_of flips; case_of stays; case_of rests; case_of goes; } | xml h1 2025-10-02T09:00:00+00:00
{ case_of breaks; case_of heals; case_of flips "$bad"; case_of stays; case_of rests; } | xml h2 2025-10-02T10:00:00+00:00
{ case_of breaks; case_of heals; case_of flips; case_of stays; case_of rests; } | xml h3 2025-10-02T11:00:00+00:00
{ case_of breaks "$bad"; case_of heals; case_of flips; case_of stays; case_of rests '<skipped message="slow"/>'; case_of new "$bad"; } | xml h4 2025-10-02T12:00:00+00:00
fresh history
run 0 ingest --label commit=c1 "$T/h1.xml"
run 0 ingest --label commit=c2 "$T/h3.xml" "$T/h2.xml"
run 0 ingest "$T/h4.xml"
run 0 tests --history
is 'what changed from run to run, whatever was read first' "$(column 1,2,3)" 'P P P F	new failure	tests/test_h.py::breaks
P F P P	flaky	tests/test_h.py::flips
- - - F	failing	tests/test_h.py::new
P P P S	now skipped	tests/test_h.py::rests'
has 'what did not is counted' "$T/err" '3 tests are without a failure or change left out'
has 'commits that differ are told' "$T/err" 'the runs are of different commits'
has 'and those not known' "$T/err" 'the commit of 1 of 4 runs is not known'
run 0 tests --history 'test_h.py::[hsg]'
is 'brackets are no class' "$(column 1)" ''
run 0 tests --history '*'
is 'with a pattern all are told' "$(column 1,3)" 'P P P F	tests/test_h.py::breaks
P F P P	tests/test_h.py::flips
P - - -	tests/test_h.py::goes
F P P P	tests/test_h.py::heals
- - - F	tests/test_h.py::new
P P P S	tests/test_h.py::rests
P P P P	tests/test_h.py::stays'
first=$(sql "select id from runs order by started_ts limit 1")
second=$(sql "select id from runs order by started_ts limit 1 offset 1")
run 0 tests --history --run "u$first" --run "u$second"
is 'of two runs only' "$(column 1,2,3)" 'P F	new failure	tests/test_h.py::flips
F P	fixed	tests/test_h.py::heals'
id=$(sql "select max(id) from tests where nodeid like '%flips'")
run 0 show "t$id"
has 'a test has its results in other runs' "$T/out" 'Other attempts, and the same test in other runs'
is 'each of them' "$(grep -c '^| `t[0-9]*` | `u[0-9]*` |' "$T/out")" 3

# attempts: the first of flaky failed; a run of which the start is not known comes first
cat >"$T/rerun.log" <<'END'
============================= test session starts ==============================
platform linux -- Python 3.11.2, pytest-8.4.1, pluggy-1.6.0
rootdir: /w/shop
plugins: rerunfailures-15.0
collected 2 items

tests/test_h.py::flips RERUN                                             [ 50%]
tests/test_h.py::flips PASSED                                            [ 50%]
tests/test_h.py::stays PASSED                                            [100%]

========================== 2 passed, 1 rerun in 1.25s ==========================
END
run 0 ingest "$T/rerun.log"
rerun=$(sql "select max(id) from runs")
run 0 runs "u$rerun"
is 'a test is counted by its last attempt' "$(column 2)" 'complete, 2 tests: 2 passed; 1 earlier attempt'
run 0 tests --history flips
is 'attempts of a run stand together, unknown starts first' "$(column 1,2)" 'FP P F P P	flaky'
has 'which is said' "$T/err" 'runs whose start is not known come first'
run 0 tests flips
has 'a failure that passed later says so' "$T/err" '1 of them passed in a later attempt of the same run'

# a run in two formats has one id; the other is told as that
fresh twins
printf '<testsuites><testsuite name="pytest" time="1.0">\n%s%s</testsuite></testsuites>\n' \
	'<testcase classname="tests.test_h" name="a" time="0.5"/>' '<testcase classname="tests.test_h" name="b" time="0.4"/>' >"$T/twin.xml"
cat >"$T/twin.log" <<'END'
============================= test session starts ==============================
platform linux -- Python 3.11.2, pytest-8.4.1, pluggy-1.6.0
collected 5 items / 3 deselected / 2 selected

tests/test_h.py::a PASSED                                                [ 50%]
tests/test_h.py::b PASSED                                                [100%]

======================= 2 passed, 3 deselected in 1.00s ========================
END
run 0 ingest "$T/twin.log" "$T/twin.xml"
is 'it is one' "$(sql 'select count(*) from runs')" 1
main=$(sql 'select id from runs')
run 0 runs u1 u2
is 'asked for by both ids it is one row' "$(column 1,4)" "u$main	junit, pytest"
has 'the other id is explained' "$T/err" "is the same run as u$main in another format"
run 0 show u1 t1
has 'so it is of a run and of a test' "$T/err" 'is the same test as t'
is 'the page names both files' "$(grep -c '^- `s[12]` ' "$T/out")" 2
run 0 tests --list
is 'each result is listed once' "$(column 1 | wc -l | tr -d ' ')" 2

# zones, and texts that are hostile to a terminal
run 0 runs --tz -07:00
has 'a zone adds a column' "$T/out" 'started_ts_local'
run 2 runs --tz Nowhere/Land
xml hostile 2025-10-02T09:00:00-07:00 <<'END'
<testcase classname="tests.test_h" name="a" time="0.5"><failure message="no &#x202e;gnp.exe &lt;script&gt;alert(1)&lt;/script&gt; https://evil.example @all"> x</failure></testcase>
END
fresh hostile
run 0 ingest "$T/hostile.xml"
run 0 runs --tz -07:00
is 'a start is told in the zone too' "$(column 16,17)" '2025-10-02T16:00:00.000000000Z	2025-10-02T09:00:00.000000000-07:00'
for what in 'show t1' 'show u1' tests 'tests --list -o table' 'tests -o csv'; do
	# shellcheck disable=SC2086
	run 0 $what
	lacks "$what: no bidi character reaches the terminal" "$T/out" "$(printf '\342\200\256')"
done

# real evidence: what is known of these runs is in its README
if [ -n "${NETRA_TRIAGE_CORPUS-}" ] && [ -d "$NETRA_TRIAGE_CORPUS/tests" ]; then
	fresh corpus
	(cd "$NETRA_TRIAGE_CORPUS/tests" && nt ingest same-run.txt same-run.xml same-run.json pytest-xdist.txt junit-zero-tests.xml >/dev/null 2>&1)
	run 0 runs
	result_of() {	# result_of FORMAT: of the run that was read in it
		awk -F'\t' -v f="$1" 'index($4, f) { print $2 }' "$T/out"
	}
	is 'a run of 61 tests that did not finish' "$(result_of 'junit' | head -n 1)" \
		'stopped after 61 of 215 tests: 51 passed, 7 failed, 3 errors, 154 not run'
	is 'no run is told as passed that did not run to its end' \
		"$(awk -F'\t' 'NR > 1 && $5 != "complete" && $2 ~ /^complete/' "$T/out" | wc -l | tr -d ' ')" 0
	has 'a run that was stopped tells how many are missing' "$T/out" '1792 not run'
	has 'a report without a test is no run' "$T/out" 'did not run, 0 tests'
	run 0 tests --outcome failed,error --run "u$(sql "select id from runs where formats like '%junit%' and collected > 0 order by id limit 1")"
	is 'its failures are listed once' "$(column 1 | wc -l | tr -d ' ')" 10
else
	skip 'real evidence' 'NETRA_TRIAGE_CORPUS is not set'
fi
end
