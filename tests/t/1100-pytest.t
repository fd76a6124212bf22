#!/bin/sh
# what pytest prints on a console, form by form: results, attempts, subtests, and how a run ended
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

head_of() {	# head_of LINE...: how a session begins, the last lines of its header given
	echo '============================= test session starts =============================='
	echo 'platform linux -- Python 3.11.2, pytest-9.1.1, pluggy-1.6.0'
	echo 'rootdir: /w'
	printf '%s\n' "$@"
	echo
}

# sep FILL TITLE: a separator as pytest prints it on 80 columns
sep() {
	awk -v f="$1" -v t="$2" 'BEGIN { n = int((78 - length(t)) / 2); for (i = 0; i < n; i++) b = b f
		print b " " t " " b (length(t) + 2 * n < 78 ? f : "") }'
}

row() {	# row STATEMENT: all on one line
	sql "$1" | tr '\t\n' ' ;'
}

# form NAME STATE ROWS: the run on standard input, which must end so and give these rows
form() {
	cat >"$T/$1.log"
	NETRA_TRIAGE_DB=$T/$1.db
	export NETRA_TRIAGE_DB
	nt ingest "$T/$1.log" >"$T/out" 2>"$T/err" </dev/null || :
	is "$1: state" "$(row 'select state from runs order by id')" "$2;"
	is "$1: rows" "$(row 'select outcome, count(*) from tests group by 1 order by 1')" "$3"
	is "$1: every record is accounted for" "$(sql 'select count(*) from sources where entries <>
		added + known + filled + conflicts + damaged + not_evidence')" 0
}

# ---- what a row keeps ----
{
	head_of 'collecting ... collected 3 items'
	cat <<'END'
app\tests\test_a.py::TestCart::TestInner::test_ids[a::b - c] PASSED        [ 33%]
app\tests\test_a.py::test_plain PASSED                                     1.5ms
app\tests\test_a.py::test_late XFAIL ([NOTRUN] later)                      [100%]

============================= slowest 10 durations =============================
2.50s call     app/tests/test_a.py::TestCart::TestInner::test_ids[a::b - c]
0.25s setup    app/tests/test_a.py::TestCart::TestInner::test_ids[a::b - c]
0.00s teardown app/tests/test_a.py::TestCart::TestInner::test_ids[a::b - c]
0.00s call     app/tests/test_a.py::test_plain
========================= 2 passed, 1 xfailed in 2.80s =========================
EXIT=0
END
} >"$T/in"
form row complete 'passed 2;xfailed 1;' <"$T/in"
is 'row: id, as printed, file, suite, parameters' "$(row "select nodeid, printed, file, suite, params from tests where params <> ''")" \
	'app/tests/test_a.py::TestCart::TestInner::test_ids[a::b - c] app\\tests\\test_a.py::TestCart::TestInner::test_ids[a::b - c] app/tests/test_a.py TestCart::TestInner a::b - c;'
is 'row: times of the phases' "$(row "select duration_s, duration_from, setup_s, call_s, teardown_s from tests where params <> ''")" '2.5 table 0.25 2.5 0.0;'
is 'row: the row knows better than the table' "$(row "select duration_s, duration_from, call_s, duration_note from tests where nodeid like '%plain'")" '0.0015 row 0.0 ;'
is 'row: what was not to run was not even set up' "$(row "select phase, message from tests where outcome = 'xfailed'")" 'setup [NOTRUN] later;'
is 'row: exit code' "$(sql 'select exit_code from runs')" 0

form zero complete 'passed 1;' <<'END'
tests/test_a.py .                                                        [100%]

============================= slowest 10 durations =============================
0.00s call     tests/test_a.py::test_one
1 passed in 0.01s
END
is 'zero: a letter gets its name from the list of durations' "$(sql 'select nodeid from tests')" 'tests/test_a.py::test_one'
is 'zero: 0.00s says nothing' "$(row 'select duration_s, duration_from, duration_note from tests')" '0.0 table printed as 0.00s: under 5 ms;'

