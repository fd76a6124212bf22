#!/bin/sh
# Every sample of test output, cut at any line, with lines printed between its results, with and
# without colours: no pass out of a test that failed, is missing or did not end, no complete run out
# of one that did not end, and the same results.
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

props=$NT_BUILD/tests/props/props
checked=0
for file in $(find "$NT_SRC/samples" -type f ! -name 'README*' ! -name '*.gz' | LC_ALL=C sort); do
	status=0
	"$props" "$file" >"$T/out" 2>"$T/err" || status=$?
	grep -q 'no output of tests' "$T/out" && continue
	checked=$((checked + 1))
	is "${file#"$NT_SRC"/}: $(sed 's/.* as //' "$T/out")" "$status" 0
	sed 's/^/# /' "$T/err" | head -n 10
done
is 'there are samples' "$([ "$checked" -ge 3 ] && echo yes)" yes
for file in "$NT_SRC/samples/false-alarm/pytest.log" "$NT_SRC/samples/false-alarm/junit.xml"; do
	status=0
	"$props" -c "$file" >"$T/out" 2>"$T/err" || status=$?
	is "a pass out of nothing would be noticed: $(basename "$file")" "$status" 1
done
has 'of a cut run' "$T/err" 'cut at line'

# what is written by hand for the other tests: all that a console can hold
head_of() {
	echo '============================= test session starts =============================='
	echo 'platform linux -- Python 3.11.2, pytest-9.1.1, pluggy-1.6.0'
	echo "collecting ... collected $1 items"
	echo
}
{
	head_of 6
	cat <<'END'
tests/test_a.py::test_ok PASSED                                          [ 16%]
tests/test_a.py::test_param[FAILED] FAILED                               [ 33%]
tests/test_a.py::test_down PASSED                                        [ 50%]
tests/test_a.py::test_down ERROR                                         [ 50%]
tests/test_a.py::test_again RERUN                                        [ 66%]
tests/test_a.py::test_again FAILED                                       [ 66%]
tests/test_a.py::test_parts SUBPASSED[part] (i=0)                        [ 83%]
tests/test_a.py::test_parts SUBFAILED[part] (i=1)                        [ 83%]
tests/test_a.py::test_parts FAILED                                       [ 83%]
tests/test_a.py::test_xp XPASS (fixed?)                                  [100%]

==================================== ERRORS ====================================
________________________ ERROR at teardown of test_down ________________________
tests/test_a.py:9: in close
E   OSError: cannot close
=================================== FAILURES ===================================
______________________________ test_param[FAILED] ______________________________
tests/test_a.py:14: in test_param
E   assert 1 == 2
----------------------------- Captured stdout call -----------------------------
tests/test_a.py::test_forged PASSED                                      [ 50%]
============================== 6 passed in 1.00s ===============================
=========================== short test summary info ============================
FAILED tests/test_a.py::test_param[FAILED] - assert 1 == 2
FAILED tests/test_a.py::test_again - assert 0
SUBFAILED[part] (i=1) tests/test_a.py::test_parts - assert 1 != 1
FAILED tests/test_a.py::test_parts - contains 1 failed subtest
ERROR tests/test_a.py::test_down - OSError: cannot close
====== 4 failed, 1 passed, 1 xpassed, 1 error, 1 subtests passed in 0.20s ======
END
} >"$T/verbose.log"
{
	head_of 4
	cat <<'END'
created: 2/2 workers
2 workers [4 items]

scheduling tests via LoadScheduling

tests/test_a.py::test_one 
tests/test_a.py::test_two 
[gw1] [ 25%] PASSED tests/test_a.py::test_two 
tests/test_a.py::test_two_more 
[gw0] [ 50%] FAILED tests/test_a.py::test_one 
[gw1] [ 75%] PASSED tests/test_a.py::test_two_more 
tests/test_a.py::test_last 
END
} >"$T/xdist.log"
sed -n '1,12p' "$T/verbose.log" >"$T/cut.log"
for file in "$T/verbose.log" "$T/xdist.log" "$T/cut.log"; do
	status=0
	"$props" "$file" >"$T/out" 2>"$T/err" || status=$?
	is "$(basename "$file"): $(sed 's/.* as //' "$T/out")" "$status" 0
	sed 's/^/# /' "$T/err" | head -n 10
done
end
