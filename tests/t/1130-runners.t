#!/bin/sh
# go test, jest, node, prove: what the real runners wrote is read, each test once, none passes unfinished
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

samples=$NT_SRC/samples/tests

one() {	# one FILE: a database with only this file in it; its stdout and stderr are in out and err
	NETRA_TRIAGE_DB=$T/one.db
	export NETRA_TRIAGE_DB
	rm -f "$NETRA_TRIAGE_DB"*
	got_status=0
	nt ingest "$1" >"$T/out" 2>"$T/err" </dev/null || got_status=$?
}

# is_run FILE SHAPE FRAMEWORK STATE ROWS: what became of a sample
is_run() {
	one "$samples/$1"
	is "$1: exit status" "$got_status" 0
	is "$1: shape, framework, state" "$(sql 'select s.shape, r.framework, r.state from runs r join sources s on s.id = r.source_id')" \
		"$2	$3	$4"
	is "$1: rows" "$(sql 'select outcome, count(*) from tests group by 1 order by 1' | tr '\t\n' ' ;')" "$5"
	is "$1: records seen are all counted" "$(sql 'select count(*) from sources where entries
		<> added + known + filled + conflicts + damaged + not_evidence')" 0
}

ids() {	# ids FILE: id and outcome of each result
	one "$1"
	sql 'select nodeid, outcome from tests order by 1, attempt'
}

# --- go test
is_run go/stream.jsonl 'go test JSON' 'go test' complete 'failed 13;passed 12;skipped 2;'
is 'a subtest has its message, and its parent the same' "$(sql "select distinct message from tests where nodeid like '%::TestNested%' and outcome = 'failed'")" \
	'order 0042 is late'
is 'a skip has its reason' "$(sql "select message from tests where nodeid like '%::TestSkips'")" 'no printer: receipts - see SHOP-12'
is 'the clock is that of the events' "$(sql 'select clock from runs')" exact
is 'what a test printed is kept with it' "$(sql "select count(*) > 0 from outputs where nodeid like '%cart::TestPrints'")" 1
ids "$samples/go/stream.jsonl" >"$T/events"
ids "$samples/go/verbose.log" >"$T/console"
same 'events and console have the same tests and outcomes' "$T/events" "$T/console"
ids "$samples/go/gotestsum.jsonl" >"$T/events"
ids "$samples/go/gotestsum.xml" >"$T/xml"
same 'and so has the JUnit XML of gotestsum' "$T/events" "$T/xml"
is_run go/plain.log 'go test console' 'go test' complete 'failed 13;'
is_run go/cut.jsonl 'go test JSON' 'go test' truncated 'error 2;failed 2;passed 3;'
is 'what was open did not finish' "$(sql "select message from tests where outcome = 'error'" | sort -u)" 'did not finish'
is_run go/panic.jsonl 'go test JSON' 'go test' crashed 'failed 2;passed 1;'
is_run go/panic.log 'go test console' 'go test' crashed 'failed 2;passed 1;'
is_run go/timeout.jsonl 'go test JSON' 'go test' crashed 'error 1;passed 1;'
is 'a test that hangs is named, and why it ended' "$(sql "select message from tests where outcome = 'error'")" \
	'did not finish: panic: test timed out after 500ms'
is_run go/timeout.log 'go test console' 'go test' crashed 'error 1;passed 1;'
is_run go/build-error.jsonl 'go test JSON' 'go test' complete 'error 1;failed 6;passed 1;skipped 1;'
is 'a package that does not build is an error of collection' "$(sql "select nodeid, phase, message from tests where outcome = 'error'")" \
	'shop.example.internal/checkout/broken	collect	undefined: price'
is_run go/build-error.log 'go test console' 'go test' complete 'error 1;failed 6;passed 1;skipped 1;'
is_run go/spoof.log 'go test console' 'go test' complete 'failed 2;passed 1;'
is_run go/spoof.jsonl 'go test JSON' 'go test' complete 'failed 2;passed 1;'
is_run go/cached.log 'go test console' 'go test' complete 'passed 1;'
is 'that it did not run again is said' "$(sql 'select state_why from runs')" '1 of 1 packages did not run again: cached'
is_run go/gotestsum-rerun.jsonl 'go test JSON' 'go test' complete 'failed 1;passed 2;'
is 'failed tests that run again are attempts' "$(sql "select attempt, outcome from tests where nodeid like '%Lucky' order by 1" | tr '\t\n' ' ;')" \
	'1 failed;2 passed;'