# ---- spoofed ends ----
form quiet-spoof complete 'failed 1;passed 2;' <<'END'
.F.                                                                      [100%]
=================================== FAILURES ===================================
/w/tests/test_a.py:3: AssertionError: assert 0
----------------------------- Captured stdout call -----------------------------
tests/fake.py::test_forged PASSED                                        [ 50%]
1 failed, 5 passed in 0.10s
=========================== short test summary info ============================
FAILED tests/test_a.py::test_one - assert 0
1 failed, 2 passed in 0.02s
END
is 'quiet-spoof: the counts are those of the run' "$(sql 'select passed, failed, duration_s from runs')" '2	1	0.02'
sed '7,$d' "$T/quiet-spoof.log" >"$T/in"
form quiet-spoof-cut truncated 'failed 1;passed 2;' <"$T/in"
{
	head_of 'collecting ... collected 3 items'
	cat <<'END'
tests/test_a.py::test_one PASSED                                         [ 33%]
============================= 300 passed in 1.00s ==============================
tests/test_a.py::test_two FAILED                                         [ 66%]
=== 3 passed in 1.00s ===
tests/test_a.py::test_three PASSED                                       [100%]

========================= 1 failed, 2 passed in 0.20s ==========================
END
} >"$T/in"
form printed-end complete 'failed 1;passed 2;' <"$T/in"
is 'printed-end: one run' "$(sql 'select count(*), max(passed) from runs')" '1	2'

# ---- output glued to results ----
{
	head_of 'collecting ... collected 4 items'
	cat <<'END'
tests/test_a.py::test_one hello
more
PASSED
tests/test_a.py::test_two PASSEDfrom teardown

tests/test_a.py::test_two ERROR
tests/test_a.py::test_three FAILED tests/fake.py::x - not real
FAILED
tests/test_a.py::test_four PASSED

==================================== ERRORS ====================================
________________________ ERROR at teardown of test_two _________________________
tests/test_a.py:9: in close
    raise OSError("cannot close")
E   OSError: cannot close
=========================== short test summary info ============================
FAILED tests/test_a.py::test_three - assert 0
ERROR tests/test_a.py::test_two - OSError: cannot close
END
	sep '=' '1 failed, 3 passed, 1 error in 0.20s'
} >"$T/in"
form glued complete 'error 1;failed 1;passed 2;' <"$T/in"
is 'glued: what is printed belongs to the test that ran' "$(row "select nodeid, text from outputs where text like 'hello%' or text like '%teardown%'")" \
	'tests/test_a.py::test_one hello\nmore\n;tests/test_a.py::test_two from teardown\n\n;'
is 'glued: each has its own' "$(row 'select nodeid, outcome, phase from tests order by nodeid')" \
	'tests/test_a.py::test_four passed call;tests/test_a.py::test_one passed call;tests/test_a.py::test_three failed call;tests/test_a.py::test_two error teardown;'
{
	head_of 'collected 4 items'
	cat <<'END'
tests/test_a.py .Fhello
FAILED tests/fake.py::test_x - not real
..

=========================== short test summary info ============================
FAILED tests/test_a.py::test_bad - assert 0
========================= 1 failed, 3 passed in 0.61s ==========================
END
} >"$T/in"
form glued-letters complete 'failed 1;' <"$T/in"
is 'glued-letters: counts that cannot be read are explained' "$(sql 'select reconciled, passed from runs')" 'explained	3'

# ---- xdist ----
{
	head_of 'created: 2/2 workers' '2 workers [4 items]'
	cat <<'END'
scheduling tests via LoadScheduling

tests/test_a.py::test_one 
tests/test_a.py::test_two 
[gw1] [ 25%] PASSED tests/test_a.py::test_two 
tests/test_a.py::test_three 
[gw0] [ 50%] PASSED tests/test_a.py::test_one 
tests/test_a.py::test_four 
END
} >"$T/in"
form xdist-cut truncated 'error 2;passed 2;' <"$T/in"
is 'xdist-cut: the tests that ran when the output ends' "$(row "select nodeid, message from tests where outcome = 'error' order by 1")" \
	'tests/test_a.py::test_four it had begun, and the output ends without its result;tests/test_a.py::test_three it had begun, and the output ends without its result;'
{
	head_of 'gw0 I / gw1 I' 'gw0 [2] / gw1 [2]'
	cat <<'END'
scheduling tests via LoadScheduling
..                                                                       [100%]
============================== 2 passed in 0.43s ===============================
END
} >"$T/in"
form xdist-old complete 'passed 2;' <"$T/in"
is 'xdist-old: collected' "$(sql 'select collected, selected from runs')" '2	2'

