#!/bin/sh
# real evidence: one suite in the many forms of pytest's console; NETRA_TRIAGE_CORPUS names its folder
#
# What is right comes from elsewhere: the results from pytest's own log of the same suite, read by
# tests/lib/pytest_truth.py; counts and exit codes from the last lines of each form, read by sed.
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

[ -n "${NETRA_TRIAGE_CORPUS:-}" ] || skip_all 'NETRA_TRIAGE_CORPUS is not set'
forms=$NETRA_TRIAGE_CORPUS/pytest-forms tests=$NETRA_TRIAGE_CORPUS/tests
python=$(command -v python3 || :)

one() {	# one FILE [OPTION]: a database with only this file in it
	NETRA_TRIAGE_DB=$T/$(basename "$1").db
	export NETRA_TRIAGE_DB
	rm -f "$NETRA_TRIAGE_DB"*
	# shellcheck disable=SC2086
	nt ingest ${2:-} "$1" >"$T/out" 2>"$T/err" </dev/null || :
}

row() {	# row STATEMENT: all on one line
	sql "$1" | tr '\t\n' ' ;'
}

# printed FORM WORD: how many of them its final line counts
printed() {
	n=$(sed "s/$(printf '\033')\[[0-9;]*m//g" "$1" | grep -aE '(^|[ =])[0-9]+ [a-z ]+ in [0-9.]+s' | tail -n 1 | grep -oE "[0-9]+ $2s?( |,|\$)" | head -n 1 | grep -oE '^[0-9]+')
	echo "${n:-0}"
}