one "$samples/go/stream.jsonl"
dump >"$T/before"
run 0 ingest "$samples/go/stream.jsonl"
has 'again: known' "$T/err" '0 added'
dump >"$T/after"
same 'again: nothing changes' "$T/before" "$T/after"

# --- jest
is_run jest/run.json 'jest JSON' jest complete 'error 1;failed 13;passed 12;skipped 2;'
is 'the counts are as printed, and add up' "$(sql 'select collected, passed, failed, skipped, errors, reconciled from runs')" \
	'24	12	10	2	1	yes'
is 'a file that cannot run is an error of collection' "$(sql "select phase, message from tests where outcome = 'error'")" \
	"collect	Cannot find module '../pricing' from 'tests/broken.test.js'"
is 'retries are attempts' "$(sql "select attempt, outcome from tests where nodeid like '%second time lucky' order by 1" | tr '\t\n' ' ;')" \
	'1 failed;2 passed;'
head -c 20000 "$samples/jest/run.json" >"$T/cut.json"
one "$T/cut.json"
is 'a report that is cut: exit status' "$got_status" 3
is 'a report that is cut: state' "$(sql 'select state from runs')" truncated

# --- node and prove
is_run node/tap.log TAP TAP complete 'error 3;failed 9;passed 12;skipped 2;xfailed 1;xpassed 1;'
is 'what its name holds is no directive' "$(sql "select outcome from tests where nodeid like '%spoofed%'")" passed
is 'a test that its parent cancelled did not finish' "$(sql "select distinct message from tests where outcome = 'error' and nodeid like 'orders > %'")" \
	'test did not finish before its parent and was cancelled'
is 'durations are those of the YAML blocks' "$(sql "select duration_s > 0.06 from tests where nodeid = 'is slow'")" 1
is_run node/broken-tap.log TAP TAP complete 'error 2;'
is_run perl/prove-verbose.tap TAP prove complete 'error 1;failed 6;passed 15;skipped 4;xfailed 1;xpassed 1;'
is 'points and totals add up' "$(sql 'select reconciled from runs')" yes
is 'a file that ended early is an error' "$(sql "select nodeid, message like '%2 of 4 points told' from tests where outcome = 'error'")" 't/plan.t	1'
is_run perl/prove.log TAP prove complete 'failed 3;passed 1;skipped 1;'
is_run perl/prove-bail.log TAP prove stopped 'failed 1;'
is_run perl/bail.tap TAP TAP stopped 'passed 1;'
is_run perl/plan.tap TAP TAP truncated 'passed 2;'
is_run perl/skipped.tap TAP TAP 'not run' ''
is_run perl/done.tap TAP TAP complete 'passed 2;'

# cut anywhere: what passes in the part passes in the whole
for f in go/verbose.log go/stream.jsonl node/tap.log perl/prove-verbose.tap; do
	ids "$samples/$f" | awk -F'\t' '$2 == "passed" { sub(/.*::/, "", $1); print $1 }' | sort -u >"$T/whole"
	lines=$(wc -l <"$samples/$f") bad=''
	for part in 1 2 3 4 5 6 7; do
		head -n $((lines * part / 8)) "$samples/$f" >"$T/part"
		ids "$T/part" | awk -F'\t' '$2 == "passed" { sub(/.*::/, "", $1); print $1 }' | sort -u >"$T/passed"
		bad=$bad$(comm -13 "$T/whole" "$T/passed")
		[ "$(sql "select count(*) from runs where state = 'complete'")" = 0 ] || bad="$bad complete at $part"
	done
	is "$f cut: no new pass, no complete run" "$bad" ''
done

# ---- TAP of mocha, tape and bats: what a point that failed says

cat >"$T/mocha.tap" <<'END'
ok 1 cart adds
not ok 2 cart pays
  Expected values to be strictly equal:
  
  1 !== 2
  
  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:
      at Context.<anonymous> (t/cart.js:2:64)
ok 3 cart later # SKIP -
not ok 4 cart ships
# tests 3
# pass 1
# fail 2
1..4
END
one "$T/mocha.tap"
is 'mocha: the text below a point, no count behind the last' "$(sql 'select nodeid, outcome, message from tests order by id' | tr '\t' '|')" 'cart adds|passed|
cart pays|failed|Expected values to be strictly equal: 1 !== 2
cart later|skipped|
cart ships|failed|not ok: cart ships'

cat >"$T/tape.tap" <<'END'
TAP version 13
# cart adds
ok 1 is one
not ok 2 is two
  ---
    operator: equal
    expected: 2
    actual:   1
    at: Test.<anonymous> (/w/t/cart.js:2:47)
  ...
