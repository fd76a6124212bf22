#!/bin/sh
# output of test runs: every result has a row, a run that did not end is no pass
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

head_of() {	# head_of COLLECTED: how a session of pytest begins
	echo '============================= test session starts =============================='
	echo 'platform linux -- Python 3.11.2, pytest-8.4.1, pluggy-1.6.0'
	echo 'rootdir: /w'
	echo "collecting ... collected $1"
	echo
}

one() {	# one FILE: a database with only this file in it; its stdout and stderr are in out and err
	NETRA_TRIAGE_DB=$T/$(basename "$1").db
	export NETRA_TRIAGE_DB
	rm -f "$NETRA_TRIAGE_DB"*
	got_status=0
	nt ingest "$1" >"$T/out" 2>"$T/err" </dev/null || got_status=$?
}

# is_run NAME STATUS STATE ROWS: what became of the file of that name
is_run() {
	one "$T/$1"
	is "$1: exit status" "$got_status" "$2"
	is "$1: state" "$(sql 'select state from runs' | tr '\n' ' ')" "$3 "
	is "$1: rows" "$(sql 'select outcome, count(*) from tests group by 1 order by 1' | tr '\t\n' ' ;')" "$4"
	is "$1: records seen are all counted" "$(sql 'select count(*) from sources where entries
		<> added + known + filled + conflicts + damaged + not_evidence')" 0
}

{
	echo 'pytest tests/shop --tb=short -v'
	head_of '9 items'
	cat <<'END'
tests/test_shop.py::test_ok PASSED                                        [ 11%]
tests/test_shop.py::TestCart::test_bad[a::b - c] FAILED                   [ 22%]
tests/test_shop.py::test_setup ERROR                                      [ 33%]
tests/test_shop.py::test_down PASSED                                      [ 44%]
tests/test_shop.py::test_down ERROR                                       [ 44%]
tests/test_shop.py::test_skip SKIPPED (not now)                           [ 55%]
tests/test_shop.py::test_xf XFAIL (bug 12)                                [ 66%]
tests/test_shop.py::test_xp XPASS (fixed?)                                [ 77%]
tests/test_shop.py::test_slow PASSED                                      [ 88%]
tests/test_shop.py::test_last PASSED                                      [100%]

==================================== ERRORS ====================================
_________________________ ERROR at setup of test_setup _________________________
tests/conftest.py:4: in db
    raise ConnectionError("no db")
E   ConnectionError: no db
________________________ ERROR at teardown of test_down ________________________
tests/test_shop.py:9: in close
    raise OSError("cannot close")
E   OSError: cannot close
=================================== FAILURES ===================================
_________________________ TestCart.test_bad[a::b - c] __________________________
tests/test_shop.py:14: in test_bad
    assert 1 == 2
E   assert 1 == 2
----------------------------- Captured stdout call -----------------------------
tests/test_shop.py::test_forged PASSED                                    [ 50%]
FAILED tests/fake.py::test_forged - not real
=== 300 passed in 1.00s ===
============================= slowest 2 durations ==============================
1.50s call     tests/test_shop.py::test_slow
0.25s setup    tests/test_shop.py::test_ok
=========================== short test summary info ============================
FAILED tests/test_shop.py::TestCart::test_bad[a::b - c] - assert 1 == 2
ERROR tests/test_shop.py::test_setup - ConnectionError: no db
ERROR tests/test_shop.py::test_down - OSError: cannot close
==== 1 failed, 4 passed, 1 skipped, 1 xfailed, 1 xpassed, 2 errors in 3.21s ====
END
} >"$T/verbose.log"
is_run verbose.log 0 complete 'error 2;failed 1;passed 3;skipped 1;xfailed 1;xpassed 1;'
is 'a passed call with a failed teardown is an error' "$(sql "select outcome, phase from tests where nodeid like '%test_down'")" 'error	teardown'
is 'an error of a fixture is one of setup' "$(sql "select outcome, phase, message from tests where nodeid like '%test_setup'")" 'error	setup	ConnectionError: no db'
is 'a failure has its message' "$(sql "select outcome, phase, message from tests where nodeid like '%TestCart%'")" 'failed	call	assert 1 == 2'
is 'the id may hold anything' "$(sql "select nodeid from tests where outcome = 'failed'")" 'tests/test_shop.py::TestCart::test_bad[a::b - c]'
is 'a skip has its reason' "$(sql "select message from tests where outcome = 'skipped'")" 'not now'
is 'a summary that a test printed is not taken for one' "$(sql "select count(*) from tests where nodeid like '%forged%'") $(sql 'select passed from runs')" '0 4'
is 'the counts are as printed' "$(sql 'select framework, collected, passed, failed, errors, skipped, xfailed, xpassed, duration_s from runs')" \
	'pytest 8.4.1	9	4	1	2	1	1	1	3.21'
