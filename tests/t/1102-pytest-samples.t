#!/bin/sh
# samples made by pytest itself: each form of its console against its own log of the same suite
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

samples=$NT_SRC/samples/tests
python=$(command -v python3 || :)
[ -n "$python" ] || skip_all 'python3 is missing'
cat "$samples/pytest/one-cart.jsonl" "$samples/pytest/one-run.jsonl" >"$T/main.jsonl"

row() {	# row STATEMENT: all on one line
	sql "$1" | tr '\t\n' ' ;'
}

one() {	# one FILE: a database with only this sample in it
	NETRA_TRIAGE_DB=$T/$(basename "$(dirname "$1")")-$(basename "$1").db
	export NETRA_TRIAGE_DB
	[ -f "$NETRA_TRIAGE_DB" ] || nt ingest "$samples/$1" >"$T/out" 2>"$T/err" </dev/null || :
}

# truth FILE LOG TESTS NAMED UNNAMED WRONG: WRONG are messages that this version words differently
truth() {
	one "$1"
	sql "select nodeid, outcome, phase, message from tests where phase is not 'collect'" |
		"$python" "$NT_SRC/tests/lib/pytest_truth.py" "$2" "$samples/$1" "$3" >"$T/truth"
	is "$1: results" "$(head -n 1 "$T/truth")" "$4 named, $5 unnamed, $6 wrong"
	[ "$6" -gt 0 ] || grep '^#' "$T/truth" || :
	is "$1: wrong are at most messages" "$(grep '^#' "$T/truth" | grep -vc ': message ')" 0
	is "$1: state" "$(sql 'select state from runs')" complete
}
for form in verbose printed xdist ci terminal; do
	truth pytest/$form.log "$T/main.jsonl" 38 38 0 0
done
for form in letters quiet xdist-letters count; do
	truth pytest/$form.log "$T/main.jsonl" 38 18 20 0
done
truth pytest/short.log "$T/main.jsonl" 38 34 4 0
# pytest 7 puts the keys of a dictionary in another order
for form in verbose xdist-verbose; do
	truth pytest7/$form.log "$T/main.jsonl" 38 38 0 1
done
for form in letters xdist; do
	truth pytest7/$form.log "$T/main.jsonl" 38 18 20 1
done
truth pytest/times.log "$samples/pytest/one-cart.jsonl" 21 21 0 0
truth pytest/vv.log "$samples/pytest/one-cart.jsonl" 21 21 0 2	# -vv cuts no message
truth pytest/one-cart.log "$samples/pytest/one-cart.jsonl" 21 6 15 0
truth pytest/one-run.log "$samples/pytest/one-run.jsonl" 17 17 0 0

# state FILE STATE ROWS
state() {
	one "pytest/$1.log"
	is "$1: state" "$(sql 'select state from runs')" "$2"
	is "$1: rows" "$(row 'select outcome, count(*) from tests group by 1 order by 1')" "$3"
}
state setup-show complete 'error 4;failed 6;passed 3;'
state selected complete 'passed 3;skipped 1;'
state stop-first stopped 'failed 1;passed 1;'
state max-fail stopped 'failed 3;passed 4;'
state collect-error 'not run' 'error 2;'
state collect-only 'not run' 'not run 38;'
state none-selected 'not run' ''
state no-file 'not run' ''
state usage-error 'not run' ''
state timeout-signal complete 'failed 1;passed 2;'
state segfault-xdist complete 'failed 1;passed 2;'
state doctest complete 'failed 1;'
state live-log complete 'failed 1;passed 1;'

# who ran when the process died or was stopped: FILE NAME STATE ROWS
open() {
	state "$1" "$3" "$4"
	is "$1: the test that did not finish is named" "$(sql "select instr(state_why, '$2') > 0 from runs")" 1
	is "$1: and is no pass" "$(sql "select count(*) from tests where nodeid like '%$2' and outcome <> 'error'")" 0
}
open timeout-thread test_waits_for_stock crashed 'error 1;passed 1;'
open segfault test_native_code crashed 'error 1;passed 1;'
open killed test_is_killed crashed 'error 1;failed 1;passed 3;'
open interrupt test_is_stopped_by_hand stopped 'failed 1;passed 1;'
open exit test_gives_up stopped 'passed 1;'
state killed-letters crashed 'failed 1;passed 3;'
state internal-error crashed 'passed 2;'

# attempts
one pytest/reruns.log
is 'reruns: attempts' "$(row "select outcome, count(*) from tests group by 1 order by 1")" 'failed 5;passed 2;'
is 'reruns: at the third try' "$(row "select attempt, outcome from tests where nodeid like '%third%' order by 1")" '1 failed;2 failed;3 passed;'
one pytest7/reruns.log
is 'reruns: the same under xdist' "$(row "select attempt, outcome from tests where nodeid like '%third%' order by 1")" '1 failed;2 failed;3 passed;'
end
