#!/bin/sh
# real log exports: every fact that the corpus lists for them; NETRA_TRIAGE_CORPUS names its folder
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

[ -n "${NETRA_TRIAGE_CORPUS:-}" ] || skip_all 'NETRA_TRIAGE_CORPUS is not set'
gcp=$NETRA_TRIAGE_CORPUS/gcp

fresh() {	# fresh NAME: a new database
	NETRA_TRIAGE_DB=$T/$1.db
	export NETRA_TRIAGE_DB
}

row() {	# row SQL: its rows as "a b;c d;"
	sql "$1" | tr '\t\n' ' ;'
}

exported() {	# severities as exported: what was read from the text had none
	row "select iif(severity_inferred, 'DEFAULT', severity) s, count(*) from events group by 1 order by 2 desc"
}

worth() {	# worth ID
	nt sources "s$1" --now "$NOW" -o tsv | awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "worth") c = i } NR == 2 { print $c }'
}

# ---- array-crash-loop.json ----
fresh loop
run 0 ingest "$gcp/array-crash-loop.json"
is 'loop: shape, entries, order' "$(row 'select shape, entries, added from sources')" 'JSON array 1000 1000;'
is 'loop: severities as exported' "$(exported)" 'INFO 700;DEFAULT 175;ERROR 86;WARNING 39;'
is 'loop: true window' "$(row 'select first_ts, last_ts, clock from sources')" \
	'2025-09-16T01:40:53.087197000Z 2025-09-16T01:42:58.995733000Z utc;'
is 'loop: one service, one revision, 16 instances' \
	"$(row 'select count(distinct service), count(distinct revision), count(distinct instance) from events')" '1 1 16;'
is 'loop: it is the revision b95' "$(row "select count(*) from events where revision like '%-00742-b95'")" '1000;'
is 'loop: cut by a limit of 1000' "$(row "select kind, count, to_ts, from_ts is null from gaps where kind = 'limit'")" \
	'limit 1000 2025-09-16T01:40:53.087197000Z 1;'
is 'loop: worth' "$(worth 1)" 'cut by a limit: only the newest 126 s'
is 'loop: 60 entries without severity say [ERROR]' \
	"$(row "select count(*) from events where severity_inferred and severity = 'ERROR' and message like '%[ERROR]%'")" '60;'
is 'loop: payloads' "$(row 'select payload_kind, count(*) from events group by 1 order by 1')" 'json 731;text 269;'
is 'loop: 356 decoys of 371 error objects' "$(row "select sum(fields like '%\"jsonPayload.error.message\":\"Missing field\"%'), sum(fields like '%\"jsonPayload.error.%') from events")" '356 371;'
is 'loop: no decoy makes an error of its entry' "$(row "select severity, count(*) from events where fields like '%\"jsonPayload.error.message\":\"Missing field\"%' group by 1 order by 1")" \
	'INFO 341;WARNING 15;'
is 'loop: 45 tracebacks' "$(row "select count(*) from events where message like 'Traceback (most recent call last)%'")" '45;'
is 'loop: in 15 chains of 5 entries' "$(row 'select count(*), min(entries), max(entries), count(distinct cause_signature_id) from exceptions')" '15 5 5 1;'
is 'loop: 3 errorGroups of 15 each' "$(row "select count(*) from events where fields like '%errorGroups%' group by regexp_extract(fields, '\"errorGroups[^\"]*\":\"([^\"]+)\"', 1)")" '15;15;15;'
is 'loop: 11 requests, all 503' "$(row 'select status, count(*) from requests group by 1')" '503 11;'
is 'loop: a trace on 11 entries only, the requests' "$(row "select count(*), sum(id in (select event_id from requests)) from events where trace is not null")" '11 11;'
is 'loop: 15 failed boots on 15 instances' "$(row "select occurrences from incidents; ")" '15;'
is 'loop: each on an instance of its own' "$(row "select count(distinct e.instance) from events e where message like '%Worker failed to boot%'")" '15;'
is 'loop: 9 exit(3) on 9 of those' "$(row "select count(*), count(distinct instance), sum(instance in (select instance from events where message like '%Worker failed to boot%')) from events where message like 'Container called exit(3)%'")" '9 9 9;'
is 'loop: 9 of 11 requests are joined by instance and interval' "$(row "select basis, count(*) from incident_members where role = 'request' group by 1 order by 1")" 'co-occurs 2;proved 9;'
is 'loop: 6 end up to 0.3 s, 3 end 2 to 3 s before the boot failed' "$(row "select sum(d between 0 and 349), sum(d between 2000 and 3000), count(*) from
	(select (min(b.ts_ns) - r.end_ns) / 1000000 d from incident_members m join requests r on r.event_id = m.event_id
	join events b on b.instance = r.instance and b.message like '%Worker failed to boot%'
	where m.role = 'request' and m.basis = 'proved' group by r.event_id)")" '6 3 9;'