# ---- attempts and subtests ----
{
	head_of 'collecting ... collected 2 items'
	cat <<'END'
tests/test_a.py::test_flaky RERUN                                        [ 50%]
tests/test_a.py::test_flaky RERUN                                        [ 50%]
tests/test_a.py::test_flaky PASSED                                       [ 50%]
tests/test_a.py::test_bad RERUN                                          [100%]
tests/test_a.py::test_bad FAILED                                         [100%]

=========================== rerun test summary info ============================
RERUN tests/test_a.py::test_flaky
RERUN tests/test_a.py::test_flaky
RERUN tests/test_a.py::test_bad
===================== 1 failed, 1 passed, 3 rerun in 0.10s =====================
END
} >"$T/in"
form rerun complete 'failed 4;passed 1;' <"$T/in"
is 'rerun: attempts' "$(row 'select nodeid, attempt, outcome from tests order by line')" \
	'tests/test_a.py::test_flaky 1 failed;tests/test_a.py::test_flaky 2 failed;tests/test_a.py::test_flaky 3 passed;tests/test_a.py::test_bad 1 failed;tests/test_a.py::test_bad 2 failed;'
head -n 9 "$T/rerun.log" >"$T/in"
form rerun-cut truncated 'failed 3;passed 1;' <"$T/in"
is 'rerun-cut: an attempt that is repeated is no pass' "$(row "select outcome from tests where nodeid like '%bad'")" 'failed;'
{
	head_of 'collecting ... collected 3 items'
	cat <<'END'
tests/test_a.py::test_new SUBPASSED[msg] (i=0)                           [ 33%]
tests/test_a.py::test_new SUBFAILED[msg] (i=1)                           [ 33%]
tests/test_a.py::test_new FAILED                                         [ 33%]
tests/test_a.py::Old::test_old [m] (i=1) SUBFAIL                         [ 66%]
tests/test_a.py::Old::test_old PASSED                                    [ 66%]
tests/test_a.py::Silent::test_silent PASSED                              [100%]

=================================== FAILURES ===================================
_________________________ Silent.test_silent [m] (i=1) _________________________
tests/test_a.py:9: in test_silent
E   AssertionError: 1 == 1
=========================== short test summary info ============================
SUBFAILED[msg] (i=1) tests/test_a.py::test_new - assert 1 != 1
SUBFAILED[m] (i=1) tests/test_a.py::Silent::test_silent - AssertionError: 1 == 1
END
	sep '=' '4 failed, 2 passed, 1 subtests passed in 0.10s'
} >"$T/in"
form subtests complete 'failed 3;' <"$T/in"
sed 's/^=* \(4 failed.*\) =*$/=== \1 ========/' "$T/subtests.log" >"$T/in"
form other-width truncated 'failed 3;' <"$T/in"
is 'subtests: a failed part fails the whole' "$(row 'select nodeid, outcome from tests order by line')" \
	'tests/test_a.py::test_new failed;tests/test_a.py::Old::test_old failed;tests/test_a.py::Silent::test_silent failed;'
form quiet-subtests complete 'failed 2;passed 2;' <<'END'
...F                                                                     [100%]
=========================== short test summary info ============================
SUBFAILED[m] (i=1) tests/test_a.py::Silent::test_silent - AssertionError: 1 == 1
FAILED tests/test_b.py::test_bad - assert 0
2 failed, 3 passed in 0.10s
END
is 'quiet-subtests: the message of the part' "$(sql "select message from tests where nodeid like '%silent'")" 'AssertionError: 1 == 1'

