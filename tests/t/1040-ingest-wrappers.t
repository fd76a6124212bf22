#!/bin/sh
# JSON as tools and scripts wrap it: the same entries from every shape, nothing twice, no sample for evidence
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

shapes=$NT_SRC/samples/shapes

fresh() {	# fresh NAME: another database from here on
	NETRA_TRIAGE_DB=$T/$1.db
	export NETRA_TRIAGE_DB
	rm -f "$T/$1.db" "$T/$1.db-wal" "$T/$1.db-shm"
}

counts() {	# counts ID: seen, then what became of them, of one source
	sql "select entries, added, known, filled, conflicts, damaged, not_evidence from sources where id = $1" | tr '\t' ' '
}

balanced() {
	is "$1: every record seen is in one count" "$(sql 'select count(*) from sources where entries
		<> added + known + filled + conflicts + damaged + not_evidence')" 0
}

# every shape gives the same events
same='select insert_id, ts, severity, severity_inferred, service, revision, instance, message from events order by ts'
fresh ndjson
run 0 ingest "$shapes/ndjson.json"
sql "$same" >"$T/want"
is 'the 9 entries are there' "$(wc -l <"$T/want" | tr -d ' ')" 9
while read -r file shape; do
	fresh "$file"
	nt ingest "$shapes/$file.json" >"$T/out" 2>"$T/err" </dev/null
	sql "$same" >"$T/got"
	same "$file: the same events" "$T/want" "$T/got"
	is "$file: its shape" "$(sql 'select shape from sources')" "$shape"
	is "$file: a request, a deployment, an instance that was started and one that ended" \
		"$(sql "select (select count(*) from requests where status = 503), (select count(*) from deploys),
		(select count(*) from instances where started_ts is not null and ready_ts is not null),
		(select count(*) from instances where exit_code = 3)" | tr '\t' ' ')" '1 1 1 1'
	balanced "$file"
done <<'END'
wrapper-raw-logs JSON wrapper
wrapper-by-severity JSON wrapper
pubsub-pull Pub/Sub messages
bigquery-rows JSON array
END

# the same entry from two exports is one; what was cut or is not there is filled
fresh both
run 0 ingest "$shapes/wrapper-by-severity.json" "$shapes/ndjson.json"
is 'a Python repr is the payload that it prints; the one that is cut is filled' "$(counts 2)" '9 0 8 1 0 0 0'
is 'and there is no conflict' "$(sql 'select count(*) from conflicts')" 0
is 'the cut payload is told' "$(sql "select count(*) from diagnostics where name = 'payload-cut'")" 1
fresh back
run 0 ingest "$shapes/ndjson.json" "$shapes/wrapper-by-severity.json"
is 'the other way round as well' "$(counts 2)" '9 0 8 1 0 0 0'

# a database spells the audit record anew: that is no altered evidence, and the whole one is its text
for order in 'bigquery-rows ndjson' 'ndjson bigquery-rows'; do
	fresh "${order%% *}-first"
	run 0 ingest "$shapes/${order% *}.json" "$shapes/${order#* }.json"
	is "$order: no conflict" "$(sql 'select count(*) from conflicts')" 0
	is "$order: the audit record is the one that gcloud writes" "$(sql "select json_extract(fields, '\$.\"protoPayload.methodName\"') is not null
		from events where insert_id = 'shp0009'")" 1
done
# all of them, in an order in which the rows of a database come first
fresh rows
run 0 ingest "$shapes/bigquery-rows.json" "$shapes/ndjson.json" "$shapes/wrapper-raw-logs.json" "$shapes/pubsub-pull.json"
is 'an audit record in snake case is the same record' "$(sql 'select count(*) from conflicts')" 0
is 'and all are known' "$(sql 'select group_concat(known) from (select known from sources order by id)')" '0,9,9,9'

# places
fresh place
run 0 ingest "$shapes/wrapper-by-severity.json"
sql 'select byte_offset, bytes, line, insert_id from events' >"$T/places"
wrong=0
while read -r byte bytes line id; do
	tail -c +$((byte + 1)) "$shapes/wrapper-by-severity.json" | head -c "$bytes" >"$T/record"
	[ "$(head -c 1 "$T/record")$(tail -c 1 "$T/record") $(grep -c insert_id "$T/record") $(grep -c "\"$id\"" "$T/record")" = '{} 1 1' ] ||
		wrong=$((wrong + 1))
	[ "$(head -c "$byte" "$shapes/wrapper-by-severity.json" | wc -l)" -eq $((line - 1)) ] || wrong=$((wrong + 1))