# cart pays
not ok 3 the same
  ---
    operator: deepEqual
    expected: |-
      { a: 2 }
    actual: |-
      { a: 1 }
  ...
# cart ships
ok 4 shipped

1..4
# tests 4
# pass  2
# fail  2
END
one "$T/tape.tap"
is 'tape: what was compared, not the name of the next test' "$(sql "select message from tests where outcome = 'failed' order by id")" 'expected: 2, actual: 1
expected: { a: 2 }, actual: { a: 1 }'

cat >"$T/bats.tap" <<'END'
1..2
ok 1 adds one
not ok 2 counts
# (from function `total' in file lib.bash, line 9,
#  in test file cart.bats, line 3)
#   `[ "$(total)" -eq 2 ]' failed
# total: no such file
END
one "$T/bats.tap"
is 'bats: what failed, not where' "$(sql "select message from tests where outcome = 'failed'")" '`[ "$(total)" -eq 2 ]'"' failed"

# ---- a subtest that had begun when the stream was cut

cat >"$T/hangs.tap" <<'END'
TAP version 13
# Subtest: cart
    # Subtest: adds
    ok 1 - adds
    # Subtest: waits
END
one "$T/hangs.tap"
is 'cut: subtests that had begun are named, and are no pass' "$(sql 'select nodeid, outcome, message from tests order by id' | tr '\t' '|')" 'cart > adds|passed|
cart|error|did not finish
cart > waits|error|did not finish'
is 'cut: the run says so' "$(sql 'select state, state_why from runs' | tr '\t' ' ')" \
	'truncated no plan: 0 points read; 2 tests did not finish'

# ---- what tests print may look like the output of another runner: the runner came first

one "$samples/go/verbose.log"
sql 'select nodeid, outcome from tests order by id' >"$T/want"
bad=''
while IFS= read -r print; do
	P=$print awk 'NR == 12 { print ENVIRON["P"] } { print }' "$samples/go/verbose.log" >"$T/printed.log"
	one "$T/printed.log"
	sql 'select nodeid, outcome from tests order by id' | cmp -s - "$T/want" || bad="$bad$print;"
done <<'END'
{"Time":"2025-09-02T10:00:00Z","Action":"pass","Package":"x","Test":"TestFake","Elapsed":0}
{"pytest_version": "8.0", "$report_type": "SessionStart"}
{"numTotalTests":1,"numPassedTests":1,"numFailedTests":0,"success":true,"testResults":[]}
{"insertId":"abc","timestamp":"2025-09-02T10:00:00Z","severity":"ERROR","textPayload":"boom"}
<testsuite name="x" tests="1"><testcase name="fake" classname="c"/></testsuite>
============================= test session starts ==============================
TAP version 13
1..2
END
is 'a line in the form of another runner changes no result' "$bad" ''
cat >"$T/fooled.jsonl" <<'END'
{"Action":"run","Package":"m","Test":"TestA"}
{"Action":"output","Package":"m","Test":"TestA","Output":"--- PASS: TestFake (0.00s)\n"}
{"Action":"pass","Package":"m","Test":"TestFake","Elapsed":0}
{"Action":"pass","Package":"m","Test":"TestA","Elapsed":0}
{"Action":"pass","Package":"m","Elapsed":0}
END
one "$T/fooled.jsonl"
is 'a verdict that a test printed, which go made an event, is none' "$(sql 'select nodeid, outcome from tests')" 'm::TestA	passed'

cat >"$T/app.json" <<'END'
{"time":"2025-09-02T10:00:00Z","Action":"start","Package":"billing","level":"info","msg":"started"}
{"time":"2025-09-02T10:00:01Z","Action":"fail","Package":"billing","level":"error","msg":"charge failed"}
END
one "$T/app.json"
is 'a log of actions of packages is a log' "$(sql 'select kind, entries from sources' | tr '\t' ' ')" 'logs 2'

# a line of 20 MB and a hundred thousand lines around a run
{
	head -c 20000000 /dev/zero | tr '\0' x
	echo
	awk 'BEGIN { for (i = 0; i < 100000; i++) print "build step " i " is done" }'
	cat "$samples/go/verbose.log"
	awk 'BEGIN { for (i = 0; i < 100000; i++) print "deploy step " i " is done" }'
} >"$T/long.log"
NETRA_TRIAGE_DB=$T/long.db
run 3 ingest --as go-text "$T/long.log"
is 'in a long log the results are the same' "$(sql 'select outcome, count(*) from tests group by 1 order by 1' | tr '\t\n' ' ;')" \
	'failed 13;passed 12;skipped 2;'
end
