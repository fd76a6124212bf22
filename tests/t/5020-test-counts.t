#!/bin/sh
# worklog, runs, tests and SQL tell the same of test runs; what an ingest says of them in the end
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

samples=$NT_SRC/samples/tests
python=$(command -v python3 || :)

fresh() {	# fresh NAME: a new database
	NETRA_TRIAGE_DB=$T/$1.db
	export NETRA_TRIAGE_DB
}

# in the end an ingest says what came of the runs, and where to look
fresh failed
run 0 ingest "$samples/pytest/one-run.log"
has 'the run is told' "$T/err" 'u1  complete, 17 tests: 3 passed, 8 failed, 4 errors, 1 xfailed, 1 skipped'
has 'failures: the next command lists them' "$T/err" 'netra-triage tests  |'
fresh passed
run 0 ingest "$samples/pytest/passed.log"
has 'a pass is told' "$T/err" 'u1  complete, 2 tests: 2 passed'
has 'and no incident' "$T/err" 'no incident was found; next: netra-triage runs'
fresh none
run 0 ingest "$samples/pytest/no-file.log"
has 'what did not run is told' "$T/err" 'u1  did not run, 0 tests'
has 'and that finding nothing is no pass' "$T/err" 'no incident was found, which makes no pass of a run'
run 0 scan
has 'scan tells it too' "$T/err" 'u1  did not run, 0 tests'
fresh quoted
run 0 ingest "$samples/embedded/report.md"
has 'what is quoted is a claim' "$T/err" '2 test runs are only quoted by a document: a claim, no evidence'
run 0 runs
has 'also in the list' "$T/err" '2 runs are only quoted by a document: a claim, no evidence'
run 0 worklog --now "$NOW"
has 'and no run of the worklog' "$T/out" 'No test run is in scope.'

run 0 tests
has 'nor of tests' "$T/err" 'no test run is recorded'

# what a complete run says that it did not run is no pass
fresh left_out
cat >"$T/left.tap" <<'END'
TAP version 13
1..2
ok 1 - first
ok 2 - second
END
cat >"$T/left.xml" <<'END'
<testsuite name="x" tests="2" failures="0" disabled="1" skipped="0" hostname="h" time="1" timestamp="2025-10-02T09:14:05">
<testcase name="first" classname="first" time="0.1" status="run"/>
<testcase name="second" classname="second" time="0" status="notrun"/>
</testsuite>
END
run 0 ingest "$T/left.tap"
has 'all of it ran' "$T/err" 'no incident was found; next: netra-triage runs'
run 0 ingest "$T/left.xml"
has 'one was not run' "$T/err" '1 not run'
has 'and that is no pass' "$T/err" 'no incident was found, which makes no pass of a run'

# the console of a runner that is not read: what is, and how to get it
fresh unknown
run 3 ingest "$samples/jest/run.log"
has 'the hint names the formats of tests' "$T/err" 'of tests: JUnit XML, TAP, console and reports of pytest'
has 'and how to get one' "$T/err" 'tests as JUnit XML'

# the latest ingest holds another format of a run that was read before
fresh twins
run 0 ingest "$samples/pytest/one-cart.jsonl"
run 0 ingest "$samples/pytest/one-cart.xml"
has 'the run is told by its first id' "$T/err" 'u1  complete, 21 tests'
run 0 worklog --now "$NOW"
has 'it is the run of that ingest' "$T/out" 'the latest ingest (1 source: s2)'
lacks 'its incidents are in scope' "$T/out" 'No incident was found'
has 'where it was read is named' "$T/out" 'one-cart.jsonl:1]'
fresh other
run 0 ingest "$samples/pytest/one-cart.jsonl"
run 0 ingest "$samples/pytest/passed.log"
run 0 worklog --now "$NOW"
has 'the incidents of another run are not' "$T/out" 'No incident was found'