is 'durations of the table are taken' "$(sql "select duration_s from tests where nodeid like '%test_slow'")" 1.5
is 'a result stands where it is said to' "$(sql "select line from tests where nodeid like '%test_last'")" \
	"$(grep -n 'test_last PASSED' "$T/verbose.log" | cut -d : -f 1)"
is 'what a test printed is kept' "$(sql "select count(*) from outputs where nodeid like '%TestCart%' and text like '%not real%'")" 1

# a test that prints the whole end of a run
awk '{ print } /^FAILED tests.fake/ && !n++ {
	print "=========================== short test summary info ============================"
	print "FAILED tests/fake.py::test_forged - not real"
	print "============================= 300 passed in 1.00s =============================="
}' "$T/verbose.log" >"$T/spoof.log"
is_run spoof.log 0 complete 'error 2;failed 1;passed 3;skipped 1;xfailed 1;xpassed 1;'
is 'an end that a test printed is not the end' "$(sql "select count(*) from tests where nodeid like '%forged%'") $(sql 'select passed from runs')" '0 4'
is 'nor is the table of durations behind it lost' "$(sql "select duration_s from tests where nodeid like '%test_slow'")" 1.5

one "$T/verbose.log"
dump >"$T/before"
run 0 ingest "$T/verbose.log"
has 'again: known' "$T/err" '0 added'
dump >"$T/after"
same 'again: nothing changes' "$T/before" "$T/after"
cp "$T/verbose.log" "$T/copy.log"
run 0 ingest "$T/copy.log"
dump >"$T/after"
same 'nor under another name' "$T/before" "$T/after"

cat >"$T/quiet.log" <<'END'
.F.s                                                                     [100%]
=================================== FAILURES ===================================
___________________________________ test_one ___________________________________

>       assert 0
E       assert 0

tests/test_a.py:3: AssertionError
----------------------------- Captured stdout call -----------------------------
5 passed in 0.10s
=========================== short test summary info ============================
FAILED tests/test_a.py::test_one - assert 0
1 failed, 2 passed, 1 skipped in 0.02s
END
is_run quiet.log 0 complete 'failed 1;passed 2;skipped 1;'
is 'quiet: the failed one has its id' "$(sql "select nodeid, message from tests where outcome = 'failed'")" 'tests/test_a.py::test_one	assert 0'
is 'quiet: captured counts are not the run'"'s" "$(sql 'select passed, failed from runs')" '2	1'