done <"$T/places"
is 'every entry of a wrapper stands where it is said to' "$wrong" 0

# jobs and worker pools
fresh jobs
run 0 ingest "$shapes/jobs.json"
is 'an execution is the revision of a job, a task its instance' \
	"$(sql "select service, revision, instance, exit_code from instances where exit_code > 0")" \
	'nightly-prices	nightly-prices-x7k2p	task 1 attempt 0	1'
is 'a worker pool has its name and revision' "$(sql "select distinct service, revision from events where resource_type = 'cloud_run_worker_pool' and instance is not null")" \
	'mailer	mailer-00004-b7z'
is 'both deployments are there' "$(sql 'select service, how from deploys order by 1' | tr '\t\n' ' ;')" \
	'mailer google.cloud.run.v2.WorkerPools.UpdateWorkerPool;nightly-prices google.cloud.run.v1.Jobs.ReplaceJob;'

# a cut wrapper, and damage in it
entry() { printf '{"insertId":"%s","timestamp":"2025-10-02T09:00:%sZ","severity":"INFO","textPayload":"%s"}' "$1" "$2" x; }
printf '{"total_logs": 5, "logs_by_severity": {"ERROR": [%s, %s], "INFO": [%s, %s, %s]}}\n' "$(entry a 01)" "$(entry b 02)" \
	"$(entry c 03)" "$(entry d 04)" "$(entry e 05)" >"$T/w.json"
size=$(wc -c <"$T/w.json")
fresh cut
head -c $((size - 30)) "$T/w.json" >"$T/w-cut.json"
run 3 ingest "$T/w-cut.json"
is 'a cut wrapper keeps every whole entry' "$(counts 1)" '5 4 0 0 0 1 0'
has 'the cut is told' "$T/err" 'the input is cut short'
fresh damaged
sed 's/"insertId":"c",/"insertId":"c,/; s/"INFO": \[/"INFO: [/' "$T/w.json" >"$T/w-damaged.json"
run 3 ingest "$T/w-damaged.json"
is 'a damaged entry costs itself, a damaged key none' "$(sql "select group_concat(insert_id, '') from (select insert_id from events order by 1)")" abde
balanced damaged

# totals
fresh totals
printf '{"total": 5000, "entries": [%s, %s]}\n' "$(entry a 01)" "$(entry b 02)" >"$T/total.json"
run 0 ingest "$T/total.json"
is 'entries of a wrapper that states a larger total are evidence' "$(counts 1)" '2 2 0 0 0 0 0'
has 'and the difference is told' "$T/err" 'the wrapper says 5000, it holds 2'
run 0 ingest "$T/w.json"
lacks 'a total that is right is not told' "$T/err" 'the wrapper says'

# samples in a summary are no evidence
fresh samples
printf '{"summary": {"total_logs": 5000}, "by_severity": {"INFO": {"count": 4990, "sample_entries": [%s]}, "ERROR": {"count": 1, "sample_entries": [%s]}}}\n' \
	"$(entry a 01)" "$(entry b 02)" >"$T/samples.json"
run 0 ingest "$T/samples.json"
is 'samples are listed and are no events' "$(counts 1) $(sql 'select count(*) from events')" '2 0 0 0 0 0 2 0'
has 'why is told' "$(sql 'select reason from damaged_records' >"$T/reasons"; echo "$T/reasons")" 'a sample in a summary of 5000 entries'

# over a limit: kept apart with its hash
fresh over
{ entry a 01; echo; printf '{"insertId":"long","timestamp":"2025-10-02T09:00:02Z","textPayload":"%s"}\n' "$(head -c 3000 /dev/zero | tr '\0' x)"; entry b 03; echo; } >"$T/over.ndjson"
run 3 ingest --max-record 2000 "$T/over.ndjson"
is 'the record over the limit has the hash of its bytes' "$(sql 'select bytes, sha256 from damaged_records')" \
	"$(sed -n 2p "$T/over.ndjson" | tr -d '\n' | wc -c | tr -d ' ')	$(sed -n 2p "$T/over.ndjson" | tr -d '\n' | sha256sum | cut -d ' ' -f 1)"
has 'limit and option are named' "$T/err" 'longer than 2000 bytes (--max-record)'

# a key twice
fresh twice
printf '{"insertId":"a","timestamp":"2025-10-02T09:00:01Z","jsonPayload":{"message":"one","message":"two"}}\n' >"$T/twice.ndjson"
run 0 ingest "$T/twice.ndjson"
is 'the last value counts' "$(sql 'select message from events')" two
is 'and the key is told' "$(sql "select detail from diagnostics where name = 'json-key-twice'")" '"message"'
end
