#!/bin/sh
# what gcloud prints for people, and dumps by scripts: no row is lost, and lost fields are told
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

shapes=$NT_SRC/samples/shapes
fresh() {	# fresh NAME: another database from here on
	NETRA_TRIAGE_DB=$T/$1.db
	export NETRA_TRIAGE_DB
	rm -f "$T/$1.db" "$T/$1.db-wal" "$T/$1.db-shm"
}

one_line() { tr '\t\n' ' ;'; }

# ---- a table ----

fresh table
run 0 ingest "$shapes/table.txt"
has 'the shape is told' "$T/err" 'gcloud table'
has 'lost fields are told' "$T/err" 'this output has lost fields'
has 'and how to get them' "$T/err" 'gcloud logging read FILTER --format=json'
is 'the source says so' "$(sql 'select lossy, entries, added, empty, clock from sources' | one_line)" '1 8 8 2 utc;'
is 'severities, those inferred apart' "$(sql 'select severity, severity_inferred, count(*) from events group by 1, 2 order by 1, 2' | one_line)" \
	'CRITICAL 1 1;DEBUG 0 1;DEFAULT 0 1;ERROR 0 1;ERROR 1 1;INFO 0 1;NOTICE 0 1;WARNING 0 1;'
is 'columns are fields of the entry' "$(sql "select service, message from events where line = 2")" \
	'checkout-api	Shutting down user disabled instance'
is 'a cell behind wide characters is whole' "$(sql "select service, message from events where severity = 'ERROR' and not severity_inferred")" \
	'kasse-日本	価格表が空です  (price table is empty)'
is 'lines below each other are one message' "$(sql "select length(message) - length(replace(message, char(10), '')), substr(message, -37) from events where line = 5")" \
	'6	\n\nLookupError: pricing table is empty'
is 'a line at the start belongs to the row before' "$(sql "select message from events where line = 13")" \
	'pool is nearly empty\nfree: 1 of 20'
is 'blanks at the start of a text stay' "$(sql "select message from events where severity = 'DEBUG'")" '  indented text stays indented'
is 'a traceback in it is an exception' "$(sql 'select cause_type, frame from exceptions')" 'LookupError	checkout/prices.py:12'
is 'a place leads to the row' "$(head -c "$(($(sql "select byte_offset from events where line = 13") + 27))" "$shapes/table.txt" | tail -c 27)" \
	2025-10-02T09:14:25.104233Z
dump >"$T/before"
run 0 ingest "$shapes/table.txt"
dump >"$T/after"
same 'reading it again changes nothing' "$T/before" "$T/after"

sed 's/$/\r/' "$shapes/table.txt" >"$T/crlf.txt"
{ printf '\357\273\277'; cat "$shapes/table.txt"; } >"$T/bom.txt"
{ echo "\$ gcloud logging read 'severity>=DEBUG' \\"; echo '    --format="table(timestamp,severity)"'; cat "$shapes/table.txt"; } >"$T/pasted.txt"
sql 'select ts, severity, service, message from events order by ts' >"$T/want"
for f in crlf bom pasted; do
	fresh "$f"
	run 0 ingest "$T/$f.txt"
	sql 'select ts, severity, service, message from events order by ts' >"$T/got"
	same "the same rows: $f" "$T/want" "$T/got"
done
fresh headless
tail -n +2 "$shapes/table.txt" | head -n 2 >"$T/headless.txt"
run 3 ingest "$T/headless.txt"
run 0 ingest --as gcp-table "$T/headless.txt"
is 'without a heading, time and severity are still found' "$(sql 'select severity, message from events order by ts desc' | one_line)" \
	'INFO checkout-api  Shutting down user disabled instance;NOTICE ;'

cat >"$T/box.txt" <<'X'
+-----------------------------+----------+--------------+----------------------+
|          TIMESTAMP          | SEVERITY |  REQUEST_URL |     TEXT_PAYLOAD     |
+-----------------------------+----------+--------------+----------------------+
| 2025-10-02T09:14:25.104233Z | ERROR    | https://a/b  | one | two            |
|                             |          |              | and three            |
| 2025-10-02T09:14:25.104100Z |          |              | 価格表               |
+-----------------------------+----------+--------------+----------------------+
X
sed 's/+-/├─/g; s/-+/─┤/g; s/-/─/g; s/+/┼/g; s/|/│/g; s/2025─10─02/2025-10-02/' "$T/box.txt" >"$T/utf8box.txt"
fresh box
run 0 ingest "$T/box.txt"
is 'rows of a box' "$(sql 'select severity, message from events order by ts desc' | one_line)" 'ERROR one | two\nand three;DEFAULT 価格表;'
is 'a column of the request makes one' "$(sql 'select url from requests')" 'https://a/b'
fresh utf8box
run 0 ingest "$T/utf8box.txt"
is 'rows of a box of lines' "$(sql 'select severity, message from events order by ts desc' | one_line)" 'ERROR one │ two\nand three;DEFAULT 価格表;'

fresh broken
awk 'NR == 2 { sub(/2025-10-02T09/, "2025-19-02T09") } { print }' "$shapes/table.txt" >"$T/broken.txt"
run 3 ingest "$T/broken.txt"
is 'a row whose time is damaged is one damaged record' "$(sql 'select added, damaged from sources')" '7	1'
has 'named as such' "$T/err" 'this entry has no readable timestamp'

