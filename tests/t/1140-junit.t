#!/bin/sh
# JUnit XML as each runner writes it: who wrote it, what it calls its tests, and what did not run is no pass
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

one() {	# one FILE: a database with only this file in it
	NETRA_TRIAGE_DB=$T/one.db
	export NETRA_TRIAGE_DB
	rm -f "$NETRA_TRIAGE_DB"*
	got_status=0
	nt ingest "$1" >"$T/out" 2>"$T/err" </dev/null || got_status=$?
}

rows() {	# the results: id, attempt, outcome, phase, message
	sql 'select nodeid, attempt, outcome, phase, message from tests order by id' | tr '\t' '|'
}

outcomes() {
	sql 'select outcome, count(*) from tests group by 1 order by 1' | tr '\t\n' ' ;'
}

# ---- pytest: repeats, two testcases of one test, what one report counts twice

cat >"$T/pytest.xml" <<'END'
<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="4" skipped="1" tests="8" time="0.306" timestamp="2026-11-23T07:07:47.975049+00:00" hostname="ci-7">
<properties><property name="base_url" value="https://shop.staging.example/"/><property name="environment" value="staging"/></properties>
<testcase classname="t.test_cart.TestCart" name="test_add[a::b - c]" time="0.003" />
<testcase classname="t.test_cart" name="test_flaky" time="0.001" />
<testcase classname="t.test_cart" name="test_flaky" time="0.001"><failure message="assert 0">E   assert 0</failure></testcase>
<testcase classname="t.test_cart" name="test_both" time="0.010"><failure message="assert False">t/test_cart.py:9: in test_both
E   assert False</failure></testcase>
<testcase classname="t.test_cart" name="test_both" time="0.020"><error message="failed on teardown with &quot;OSError: busy&quot;">E   OSError: busy</error></testcase>
<testcase classname="t.test_cart" name="test_sub" time="0.004"><failure message="assert 1 != 1">E   assert 1 != 1</failure><failure message="contains 1 failed subtest">contains 1 failed subtest</failure></testcase>
<testcase classname="t.test_cart" name="test_later" time="0.000"><skipped type="pytest.xfail" message="bug 12" /></testcase>
</testsuite></testsuites>
END
one "$T/pytest.xml"
is 'pytest: exit status' "$got_status" 0
is 'pytest: an early attempt without a report did not pass, a failure with an error of teardown is one error' "$(rows)" \
	't/test_cart.py::TestCart::test_add[a::b - c]|1|passed|call|
t/test_cart.py::test_flaky|1|failed|call|run again
t/test_cart.py::test_flaky|2|failed|call|assert 0
t/test_cart.py::test_both|1|error|teardown|assert False
t/test_cart.py::test_sub|1|failed|call|assert 1 != 1
t/test_cart.py::test_later|1|xfailed|call|bug 12'
is 'pytest: all of the time of a test' "$(sql "select duration_s from tests where nodeid like '%test_both'")" 0.03
is 'pytest: the second failure of a test is kept' "$(sql "select section, text from outputs where nodeid like '%test_sub'" | tr '\t' ' ')" \
	'failure contains 1 failed subtest\n'
is 'pytest: the run' "$(sql 'select framework, state, collected, failed, errors, skipped, clock, reconciled from runs' | tr '\t' ' ')" \
	'pytest complete 8 4 1 1 exact explained'
is 'pytest: why it counts otherwise' "$(sql 'select reconciled_why from runs')" \
	'8 tests stated, 7 testcases read; 1 failure with an error of teardown counts once; 1 attempt run again do not count; 3 more reports: pytest counts each subtest'
is 'pytest: what the run says of its world' "$(sql 'select kind, value from run_facts order by 1' | tr '\t\n' ' ;')" \
	'environment staging;url https://shop.staging.example/;'

# ---- cut at any line: nothing becomes a pass that was none