# ---- every form: exit code, counts as printed, and never a pass beyond them ----
for form in "$forms"/*.txt; do
	name=$(basename "$form" .txt)
	[ "$name" != go_v ] || continue
	one "$form"
	is "$name: one run, read as pytest" "$(row "select count(*), min(framework like 'pytest%') from runs")" '1 1;'
	is "$name: exit code" "$(sql 'select exit_code from runs')" "$(sed -n 's/^EXIT=//p' "$form" | tail -n 1)"
	case $(sql 'select state from runs') in
	complete | stopped)
		want=
		for word in passed failed error skipped xfailed xpassed; do want="$want $(printed "$form" "$word")"; done
		is "$name: counts as printed" " $(sql 'select passed, failed, errors, skipped, xfailed, xpassed from runs' | tr '\t' ' ')" "$want"
		;;
	esac
	case $name in
	qq | segv | timeout_thread) ;;	# without a final line
	*) is "$name: no more passes than printed" \
		"$(sql "select count(*) <= $(printed "$form" passed) from tests where outcome = 'passed'")" 1 ;;
	esac
	is "$name: every record is accounted for" "$(sql 'select count(*) from sources where entries <>
		added + known + filled + conflicts + damaged + not_evidence')" 0
	is "$name: nothing that a test printed is a result" "$(sql "select count(*) from tests where nodeid like '%fake.py%'")" 0
done

# ---- the results, against pytest's own log ----
# truth FORM TESTS NAMED UNNAMED [more]
truth() {
	if [ -z "$python" ]; then
		skip "$1: results" 'python3 is missing'
		return
	fi
	one "$forms/$1.txt"
	sql "select nodeid, outcome, phase, message from tests where phase is not 'collect'" |
		"$python" "$NT_SRC/tests/lib/pytest_truth.py" "$forms/log.jsonl" "$forms/$1.txt" "$2" "${5:-}" >"$T/truth"
	is "$1: results" "$(head -n 1 "$T/truth")" "$3 named, $4 unnamed, 0 wrong"
	grep '^#' "$T/truth" || :
}
truth s_v 43 43 0
truth logcli 43 43 0
truth color 43 43 0
truth vv 43 43 0
truth v 45 45 0 more
truth xdist_v 45 45 0 more
truth dur0 43 43 0	# letters, but the list of durations has all names
# letters: those that failed have names, the short list of -rA names all but skips
truth rA 43 39 4
truth dur 43 32 11
truth tbshort 43 32 11
truth tbline 43 32 11
truth tblong_l 43 32 11
truth tbnative 43 32 11
truth xdist 43 32 11
truth q 45 33 12 more
truth collerr_cont 45 33 12 more

# letters with printed text between them cannot be told from it: those that failed are all named
one "$forms/s.txt"
is 's: what failed' "$(row "select outcome, count(*) from tests group by 1 order by 1")" 'error 4;failed 28;'
is 's: nothing that cannot be told is a result' "$(sql "select count(*) from tests where outcome not in ('error', 'failed')")" 0
is 's: that is why counts differ' "$(sql 'select state, reconciled from runs')" 'complete	explained'

# -qq prints no totals and no final line: it is no complete run, but all that failed is named
one "$forms/qq.txt"
is 'qq: state' "$(sql 'select state from runs')" truncated
is 'qq: named' "$(row "select outcome, count(*) from tests where nodeid like '%::%' group by 1 order by 1")" 'error 4;failed 28;'

# ---- state, and why ----
# state FORM STATE WHY ROWS
state() {
	one "$forms/$1.txt"
	is "$1: state" "$(row 'select state, state_why from runs')" "$2 $3;"
	is "$1: rows" "$(row "select outcome, count(*) from tests group by 1 order by 1")" "$4"
}
for form in classic count times norandom lf timeout_signal setupshow desel; do
	state $form complete '' 'failed 1;passed 1;'
done
state lf2 complete '' 'failed 1;'
state maxfail stopped 'stopped after 1 failure: 2 of 43 ran' 'failed 1;passed 1;'
state exit stopped '_pytest.outcomes.Exit: server down: 1 of 2 ran' 'passed 1;'
state kbd stopped 'KeyboardInterrupt: 1 of 2 ran' 'passed 1;'
state collerr 'not run' '2 errors during collection, no test ran' 'error 2;'
state notests 'not run' 'all collected tests were deselected' ''
state nofile 'not run' 'no tests ran: ERROR: file or directory not found: nosuch.py' ''
state nonode 'not run' 'no tests ran: ERROR: not found: /home/ci/projects/proj/tests/sub/test_sub.py::nope' ''
state badconf 'not run' "ImportError while loading conftest '/home/ci/projects/proj/badconf/conftest.py'." ''
state usage 'not run' 'ERROR: usage: python -m pytest [options] [file_or_dir] [file_or_dir] [...]' ''
state collonly 'not run' 'tests were collected only' 'not run 2;'
state collonlyq 'not run' 'tests were collected only' 'not run 2;'
for form in collonly collonlyq; do
	one "$forms/$form.txt"
	is "$form: what was collected" "$(row 'select nodeid from tests order by 1')" \
		'tests/sub/test_sub.py::test_in_sub;tests/sub/test_sub.py::test_in_sub_fail;'
done
state internal crashed 'internal error of pytest: RuntimeError: boom in hook; 0 of 1 selected tests reported' ''
state segv crashed 'Fatal Python error: Segmentation fault while other/test_crash.py::test_segv ran; 1 of 3 selected tests reported' 'error 1;passed 1;'
is 'segv: the test that ran is named, and is no pass' "$(row "select nodeid, phase, message from tests where outcome = 'error'")" \
	'other/test_crash.py::test_segv call the process died while it ran: Segmentation fault;'
state timeout_thread crashed 'time-out that ended the process while other/test_to.py::test_hang ran; 0 of 2 selected tests reported' 'error 1;'
is 'timeout_thread: the test that hung is named' "$(row 'select nodeid, outcome from tests')" 'other/test_to.py::test_hang error;'
state segv_xdist complete '' 'failed 1;passed 2;'
is 'segv_xdist: who crashed, and where' "$(row "select nodeid, worker, message from tests where outcome = 'failed'")" \
	"other/test_crash.py::test_segv gw0 worker 'gw0' crashed while running 'other/test_crash.py::test_segv';"
one "$forms/timeout_signal.txt"
is 'timeout_signal: the message' "$(sql "select nodeid, message from tests where outcome = 'failed'")" \
	'other/test_to.py::test_hang	Failed: Timeout (>0.3s) from pytest-timeout.'

# ---- attempts, collection, captured output, times ----
for form in rerun rerun_v; do
	one "$forms/$form.txt"
	is "$form: attempts" "$(row "select attempt, outcome from tests where message <> '' or nodeid like '%#1' or nodeid like '%flaky' order by nodeid not like '%flaky' and nodeid not like '%#1', attempt")" \
		'1 failed;2 failed;3 passed;1 failed;2 failed;'
done
is 'rerun_v: by name' "$(row 'select nodeid, attempt, outcome from tests order by line, attempt')" \
	'other/test_rerun.py::test_flaky 1 failed;other/test_rerun.py::test_flaky 2 failed;other/test_rerun.py::test_flaky 3 passed;other/test_rerun.py::test_always 1 failed;other/test_rerun.py::test_always 2 failed;other/test_rerun.py::test_ok 1 passed;'
for form in collerr collerr_cont; do
	one "$forms/$form.txt"
	is "$form: errors of collection" "$(row "select nodeid, outcome, message from tests where phase = 'collect' order by 1")" \
		"tests/test_collect_err.py error ModuleNotFoundError: No module named 'nosuchmodule';tests/test_syntax.py error SyntaxError: invalid syntax;"
done
one "$forms/v.txt"
is 'v: captured output by section' "$(row "select section from outputs where nodeid like '%test_capture' order by line")" \
	'Captured stdout call;Captured stderr call;Captured log call;'
is 'v: a spoofed summary is what was printed' "$(sql "select count(*) from outputs where nodeid like '%test_capture' and text like '%=== 3 failed, 2 passed in 1.00s ===%'")" 1
is 'v: parameters hold anything' "$(row "select params from tests where nodeid like '%test_param[%' order by line")" \
	"$(printf '%s;' 'a b' 'x[y]z' 'na\\xefve' 'p::q' 'a - b' '100%' 'C:\\\\dir' '' 'FAILED' 'nl\\nx' 'tab\\t' '\\u65e5\\u672c\\u8a9e' '[gw0]')"
is 'v: suites' "$(row "select suite from tests where suite <> '' order by line")" 'TestCls;TestCls::TestNested;UT;UT;'
is 'v: a failed subtest fails its test' "$(row "select nodeid, outcome from tests where nodeid like '%test_sub' or nodeid like '%test_subtests' order by line")" \
	'tests/test_shapes.py::UT::test_sub failed;tests/test_shapes.py::test_subtests failed;'
one "$forms/times.txt"
is 'times: durations of rows' "$(row 'select duration_s, duration_from from tests order by line')" '0.0004051 row;0.001324 row;'
one "$forms/dur0.txt"
is 'dur0: durations of the table' "$(row "select duration_s, duration_from, call_s from tests where nodeid like '%test_slow'")" '0.02 table 0.02;'
is 'dur0: printed as 0.00s is no duration' "$(sql "select count(*) from tests where duration_s = 0 and duration_note not like 'printed as 0.00s%'")" 0
one "$forms/xdist_v.txt"
is 'xdist_v: who ran it' "$(row "select count(*), min(worker like 'gw_') from tests")" '45 1;'

# ---- the facts of tests/ ----
# fact FILE STATE ROWS COUNTS
fact() {
	one "$tests/$1"
	is "$1: state" "$(sql 'select state from runs')" "$2"
	is "$1: rows" "$(row 'select outcome, count(*) from tests group by 1 order by 1')" "$3"
	is "$1: collected, deselected, selected, passed, failed, warnings, duration" \
		"$(sql 'select collected, deselected, selected, passed, failed, warnings, duration_s from runs' | tr '\t' ' ')" "$4"
}
fact pytest-verbose-captured.log complete 'failed 3;passed 77;' '80  80 77 3 19 86.51'
fact pytest-dots-prints.txt complete 'failed 74;passed 4;' '78  78 4 74 29 22.41'
fact pytest-xdist.txt stopped 'failed 1;passed 409;skipped 19;' '2221  2221 409 1 0 28.27'
is 'xdist: 4 workers, exit code 2, 1792 not run' "$(row 'select count(distinct worker), (select exit_code from runs), (select selected from runs) - count(*) from tests')" '4 2 1792;'
fact pytest-ansi-interleaved.log stopped 'error 2;failed 8;passed 50;' '248 33 215    '
is 'interleaved: errors are of setup, 155 not run' "$(row "select sum(outcome = 'error' and phase = 'setup'), (select selected from runs) - count(*) from tests")" '2 155;'
is 'interleaved: exit code of the wrapper' "$(sql 'select exit_code from runs')" 1
is 'interleaved: no colour is left' "$(sql "select count(*) from tests where instr(nodeid || ifnull(message, ''), char(27))")" 0
fact pytest-suspect-pass.txt complete 'passed 5;' '5  5 5 0 11 0.25'
is 'suspect-pass: the header contradicts the passes' "$(nt tests --suspicious -o tsv 2>/dev/null | grep -c 'contradicted: passed, while its run says Infrastructure Status: UNAVAILABLE')" 5
fact pytest-no-tests-ran.txt 'not run' '' '0  0 0 0 0 0.02'
fact pytest-crashed.txt crashed '' '58  58 0 0 6 26.91'
one "$tests/pytest-truncated.log" '--as pytest'
is 'truncated: six lines, no session, no result' "$(row 'select state, (select count(*) from tests) from runs')" 'not run 0;'
fact same-run.txt stopped 'error 3;failed 7;passed 51;' '248 33 215    '
is 'same-run: errors are of setup, 154 not run' "$(row "select sum(outcome = 'error' and phase = 'setup'), (select selected from runs) - count(*) from tests")" '3 154;'
is 'same-run: the wrapper drops the errors' "$(sql 'select wrapper_why from runs')" 'it says 61 total, 51 passed, 7 failed, 0 skipped; the run has 51 passed, 7 failed, 3 errors'
end
