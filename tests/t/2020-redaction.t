#!/bin/sh
# no secret reaches the database, its WAL, an output, a message or a temporary file
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

[ -x "$NT_BUILD/tests/redact/plant" ] || skip_all 'tests/redact/plant was not built'
mkdir "$T/in" "$T/in/names" "$T/in/cut" "$T/in/carets" "$T/tmp"
TMPDIR=$T/tmp
export TMPDIR
"$NT_BUILD/tests/redact/plant" "$T/in" || exit 1
views=$(nt views --db "$T/none.db" -o tsv 2>/dev/null | tail -n +2 | cut -f1)
NETRA_TRIAGE_DB=$T/views.db nt ingest "$NT_SRC/samples/outage" >/dev/null 2>&1
[ -n "$views" ] || views=$(NETRA_TRIAGE_DB=$T/views.db nt views -o tsv | tail -n +2 | cut -f1)

# what rules and stitching make of redacted text; groups and incidents differ by a token only
n=0
for who in bob zoe amy eve dan; do
	n=$((n + 1))
	printf '{"insertId":"x%d","timestamp":"2025-10-02T09:00:%02dZ","severity":"ERROR","logName":"projects/shop-prod-1/logs/run.googleapis.com%%2Fstderr","resource":{"type":"cloud_run_revision","labels":{"service_name":"pay-%d","revision_name":"pay-00001-abc"}},"labels":{"instanceId":"00a%d"},"textPayload":"Traceback (most recent call last):\\n  File \\"/app/shop/%s@example.org/main.py\\", line 9, in <module>\\n    run()\\nRuntimeError: no mailbox for %s@example.org, nor for root@example.org"}\n' \
		$n $((60 - n)) $((n % 2)) $n $who $who
	printf '{"insertId":"y%d","timestamp":"2025-10-02T09:01:%02dZ","severity":"INFO","logName":"projects/shop-prod-1/logs/run.googleapis.com%%2Fstderr","resource":{"type":"cloud_run_revision","labels":{"service_name":"auth-service","revision_name":"auth-00001-abc"}},"textPayload":"Login successful for user: %s@example.org"}\n' $n $n $who
done >"$T/in/trace.ndjson"
printf '%s@example.org\n' bob zoe amy eve dan root >>"$T/in/canaries.txt"
# the same key, newest line first, as gcloud prints by default
sed 's/c100/c500/; s/FakeKeyLine42/FakeKeyLine52/; s/checkout-api-00001-abc/checkout-api-00002-abc/' "$T/in/parts.ndjson" | sed '1!G;h;$!d' >"$T/in/tsrap.ndjson"
printf '%s\n' FakeKeyLine52a FakeKeyLine52b FakeKeyLine52c >>"$T/in/canaries.txt"
cat >"$T/rules.yaml" <<'END'
title: A user logs in
name: user_logs_in
level: low
logsource: {product: gcp, service: cloud_run}
detection:
  login: {message|re: 'Login successful for user: (?<user>[^ ]{1,120})'}
  condition: login
role: issue
priority: P3
group-by: [user]
says: '${user} logged in ${count} time(s)'
remediation: Nothing is to be done
tests:
  - match: {message: 'Login successful for user: ana@example.com', severity: INFO}
    captures: {user: ana@example.com}
  - no-match: {message: 'Login failed'}
  - no-match: {message: 'no login'}
END
export NETRA_TRIAGE_RULES="$T/rules.yaml"

