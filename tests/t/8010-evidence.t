#!/bin/sh
# real evidence: the facts a correct reading of the corpus yields; NETRA_TRIAGE_CORPUS names its folder
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

[ -n "${NETRA_TRIAGE_CORPUS:-}" ] || skip_all 'NETRA_TRIAGE_CORPUS is not set'
gcp=$NETRA_TRIAGE_CORPUS/gcp tests=$NETRA_TRIAGE_CORPUS/tests
NETRA_TRIAGE_DB=$T/loop.db
export NETRA_TRIAGE_DB

run 0 ingest "$gcp/array-crash-loop.json"
has '1000 entries are added' "$T/err" '1000 added'
has 'the true span is told' "$T/err" '2025-09-16T01:40:53.087197Z .. 2025-09-16T01:42:58.995733Z'
has 'the cut is told' "$T/err" 'looks cut by a limit'
is 'severities, those inferred apart' "$(sql "select severity, severity_inferred, count(*) from events group by 1, 2 order by 3 desc" | tr '\t\n' ' ;')" \
	'INFO 0 700;ERROR 0 86;INFO 1 71;ERROR 1 60;DEFAULT 0 44;WARNING 0 39;'
is '11 requests, all 503' "$(sql 'select status, count(*) from requests group by 1')" '503	11'
is '16 instances' "$(sql 'select count(distinct instance) from events')" 16
is '15 exceptions of 5 entries, one cause' "$(sql 'select count(*), min(entries), max(entries), count(distinct cause_signature_id) from exceptions')" '15	5	5	1'
is 'the cause is the missing module' "$(sql "select distinct cause_type || ': ' || cause_message from exceptions")" \
	"ModuleNotFoundError: No module named 'netra_backend.app.services.monitoring'"
dump >"$T/before"
run 0 ingest "$gcp/array-crash-loop.json"
has 'again: nothing is added' "$T/err" '0 added, 1000 known'
dump >"$T/after"
same 'again: nothing changes' "$T/before" "$T/after"
is 'one incident' "$(sql 'select count(*) from incidents')" 1
is 'it is 15 failed starts of the revision' "$(sql 'select occurrences, service, revision, priority from incidents')" \
	'15	netra-backend-staging	netra-backend-staging-00742-b95	P0'
is '9 requests joined by instance and interval, 2 open' "$(sql "select basis, count(*) from incident_members where role = 'request' group by 1 order by 1" | tr '\t\n' ' ;')" \
	'co-occurs 2;proved 9;'
is 'the 9 exit lines belong to occurrences without a request' "$(sql "select count(*) from incident_members x join incident_members r using (occurrence) where x.role = 'exit' and r.role = 'request' and r.basis = 'proved'")" 0
nt worklog --now "$NOW" >"$T/worklog.md"
has 'the cause is placed' "$T/worklog.md" 'gcp_auth_context_middleware.py:23'
has 'the chain stops where the evidence does' "$T/worklog.md" 'Needs evidence'
has 'with a command' "$T/worklog.md" 'gcloud logging read'
check_facts crash-loop

# a truncated copy keeps every complete entry
head -c 700000 "$gcp/array-crash-loop.json" >"$T/cut.json"
NETRA_TRIAGE_DB=$T/cut.db
run 3 ingest "$T/cut.json"
is 'every complete entry is kept' "$(sql 'select added, damaged from sources')" "$(($(head -c 700000 "$gcp/array-crash-loop.json" | grep -c '^  },$')))	1"
has 'the damage is placed' "$T/err" 'cut.json:'
has 'by byte' "$T/err" 'byte '

NETRA_TRIAGE_DB=$T/table.db
run 0 ingest "$gcp/table-format.txt"
is 'a table: 11 rows, lost fields' "$(sql 'select entries, added, lossy, shape from sources')" '11	11	1	gcloud table'
is 'severities of a table, those inferred apart' "$(sql 'select iif(severity_inferred, 1, 0), iif(severity_inferred, severity_by, severity), count(*) from events group by 1, 2 order by 1, 2' | tr '\t\n' ' ;')" \
	'0 INFO 4;0 NOTICE 1;1 level-column 6;'
is 'no text in 2 rows' "$(sql 'select count(*) from events where message is null')" 2

NETRA_TRIAGE_DB=$T/mixed.db
run 0 ingest "$gcp/array-mixed-services.json"
is 'mixed services' "$(sql "select coalesce(service, '-'), count(*) from events group by 1 order by 2 desc, 1" | tr '\t\n' ' ;')" \
	'netra-auth-service 45;netra-backend-staging 31;netra-frontend-staging 22;- 2;'