# ---- live logs, --setup-show, --lf ----
{
	head_of 'collecting ... collected 2 items'
	cat <<'END'
tests/test_a.py::test_one 
-------------------------------- live log call ---------------------------------
ERROR    app.db:test_a.py:35 db down
FAILED                                                                   [ 50%]
tests/test_a.py::test_two 
-------------------------------- live log setup --------------------------------
PASSED                                                                   [100%]

========================= 1 failed, 1 passed in 0.25s ==========================
END
} >"$T/in"
form live complete 'failed 1;passed 1;' <"$T/in"
is 'live: records of the log belong to the test that ran' "$(row 'select nodeid, section, text from outputs order by line')" \
	'tests/test_a.py::test_one live log call ERROR    app.db:test_a.py:35 db down\n;'
is 'live: each has its own' "$(row 'select nodeid, outcome from tests order by line')" 'tests/test_a.py::test_one failed;tests/test_a.py::test_two passed;'
{
	head_of 'collected 3 items'
	cat <<'END'
tests/test_a.py 
    SETUP    F db
        tests/test_a.py::test_one (fixtures used: db).
    TEARDOWN F db
    SETUP    F db
        tests/test_a.py::test_two (fixtures used: db)F
    TEARDOWN F db
        tests/test_a.py::test_three .

=========================== short test summary info ============================
FAILED tests/test_a.py::test_two - assert 0
========================= 1 failed, 2 passed in 0.03s ==========================
END
} >"$T/in"
form setup-show complete 'failed 1;passed 2;' <"$T/in"
is 'setup-show: by name' "$(row 'select nodeid, outcome from tests order by line')" \
	'tests/test_a.py::test_one passed;tests/test_a.py::test_two failed;tests/test_a.py::test_three passed;'
{
	head_of 'collected 5 items / 4 deselected / 1 selected' 'run-last-failure: rerun previous 1 failure'
	cat <<'END'
tests/test_a.py F                                                        [100%]

=========================== short test summary info ============================
FAILED tests/test_a.py::test_two - assert 0
======================= 1 failed, 4 deselected in 0.03s ========================
END
} >"$T/in"
form last-failed complete 'failed 1;' <"$T/in"
is 'last-failed: selected' "$(sql 'select collected, deselected, selected from runs')" '5	4	1'

# ---- collected only ----
{
	head_of 'collected 3 items'
	cat <<'END'
<Dir w>
  <Package tests>
    <Module test_a.py>
      <Class TestC>
        <Function test_m[a > b]>
      <Function test_f>
  <Dir other>
    <Module test_b.py>
      <Function test_g>

========================== 3 tests collected in 0.01s ==========================
END
} >"$T/in"
form tree 'not run' 'not run 3;' <"$T/in"
is 'tree: ids' "$(row 'select nodeid from tests order by line')" 'tests/test_a.py::TestC::test_m[a > b];tests/test_a.py::test_f;other/test_b.py::test_g;'
form list 'not run' 'not run 2;' <<'END'
tests/test_a.py::test_one
tests/test_a.py::TestC::test_two[a b]

2 tests collected in 0.01s
END
form list-cut 'not run' '' <<'END'
tests/test_a.py::TestC::test_two[a b]

2 tests collected in 0.01s
END

