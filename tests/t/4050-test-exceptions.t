#!/bin/sh
# what a failed test ended with: the chain of its traceback, the same in every style and in logs
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

fresh() {	# fresh NAME FILE...: a new database with these files
	NETRA_TRIAGE_DB=$T/$1.db
	export NETRA_TRIAGE_DB
	shift
	nt ingest "$@" >"$T/out" 2>"$T/err" </dev/null || :
}

# of each failure: what was raised, its cause, where, and the two signatures
failures() {
	sql "select t.nodeid, x.type, x.message, x.cause_type, x.cause_message, x.chain, c.template, s.template
	    from tests t left join test_exceptions x on x.test_id = t.id
	    left join signatures c on c.id = x.cause_signature_id
	    left join signatures s on s.id = t.signature_id
	    where t.outcome in ('failed', 'error') order by t.nodeid"
}

session() {	# session FILE: a run with one failure, whose block is read from stdin
	{
		echo '============================= test session starts =============================='
		echo 'platform linux -- Python 3.11.2, pytest-8.4.1, pluggy-1.6.0'
		echo 'rootdir: /ci/build'
		echo 'collected 1 item'
		echo
		echo 'tests/test_pay.py F                                                      [100%]'
		echo
		echo '=================================== FAILURES ==================================='
		echo '___________________________________ test_pay ___________________________________'
		cat
		echo '=========================== short test summary info ============================'
		echo 'FAILED tests/test_pay.py::test_pay - shop.pay.PayError: cannot pay order 12'
		echo '============================== 1 failed in 0.12s ==============================='
	} >"$1"
}

direct='The above exception was the direct cause of the following exception:'

session short.log <<END
tests/test_pay.py:9: in test_pay
    pay(12)
shop/pay.py:8: in pay
    connect()
shop/db.py:23: in connect
    raise ConnectionError("no route to ledger")
E   ConnectionError: no route to ledger

$direct
tests/test_pay.py:9: in test_pay
    pay(12)
shop/pay.py:10: in pay
    raise PayError(f"cannot pay order {n}\\nask ops") from e
E   shop.pay.PayError: cannot pay order 12
E   ask ops
END
session long.log <<END

    def test_pay():
>       pay(12)

tests/test_pay.py:9: 
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ 
shop/pay.py:8: in pay
    connect()
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ 

    def connect():
        """Connect."""
>       raise ConnectionError("no route to ledger")
E       ConnectionError: no route to ledger

shop/db.py:23: ConnectionError

$direct

    def test_pay():
>       pay(12)

tests/test_pay.py:9: 
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ 

n = 12

    def pay(n):
        try:
            connect()
        except ConnectionError as e:
>           raise PayError(f"cannot pay order {n}\\nask ops") from e
E           shop.pay.PayError: cannot pay order 12
E           ask ops

shop/pay.py:10: PayError
END
session native.log <<END
Traceback (most recent call last):
  File "/ci/build/shop/pay.py", line 8, in pay
    connect()
  File "/ci/build/shop/db.py", line 23, in connect
    raise ConnectionError("no route to ledger")
ConnectionError: no route to ledger

$direct

Traceback (most recent call last):
  File "/usr/lib/python3/dist-packages/_pytest/runner.py", line 361, in from_call
    result = func()
  File "/ci/build/tests/test_pay.py", line 9, in test_pay
    pay(12)
  File "/ci/build/shop/pay.py", line 10, in pay
    raise PayError(f"cannot pay order {n}\\nask ops") from e
shop.pay.PayError: cannot pay order 12
ask ops
END
{
	echo '<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="pytest" errors="0"'
	echo 'failures="1" skipped="0" tests="1" time="0.12"><testcase classname="tests.test_pay"'
	echo 'name="test_pay" time="0.1"><failure message="shop.pay.PayError: cannot pay order 12&#10;ask ops">'
	sed -n '/^tests.*in test_pay/,/^E   ask/p' short.log | sed 's/"/\&quot;/g'
	echo '</failure></testcase></testsuite></testsuites>'
} >report.xml

want='tests/test_pay.py::test_pay;shop.pay.PayError;cannot pay order 12;ConnectionError;no route to ledger;2;'
want="${want}ConnectionError: no route to ledger at shop/db.py in connect;"
want="${want}shop.pay.PayError: cannot pay order <n> in tests/test_pay.py"
for style in short.log long.log native.log report.xml; do
	fresh "$style" "$style"
	is "$style: chain, cause and signatures" "$(failures | tr '\t' ';')" "$want"
done

# the log of a server that failed the same way
entry() {	# entry NUMBER JSON-TEXT
	printf '{"insertId":"p%s","timestamp":"2025-10-02T09:00:0%sZ","severity":"ERROR","textPayload":"%s","logName":"projects/shop/logs/run.googleapis.com%%2Fstderr","resource":{"type":"cloud_run_revision","labels":{"service_name":"pay","revision_name":"pay-00001-abc","project_id":"shop"}},"labels":{"instanceId":"00fe01"}}\n' \
		"$1" "$1" "$2"
}
entry 1 'Traceback (most recent call last):\n  File \"/app/shop/db.py\", line 71, in connect\n    raise\nConnectionError: no route to ledger' >server.json
fresh both short.log server.json
is 'a cause in a test and in a log is one' "$(sql 'select count(*), count(distinct cause_signature_id)
    from (select cause_signature_id from exceptions union all
    select cause_signature_id from test_exceptions)' | tr '\t' ' ')" '2 1'
is 'its signature counts both' "$(sql "select count from signatures where kind = 'cause'")" 2