is 'loop: no request is on an instance with an exit line' "$(row "select count(*) from requests where instance in (select instance from events where message like 'Container called exit(3)%')")" '0;'

# ---- array-mixed-services.json ----
fresh mixed
run 0 ingest "$gcp/array-mixed-services.json"
is 'mixed: shape and entries' "$(row 'select shape, entries from sources')" 'JSON array 100;'
is 'mixed: severities as exported' "$(exported)" 'DEFAULT 71;INFO 23;NOTICE 4;WARNING 2;'
is 'mixed: true window' "$(row 'select first_ts, last_ts from sources')" '2025-08-28T00:20:01.687353000Z 2025-08-28T00:23:51.592013000Z;'
is 'mixed: services' "$(row "select count(*) from events group by service order by service is null, 1 desc")" '45;31;22;2;'
is 'mixed: ANSI codes are gone from messages' "$(row "select count(*) from events where instr(message, char(27))")" '0;'
is 'mixed: they were in 27 entries' "$(sql 'select byte_offset, bytes from events' | while IFS='	' read -r at n; do
	tail -c "+$((at + 1))" "$gcp/array-mixed-services.json" | head -c "$n" | grep -qF '\u001b[' && echo x; done | wc -l | tr -d ' ')" 27
is 'mixed: 9 audit entries' "$(row "select count(*) from events where log like 'cloudaudit%'")" '9;'
is 'mixed: 16 requests' "$(row 'select count(*) from requests')" '16;'
is 'mixed: logs' "$(row "select replace(log, 'run.googleapis.com/', ''), count(*) from events where log not like 'cloudaudit%' group by 1 order by 1")" \
	'requests 16;stderr 36;stdout 35;varlog/system 4;'
is 'mixed: a count of 100 is one that a limit gives' "$(row "select kind from gaps where kind in ('limit', 'cap', 'filter', 'empty') order by id")" 'limit;'

# ---- array-requests.json ----
fresh requests
run 0 ingest "$gcp/array-requests.json"
is 'requests: shape and entries' "$(row 'select shape, entries from sources')" 'JSON array 20;'
is 'requests: severities as exported' "$(exported)" 'WARNING 14;ERROR 6;'
is 'requests: true window' "$(row 'select substr(first_ts, 1, 19), substr(last_ts, 1, 19) from sources')" '2025-09-07T15:41:59 2025-09-07T15:42:02;'
is 'requests: 17 have no payload' "$(row "select count(*) from requests where event_id in (select id from events where payload_kind = 'none')")" '17;'
is 'requests: by status' "$(row 'select status, count(*) from requests group by 1 order by 2 desc, 1')" '404 12;500 3;405 1;422 1;'
is 'requests: they are not empty' "$(row "select empty, (select count(*) from gaps where kind = 'empty') from sources")" '0 0;'
is 'requests: nothing is below WARNING' "$(row "select kind, severity from gaps where kind = 'filter'")" 'filter NOTICE;'