# ---- runs that died ----
{
	head_of 'collecting ... collected 3 items'
	cat <<'END'
tests/test_a.py::test_one PASSED                                         [ 33%]
tests/test_a.py::test_two Fatal Python error: Segmentation fault

Current thread 0x00007f997a7aa2c0 (most recent call first):
  File "/w/tests/test_a.py", line 4 in test_two
./run.sh: line 2: 29148 Segmentation fault      python3 -m pytest "$@"
EXIT=139
END
} >"$T/in"
form segfault crashed 'error 1;passed 1;' <"$T/in"
is 'segfault: who ran, where, and how it ended' "$(row "select nodeid, phase, message, (select exit_code from runs) from tests where outcome = 'error'")" \
	'tests/test_a.py::test_two call the process died while it ran: Segmentation fault 139;'
{
	head_of 'collecting ... collected 2 items'
	echo 'tests/test_a.py::test_one Killed'
} >"$T/in"
form killed crashed 'error 1;' <"$T/in"
{
	head_of 'collected 6 items'
	echo 'tests/test_a.py ..F.Killed'
} >"$T/in"
form killed-letters crashed 'failed 1;passed 3;' <"$T/in"
{
	head_of 'collecting ... collected 2 items'
	cat <<'END'
tests/test_a.py::test_hang +++++++++++++++++++++++++++++++++++ Timeout ++++++++++++++++++++++++++++++++++++
~~~~~~~~~~~~~~~~~~~~ Stack of MainThread (140601366725312) ~~~~~~~~~~~~~~~~~~~~~
  File "/w/tests/test_a.py", line 5, in test_hang
    time.sleep(5)
+++++++++++++++++++++++++++++++++++ Timeout ++++++++++++++++++++++++++++++++++++
END
} >"$T/in"
form thread crashed 'error 1;' <"$T/in"
{
	head_of 'collecting ... collected 3 items'
	cat <<'END'
tests/test_a.py::test_one PASSED                                         [ 33%]
tests/test_a.py::test_two PASSED                                         [ 66%]
END
	sep ! 'session-timeout: 60.0 sec exceeded'
	sep '=' '2 passed in 60.11s (0:01:00)'
} >"$T/in"
form session stopped 'passed 2;' <"$T/in"
is 'session: why' "$(sql 'select state_why from runs')" 'session-timeout: 60.0 sec exceeded: 2 of 3 ran'
{
	head_of 'collecting ... collected 2 items'
	cat <<'END'
tests/test_a.py::test_one PASSED                                         [ 50%]
tests/test_a.py::test_two 
END
} >"$T/in"
form hung truncated 'error 1;passed 1;' <"$T/in"
is 'hung: it is named' "$(sql 'select state_why from runs')" 'no final line: 1 of 2 selected tests reported, tests/test_a.py::test_two had begun'
{
	head_of 'collecting ... collected 2 items'
	cat <<'END'
tests/test_a.py::test_one PASSED                                         [ 50%]
INTERNALERROR> Traceback (most recent call last):
INTERNALERROR>   File "/w/conftest.py", line 3, in hook
INTERNALERROR> RuntimeError: boom in hook

============================== 1 passed in 0.04s ===============================
EXIT=3
END
} >"$T/in"
form internal crashed 'passed 1;' <"$T/in"
is 'internal: why' "$(sql 'select state_why from runs')" 'internal error of pytest: RuntimeError: boom in hook; 1 of 2 selected tests reported'
{
	head_of 'collected 0 items'
	cat <<'END'
============================ no tests ran in 0.01s =============================
ERROR: not found: /w/tests/test_a.py::nope
(no match in any of [<Module test_a.py>])

EXIT=4
END
} >"$T/in"
form nonode 'not run' '' <"$T/in"
is 'nonode: why, and the exit code' "$(row 'select state_why, exit_code from runs')" 'no tests ran: ERROR: not found: /w/tests/test_a.py::nope 4;'
form conftest 'not run' '' <<'END'
ImportError while loading conftest '/w/conftest.py'.
conftest.py:1: in <module>
    import nosuch
