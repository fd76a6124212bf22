#!/bin/sh
# real evidence in JUnit XML: the facts a correct reading yields; NETRA_TRIAGE_CORPUS names its folder
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

[ -n "${NETRA_TRIAGE_CORPUS:-}" ] || skip_all 'NETRA_TRIAGE_CORPUS is not set'
tests=$NETRA_TRIAGE_CORPUS/tests forms=$NETRA_TRIAGE_CORPUS/pytest-forms

db() {	# db NAME FILE: a database of that name, with only this file in it
	NETRA_TRIAGE_DB=$T/$1.db
	export NETRA_TRIAGE_DB
	nt ingest "$2" >"$T/out" 2>"$T/err" </dev/null || :
}

outcomes() {
	sql 'select outcome, count(*) from tests group by 1 order by 1' | tr '\t\n' ' ;'
}

state() {
	sql 'select framework, state, collected, reconciled from runs' | tr '\t' ' '
}

# the ids as the console has them, from the file's own name on, and what became of each
results() {
	sql "select nodeid || '|' || iif(outcome = 'xpassed', 'passed', outcome) from tests" |
		sed 's,^[^:]*/,,' | LC_ALL=C sort
}

db skips "$tests/junit-skips.xml"
is 'skips: 29 tests' "$(state) $(outcomes)" 'pytest complete 29 yes passed 27;skipped 2;'
is 'skips: with their reasons' "$(sql "select count(*) from tests where outcome = 'skipped' and message in
	('Redis not available in test environment', 'Test requires staging environment, current: test')")" 2
db zero "$tests/junit-zero-tests.xml"
is 'zero tests: not run' "$(state) $(outcomes)" 'pytest not run 0 yes '
db collect "$tests/junit-collection-error.xml"
is 'a collection error: no test ran' "$(state) $(outcomes)" 'pytest not run 1 yes error 1;'
is 'a collection error: of which module, and why' "$(sql 'select nodeid, phase, message from tests' | tr '\t' '|')" \
	"tests/integration/test_oauth_provider_integration_comprehensive.py|collect|ModuleNotFoundError: No module named 'auth_service.auth_core.oauth.oauth_config'"

db one "$tests/same-run.xml"
is 'one run: 61 tests, 3 errors in setup' "$(state) $(outcomes) $(sql "select count(*) from tests where phase = 'setup'")" \
	'pytest complete 61 yes error 3;failed 7;passed 51; 3'
is 'one run: host, time and zone' "$(sql 'select started_ts, clock, duration_s from runs' | tr '\t' ' ')" \
	'2025-09-07T15:38:51.984353000Z exact 51.077'
is 'one run: every failure has its message' "$(sql "select count(*) from tests where outcome in ('failed', 'error') and message is null")" 0
is 'one run: what could not be measured is marked' "$(sql "select count(*) from tests where duration_s = 0 and duration_note is null")" 0
results >"$T/xml"
db console "$tests/same-run.txt"
results >"$T/console"
same 'one run: the same 61 results as on the console' "$T/xml" "$T/console"

# the truth for ids and outcomes is the console of -v
db v "$forms/v.txt"
results >"$T/v"
for dialect in xunit1 xunit2 legacy; do
	db "$dialect" "$forms/junit_$dialect.xml"
	is "$dialect: 46 testcases say 52" "$(state)" 'pytest complete 52 explained'
	is "$dialect: why" "$(sql 'select reconciled_why from runs')" '52 tests stated, 46 testcases read; 1 error of teardown after a pass counts twice; 1 failure with an error of teardown counts once; 6 more reports: pytest counts each subtest'
	results >"$T/forms"
	same "$dialect: the 45 tests of the console, and what became of them" "$T/forms" "$T/v"
	is "$dialect: errors by phase" "$(sql "select phase, count(*) from tests where outcome = 'error' group by 1 order by 1" | tr '\t\n' ' ;')" \
		'setup 2;teardown 2;'
	is "$dialect: every failure has its message" "$(sql "select count(*) from tests where outcome in ('failed', 'error') and message is null")" 0
done
sql "select nodeid, message from tests where outcome in ('failed', 'error')" | LC_ALL=C sort >"$T/said.xml"
NETRA_TRIAGE_DB=$T/v.db
sql "select nodeid, message from tests where outcome in ('failed', 'error')" | LC_ALL=C sort >"$T/said.v"
is 'messages: one of two holds the other' "$(LC_ALL=C join -t '	' "$T/said.xml" "$T/said.v" |
	awk -F '\t' '{ sub(/\.\.\.$/, "", $3) } !index($2, $3) && !index($3, $2)' | wc -l | tr -d ' ')" 0

db rerun "$forms/junit_rerun.xml"
is 'attempts without a report did not pass' "$(sql 'select nodeid, attempt, outcome from tests order by id' | tr '\t\n' ' ;')" \
	'other/test_rerun.py::test_flaky 1 failed;other/test_rerun.py::test_flaky 2 failed;other/test_rerun.py::test_flaky 3 passed;other/test_rerun.py::test_always 1 failed;other/test_rerun.py::test_always 2 failed;other/test_rerun.py::test_ok 1 passed;'
is 'and are explained' "$(state)" 'pytest complete 3 explained'
db collerr "$forms/junit_collerr.xml"
is 'a module that failed, and tests that ran' "$(state) $(outcomes)" 'pytest complete 3 yes error 1;failed 1;passed 1;'
db go "$forms/gotestsum.xml"
is 'gotestsum' "$(state) $(outcomes)" 'go complete 6 yes failed 3;passed 2;skipped 1;'
is 'gotestsum: messages' "$(sql 'select nodeid, message from tests where message is not null order by id' | tr '\t\n' '|;')" \
	'ex.com/p::TestFail|want 1 got 2;ex.com/p::TestSub/a_b/c|boom;ex.com/p::TestSub|boom;ex.com/p::TestSkip|no net;'
end