sql 'select nodeid, attempt, outcome from tests' | sort >"$T/whole"
bad=0 n=1
lines=$(wc -l <"$T/pytest.xml")
while [ "$n" -lt "$lines" ]; do
	head -n "$n" "$T/pytest.xml" >"$T/cut.xml"
	one "$T/cut.xml"
	sql "select nodeid, attempt, outcome from tests where outcome = 'passed'" | sort >"$T/passed"
	[ -z "$(comm -13 "$T/whole" "$T/passed")" ] || bad=$((bad + 1))
	[ "$(sql "select count(*) from runs where state = 'complete'")" = 0 ] || bad=$((bad + 1))
	n=$((n + 1))
done
is "cut after each of $((lines - 1)) lines: no new pass, never complete" "$bad" 0

# ---- ctest: a test that is disabled has no element that says so

cat >"$T/ctest.xml" <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="(empty)" tests="4" failures="1" disabled="1" skipped="1" hostname="" time="1" timestamp="2026-11-28T07:34:22">
<testcase name="adds" classname="adds" time="0.0100561" status="run"><system-out></system-out></testcase>
<testcase name="charges" classname="charges" time="0.00848944" status="fail"><failure message=""/><system-out>no ledger</system-out></testcase>
<testcase name="no program" classname="no program" time="0" status="notrun"><skipped message="Unable to find executable"/></testcase>
<testcase name="off" classname="off" time="0" status="disabled"><system-out>Disabled</system-out></testcase>
</testsuite>
END
one "$T/ctest.xml"
is 'ctest' "$(rows)" 'adds|1|passed|call|
charges|1|failed|call|
no program|1|not run||Unable to find executable
off|1|skipped||disabled'
is 'ctest: named, its clock assumed' "$(sql 'select framework, clock, reconciled from runs' | tr '\t' ' ')" 'ctest assumed yes'

# ---- jest: todo looks like a pass

cat >"$T/jest.xml" <<'END'
<testsuites name="jest tests" tests="1" failures="0" errors="1" time="1.15">
<testsuite name="cart" errors="0" failures="0" skipped="0" timestamp="2026-11-28T07:44:59" time="0.4" tests="1"><testcase classname="cart adds" name="cart adds" time="0.003"></testcase><testcase classname="cart later" name="cart later" time="0"></testcase></testsuite>
<testsuite name="b.test.js" errors="1" failures="0" skipped="0" timestamp="1970-01-01T00:00:00" time="0" tests="0"><testcase classname="Test suite failed to run" name="b.test.js" time="0"><error>  ● Test suite failed to run

    Cannot find module '../pricing' from 'b.test.js'</error></testcase></testsuite>
</testsuites>
END
one "$T/jest.xml"
is 'jest' "$(rows)" "cart adds|1|passed|call|
cart later|1|not run||todo
b.test.js|1|error|collect|Cannot find module '../pricing' from 'b.test.js'"
is 'jest: UTC without saying so' "$(sql 'select framework, started_ts, clock from runs' | tr '\t' ' ')" \
	'jest 2026-11-28T07:44:59.000000000Z exact'

# ---- gotestsum: a package that does not build is only a number at the root

cat >"$T/go.xml" <<'END'
<testsuites tests="1" failures="1" errors="1" time="1.4">
	<testsuite tests="1" failures="1" time="0.006" name="ex.com/shop" timestamp="2026-11-28T07:34:50Z">
		<properties><property name="go.version" value="go1.19.8 linux/amd64"></property></properties>
		<testcase classname="ex.com/shop" name="TestCharge" time="0.000000"><failure message="Failed" type="">=== RUN   TestCharge&#xA;    a_test.go:4: want 1 got 2&#xA;--- FAIL: TestCharge (0.00s)&#xA;</failure></testcase>
	</testsuite>
</testsuites>
END
one "$T/go.xml"
is 'go' "$(rows)" 'ex.com/shop::TestCharge|1|failed|call|want 1 got 2'
is 'go: the package that did not build is told' "$(sql 'select framework, failed, errors, reconciled from runs' | tr '\t' ' ')" 'go 1 1 explained'

