#!/bin/sh
# one run that several files hold in several formats is one run; labels say what no file does
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

fresh() {	# fresh NAME: a new database
	NETRA_TRIAGE_DB=$T/$1.db
	export NETRA_TRIAGE_DB
}

# the console names files from where pytest was started, the report from the root
cat >"$T/run.log" <<'END'
Time: 2025-10-02 02:14:06
============================= test session starts ==============================
platform linux -- Python 3.11.2, pytest-8.4.1, pluggy-1.6.0
rootdir: /w/shop
collected 9 items / 4 deselected / 5 selected

test_cart.py::TestCart::test_add PASSED                                  [ 20%]
test_cart.py::TestCart::test_pay[card - a::b] FAILED                     [ 40%]
test_cart.py::TestCart::test_ship ERROR                                  [ 60%]

==================================== ERRORS ====================================
_________________ ERROR at setup of TestCart.test_ship _________________________
test_cart.py:5: in carrier
    raise ConnectionError("no carrier")
E   ConnectionError: no carrier
=================================== FAILURES ===================================
________________________ TestCart.test_pay[card - a::b] ________________________
test_cart.py:20: in test_pay
    assert total == 12
E   assert 11 == 12
----------------------------- Captured stdout call -----------------------------
Infrastructure Status: UNAVAILABLE
=========================== short test summary info ============================
FAILED test_cart.py::TestCart::test_pay[card - a::b] - assert 11 == 12
ERROR test_cart.py::TestCart::test_ship - ConnectionError: no carrier
!!!!!!!!!!!!!!!!!!!!!!!!!! stopping after 2 failures !!!!!!!!!!!!!!!!!!!!!!!!!!!
============== 1 failed, 1 passed, 4 deselected, 1 error in 4.25s ==============
END
xml() {	# xml SECONDS MESSAGE: the report of the same run
	cat <<END
<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" errors="1" failures="1" skipped="0" tests="3" time="4.251" timestamp="2025-10-02T09:14:06.250000+00:00" hostname="runner">
<testcase classname="tests.e2e.test_cart.TestCart" name="test_add" time="$1" />
<testcase classname="tests.e2e.test_cart.TestCart" name="test_pay[card - a::b]" time="2.000"><failure message="$2">test_cart.py:20: in test_pay
    assert total == 12
E   $2</failure></testcase>
<testcase classname="tests.e2e.test_cart.TestCart" name="test_ship" time="0.100"><error message="failed on setup with &quot;ConnectionError: no carrier&quot;">E   ConnectionError: no carrier</error></testcase>
</testsuite></testsuites>
END
}
xml 1.500 'assert 11 == 12' >"$T/run.xml"

facts='select nodeid, outcome, phase, duration_s, message from tests order by nodeid'
fresh both
run 0 ingest "$T/run.log" "$T/run.xml"
is 'two formats are one run' "$(sql 'select count(*) from runs')" 1
is 'with each test once' "$(sql 'select count(*) from tests')" 3
is 'ids and durations are those of the report' "$(sql "$facts")" 'tests/e2e/test_cart.py::TestCart::test_add	passed	call	1.5	
tests/e2e/test_cart.py::TestCart::test_pay[card - a::b]	failed	call	2.0	assert 11 == 12
tests/e2e/test_cart.py::TestCart::test_ship	error	setup	0.1	ConnectionError: no carrier'
is 'what only the console knows fills it' "$(sql 'select formats, collected, selected, state from runs')" \
	'junit, pytest	9	5	stopped'
is 'both sources are named' "$(sql 'select count(*), count(same_why) from run_sources where run_id = (select id from runs)')" '2	1'
has 'with what shows that they are one' "$(sql 'select same_why from run_sources where same_why is not null' >"$T/why"; echo "$T/why")" 'the same 3 ids and outcomes; 2 failure messages'
is 'what a test printed belongs to it' "$(sql "select count(*) from outputs o join runs r on r.id = o.run_id where text like '%UNAVAILABLE%'")" 1
sql "$facts" >"$T/first"
dump >"$T/before"
run 0 ingest "$T/run.xml" "$T/run.log"
dump >"$T/after"
same 'again, in another order: nothing changes' "$T/before" "$T/after"
run 0 worklog
has 'the worklog counts it once' "$T/out" '1 failed'
is 'and has no second run' "$(grep -cw 'u1' "$T/out")$(sql 'select count(*) from incidents where occurrences > 1')" 00

fresh other_order
run 0 ingest "$T/run.xml"
run 0 ingest "$T/run.log"
sql "$facts" >"$T/second"
same 'in either order the same' "$T/first" "$T/second"
id=$(sql "select source_id from run_sources where format = 'junit'")
run 0 forget "s$id"
is 'without the report the console stands again' "$(sql 'select nodeid, duration_s from tests order by 1 limit 1')" 'test_cart.py::TestCart::test_add	'
is 'as one run' "$(sql 'select count(*), formats from runs')" '1	pytest'

for name in run.log run.xml; do
	fresh "alone-$name"
	run 0 ingest "$T/$name"
	is "$name alone gives the same results" "$(sql "select replace(nodeid, 'tests/e2e/', ''), outcome, message from tests order by 1")" 'test_cart.py::TestCart::test_add	passed	
test_cart.py::TestCart::test_pay[card - a::b]	failed	assert 11 == 12
test_cart.py::TestCart::test_ship	error	ConnectionError: no carrier'
done

# what keeps runs apart
fresh message
xml 1.500 'assert 11 == 13' >"$T/other.xml"
run 0 ingest "$T/run.log" "$T/other.xml"
is 'another message is another run' "$(sql 'select count(*) from runs')" 2
fresh start
sed 's/09:14:06/09:24:06/' "$T/run.xml" >"$T/later.xml"
run 0 ingest "$T/run.log" "$T/later.xml"
is 'ten minutes later is another run' "$(sql 'select count(*) from runs')" 2
fresh twice
sed 's/time="2.000"/time="2.100"/' "$T/run.xml" >"$T/twice.xml"
run 0 ingest "$T/run.xml" "$T/twice.xml"
is 'the same format twice is two runs' "$(sql 'select count(*), count(distinct source_id) from runs')" '2	2'
run 0 ingest "$T/run.log"
is 'a console that fits two runs is told for neither' "$(sql 'select count(*) from runs')" 3

# labels
fresh labels
run 0 ingest --label commit=1a2b3c4 --label ticket=SHOP-7 env=staging "$T/run.log"
is 'labels outrank what the output says' "$(sql 'select commit_id, env from runs')" '1a2b3c4	staging'
is 'any name is kept' "$(sql "select value from run_facts where kind = 'label' and name = 'ticket'")" SHOP-7
run 0 ingest --label commit=5d6e7f8 "$T/run.log"
is 'given again it takes the place of the one before' "$(sql 'select commit_id, env from runs')" '5d6e7f8	staging'
run 0 ingest "$T/run.xml"
is 'and holds for the run in its other formats' "$(sql 'select commit_id, formats from runs')" '5d6e7f8	junit, pytest'
run 2 ingest --label nothing "$T/run.log"
has 'a label without a value is refused' "$T/err" 'NAME=VALUE'
run 0 ingest --label 'token=ghp_''fakeFAKEfakeFAKEfakeFAKEfakeFAKE0123' "$T/run.log"
is 'a secret in a label is replaced' "$(sql "select count(*) from run_facts where value like '%fakeFAKE%'")" 0
end
