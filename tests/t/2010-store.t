#!/bin/sh
# the database: refused when foreign or newer, whole after kill -9, forget
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

export NETRA_TRIAGE_DB="$T/a.db"
echo 'this is no database, and it is long enough to be looked at as one' >"$T/a.db"
run 4 sources
has 'a file that is no database is refused' "$T/err" 'a.db'
rm "$T/a.db"
if command -v sqlite3 >/dev/null 2>&1; then
	sqlite3 "$T/a.db" 'create table t(x); insert into t values(1)'
	run 4 ingest "$NT_SRC/samples/outage/cloud-run.json"
	is 'a foreign database is left alone' "$(sqlite3 "$T/a.db" 'select count(*) from sqlite_master')" 1
	rm "$T/a.db"
	ingest_story outage
	sqlite3 "$T/outage.db" 'pragma user_version = 9999'
	run 4 sources
	has 'a newer database is refused, with both versions' "$T/err" '9999'
	rm -f "$T"/outage.db*
else
	skip 'foreign and newer databases' 'sqlite3 is missing'
fi

# forget: everything of a source goes, and nothing else
ingest_story false-alarm
dump >"$T/before"
nt ingest "$NT_SRC/samples/outage/cloud-run.json" >/dev/null 2>&1
id=$(sql "select 's' || id from sources where path like '%outage%'")
run 0 forget "$id"
is 'no entry of it is left' "$(sql "select count(*) from events where service = 'checkout-api'")" 0
(cd "$NT_SRC" && nt ingest samples/false-alarm >/dev/null 2>&1)
dump >"$T/after"
same 'forgetting gives back what was there before' "$T/before" "$T/after"
run 5 forget s999
run 5 forget i1

# an entry that two sources hold survives one of them
export NETRA_TRIAGE_DB="$T/two.db"
n=$(grep -c '"insertId"' "$NT_SRC/samples/outage/cloud-run.json")
cp "$NT_SRC/samples/outage/cloud-run.json" "$T/one.json"
sed '1s/^/ /' "$T/one.json" >"$T/two.json"
nt ingest "$T/one.json" "$T/two.json" >"$T/out" 2>&1
is 'the second copy adds nothing' "$(sql 'select added, known from sources where id = 2')" "0	$n"
run 0 forget s1
is 'all entries are kept by the other source' "$(sql 'select count(*) from events')" "$n"
run 0 forget s2
is 'and go with the last' "$(sql 'select count(*) from events')" 0

# killed at any moment: whole batches, a partial source, and the next ingest ends the same
{ i=0; while [ $i -lt 12000 ]; do
	printf '{"insertId":"k%06d","timestamp":"2025-10-02T09:%02d:%02d.%06dZ","severity":"INFO","textPayload":"line %d of many","resource":{"type":"cloud_run_revision","labels":{"service_name":"svc","revision_name":"svc-00001-abc"}}}\n' \
		$i $((i / 600 % 60)) $((i / 10 % 60)) $i $i
	i=$((i + 1))
done; } >"$T/many.ndjson"
export NETRA_TRIAGE_DB="$T/whole.db"
nt ingest "$T/many.ndjson" >/dev/null 2>&1
dump >"$T/want"
export NETRA_TRIAGE_DB="$T/killed.db"
killed=0 bad=0
for delay in 0.02 0.05 0.08 0.12 0.17 0.23 0.3 0.4; do
	"$NT" ingest "$T/many.ndjson" >/dev/null 2>&1 &
	pid=$!
	sleep $delay
	kill -9 $pid 2>/dev/null && killed=$((killed + 1))
	wait $pid 2>/dev/null
	[ -f "$T/killed.db" ] || continue
	n=$(sql 'select count(*) from events' 2>/dev/null) || continue	# killed before the schema was there
	[ $((${n:-0} % 5000)) -eq 0 ] || [ "$n" -eq 12000 ] || { bad=$((bad + 1)); echo "# $n entries"; }
done
is 'kill -9 leaves whole batches' "$bad" 0
is 'some runs were really killed' "$([ $killed -gt 0 ] && echo yes)" yes
nt ingest "$T/many.ndjson" >/dev/null 2>&1
dump >"$T/got"
same 'the next ingest ends as an undisturbed one' "$T/want" "$T/got"
end