# the page of a source tells what its runs lack
fresh sources
run 0 ingest "$samples/pytest/killed.log" "$samples/embedded/report.md" "$samples/pytest/passed.log"
run 0 show s1
has 'a run without an end' "$T/out" '1 of 1 test run did not come to its end here, which is no pass'
lacks 'is something that is not covered' "$T/out" 'Nothing that could be told'
run 0 show s2
has 'runs that are quoted' "$T/out" '2 test runs are only quoted here: what somebody says, no evidence.'
has 'are worth no more than that' "$T/out" '**Worth:** quoted test results: a claim, no evidence'
run 0 show s3
has 'a whole run lacks nothing that can be told' "$T/out" 'Nothing that could be told'
is 'and in the list' "$(nt sources -o tsv 2>/dev/null | awk -F'\t' 'NR > 1 { print $NF }' | tr '\n' ';')" \
	'test results, of a run that did not come to its end;quoted test results: a claim, no evidence;test results;'

# a wrapper that states other totals is told where people look first (R28)
fresh wrapper
run 0 ingest "$samples/embedded/wrapper-differs.json" "$samples/embedded/wrapper.json"
run 0 runs
is 'runs: which, and both totals' "$(grep 'reports other totals' "$T/err")" \
	'u1: what ran it reports other totals: the wrapper says 17 total, 17 passed, 0 failed, 0 skipped; the output holds 17 results: 5 passed, 10 failed, 4 errors, 1 skipped'
run 0 worklog --now "$NOW"
has 'the summary names that one only' "$T/out" 'reports other totals than their own output: `u1`. What'
has 'and leaves out no outcome' "$T/out" '3 passed, 8 failed, 4 errors, 1 skipped, 1 xfailed.'

# clocks without a zone
fresh clocks
cat >"$T/one.xml" <<'END'
<testsuites><testsuite name="pytest" errors="0" failures="0" skipped="0" tests="1" time="1.0" timestamp="2025-10-02T09:14:05">
<testcase classname="tests.test_a" name="test_x" time="0.1"/></testsuite></testsuites>
END
sed 's/test_x/test_y/' "$T/one.xml" >"$T/two.xml"
run 0 ingest "$T/one.xml" "$T/two.xml"
run 0 worklog --now "$NOW"
has 'they are many' "$T/out" 'The clocks of several test runs name no zone; they were read as UTC.'
run 0 ingest --tz -07:00 "$T/two.xml"
run 0 worklog --all --now "$NOW"
has 'and of more than one zone' "$T/out" 'each was read in the zone that was given for its source, else in UTC.'

# attempts of a test are results, not tests
fresh reruns
run 0 ingest "$samples/pytest/reruns.log"
run 0 worklog --now "$NOW"
has 'four attempts of two tests' "$T/out" '**Counts:** 4 failed results'
is 'attempts before a pass are told from the rest' "$(grep -c '^| `t[0-9]*` .*failed in call, passed when it was run again' "$T/out") $(grep -c '^| `t[0-9]*` .*failed in call |' "$T/out")" '2 3'
has 'the run has a failure' "$T/out" '**Result:** complete, with failures'
fresh flaky
cat >"$T/flaky.log" <<'END'
============================= test session starts ==============================
platform linux -- Python 3.11.2, pytest-8.4.1, pluggy-1.6.0
rootdir: /w/shop
collected 1 item

tests/test_a.py::test_x RERUN                                            [100%]
tests/test_a.py::test_x PASSED                                           [100%]

========================== 1 passed, 1 rerun in 0.10s ==========================
END
run 0 ingest "$T/flaky.log"
run 0 worklog --now "$NOW"
has 'a test that failed first is no failure of the run' "$T/out" '**Result:** complete; what failed passed when it was run again'

# all samples in one database: every figure, every table
fresh all
nt ingest -q "$samples" >/dev/null 2>&1
is 'runs were read' "$(sql "select count(*) > 50 and sum(quality = 'quoted') > 0 from runs")" 1
is 'tests counts what SQL counts' "$(nt tests 2>/dev/null | awk -F'\t' 'NR > 1 { n += $2 } END { print n }')" \
	"$(sql "select count(*) from tests where outcome in ('failed', 'error') and run_id in (select id from runs where quality = 'recorded')")"
if [ -z "$python" ]; then
	skip 'figures of all samples' 'python3 is missing'
	end
