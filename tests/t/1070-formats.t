#!/bin/sh
# formats that users describe: where they are found, what they read, and how faults are told
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

fresh() {	# fresh NAME: another database from here on
	NETRA_TRIAGE_DB=$T/$1.db
	export NETRA_TRIAGE_DB
	rm -f "$T/$1.db" "$T/$1.db-wal" "$T/$1.db-shm"
}

# scheduler NAME [SEVERITY]: a format; the sample says SEVERITY
scheduler() {
	cat <<END
name: $1
about: log of the scheduler
pattern: '^(?<time>\\d{4}-\\d\\d-\\d\\dT\\S+) <(?<severity>\\w)> job=(?<job>\\S+) (?<message>.*)'
time_format: rfc3339
severities: {E: ERROR, W: WARNING, I: INFO}
samples:
  - line: '2025-10-02T09:14:25Z <E> job=reindex no space left'
    is: {severity: ${2:-ERROR}, job: reindex, message: no space left}
  - not: '2025-10-02T09:14:25Z job=reindex'
END
}
printf '2025-10-02T09:14:25Z <I> job=reindex started\n2025-10-02T09:14:26Z <E> job=reindex failed:\n  no space left\n' >"$T/job.log"

# the installed ones
run 0 formats
is 'the installed formats are listed' "$(cut -f1 "$T/out" | tail -n +2 | tr '\n' ' ')" 'cloudflared envoy-access postgres '
run 0 formats check
has 'and are sound' "$T/err" '3 formats with 10 samples load, 0 faults'
run 0 formats list --json
has 'JSON too' "$T/out" '"format":"postgres"'
fresh postgres
run 0 ingest "$NT_SRC/samples/shapes/postgres.log"
is 'a format is found by content' "$(sql 'select shape, entries, added from sources')" 'postgres	4	4'
is 'words of its own are severities' "$(sql "select severity, severity_by, message from events where line = 6")" \
	'CRITICAL	format	sorry, too many clients already'
is 'lines below belong to the record' "$(sql 'select message from events where line = 3')" 'select *\n\tfrom order_items\n\twhere order_id = 1042'
run 0 ingest "$NT_SRC/samples/shapes/postgres.log"
has 'a second time all is known' "$T/err" '0 added, 4 known'
fresh envoy
printf '[2025-10-02T09:14:25.123Z] "GET /orders/1042?full=1 HTTP/1.1" 503 UH 0 19 2004 - "10.8.0.9" "curl/8.5.0" "5f1c1e0a" "checkout-api.internal" "-"\n' >"$T/envoy.log"
run 0 ingest "$T/envoy.log"
is 'a format can make requests' "$(sql 'select method, url, path, status, latency_ms, user_agent from requests')" \
	'GET	/orders/1042?full=1	/orders/1042	503	2004.0	curl/8.5.0'

# one's own: not known, then by variable, then by folder
fresh own
run 3 ingest "$T/job.log"
run 2 ingest --as shop-scheduler "$T/job.log"
has 'an unknown name says what to do' "$T/err" 'netra-triage formats'
mkdir -p "$HOME/.config/netra-triage/formats.d" "$T/more"
scheduler shop-scheduler >"$T/more/a.yaml"
NETRA_TRIAGE_FORMATS=$T/nowhere:$T/more
export NETRA_TRIAGE_FORMATS
status=0
nt ingest "$T/job.log" >"$T/out" 2>"$T/err" || status=$?
is 'a path that is not there stops nothing' "$status" 0
has 'but is told' "$T/err" 'nowhere'
has 'as a warning' "$T/err" 'warning'
NETRA_TRIAGE_FORMATS=$T/more/a.yaml
fresh variable
run 0 ingest "$T/job.log"
is 'NETRA_TRIAGE_FORMATS names files and folders' "$(sql 'select shape from sources')" shop-scheduler
is 'what it reads' "$(sql 'select ts, severity, message from events order by id')" \
	'2025-10-02T09:14:25.000000000Z	INFO	started
2025-10-02T09:14:26.000000000Z	ERROR	failed:\n  no space left'
unset NETRA_TRIAGE_FORMATS
scheduler shop-scheduler >"$HOME/.config/netra-triage/formats.d/a.yaml"
fresh user
run 0 ingest --as shop-scheduler "$T/job.log"
is 'so does the folder of the user' "$(sql 'select shape from sources')" shop-scheduler
run 0 formats list
has 'and it is listed' "$T/out" 'shop-scheduler'
fresh compose
sed 's/^/jobs-1  | /' "$T/job.log" >"$T/compose.log"
run 0 ingest "$T/compose.log"
is 'under the prefix of docker compose it fits too' "$(sql 'select distinct service, (select shape from sources) from events')" 'jobs	shop-scheduler'

# other readers go first where they are sure
fresh first
{ echo "name: greedy"; echo "about: takes all"; echo "pattern: '(?<message>.*)'"; echo "samples: [{line: x}]"; } >"$T/more/greedy.yaml"
NETRA_TRIAGE_FORMATS=$T/more/greedy.yaml
export NETRA_TRIAGE_FORMATS
run 0 ingest "$NT_SRC/samples/outage"
is 'JSON and test output are not taken by a greedy format' "$(sql "select count(*) from sources where reader = 'greedy'")" 0
unset NETRA_TRIAGE_FORMATS
rm "$T/more/greedy.yaml"

# faults
scheduler shop-scheduler WARNING >"$T/bad.yaml"
run 1 formats check "$T/bad.yaml"
has 'a sample that is read otherwise is a fault' "$T/err" 'the sample is read otherwise: severity is `ERROR`'
has 'with its place' "$T/err" "$T/bad.yaml:8:20"
has 'and a caret' "$T/err" '^'
{ scheduler a; echo ---; scheduler b | sed 's/<job>/<job/'; echo ---; scheduler c; } >"$T/more/a.yaml"
run 1 formats check "$T/more"
has 'the others of its file load' "$T/err" '2 formats with 4 samples load, 1 fault'
NETRA_TRIAGE_FORMATS=$T/more
export NETRA_TRIAGE_FORMATS
fresh fault
run 0 ingest "$T/job.log"
has 'ingest names the one with the fault' "$T/err" 'this format is left out'
is 'and reads by the others' "$(sql 'select shape from sources')" a
run 1 formats list
unset NETRA_TRIAGE_FORMATS
run 1 formats check "$T/nowhere.yaml"
run 2 formats chekc
run 2 formats list x
end