failures >before
run 0 ingest short.log server.json
failures >after
same 'ingested again: nothing changes' before after
run 0 scan
failures >after
same 'concluded anew: causes of tests stay' before after
run 0 forget s1
is 'forgotten with its source' "$(sql 'select count(*) from test_exceptions')" 0

# a text that names no exception has none, and is told alike in a report that puts a type in front
session plain.log <<'END'
order 12 is late
END
sed -i 's/ - shop.*/ - Failed: order 12 is late/' plain.log
printf '%s\n' '<testsuites><testsuite name="pytest" errors="0" failures="1" skipped="0" tests="1" time="0.12">' \
	'<testcase classname="tests.test_pay" name="test_pay" time="0.1"><failure message="Failed: order 12 is late">order 12 is late</failure></testcase>' \
	'</testsuite></testsuites>' >plain.xml
for file in plain.log plain.xml; do
	fresh "$file" "$file"
	is "$file: no exception" "$(sql 'select count(*) from test_exceptions')" 0
	is "$file: signature" "$(sql "select template from signatures where kind = 'test'")" \
		'order <n> is late in tests/test_pay.py'
done

# beyond 64 KiB the detail lacks the last link: the signature is that of the message
{
	sed -n '/in connect/,/^The above/p' short.log
	echo 'tests/test_pay.py:9: in test_pay'
	awk 'BEGIN { for (i = 0; i < 2000; i++) print "    x = \"a line of source that goes on and on\"" }'
	echo 'E   shop.pay.PayError: cannot pay order 12'
} >block
session cut.log <block
fresh cut cut.log
is 'a detail that was cut: cause and signature' "$(failures | cut -f4,8 | tr '\t' ';')" \
	'ConnectionError;shop.pay.PayError: cannot pay order <n> in tests/test_pay.py'

# a secret in a traceback is none in the exception
session secret.log <<'END'
shop/pay.py:8: in pay
    connect()
E   ValueError: no user anna.berg@shop.example.org
END
fresh secret secret.log
is 'redacted before it is parsed' "$(sql "select count(*) from test_exceptions where message like '%anna.berg%'")" 0
is 'and there' "$(sql 'select type from test_exceptions')" ValueError

# the same suite as the runner printed it in several styles
styles() {	# styles NAME FOLDER FILE...: what all of them have is the same in all
	name=$1 folder=$2
	shift 2
	first=
	for file in "$@"; do
		fresh "$name-$file" "$folder/$file"
		sql "select t.nodeid, x.type, x.message, x.cause_type, x.cause_message, x.chain, x.cause_signature_id, t.signature_id
		    from test_exceptions x join tests t on t.id = x.test_id order by 1" >"rows-$file"
		[ -n "$first" ] || { first=$file; cp "rows-$file" all; cut -f1 all | sort >ids; }
		cut -f1 "rows-$file" | sort | comm -12 - ids >common
		awk -F '\t' 'NR == FNR { in_both[$1]; next } $1 in in_both' common all >want
		awk -F '\t' 'NR == FNR { in_both[$1]; next } $1 in in_both' common "rows-$file" >got
		same "$name: $file: the causes and signatures of $first" want got
		is "$name: $file: has them" "$([ -s got ] && echo yes)" yes
	done
}
samples=$NT_SRC/samples/tests
styles samples "$samples/pytest" short.log verbose.log letters.log native.log one-run.xml color.log

# other runners: the cause is the innermost, and is raised in the suite or what it tests
causes() {	# causes FILE MESSAGE
	fresh "causes-$(echo "$1" | tr / -)" "$samples/$1"
	sql "select distinct cause_type, frame, type, message, chain from test_exceptions
	    where cause_message like '$2%'" | tr '\t' ';'
}
refused='connect ECONNREFUSED ledger.example.internal:5432'
is 'jest' "$(causes jest/junit.xml "$refused")" 'Error;w/shop/cart.js:6;Error;cannot charge 1299 cents;2'
is 'node' "$(causes node/junit.xml "$refused")" 'Error;w/shop/cart.test.mjs:23;Error;cannot charge 1299 cents;2'
is 'playwright: retries are no causes' "$(causes playwright/junit.xml "$refused" | sed 's/;[^;]*spec/;spec/')" \
	'Error;spec.js:23;Error;cannot charge 1299 cents;2'
is 'go: a panic' "$(causes go/gotestsum-build.xml assignment)" \
	'panic;shop/crash/crash_test.go:9;panic;assignment to entry in nil map;1'
is 'go: a line of a test' "$(causes go/gotestsum.xml 'order 0042')" 'FAIL;order_test.go:28;FAIL;order 0042 is late;1'

if [ -n "${NETRA_TRIAGE_CORPUS:-}" ]; then
	styles forms "$NETRA_TRIAGE_CORPUS/pytest-forms" tbshort.txt tblong_l.txt tbnative.txt v.txt vv.txt \
		xdist.txt color.txt junit_xunit2.xml
	is 'forms: 30 failures and errors have an exception' "$(wc -l <all | tr -d ' ')" 30
	# line: pytest prints no frame of a cause, so that only types and messages can be the same
	fresh forms-line "$NETRA_TRIAGE_CORPUS/pytest-forms/tbline.txt"
	sql 'select t.nodeid, x.type, x.message, x.cause_type, x.cause_message from test_exceptions x
	    join tests t on t.id = x.test_id where t.nodeid not like '"'%fail_and_teardown%'"' order by 1' >line
	cut -f1-5 all | sort >types
	is 'forms: tbline.txt: types and messages as in tbshort.txt' "$(sort line | comm -23 - types)" ''
fi
end