# ---- pseudo-log.json ----
fresh pseudo
run 0 ingest "$gcp/pseudo-log.json"
is 'pseudo: one value, no evidence' "$(row 'select entries, added, not_evidence from sources')" '1 0 1;'
is 'pseudo: no event' "$(row 'select count(*) from events')" '0;'
is 'pseudo: worth' "$(worth 1)" 'not evidence'
is 'pseudo: gap' "$(row 'select kind, count from gaps')" 'pseudo 1;'
has 'pseudo: it is told at once' "$T/err" 'no evidence'

# ---- wrapper-raw-logs.json ----
fresh raw
run 0 ingest "$gcp/wrapper-raw-logs.json"
is 'raw: entries' "$(row 'select entries, added from sources')" '106 106;'
is 'raw: severities as exported' "$(exported | tr ';' '\n' | sort | tr '\n' ';')" 'ERROR 50;NOTICE 6;WARNING 50;'
is 'raw: true window' "$(row 'select substr(first_ts, 1, 19), substr(last_ts, 1, 19) from sources')" '2025-09-15T19:24:39 2025-09-15T20:03:13;'
is 'raw: ERROR and WARNING are capped at 50' "$(row "select severity, count from gaps where kind = 'cap' order by id")" 'ERROR 50;WARNING 50;'
is 'raw: ERROR covers 50 seconds only' "$(row "select (max(ts_ns) - min(ts_ns)) / 1000000000 from events where severity = 'ERROR'")" '50;'
is 'raw: and is missing before' "$(row "select substr(from_ts, 1, 19), substr(to_ts, 1, 19) from gaps where kind = 'cap' and severity = 'ERROR'")" '2025-09-15T19:24:39 2025-09-15T20:02:18;'
has 'raw: that is told at once' "$T/err" 'exactly 50 ERROR entries'
has 'raw: in worth' "$(worth 1 >"$T/worth"; echo "$T/worth")" 'capped: ERROR covers 50 s of 38m34s'
is 'raw: a pause of what was not capped is no silence' "$(row "select count(*) from gaps where kind = 'silence'")" '0;'
is 'raw: 38 of the 50 ERRORs are 503 on /health, by renamed keys' \
	"$(row "select count(*), min(r.status), max(r.status), min(r.path), max(r.path) from requests r join events e on e.id = r.event_id where e.severity = 'ERROR'")" \
	'38 503 503 /health /health;'
is 'raw: the 6 NOTICEs replace a service' "$(row "select count(*) from events where severity = 'NOTICE' and message like '%ReplaceService%'")" '6;'
is 'raw: 3 deploys, 3 traffic updates' "$(row "select sum(agent like '%command/gcloud.run.deploy%'), sum(agent like '%update-traffic%'), count(*) from deploys")" '3 3 6;'

# ---- wrapper-by-severity.json, and the same altered ----
fresh lists
run 0 ingest "$gcp/wrapper-by-severity.json"
is 'lists: entries' "$(row 'select entries, added from sources')" '163 163;'
is 'lists: severities as exported' "$(exported | tr ';' '\n' | sort | tr '\n' ';')" 'ERROR 50;INFO 50;NOTICE 13;WARNING 50;'
is 'lists: true window' "$(row 'select substr(first_ts, 1, 19), substr(last_ts, 1, 19) from sources')" '2025-09-15T20:38:01 2025-09-15T21:37:36;'
is 'lists: no log' "$(row 'select count(log) from events')" '0;'
is 'lists: 134 Python reprs, 29 plain texts' "$(row "select sum(payload_kind in ('json', 'proto')), sum(payload_kind = 'text') from events")" '134 29;'
is 'lists: the 46 reprs that are cut stand beside whole payloads' "$(row "select empty, (select count(*) from diagnostics where name = 'payload-cut') from sources")" '0 0;'
is 'lists: capped at 50' "$(row "select severity, count from gaps where kind = 'cap' order by id")" 'ERROR 50;WARNING 50;INFO 50;'
run 0 ingest "$gcp/wrapper-by-severity-altered.json"
is 'altered: 9 conflicts, and no duplicate' "$(row 'select entries, added, known, conflicts from sources where id = 2')" '163 0 154 9;'
is 'altered: the events are those of the first' "$(row 'select count(*), count(distinct insert_id) from events')" '163 163;'
is 'altered: both texts stand' "$(row "select count(*), sum(first_message <> message) from conflicts where source_id = 2")" '9 9;'
has 'altered: it is told at once' "$T/err" 's2: 9 records differ from what is stored (evidence changed after capture)'
is 'altered: it repeats the first' "$(row "select count from gaps where kind = 'repeat' and source_id = 2")" '163;'