# ---- writers that are nobody's dialect: what their failures say

cat >"$T/phpunit.xml" <<'END'
<testsuites><testsuite name="CartTest" tests="2" errors="1" failures="1">
<testcase name="testPrice with data set #1" classname="App.CartTest" time="0.1"><failure type="PHPUnit\Framework\ExpectationFailedException">App\CartTest::testPrice with data set #1 (2, 20)
Failed asserting that 19 matches expected 20.

/app/tests/CartTest.php:24</failure></testcase>
<testcase name="testDb" classname="App.CartTest" time="0.1"><error type="PDOException">App\CartTest::testDb
PDOException: Connection refused</error></testcase>
</testsuite></testsuites>
END
one "$T/phpunit.xml"
is 'PHPUnit: the id above it is no message' "$(sql 'select message from tests order by id')" 'Failed asserting that 19 matches expected 20.
PDOException: Connection refused'

cat >"$T/gtest.xml" <<'END'
<testsuites tests="3" failures="1" disabled="1" errors="0" name="AllTests"><testsuite name="Cart" tests="3" failures="1" disabled="1" skipped="1" errors="0">
<testcase name="Price" status="run" result="completed" time="0.002" classname="Cart"><failure message="cart_test.cc:13&#x0A;Expected equality of these values:&#x0A;  total&#x0A;    Which is: 1&#x0A;  2" type=""/></testcase>
<testcase name="Later" status="run" result="skipped" time="0." classname="Cart"><skipped message="cart_test.cc:18&#x0A;not on CI"/></testcase>
<testcase name="DISABLED_Old" status="notrun" result="suppressed" time="0." classname="Cart"/>
</testsuite></testsuites>
END
one "$T/gtest.xml"
is 'googletest: what failed, not where; what is disabled did not run' "$(rows)" 'Cart::Price|1|failed|call|Expected equality of these values: total
Cart::Later|1|skipped||not on CI
Cart::DISABLED_Old|1|not run||suppressed'

cat >"$T/cypress.xml" <<'END'
<testsuites name="Mocha Tests" tests="1" failures="1"><testsuite name="cart" tests="1" failures="1">
<testcase name="cart logs in" time="1.2" classname="logs in"><failure message="`cy.request()` failed on: https://shop.example/api The response was: 503" type="CypressError"><![CDATA[CypressError: `cy.request()` failed on:
    at a.js:1:2]]></failure></testcase></testsuite></testsuites>
END
one "$T/cypress.xml"
# shellcheck disable=SC2016
is 'Cypress: the message is longer than the first line of its trace' "$(sql 'select message from tests')" \
	'CypressError: `cy.request()` failed on: https://shop.example/api The response was: 503'

cat >"$T/vitest.xml" <<'END'
<testsuites name="vitest tests" tests="2" failures="0" errors="0"><testsuite name="test/cart.test.ts" tests="2" failures="0" errors="0" skipped="0">
<testcase classname="test/cart.test.ts" name="cart &gt; total &gt; adds" time="0.001"/><testcase classname="test/cart.test.ts" name="alone" time="0.001"/>
</testsuite></testsuites>
END
one "$T/vitest.xml"
is 'vitest: a class that is a file' "$(sql 'select file, suite from tests order by id' | tr '\t' ' ')" 'test/cart.test.ts cart > total
test/cart.test.ts '

# as mocha 11 wrote it: failures as errors, a hook that is no test, a date of mail
cat >"$T/mocha.xml" <<'END'
<testsuite name="Mocha Tests" tests="3" failures="0" errors="2" skipped="0" timestamp="Sat, 28 Nov 2026 09:01:57 GMT" time="0.004">
<testcase classname="cart" name="adds" file="/w/t/cart.js" time="0"/>
<testcase classname="cart" name="pays" file="/w/t/cart.js" time="0.001"><failure>Expected values to be strictly equal:

1 !== 2
</failure></testcase>
<testcase classname="cart" name="later" file="/w/t/cart.js" time="0"><skipped/></testcase>
<testcase classname="cart nested" name="&#x22;before each&#x22; hook for &#x22;a&#x22;" file="/w/t/cart.js" time="0"><failure>connect ECONNREFUSED 127.0.0.1:5432</failure></testcase>
</testsuite>
END
one "$T/mocha.xml"
is 'mocha: its counts are explained, its clock is read' "$(sql 'select started_ts, clock, reconciled, reconciled_why from runs' | tr '\t' '|')" \
	'2026-11-28T09:01:57.000000000Z|exact|explained|3 tests stated, 4 testcases read; 1 hook that failed does not count; failures and errors are stated as one'
is 'mocha: a message in two lines' "$(sql "select message from tests where nodeid = 'cart::pays'")" 'Expected values to be strictly equal: 1 !== 2'
sed 's/errors="2"/errors="1"/' "$T/mocha.xml" >"$T/mocha-odd.xml"
one "$T/mocha-odd.xml"
is 'mocha: one failure less is not explained' "$(sql 'select reconciled from runs')" no

cat >"$T/status.xml" <<'END'
<testsuite name="s" tests="4"><testcase name="a" status="running"/><testcase name="b" status="blocked"/><testcase name="c" status="passed"/><testcase name="d" result="interrupted"/></testsuite>
END
one "$T/status.xml"
is 'a status that is no end is no pass' "$(outcomes)" 'not run 3;passed 1;'

cat >"$T/suite.xml" <<'END'
<testsuites><testsuite name="payment" tests="0" errors="1" failures="0"><error message="no database"/></testsuite>
<testsuite name="cart" tests="2" failures="1" errors="0"><testcase name="a" classname="cart" time="0,25"/><testcase name="b" classname="cart" time="1,234.5"><failure message="one"/><failure message="two"/></testcase></testsuite></testsuites>
END
one "$T/suite.xml"
is 'a suite that failed as a whole is a result; a decimal comma is one' \
	"$(sql 'select nodeid, outcome, duration_s, message from tests order by id' | tr '\t' '|')" 'payment|error||no database
cart::a|passed|0.25|
cart::b|failed|1234.5|one'
is 'and no test; a test that fails twice is one' "$(sql 'select state, collected, reconciled from runs' | tr '\t' ' ')" 'complete 2 yes'

printf '<n:testsuites xmlns:n="urn:x"><n:testsuite name="s" tests="1"><n:testcase name="a"/></n:testsuite></n:testsuites>' >"$T/space.xml"
one "$T/space.xml"
is 'elements of a namespace' "$got_status $(outcomes)" '0 passed 1;'

# ---- among what a runner prints

{
	printf '\n> shop@1.0.0 test\n> mocha -R xunit\n\nok 7 <testsuite> is printed\n'
	cat "$T/vitest.xml"
	printf 'Done in 0.4s & more <b>\n'
	cat "$T/mocha.xml"
	printf 'npm error code 1\n'
} >"$T/printed.log"
one "$T/printed.log"
is 'XML among other lines: exit status' "$got_status" 0
is 'XML among other lines: each document is a run, and its place is that in the file' \
	"$(sql 'select r.line, r.byte_offset, count(*) from runs r join tests t on t.run_id = r.id group by r.id' | tr '\t\n' ' ;')" \
	"$(grep -bn '^<testsuites\|^<testsuite name="Mocha' "$T/printed.log" | awk -F: '{ printf "%d %d %d;", $1, $2, NR * 2 }')"
is 'XML among other lines: and that of a test' "$(sql "select line from tests where nodeid = 'cart::pays'")" \
	"$(grep -n 'name="pays"' "$T/printed.log" | cut -d: -f1)"