{
	echo '============================= test session starts ============================='
	echo 'platform win32 -- Python 3.12.4, pytest-8.4.1, pluggy-1.6.0'
	echo '2 workers [40 items]'
	cat <<'END'

scheduling tests via LoadScheduling

app\tests\test_a.py::test_one 
app\tests\test_a.py::test_two 
[gw1] [  2%] PASSED app\tests\test_a.py::test_two 
[gw0] [  5%] FAILED app\tests\test_a.py::test_one 
================================== FAILURES ===================================
__________________________________ test_one ___________________________________
[gw0] win32 -- Python 3.12.4 C:\py\python.exe
app\tests\test_a.py:12: in test_one
    assert 0
E   assert 0
=========================== short test summary info ===========================
FAILED app\tests\test_a.py::test_one - assert 0
!!!!!!!!!!!! xdist.dsession.Interrupted: stopping after 1 failures !!!!!!!!!!!!
======================== 1 failed, 1 passed in 28.27s =========================
END
} >"$T/xdist.log"
is_run xdist.log 0 stopped 'failed 1;passed 1;'
is 'xdist: the worker, and one spelling of paths' "$(sql "select nodeid, worker from tests where outcome = 'failed'")" 'app/tests/test_a.py::test_one	gw0'
is 'xdist: why it stopped' "$(sql 'select state_why from runs')" 'stopped after 1 failure: 2 of 40 ran'
sed 's/$/\r/' "$T/xdist.log" >"$T/xdist-crlf.log"
is_run xdist-crlf.log 0 stopped 'failed 1;passed 1;'
esc=$(printf '\033')
sed "s/PASSED/${esc}[32mPASSED${esc}[0m/; s/^=.*/${esc}[31m&${esc}[0m/" "$T/xdist.log" >"$T/xdist-colour.log"
is_run xdist-colour.log 0 stopped 'failed 1;passed 1;'
gzip -nc "$T/xdist.log" >"$T/xdist.log.gz"
is_run xdist.log.gz 0 stopped 'failed 1;passed 1;'

# runs that did not come to an end, or did not run
sed '/slowest 2/,$d' "$T/verbose.log" | sed '/^==.* ERRORS/,$d' >"$T/no-end.log"
is_run no-end.log 0 truncated 'error 2;failed 1;passed 3;skipped 1;xfailed 1;xpassed 1;'
has 'a run without a final line is told' "$T/err" 'the test run has no final line'
{ head_of '3 items'; echo 'tests/test_a.py::test_one PASSED   [ 33%]'; echo 'tests/test_a.py::test_two '; } >"$T/mid-test.log"
is_run mid-test.log 0 truncated 'error 1;passed 1;'
has 'what had begun is named' "$T/err" 'no final line'
{ head_of '0 items'; echo '============================ no tests ran in 0.01s ============================='; } >"$T/zero.log"
is_run zero.log 0 'not run' ''
{
	head_of '45 items / 1 error'
	cat <<'END'
==================================== ERRORS ====================================
__________________ ERROR collecting tests/test_collect_err.py __________________
E   ModuleNotFoundError: No module named 'nosuch'
=========================== short test summary info ============================
ERROR tests/test_collect_err.py
!!!!!!!!!!!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!!!!!!!!!!
=============================== 1 error in 0.22s ===============================
END
} >"$T/collect.log"
is_run collect.log 0 'not run' 'error 1;'
is 'an error of collection is one' "$(sql 'select phase, message from tests')" "collect	ModuleNotFoundError: No module named 'nosuch'"
{ head_of '2 items'; echo 'INTERNALERROR> Traceback'; echo 'INTERNALERROR> boom'; echo; echo '============================ no tests ran in 0.04s ============================='; } >"$T/crash.log"
is_run crash.log 0 crashed ''
{ head_of '2 items'; echo 'tests/test_a.py ..                                                       [100%]'; echo; echo '============================== 2 passed in 0.43s ==============================='; } >"$T/dots.log"
is_run dots.log 0 complete 'passed 2;'
is 'the counts agree' "$(sql 'select reconciled from runs')" yes
sed 's/2 passed in/3 passed in/' "$T/dots.log" >"$T/more-than-tests.log"
one "$T/more-than-tests.log"
is 'counts that do not add up are said' "$(sql 'select reconciled from runs')" no
has 'and told' "$T/err" 'the counts printed by the run do not add up'
cat "$T/dots.log" "$T/xdist.log" >"$T/both.log"
is_run both.log 0 'complete stopped' 'failed 1;passed 3;'
NETRA_TRIAGE_DB=$T/zero.log.db
nt worklog --now "$NOW" --section tests >"$T/worklog.md"
has 'the worklog says that nothing ran' "$T/worklog.md" 'it ran no test'
lacks 'and never that it passed' "$T/worklog.md" '**Result:** complete'