# ---- wrapper-no-payload.json, in either order ----
fresh nopay
run 0 ingest "$gcp/wrapper-no-payload.json"
is 'nopay: entries' "$(row 'select entries, added from sources')" '162 162;'
is 'nopay: severities as exported' "$(exported | tr ';' '\n' | sort | tr '\n' ';')" 'ERROR 50;INFO 50;NOTICE 12;WARNING 50;'
is 'nopay: true window' "$(row 'select substr(first_ts, 1, 19), substr(last_ts, 1, 19) from sources')" '2025-09-15T20:38:01 2025-09-15T21:36:36;'
is 'nopay: 15 requests, all 503' "$(row 'select status, count(*) from requests group by 1')" '503 15;'
is 'nopay: a defect of the collector' "$(row "select kind, count from gaps where kind = 'empty'")" 'empty 147;'
has 'nopay: that is told at once' "$T/err" 'suspect a defect of the collector'
has 'nopay: and is its worth' "$(worth 1 >"$T/worth"; echo "$T/worth")" 'no payloads: collector defect'
run 0 ingest "$gcp/wrapper-by-severity.json"
is 'nopay: 92 are filled later' "$(row 'select added, filled, conflicts from sources where id = 2')" '71 92 0;'
is 'nopay: none is there twice' "$(row 'select count(*), count(distinct insert_id) from events')" '233 233;'
row 'select insert_id, message from events order by 1' >"$T/later"
fresh nopay2
run 0 ingest "$gcp/wrapper-by-severity.json"
run 0 ingest "$gcp/wrapper-no-payload.json"
is 'nopay: or are filled by what was stored' "$(row 'select added, known, filled, conflicts from sources where id = 2')" '70 0 92 0;'
is 'nopay: in either order the 92 repeat' "$(row "select count from gaps where kind = 'repeat' and source_id = 2")" '92;'
row 'select insert_id, message from events order by 1' >"$T/earlier"
same 'nopay: in either order the events are the same' "$T/later" "$T/earlier"

# ---- summary-not-evidence.json ----
fresh summary
run 0 ingest "$gcp/summary-not-evidence.json"
is 'summary: 11 samples, none of them evidence, no 5000' "$(row 'select entries, added, not_evidence, (select count(*) from events) from sources')" '11 0 11 0;'
is 'summary: gap' "$(row 'select kind, count from gaps')" 'pseudo 11;'
is 'summary: worth' "$(worth 1)" 'not evidence'

# ---- table-format.txt ----
fresh table
run 0 ingest "$gcp/table-format.txt"
is 'table: rows' "$(row 'select entries, added from sources')" '11 11;'
is 'table: severities as exported' "$(exported)" 'DEFAULT 6;INFO 4;NOTICE 1;'
is 'table: the third column is empty in 2' "$(row "select count(*) from events where coalesce(message, '') = ''")" '2;'
is 'table: all of one day' "$(row 'select distinct substr(ts, 1, 10) from events')" '2025-09-01;'
is 'table: fields are lost' "$(row "select lossy, (select count(*) from gaps where kind = 'lossy') from sources")" '1 1;'
has 'table: that is told at once' "$T/err" 'has lost fields that the log has'
end