head -n 9 "$T/printed.log" >"$T/printed-cut.log"
one "$T/printed-cut.log"
is 'XML among other lines: cut, it is not complete' "$(sql "select count(*) from runs where state = 'complete'")" 1
printf 'we print <testsuite> and\n  <testsuite name="x"><testcase name="a"/></testsuite>\n' >"$T/talk.txt"
one "$T/talk.txt"
is 'a text that talks of XML is none' "$got_status" 3
{
	printf '#!/bin/sh\ncat <<END\n'
	cat "$T/vitest.xml"
	printf 'END\n'
} >"$T/script.sh"
one "$T/script.sh"
is 'a script is no test output' "$got_status $(sql 'select count(*) from runs')" '3 0'

# ---- what is hostile

printf '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]><testsuite><testcase name="&b;"/></testsuite>' >"$T/bomb.xml"
one "$T/bomb.xml"
is 'entities are refused' "$got_status $(sql 'select count(*) from tests')" '3 0'
has 'and that is said' "$T/err" 'document type'

{
	printf '<testsuite name="x" tests="2"><testcase name="a" classname="c"><failure message="first '
	dd if=/dev/zero bs=1000000 count=50 2>/dev/null | tr '\0' x
	printf '">text</failure><system-out>'
	dd if=/dev/zero bs=1000000 count=50 2>/dev/null | tr '\0' y
	printf '</system-out></testcase><testcase name="b" classname="c" time="1"/></testsuite>'
} >"$T/huge.xml"
NETRA_TRIAGE_DB=$T/huge.db
status=0
# shellcheck disable=SC3045
(ulimit -v 100000 && "$NT" ingest "$T/huge.xml" >"$T/out" 2>"$T/err" </dev/null) || status=$?
if grep -q 'AddressSanitizer\|ReserveShadow' "$T/err"; then
	skip 'an attribute and a text of 50 MB, in 100 MB of address space' 'a sanitizer takes more'
else
	is 'an attribute and a text of 50 MB, in 100 MB of address space: limits are told' "$status" 3
	is 'and cost nothing else' "$(sql 'select nodeid, outcome from tests order by id' | tr '\t\n' ' ;')" 'c::a failed;c::b passed;'
fi

# ---- the same by the real runners

# of FILE FRAMEWORK STATE RECONCILED OUTCOMES
of() {
	if [ ! -f "$NT_SRC/samples/tests/$1" ]; then
		skip "$1" 'no such sample'
		return
	fi
	one "$NT_SRC/samples/tests/$1"
	is "$1" "$(sql 'select framework, state, reconciled from runs' | tr '\t' ' ') $(outcomes)" "$2 $3 $4 $5"
}

of ctest/junit.xml ctest complete yes 'failed 7;not run 2;passed 8;skipped 3;'
of go/go-junit-report.xml go complete yes 'failed 13;passed 12;skipped 2;'
of go/gotestsum-build.xml go complete explained 'error 1;failed 2;passed 1;'
of go/gotestsum-rerun.xml go complete yes 'failed 1;passed 2;'
of jest/junit.xml jest complete explained 'failed 10;not run 6;passed 7;skipped 1;'
of node/junit.xml node complete explained 'error 2;failed 6;passed 12;skipped 3;xfailed 1;'
of playwright/broken.xml playwright 'not run' yes ''
of playwright/junit-retries.xml playwright complete yes 'error 8;failed 10;passed 13;skipped 4;'
of pytest/collect-error.xml pytest 'not run' yes 'error 2;'
of pytest/one-run.xml pytest complete explained 'error 4;failed 8;passed 3;skipped 1;xfailed 1;'
of pytest7/verbose.xml pytest complete explained 'error 4;failed 14;passed 14;skipped 4;xfailed 2;'
of surefire/TEST-shop.FlakyTest.xml surefire complete explained 'error 4;failed 5;passed 3;'
of surefire/TEST-shop.OrderTest.xml surefire complete yes 'error 1;'
end
