#!/bin/sh
# outputs of the real runners in samples/tests: results against those that a script counted, and no file
# that makes a pass of what did not pass
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

samples=$NT_SRC/samples/tests
truth=$samples/src/truth.tsv

# where the reader knows more than a script that takes each element as it stands
cat >"$T/explained" <<'END'
ctest/junit.xml	needs database	not run	skipped	status="notrun"
ctest/junit.xml	no program	not run	skipped	status="notrun"
go/go-junit-report-build.xml	Failure	-	error	a package that failed is its own result ...
go/go-junit-report-build.xml	[build failed]	-	error
go/go-junit-report-build.xml	shop.example.internal/checkout/broken	error	-	... under its name
go/go-junit-report-build.xml	shop.example.internal/checkout/setup	error	-
jest/junit-options.xml	label größe XL	not run	passed	todo is a pass in 0 ms there: of as many none is one
jest/junit-options.xml	rounds VAT	not run	passed
jest/junit.xml	b	not run	passed
jest/junit.xml	cart is known to fail	not run	passed
jest/junit.xml	cart label [1] of [2]	not run	passed
jest/junit.xml	cart label 日本語	not run	passed
jest/junit.xml	cart rounds VAT	not run	passed
jest/junit.xml	nested	not run	passed
jest/run.json	/w/shop/tests/broken.test.js	error	-	the script leaves the root out
jest/run.json	tests/broken.test.js	-	error
node/junit-24.xml	first	error	failed	cancelledByParent
node/junit-24.xml	second	error	failed
node/junit-24.xml	rounds VAT	xfailed	failed	todo
node/junit.xml	first	error	failed
node/junit.xml	second	error	failed
node/junit.xml	rounds VAT	xfailed	failed
pytest/interrupt-one.json	test_is_stopped_by_hand	error	passed	only its setup passed
pytest/interrupt-one.xml	(no name)	error	-	an element without a name or a child: it did not finish
pytest/interrupt-one.xml		-	passed
pytest/reruns-one.json	test_third_time_lucky	passed	-	"rerun", and its last phases passed
go/gotestsum-build.xml	TestMain	-	failed	as above
go/gotestsum-build.xml	shop.example.internal/checkout/broken	error	-
END
for file in $(cut -f 1 "$truth" | sed 1d | uniq); do
	NETRA_TRIAGE_DB=$T/one.db
	export NETRA_TRIAGE_DB
	rm -f "$T"/one.db*
	nt ingest "$samples/$file" >"$T/out" 2>"$T/err" </dev/null
	awk -F '\t' -v f="$file" '$1 == f { print $2 "\t" $3 "\t" $4 }' "$truth" >"$T/truth"
	sql 'select nodeid, attempt, outcome, message from tests' >"$T/rows"
	awk -F '\t' -v f="$file" '$1 == f { print $2 "\t" $3 "\t" $4 }' "$T/explained" >"$T/why"
	is "$file: results" "$(perl "$NT_SRC/tests/lib/truth.pl" "$T/truth" "$T/rows" "$T/why")" ''
done
end