is 'mixed requests' "$(sql 'select count(*) from requests')" 16
NETRA_TRIAGE_DB=$T/requests.db
run 0 ingest "$gcp/array-requests.json"
is 'requests by status' "$(sql 'select status, count(*) from requests group by 1 order by 2 desc, 1' | tr '\t\n' ' ;')" \
	'404 12;500 3;405 1;422 1;'

# wrappers: entries at any depth, the same entry from two exports, samples and pseudo logs
counts() { sql "select entries, added, known, filled, conflicts, damaged, not_evidence from sources where id = $1" | tr '\t' ' '; }
NETRA_TRIAGE_DB=$T/raw.db
run 0 ingest "$gcp/wrapper-raw-logs.json"
is 'raw_logs: severities' "$(sql 'select severity, count(*) from events group by 1 order by 1' | tr '\t\n' ' ;')" 'ERROR 50;NOTICE 6;WARNING 50;'
is 'raw_logs: 38 of the errors are 503' "$(sql "select count(*) from requests r join events e on e.id = r.event_id where r.status = 503 and r.path = '/health' and e.severity = 'ERROR'")" 38
is 'raw_logs: 3 deployments, 3 traffic updates' "$(sql "select agent like '%update-traffic%', count(*) from deploys group by 1" | tr '\t\n' ' ;')" '0 3;1 3;'
lacks 'raw_logs: its total is right' "$T/err" 'the wrapper says'
NETRA_TRIAGE_DB=$T/severity.db
run 0 ingest "$gcp/wrapper-by-severity.json" "$gcp/wrapper-by-severity-altered.json"
is 'by severity: 163 entries' "$(counts 1)" '163 163 0 0 0 0 0'
is 'the altered copy: 9 conflicts, 154 known' "$(counts 2)" '163 0 154 0 9 0 0'
NETRA_TRIAGE_DB=$T/fill.db
run 0 ingest "$gcp/wrapper-no-payload.json" "$gcp/wrapper-by-severity.json"
is 'no payload first: 92 filled' "$(counts 1); $(counts 2)" '162 162 0 0 0 0 0; 163 71 0 92 0 0 0'
NETRA_TRIAGE_DB=$T/fill-back.db
run 0 ingest "$gcp/wrapper-by-severity.json" "$gcp/wrapper-no-payload.json"
is 'payload first: 92 filled, no conflict' "$(counts 2)" '162 70 0 92 0 0 0'
NETRA_TRIAGE_DB=$T/summary.db
run 0 ingest "$gcp/summary-not-evidence.json" "$gcp/pseudo-log.json"
is 'a summary and a pseudo log are no evidence' "$(counts 1); $(counts 2)" '11 0 0 0 0 0 11; 1 0 0 0 0 0 1'

# test output
for f in pytest-verbose-captured.log pytest-xdist.txt pytest-no-tests-ran.txt pytest-crashed.txt \
	pytest-truncated.log pytest-suspect-pass.txt pytest-dots-prints.txt same-run.xml junit-skips.xml \
	junit-zero-tests.xml junit-collection-error.xml pytest-ansi-interleaved.log; do
	NETRA_TRIAGE_DB=$T/$f.db
	as=
	[ "$f" != pytest-truncated.log ] || as='--as pytest'	# six lines in which nothing is of pytest
	# shellcheck disable=SC2086
	nt ingest $as "$tests/$f" >"$T/out" 2>"$T/err"
	rows=$(sql 'select outcome, count(*) from tests group by 1 order by 1' | tr '\t\n' ' ;')
	state=$(sql 'select state from runs')
	case $f in
	pytest-verbose-captured.log) want='complete failed 3;passed 77;' ;;
	pytest-xdist.txt) want='stopped failed 1;passed 409;skipped 19;' ;;
	pytest-no-tests-ran.txt | pytest-truncated.log | junit-zero-tests.xml) want='not run ' ;;
	pytest-crashed.txt) want='crashed ' ;;
	pytest-suspect-pass.txt) want='complete passed 5;' ;;
	pytest-dots-prints.txt) want='complete failed 74;passed 4;' ;;
	same-run.xml) want='complete error 3;failed 7;passed 51;' ;;
	junit-skips.xml) want='complete passed 27;skipped 2;' ;;
	junit-collection-error.xml) want='not run error 1;' ;;
	pytest-ansi-interleaved.log) want='stopped error 2;failed 8;passed 50;' ;;
	esac
	is "$f" "$state $rows" "$want"
done
end