# everything DIR: read all of it, and keep what every command writes
everything() {
	dir=$1
	shift
	mkdir -p "$dir"
	export NETRA_TRIAGE_DB="$dir/t.db"
	(cd "$T/in" && nt ingest "$@" -v logs.ndjson trace.ndjson parts.ndjson tsrap.ndjson bad.ndjson cut junit.xml pytest.log \
		names carets/* no-such-jane.doe+22@example.co.uk) >"$dir/ingest.out" 2>"$dir/ingest.err"
	nt ingest "$@" --json "$T/in/logs.ndjson" >"$dir/again.json" 2>"$dir/again.err"
	nt worklog --all --now "$NOW" >"$dir/worklog.md" 2>"$dir/worklog.err"
	nt worklog --all --now "$NOW" --json >"$dir/worklog.json" 2>&1
	nt worklog --all --now "$NOW" --facts >"$dir/facts.json" 2>&1
	nt sources >"$dir/sources.tsv" 2>&1
	nt incidents >"$dir/incidents.tsv" 2>&1
	for id in $(nt query -o tsv "select 'e' || id from events union all select 's' || id from sources
		union all select 't' || id from tests union all select 'i' || id from incidents
		union all select 'u' || id from runs union all select 'q' || event_id from requests" |
		tail -n +2); do
		echo "$id"
	done | xargs "$NT" show >"$dir/show.txt" 2>"$dir/show.err"
	for view in $views; do
		nt query -o json "select * from $view" >"$dir/$view.json" 2>>"$dir/query.err"
		nt query -o csv "select * from $view" >"$dir/$view.csv" 2>>"$dir/query.err"
	done
	nt query "select nonsense from events where message like '%x%'" >>"$dir/query.err" 2>&1
}

# found LIST FILE...: the lines of LIST that stand in a file
found() {
	list=$1
	shift
	LC_ALL=C grep -aohFf "$list" -- "$@" 2>/dev/null | sort -u
}

# clean NAME LIST FILE...: none stands in any of the files
clean() {
	name=$1
	list=$2
	shift 2
	leaks=$(found "$list" "$@")
	is "$name" "$(printf %s "$leaks" | grep -c .)" 0
	[ -z "$leaks" ] || printf '%s\n' "$leaks" | sed 's/^/#   /' | head -n 40
}

everything "$T/all"
everything "$T/off" --redact=off

# ---- the control: what is looked for is really there when nothing is redacted ----
sort -u "$T/in/stored.txt" >"$T/stored"
found "$T/stored" "$T/off/t.db" "$T/off/t.db-wal" >"$T/off.found"
same 'off: every secret is in the database' "$T/stored" "$T/off.found"
is 'off: messages show them too' "$([ "$(found "$T/in/canaries.txt" "$T/off/ingest.err" | grep -c .)" -gt 20 ] && echo yes)" yes
is 'off: the worklog or the views show them' "$([ "$(found "$T/stored" "$T"/off/*.json | grep -c .)" -gt 300 ] && echo yes)" yes

# ---- what it is about ----
clean 'the database and its WAL hold no secret' "$T/in/canaries.txt" "$T/all"/t.db*
clean 'no output holds one' "$T/in/canaries.txt" "$T/all"/*.out "$T/all"/*.md "$T/all"/*.json \
	"$T/all"/*.csv "$T/all"/*.tsv "$T/all"/*.txt
clean 'no message holds one' "$T/in/canaries.txt" "$T/all"/*.err
is 'no temporary file is left' "$(find "$T/tmp" -type f | grep -c .)" 0

# killed in the middle: what is in the database and the WAL then was redacted before it got there
i=0
while [ $i -lt 150 ]; do
	sed "s/\"insertId\":\"c/\"insertId\":\"c$i-/" "$T/in/logs.ndjson"
	i=$((i + 1))
done >"$T/many.ndjson"
mkdir "$T/killed"
killed=0
for delay in 0.1 0.2 0.3 0.5; do
	rm -f "$T/killed"/t.db*
	"$NT" ingest --db "$T/killed/t.db" "$T/many.ndjson" >/dev/null 2>&1 &
	pid=$!
	sleep $delay
	kill -9 $pid 2>/dev/null && killed=$((killed + 1))
	wait $pid 2>/dev/null
	clean "killed after $delay s: no secret in the database or the WAL" "$T/in/canaries.txt" "$T/killed"/t.db*
	[ $killed -eq 0 ] || [ ! -s "$T/killed/t.db-wal" ] || wal=yes
done
is 'some runs were really killed, with a WAL' "${wal:-no}" yes

# ---- kinds, counts, modes ----
export NETRA_TRIAGE_DB="$T/all/t.db"
has 'ingest says how many of which kind' "$T/all/ingest.err" 'texts redacted ('
sql "select distinct kind from redactions order by kind" >"$T/kinds"
for kind in jwt bearer email ipv4-public private-key url-password payment-card; do
	has "kind $kind was counted" "$T/kinds" "$kind"
done
is 'sources tells the mode' "$(sql "select distinct redact from sources")" all
has 'sources tells the counts' "$T/all/sources.tsv" 'email '
is 'paths are redacted too' "$(sql "select count(*) from sources where path like '%[email:%'")" 1
run 5 query 'select value from meta'
run 5 query "select * from redaction"

printf '%s\n' '{"insertId":"m1","timestamp":"2025-10-02T09:00:00Z","logName":"projects/p/logs/x","textPayload":"DB_PASSWORD=correct-horse-9 by jane.doe@example.co.uk"}' >"$T/modes.ndjson"
for mode in off pii secrets all; do
	export NETRA_TRIAGE_DB="$T/mode-$mode.db"
	run 0 ingest "--redact=$mode" "$T/modes.ndjson"
	sql 'select message from events' >"$T/mode-$mode"
done
has 'off keeps all' "$T/mode-off" 'correct-horse-9 by jane.doe@example.co.uk'
has 'pii takes personal data only' "$T/mode-pii" 'correct-horse-9 by [email:1]'
has 'secrets takes secrets only' "$T/mode-secrets" '=[key-value-secret:1] by jane.doe@example.co.uk'
has 'all takes both' "$T/mode-all" '=[key-value-secret:1] by [email:1]'
run 2 ingest --redact=some "$T/modes.ndjson"
has 'a wrong value is named with the right ones' "$T/err" 'off, pii, secrets or all'

# ---- identity does not depend on the mode ----
export NETRA_TRIAGE_DB="$T/both.db"
nt ingest --redact=off "$T/in/logs.ndjson" >/dev/null 2>&1
nt ingest "$T/in/logs.ndjson" >"$T/out" 2>"$T/err"
is 'off, then all: one source, nothing in conflict' "$(sql 'select count(*), sum(conflicts) from sources')" '1	0'
has 'it says that the first text stays' "$T/err" 'the text that was stored first stays'
has 'and what to do' "$T/err" 'netra-triage forget s1'
sed '1s/^/ /' "$T/in/logs.ndjson" >"$T/other.ndjson"
nt ingest "$T/other.ndjson" >"$T/out" 2>"$T/err"
is 'the same entries in another file are known' "$(sql 'select added, conflicts, known = entries from sources where id = 2')" '0	0	1'
has 'and that is said too' "$T/err" 'the text that was stored first stays'
sed 's/,"insertId":"[^"]*"//; s/{"insertId":"[^"]*",/{/' "$T/in/logs.ndjson" >"$T/no-id.ndjson"
sed '1s/^/ /' "$T/no-id.ndjson" >"$T/no-id-too.ndjson"
nt ingest --redact=off "$T/no-id.ndjson" >/dev/null 2>&1
nt ingest "$T/no-id-too.ndjson" >/dev/null 2>&1
is 'without insertId too' "$(sql "select added, conflicts, known = entries from sources where path like '%no-id-too%'")" '0	0	1'
sed 's/ans/XXX/; s/failed/FAILED/' "$T/in/logs.ndjson" >"$T/changed.ndjson"
nt ingest "$T/changed.ndjson" >/dev/null 2>&1
is 'a changed text is a conflict' "$(sql "select conflicts > 0 from sources where path like '%changed%'")" 1

# ---- the same bytes from any database ----
everything "$T/again"
for file in ingest.out ingest.err again.json again.err worklog.md worklog.json facts.json sources.tsv incidents.tsv show.txt; do
	sed "s|$T/again|$T/all|g" "$T/again/$file" >"$T/again.txt"
	same "two databases, two keys, the same $file" "$T/all/$file" "$T/again.txt"
done
for view in events requests tests findings whys evidence signatures exceptions incidents sources redactions; do
	same "the same view $view" "$T/all/$view.json" "$T/again/$view.json"
done
if command -v sqlite3 >/dev/null 2>&1; then
	is 'the keys are different' "$(sqlite3 "$T/all/t.db" "select hex(value) from meta where key = 'redact_key'" |
		grep -c "$(sqlite3 "$T/again/t.db" "select hex(value) from meta where key = 'redact_key'")")" 0
	is 'and so are the tokens that are stored' "$(sqlite3 "$T/all/t.db" "select message from event where message like '%[email:%' limit 1" |
		grep -cF "$(sqlite3 "$T/again/t.db" "select message from event where message like '%[email:%' limit 1")")" 0
	for db in all again; do
		sqlite3 "$T/$db/t.db" 'select id, kind, text from signature order by id' >"$T/$db.signatures"
	done
	same 'signatures are the same in the tables' "$T/all.signatures" "$T/again.signatures"
else
	skip 'keys and tokens of two databases' 'sqlite3 is missing'
fi
has 'tokens are numbered where they are printed' "$T/all/events.csv" '[email:2]'
is 'and no keyed hash is printed' "$(grep -hE '\[[a-z0-9-]+:[0-9a-f]{6}\]' "$T/all"/*.md "$T/all"/*.out "$T/all"/*.err \
	"$T/all"/*.csv "$T/all"/*.tsv "$T/all"/*.txt "$T/all"/*.json | grep -cvE ':[0-9]{1,5}\]')" 0

has 'a group by a secret value is one of its own' "$T/all/findings.json" '[email:1] logged in 1 time(s)'
is 'titles of incidents hold tokens' "$(sql "select count(*) > 0 from incidents where title like '%[email:%'")" 1

# ---- what stays ----
printf '%s\n' '{"insertId":"k1","timestamp":"2025-10-02T09:00:00Z","logName":"projects/p/logs/x","trace":"projects/p/traces/0123456789abcdef0123456789abcdef","textPayload":"from 10.0.0.8 by run@shop-prod-1.iam.gserviceaccount.com"}' >"$T/stays.ndjson"
export NETRA_TRIAGE_DB="$T/stays.db"
run 0 ingest "$T/stays.ndjson"
is 'private addresses, service accounts and traces stay' "$(sql 'select message, trace, insert_id from events')" \
	'from 10.0.0.8 by run@shop-prod-1.iam.gserviceaccount.com	0123456789abcdef0123456789abcdef	k1'
lacks 'and nothing is said of redaction' "$T/err" 'redacted'
end
