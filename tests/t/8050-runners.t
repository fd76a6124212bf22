#!/bin/sh
# real evidence: the go files of pytest-forms; NETRA_TRIAGE_CORPUS names the folder of the corpus
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

[ -n "${NETRA_TRIAGE_CORPUS:-}" ] || skip_all 'NETRA_TRIAGE_CORPUS is not set'
forms=$NETRA_TRIAGE_CORPUS/pytest-forms

for f in go_json.jsonl go_v.txt gotestsum.xml; do
	NETRA_TRIAGE_DB=$T/$f.db
	export NETRA_TRIAGE_DB
	run 0 ingest "$forms/$f"
	sql 'select nodeid, outcome, attempt from tests order by 1' >"$T/$f"
done
cat >"$T/want" <<'END'
ex.com/p::TestFail	failed	1
ex.com/p::TestOK	passed	1
ex.com/p::TestSkip	skipped	1
ex.com/p::TestSub	failed	1
ex.com/p::TestSub/a_b/c	failed	1
ex.com/p::TestSub/ok	passed	1
END
for f in go_json.jsonl go_v.txt gotestsum.xml; do
	same "$f: six results under the same names" "$T/$f" "$T/want"
done
for f in go_json.jsonl go_v.txt; do
	NETRA_TRIAGE_DB=$T/$f.db
	is "$f: complete" "$(sql 'select framework, state from runs')" 'go test	complete'
	is "$f: messages" "$(sql "select nodeid, message from tests where message <> '' order by 1")" "$(cat <<'END'
ex.com/p::TestFail	want 1 got 2
ex.com/p::TestSkip	no net
ex.com/p::TestSub	boom
ex.com/p::TestSub/a_b/c	boom
END
)"
done
NETRA_TRIAGE_DB=$T/go_json.jsonl.db
is 'the run began with its first event' "$(sql 'select started_ts, clock from runs')" '2026-11-23T07:26:22.780665584Z	exact'
# cut behind each line: never more passes, never complete before the last
bad='' n=1
while [ "$n" -lt 31 ]; do
	head -n "$n" "$forms/go_json.jsonl" >"$T/part.jsonl"
	NETRA_TRIAGE_DB=$T/part.db
	rm -f "$T/part.db"*
	nt ingest "$T/part.jsonl" >/dev/null 2>&1 </dev/null || :
	bad=$bad$(sql "select nodeid from tests where outcome = 'passed' and nodeid not in ('ex.com/p::TestOK', 'ex.com/p::TestSub/ok')")
	bad=$bad$(sql "select state from runs where state = 'complete'")
	n=$((n + 1))
done
is 'cut behind each line: no other pass, no complete run' "$bad" ''
end