E   ModuleNotFoundError: No module named 'nosuch'
EXIT=4
END
is 'conftest: exit code' "$(sql 'select exit_code from runs')" 4
{
	head_of 'collected 5 items / 1 error'
	cat <<'END'
==================================== ERRORS ====================================
____________________ ERROR collecting tests/test_syntax.py _____________________
/usr/lib/python3.11/ast.py:50: in parse
    return compile(source, filename, mode, flags,
E     File "/w/tests/test_syntax.py", line 1
E       def test_x(:
E                  ^
E   SyntaxError: invalid syntax
=========================== short test summary info ============================
ERROR tests/test_syntax.py
!!!!!!!!!!!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!!!!!!!!!!
=============================== 1 error in 0.22s ===============================
END
} >"$T/in"
form syntax 'not run' 'error 1;' <"$T/in"
is 'syntax: the message is no line of source' "$(sql 'select phase, message from tests')" 'collect	SyntaxError: invalid syntax'

# ---- native tracebacks ----
{
	head_of 'collecting ... collected 1 item'
	cat <<'END'
tests/test_a.py::test_one FAILED                                         [100%]

=================================== FAILURES ===================================
___________________________________ test_one ___________________________________
Traceback (most recent call last):
  File "/w/tests/test_a.py", line 3, in test_one
    connect()
ValueError: no port

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/w/tests/test_a.py", line 5, in test_one
    raise RuntimeError("connect failed\nsecond line")
RuntimeError: connect failed
second line
============================== 1 failed in 0.03s ===============================
END
} >"$T/in"
form native complete 'failed 1;' <"$T/in"
is 'native: the message is the first line of the last exception' "$(sql 'select message from tests')" 'RuntimeError: connect failed'

# ---- what a test prints, on the very width of the separators, while failures are still to come ----
# other_run: what a test that runs pytest by itself prints
other_run() {
	sep '=' FAILURES
	sep _ test_ok
	echo 'E   AssertionError: faked'
	sep - 'Captured stdout call'
	echo 'not said by test_ok'
	sep '=' 'short test summary info'
	echo 'FAILED test_a.py::test_ok - AssertionError: faked'
	echo 'FAILED test_x.py::test_of_another - AssertionError: faked'
	sep '=' '1 failed, 1 passed in 0.05s'
}
of_tests() {	# of_tests RESULT...: a run whose results are these lines
	head_of 'collected 4 items'
	printf '%s\n' "$@"
	echo
	sep '=' FAILURES
	for test in test_one test_two test_three; do
		sep _ "$test"
		printf '\n>   assert 0\nE   assert 0\n\ntest_a.py:3: AssertionError\n'
		sep - 'Captured stdout call'
		[ "$test" = test_one ] && other_run
		if [ "$test" = test_two ]; then
			[ "$letters" ] || other_run
			sep '=' 'test session starts'
			printf 'collected 1 item\n\ntest_x.py .   [100%%]\n\n'
			sep '=' '1 passed in 0.02s'
		fi
	done
	sep '=' 'short test summary info'
	printf 'FAILED test_a.py::%s - assert 0\n' test_one test_two test_three
	sep '=' '3 failed, 1 passed in 0.25s'
}
letters=yes
of_tests 'test_a.py .FFF                                                           [100%]' >"$T/in"
form imitated-letters complete 'failed 3;passed 1;' <"$T/in"
is 'imitated-letters: counts' "$(row 'select passed, failed, reconciled from runs')" '1 3 yes;'
letters=
of_tests 'test_a.py::test_ok PASSED                                                [ 25%]' \
	'test_a.py::test_one FAILED                                               [ 50%]' \
	'test_a.py::test_two FAILED                                               [ 75%]' \
	'test_a.py::test_three FAILED                                             [100%]' >"$T/in"
form imitated complete 'failed 3;passed 1;' <"$T/in"
is 'imitated: no test is made up' "$(row 'select nodeid, message from tests')" \
	'test_a.py::test_ok ;test_a.py::test_one assert 0;test_a.py::test_two assert 0;test_a.py::test_three assert 0;'
# ---- what a dying process prints begins right behind the results, which stay results ----
{
	head_of 'collected 4 items'
	printf 'test_a.py .FFatal Python error: Segmentation fault\n\nCurrent thread 0x1 (most recent call first):\n'
	echo '  File "/w/test_a.py", line 7 in test_die'
} >"$T/in"
form died-letters crashed 'failed 1;passed 1;' <"$T/in"
is 'died-letters: why' "$(sql 'select state_why from runs')" 'Fatal Python error: Segmentation fault; 2 of 4 selected tests reported'
printf '.FFatal Python error: Aborted\n\nCurrent thread 0x1 (most recent call first):\n  File "/w/a.py", line 7 in t\n' >"$T/in"
form died-quiet crashed 'failed 1;passed 1;' <"$T/in"
{
	head_of 'collected 3 items'
	printf 'test_a.py .+++++++++++++++++++++++++++++++++++ Timeout +++++++++++++++++++++++++++++++++++\n'
	printf '~~~~~~~~~~~~~~~~ Stack of MainThread (1) ~~~~~~~~~~~~~~~~\n  File "/w/test_a.py", line 7, in test_hangs\n'
} >"$T/in"
form died-time-out crashed 'passed 1;' <"$T/in"
of_worker() {	# of_worker LINE: pytest-xdist, where a worker died behind this line
	head_of 'created: 2/2 workers' '2 workers [4 items]'
	printf '%sFatal Python error: Segmentation fault\n\nCurrent thread 0x1 (most recent call first):\n' "$1"
	echo '  File "/w/test_a.py", line 7 in test_die'
	echo '[gw1] node down: Not properly terminated'
	cat
	sep '=' FAILURES
	sep _ test_a.py
	printf "[gw1] linux -- Python 3.11.2 /usr/bin/python3\nworker 'gw1' crashed while running 'test_a.py::test_die'\n"
	sep '=' 'short test summary info'
	echo 'FAILED test_a.py::test_die'
	sep '=' '1 failed, 3 passed in 0.55s'
}
of_worker . <<'END' >"$T/in"
F
replacing crashed worker gw1
..                                                                       [100%]
END
form worker-letters complete 'failed 1;passed 3;' <"$T/in"
is 'worker-letters: counts' "$(sql 'select reconciled from runs')" yes
of_worker '[gw0] [ 25%] PASSED test_a.py::test_one ' <<'END' >"$T/in"
[gw1] [ 50%] FAILED test_a.py::test_die 
replacing crashed worker gw1
[gw0] [ 75%] PASSED test_a.py::test_two 
[gw0] [100%] PASSED test_a.py::test_three 
END
form worker-rows complete 'failed 1;passed 3;' <"$T/in"
is 'worker-rows: the id ends where the other process begins' "$(sql "select count(*) from tests where nodeid = 'test_a.py::test_one'")" 1

# ---- -q with too few tests for a share of the run: letters alone, proved by the final line ----
quiet() {	# quiet LETTERS FINAL
	echo "$1"
	sep '=' FAILURES
	sep _ test_two
	printf '\n>   assert 0\nE   assert 0\n\ntest_a.py:3: AssertionError\n'
	sep '=' 'short test summary info'
	echo 'FAILED test_a.py::test_two - assert 0'
	sep ! KeyboardInterrupt
	echo "$2"
}
quiet .F. '1 failed, 2 passed in 0.10s' >"$T/in"
form quiet-letters stopped 'failed 1;passed 2;' <"$T/in"
is 'quiet-letters: counts' "$(sql 'select reconciled from runs')" yes
# dots that somebody left for what he cut out are no tests
quiet ... '1 failed, 7 passed in 0.10s' >"$T/in"
form quiet-dots stopped 'failed 1;' <"$T/in"
printf '...\n7 passed in 0.10s\n' >"$T/in"
form dots truncated '' <"$T/in"

# ---- nothing ran, and files were skipped whole beside errors of collection ----
{
	head_of 'collected 1 item / 1 error / 1 skipped'
	sep '=' ERRORS
	sep _ 'ERROR collecting test_bad.py'
	printf "ImportError while importing test module '/w/test_bad.py'.\ntest_bad.py:1: in <module>\n    import shop\nE   ModuleNotFoundError: No module named 'shop'\n"
	sep '=' 'short test summary info'
	echo 'ERROR test_bad.py'
	sep ! 'Interrupted: 1 error during collection'
	sep '=' '1 skipped, 1 error in 0.15s'
} >"$T/in"
form not-collected 'not run' 'error 1;' <"$T/in"
is 'not-collected: why' "$(sql 'select state_why from runs')" '1 error during collection, no test ran'
{
	head_of 'collected 0 items / 2 skipped'
	sep '=' '2 skipped in 0.01s'
} >"$T/in"
form skipped-whole 'not run' '' <"$T/in"
is 'skipped-whole: why' "$(sql 'select state_why from runs')" 'no test was collected, 2 files were skipped'
junit_of() {	# junit_of COUNTS CASE...
	printf '<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" %s time="0.03">' "$1"
	shift
	printf '<testcase classname="" name="a.test_%s" time="0.000">%s</testcase>' "$@"
	echo '</testsuite></testsuites>'
}
skip='<skipped message="collection skipped">(&apos;/w/test_a.py&apos;, 1, &apos;Skipped: all&apos;)</skipped>'
junit_of 'errors="1" failures="0" skipped="1" tests="2"' bad '<error message="collection failure">E   ValueError: x</error>' a "$skip" >"$T/in"
form xml-not-collected 'not run' 'error 1;skipped 1;' <"$T/in"
junit_of 'errors="0" failures="0" skipped="1" tests="1"' a "$skip" >"$T/in"
form xml-skipped-whole 'not run' 'skipped 1;' <"$T/in"
is 'xml-skipped-whole: why' "$(sql 'select state_why from runs')" 'no test was collected, 1 file was skipped'
printf 'ERROR: usage: __main__.py [options] [file_or_dir] [file_or_dir] [...]\n__main__.py: error: unrecognized arguments: --count=2\n' >"$T/in"
form usage 'not run' '' <"$T/in"

# ---- the log of a step of GitHub: a time before each line, and the name of the step is its command ----
{
	echo '##[group]Run pytest -v tests'
	echo '##[endgroup]'
	head_of 'collected 1 item'
	echo 'tests/test_a.py::test_one PASSED                                         [100%]'
	echo
	sep '=' '1 passed in 0.01s'
} | sed 's/^/2026-11-28T09:00:00.1234567Z /' >"$T/in"
form step complete 'passed 1;' <"$T/in"
is 'step: command' "$(sql 'select command from runs')" 'pytest -v tests'

# ---- how a process ends behind its final line ----
ends() {	# ends NAME LINE CODE: all tests passed, and then this line
	{
		head_of 'collected 1 item'
		echo 'test_a.py .                                                              [100%]'
		echo
		sep '=' '1 passed in 0.01s'
		echo "$2"
	} >"$T/in"
	form "$1" complete 'passed 1;' <"$T/in"
	is "$1: exit code" "$(sql 'select exit_code from runs')" "$3"
	nt runs >"$T/runs" 2>"$T/err" || :
	case $3 in
	'') lacks "$1: it is a pass" "$T/runs" 'not a pass' ;;
	*) has "$1: it is no pass" "$T/runs" 'not a pass' ;;
	esac
}
ends ends-segv 'Segmentation fault (core dumped)' 139
ends ends-killed 'ci.sh: line 3:   912 Killed                  python -m pytest -v' 137
ends ends-other 'ci.sh: line 4:   913 Killed                  ./server --port 80' ''
ends ends-make 'make: *** [Makefile:3: test] Error 1' 1
ends ends-ignored 'make: [Makefile:3: test] Error 1 (ignored)' ''

# ---- several sessions in one file ----
cat "$T/printed-end.log" "$T/killed.log" "$T/tree.log" >"$T/in"
form several 'complete;crashed;not run' 'error 1;failed 1;not run 3;passed 2;' <"$T/in"

# ---- R28: a wrapper that counts otherwise ----
{
	cat "$T/glued.log"
	cat <<'END'
Total Tests: 4
Passed: 3
Failed: 1
Exit code: 1
END
} >"$T/in"
form wrapper complete 'error 1;failed 1;passed 2;' <"$T/in"
is 'wrapper: both totals' "$(sql 'select wrapper_why from runs')" 'it says 4 total, 3 passed, 1 failed; the run has 3 passed, 1 failed, 1 error'
has 'wrapper: it is told at once' "$T/err" 'it says 4 total'
end