fi
nt worklog --all --now "$NOW" >"$T/all.md" 2>/dev/null
nt worklog --all --now "$NOW" --facts >"$T/facts.json" 2>/dev/null
nt runs --json >"$T/runs.json" 2>/dev/null
nt query --json "select r.id, r.state, r.quality, r.collected, r.passed, r.failed, r.errors, r.skipped, r.xfailed, r.xpassed,
	(select count(*) from tests where run_id = r.id) as n from runs r order by r.id" >"$T/views.json"
nt query --json 'select run_id, outcome, count(*) as n from tests group by 1, 2' >"$T/rows.json"
nt query --json 'select run_id, outcome, count(*) as n from (select run_id, outcome, max(attempt) from tests
	group by run_id, nodeid) group by 1, 2' >"$T/last.json"
cat >"$T/check.py" <<'END'
import json, re, subprocess, sys
T, nt = sys.argv[1:]
load = lambda name: json.load(open(f"{T}/{name}.json"))["rows"]
names = ["passed", "failed", "errors", "skipped", "xfailed", "xpassed"]
outcome = {**{n: n for n in names}, "errors": "error"}
views = {r["id"]: r for r in load("views")}
rows, last = ({(r["run_id"], r["outcome"]): r["n"] for r in load(n)} for n in ("rows", "last"))
bad = []

# the command runs: tests by their last attempt; only what ended is complete
words = {"complete": "complete, ", "stopped": "stopped after ", "truncated": "cut short after ",
    "not run": "did not run, ", "crashed": "crashed after "}
for r in load("runs"):
    u = int(r["run"][1:])
    for n in names:
        if r[n] != last.get((u, outcome[n]), 0):
            bad.append(f"runs: u{u} {n} {r[n]}")
    claim = "claimed by a document, no evidence: " if views[u]["quality"] == "quoted" else ""
    if not r["result"].startswith(claim + words[views[u]["state"]]):
        bad.append(f"runs: u{u} {r['result']}")
    for text, n in re.findall(r"(\d+) (passed|failed|error|xpassed|xfailed|skipped)", r["result"]):
        if int(text) != last.get((u, n), 0):
            bad.append(f"runs: u{u} says {text} {n}")

# the worklog: a section for each recorded run, its table, its verdict
parts = re.split(r"^### Run u(\d+): .*$", open(f"{T}/all.md").read().split("\n## Incidents")[0], flags=re.M)[1:]
told = dict(zip(map(int, parts[::2]), parts[1::2]))
if set(told) != {u for u, r in views.items() if r["quality"] == "recorded"}:
    bad.append("worklog: other runs than those that are recorded")
for u, text in told.items():
    table = dict((m[0], m[1:]) for m in re.findall(r"^\| (\w+) \| ([\w ]+) \| (\d+) \|$", text, flags=re.M))
    for n in ["collected"] + names:
        printed = "not printed" if views[u][n] is None else str(views[u][n])
        counted = views[u]["n"] if n == "collected" else rows.get((u, outcome[n]), 0)
        if table[n] != (printed, str(counted)):
            bad.append(f"worklog: u{u} {n} {table[n]}, SQL: {printed}, {counted}")
    result = re.search(r"^- \*\*Result:\*\* (.*)$", text, flags=re.M)[1]
    if (views[u]["state"] != "complete") != ("so it is not a pass" in result and "exit code" not in result):
        bad.append(f"worklog: u{u} {views[u]['state']}: {result}")

# every figure of it is what its SQL answers
facts = list(dict.fromkeys((r["text"], " ".join(r["sql"].split())) for r in load("facts")))
for i in range(0, len(facts), 25):
    part = facts[i:i + 25]
    sql = " union all ".join(f"select {k} as k, ({s}) as v" for k, (_, s) in enumerate(part))
    got = json.loads(subprocess.run([nt, "query", "--json", sql], capture_output=True, check=True).stdout)["rows"]
    for r in got:
        text, s = part[r["k"]]
        if text != ("" if r["v"] is None else str(r["v"])):
            bad.append(f"printed {text}, SQL gives {r['v']}: ...{s[-160:]}")
if len(facts) < 500:
    bad.append(f"only {len(facts)} figures")
print("\n".join(bad))
END
is 'worklog, runs and SQL agree in every table and figure' "$("$python" "$T/check.py" "$T" "$NT" 2>&1)" ''
end