# JUnit
cat >"$T/junit.xml" <<'END'
<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="5" time="3.5" timestamp="2025-10-02T15:06:31+00:00" hostname="h">
<testcase classname="tests.test_tax.TestRates" name="test_known" time="0.004" />
<testcase classname="tests.test_tax.TestRates" name="test_total" time="0.011"><failure message="assert 1 == 2">tests/test_tax.py:58: in test_total
E   assert 1 == 2</failure><system-out>5 passed in 0.1s &lt;b&gt;</system-out></testcase>
<testcase classname="tests.test_tax" name="test_setup" time="0.1"><error message="failed on setup with &quot;OSError: no&quot;">E OSError: no</error></testcase>
<testcase classname="tests.test_tax" name="test_skip" time="0"><skipped type="pytest.skip" message="not here">x</skipped></testcase>
<testcase classname="tests.test_tax" name="test_&lt;i&gt;" time="0"/>
</testsuite></testsuites>
END
is_run junit.xml 0 complete 'error 1;failed 1;passed 2;skipped 1;'
is 'junit: counts and start' "$(sql 'select framework, collected, failed, errors, skipped, started_ts, clock, duration_s from runs')" \
	'pytest	5	1	1	1	2025-10-02T15:06:31.000000000Z	exact	3.5'
is 'junit: a failure has message and time' "$(sql "select nodeid, message, duration_s from tests where outcome = 'failed'")" \
	'tests/test_tax.py::TestRates::test_total	assert 1 == 2	0.011'
is 'junit: a reference is decoded' "$(sql "select count(*) from tests where nodeid like '%test_<i>'")" 1
dump >"$T/before"
run 0 ingest "$T/junit.xml"
dump >"$T/after"
same 'junit: again: nothing changes' "$T/before" "$T/after"
head -n 5 "$T/junit.xml" >"$T/cut.xml"
is_run cut.xml 3 truncated 'failed 1;passed 1;'
has 'cut XML is told' "$T/err" 'cut.xml:'
sed '6s/<error/<eror/' "$T/junit.xml" >"$T/bad.xml"
one "$T/bad.xml"
is 'XML that is not well-formed: exit status' "$got_status" 3
is 'the tests before the fault are kept' "$(sql "select count(*) from tests where outcome in ('passed', 'failed')")" 2
has 'the fault is placed' "$T/err" 'bad.xml:6:'
echo '<?xml version="1.0"?><testsuite name="pytest" errors="0" failures="0" skipped="0" tests="0" time="0.1"></testsuite>' >"$T/zero.xml"
is_run zero.xml 0 'not run' ''
cat >"$T/entity.xml" <<'END'
<?xml version="1.0"?>
<!DOCTYPE testsuite [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
<testsuite name="x" tests="1"><testcase classname="c" name="&f;&b;"/></testsuite>
END
one "$T/entity.xml"
is 'entities are refused: exit status' "$got_status" 3
has 'and that is said' "$T/err" 'document type declarations are refused'
is 'nothing was read through one' "$(sql "select count(*) from tests where nodeid like '%root%' or nodeid like '%aaaa%'")" 0
awk 'BEGIN { for (i = 0; i < 200; i++) printf "<testsuite name=\"d\">"; print "<testcase classname=\"c\" name=\"n\"/>" }' >"$T/deep.xml"
one "$T/deep.xml"
is 'nesting has a limit: exit status' "$got_status" 3

# text in which nothing is of a runner: only when a person says so
printf 'collected nothing\nall good, 3 passed I think\n' >"$T/prose.txt"
one "$T/prose.txt"
is 'prose is no test run: exit status' "$got_status" 3
run 0 ingest --as pytest "$T/prose.txt"
is 'told to, it is a run that did not run' "$(sql 'select state, passed from runs')" 'not run	'

# a log export and a run in one folder
mkdir "$T/mixed"
cp "$T/verbose.log" "$T/junit.xml" "$T/mixed"
cp "$NT_SRC/samples/outage/cloud-run.json" "$T/mixed"
NETRA_TRIAGE_DB=$T/mixed.db
run 0 ingest "$T/mixed"
is 'each is read as what it is' "$(sql 'select kind, shape from sources order by id' | tr '\t\n' ' ;')" \
	'logs JSON array;tests JUnit XML;tests pytest console;'
end