fresh ids
cat >"$T/ids.txt" <<'X'
TIMESTAMP                    SEVERITY  INSERT_ID  MESSAGE  LEVEL_OF_STOCK
2025-10-02T09:14:25.104233Z  INFO      id-1       stock    low
X
run 0 ingest "$T/ids.txt"
is 'an insertId in a column is one; other columns are members of the payload' \
	"$(sql "select insert_id, message, json_extract(fields, '\$.\"jsonPayload.level_of_stock\"') from events")" 'id-1	stock	low'

# the same entries from a source that lost nothing: the whole text wins, and there is no conflict
cat >"$T/whole.json" <<'X'
[{"insertId":"id-1","timestamp":"2025-10-02T09:14:25.104233Z","severity":"INFO","jsonPayload":{"message":"stock","item":"apple"},
 "logName":"projects/p/logs/app","resource":{"labels":{"service_name":"svc"}}}]
X
run 0 ingest "$T/whole.json"
is 'a whole entry takes the place of a row' "$(sql 'select filled, conflicts from sources where id = 2')" '1	0'
is 'its fields are there' "$(sql "select json_extract(fields, '\$.\"jsonPayload.item\"'), filled, service from events")" 'apple	1	svc'
fresh whole
run 0 ingest "$T/whole.json"
run 0 ingest "$T/ids.txt"
is 'a row says nothing against a whole entry' "$(sql 'select known, conflicts from sources where id = 2')" '1	0'
run 0 forget s1
is 'when that is forgotten, the text of the row is left' "$(sql 'select message from events')" stock

# ---- values ----

fresh value
run 0 ingest "$shapes/value.txt"
has 'values: the shape is told' "$T/err" 'gcloud values'
is 'values: rows' "$(sql 'select severity, severity_inferred, message from events order by ts desc' | one_line)" \
	'ERROR 0 pool is empty;ERROR 1 [2025-10-02 09:14:25 +0000] [7] [ERROR] Worker failed to boot.;NOTICE 0 ;WARNING 0 pool is nearly empty\nfree:\t1 of 20;INFO 0 price list loaded\t(418 items);'
cut -f 3 "$shapes/value.txt" >"$T/bare.txt"
fresh bare
run 3 ingest "$T/bare.txt"
has 'texts without times are no known format' "$T/err" 'is in no format this version reads'
run 3 ingest --as gcp-table "$T/bare.txt"
is 'with --as they are one damaged record' "$(sql 'select added, damaged from sources')" '0	1'
has 'which says what to do' "$T/err" 'collect them again with --format=json'

# ---- gcloud run services logs read ----

fresh run
run 0 ingest "$shapes/run-logs-read.txt"
has 'service logs: the shape is told' "$T/err" 'Cloud Run service logs'
is 'requests are requests' "$(sql 'select status, method, path from requests order by ts' | one_line)" '200 GET /healthz;500 POST /pay;'
is 'rows, and a time without a zone' "$(sql 'select entries, added, lossy, clock from sources' | one_line)" '7 7 1 assumed;'
is 'a traceback is one row' "$(sql "select line, substr(message, 1, 9), substr(message, -7) from events where message like 'Trace%'")" "5	Traceback	'apple'"
is 'what only begins like a request is text' "$(sql "select payload_kind, message from events where line = 9")" 'text	POST 500 of the gateway is retried'

# ---- what must not be taken ----

fresh not
mkdir "$T/not"
grep -v http "$shapes/run-logs-read.txt" >"$T/not/python.log"
printf '2025-10-02T09:14:25.104Z\tINFO\tcart/pay.go:41\tpaid\n2025-10-02T09:14:25.204Z\tERROR\tcart/pay.go:52\tfailed\n' >"$T/not/zap.log"
printf '2025-10-02T09:14:25.104Z\tINFO\tpaid\n' >"$T/not/logger.log"
{ echo '# Outage'; echo; echo 'The table says:'; echo; cat "$shapes/table.txt"; } >"$T/not/worklog.md"
printf 'NAME  STATUS  TIMESTAMP\npod-1  Running  2025-10-02T09:14:25Z\n' >"$T/not/pods.txt"
{ echo 'What the log says:'; head -n 16 "$shapes/log-dump.md"; echo 'and so on'; } >"$T/not/quote.md"
{ echo '## Findings'; cat "$shapes/log-dump.md"; echo '## Next steps'; echo '- restart'; } >"$T/not/report.md"
run 0 ingest "$T/not"
is 'logs of programs, documents and other tables are not taken' "$(sql 'select path, shape from sources')" ''

# ---- a dump ----

fresh dump
run 0 ingest "$shapes/log-dump.md"
is 'a dump: entries and the title' "$(sql 'select entries, added, not_evidence, lossy, clock from sources' | one_line)" '5 4 1 1 assumed;'
is 'its entries' "$(sql 'select severity, insert_id, service, message from events order by ts desc' | one_line)" \
	'ERROR 68de3f1100019729a1b2c3d4 checkout-api payment failed: pool is empty;WARNING 68de3f10000f3b52e5f60718 checkout-api pool is nearly empty\nfree: 1 of 20;INFO 68de3f0f0009c2a190817263 checkout-api price list loaded;NOTICE 68de3f0c0007a12035465768 checkout-api ;'
is 'members of a payload, nested ones too' "$(sql "select json_extract(fields, '\$.\"jsonPayload.error.type\"'), json_extract(fields, '\$.\"jsonPayload.cart\"') from events where severity = 'ERROR'")" 'PoolError	81'
is 'a member of several lines is whole' "$(sql "select json_extract(fields, '\$.\"jsonPayload.error.traceback\"') like '%pool.take()%PoolError: pool is empty' from events where severity = 'ERROR'")" 1
end
