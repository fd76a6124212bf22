#!/bin/sh
# CSV and YAML: the same entries as in JSON are the same entries, damage costs only itself, and
# files of other kinds are left alone
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

S=$NT_SRC/samples/shapes

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

# what was read of the entries, without where it stood
content() {
	sql "select insert_id, ts, severity, severity_inferred, severity_by, project, location, resource_type, log,
		service, revision, instance, message, payload_kind, trace from events order by ts, insert_id"
	sql "select ts, method, url, path, status, latency_ms, user_agent, service, trace from requests order by ts"
	sql "select service, revision, ts, who, how from deploys order by ts"
}

# all four shapes say the same, in any order
fresh gcloud.json
run 0 ingest "$S/gcloud.json"
is 'JSON: 8 entries' "$(counts 1)" '8 8 0 0 0 0 0'
content >"$T/want"
is 'the content is not empty' "$([ "$(wc -l <"$T/want")" -ge 10 ] && echo yes)" yes
for shape in gcloud.yaml logs-explorer.csv bigquery.csv; do
	run 0 ingest "$S/$shape"
done
is 'each of the others: all are known' "$(sql 'select path, entries, known from sources where id > 1 order by id' | sed "s,^$S/,," | tr '\t\n' ' ;')" \
	'gcloud.yaml 8 8;logs-explorer.csv 8 8;bigquery.csv 8 8;'
is 'nothing is in conflict' "$(sql 'select count(*) from conflicts')" 0
is 'none of the shapes has lost a field' "$(sql 'select sum(lossy) from sources')" 0
is 'they are recognised for what they are' "$(sql 'select shape from sources order by id' | tr '\n' ';')" 'JSON array;YAML documents;CSV;CSV;'
balanced shapes
for shape in gcloud.yaml logs-explorer.csv bigquery.csv; do
	fresh "$shape"
	run 0 ingest "$S/$shape"
	content >"$T/got"
	same "$shape alone gives what JSON gives" "$T/want" "$T/got"
	run 0 ingest "$S/gcloud.json"
	is "and JSON after it adds nothing ($shape)" "$(counts 2)" '8 0 8 0 0 0 0'
done

# places are those of the file
fresh places
run 0 ingest "$S/logs-explorer.csv" "$S/gcloud.yaml"
is 'a row is found at its line and byte' "$(sql "select line, byte_offset from events where insert_id = '68de3f24000412aa90bc7d02'" | tr '\t' ' ')" \
	"$(grep -n 68de3f24000412aa90bc7d02 "$S/logs-explorer.csv" | cut -d : -f 1) $(grep -b 68de3f24000412aa90bc7d02 "$S/logs-explorer.csv" | cut -d : -f 1)"
fresh places-yaml
run 0 ingest "$S/gcloud.yaml"
is 'a document too' "$(sql "select line, byte_offset from events where insert_id = '000417'" | tr '\t' ' ')" \
	"$(grep -n 000417 "$S/gcloud.yaml" | cut -d : -f 1) $(grep -b 000417 "$S/gcloud.yaml" | cut -d : -f 1)"

# what gcloud's csv(...) prints, and what it cannot print
cat >"$T/gcloud.csv" <<'END'
timestamp,severity,text_payload,service_name
2025-10-02T09:00:01.000001Z,ERROR,"first; with a ""quote""",checkout-api
2025-10-02T09:00:02Z,,"two
lines",checkout-api
2025-10-02 09:00:03.5 UTC,INFO,,checkout-api
END
fresh gcloud-csv
run 0 ingest "$T/gcloud.csv"
is 'gcloud csv: three entries' "$(counts 1)" '3 3 0 0 0 0 0'
is 'without ids the source is lossy' "$(sql 'select lossy from sources')" 1
is 'the short names are understood' "$(sql "select severity, service, message from events order by ts limit 1")" 'ERROR	checkout-api	first; with a "quote"'
run 0 ingest "$T/gcloud.csv"
is 'read again it adds nothing' "$(sql 'select count(*) from events')" 3
for sep in ';' '\t'; do
	sed "s/,/$sep/g" "$T/gcloud.csv" >"$T/other-sep.csv"
	fresh other-sep
	run 0 ingest "$T/other-sep.csv"
	is "parted by $sep: three entries" "$(counts 1)" '3 3 0 0 0 0 0'
done
{ printf '\357\273\277'; sed 's/$/\r/' "$T/gcloud.csv"; } >"$T/crlf.csv"
fresh crlf
run 0 ingest "$T/crlf.csv"
is 'with a BOM and CRLF too' "$(counts 1)" '3 3 0 0 0 0 0'
gzip -c "$S/logs-explorer.csv" >"$T/packed.csv.gz"
fresh packed
run 0 ingest "$T/packed.csv.gz"
is 'packed too' "$(counts 1)" '8 8 0 0 0 0 0'
nt ingest --as gcp-csv - <"$S/bigquery.csv" >/dev/null 2>&1
is '--as and standard input: all are known' "$(counts 2)" '8 0 8 0 0 0 0'

# damage costs only itself, and is told with numbers
awk 'NR == 3 { print "a,row,of,four"; next } { print }' "$S/bigquery.csv" >"$T/ragged.csv"
fresh ragged
run 3 ingest "$T/ragged.csv"
is 'a row with too few cells costs itself' "$(counts 1)" '8 7 0 0 0 1 0'
has 'both numbers are told' "$T/err" 'it has 4 cells, and the header has 14'
is 'and its line' "$(sql 'select line from damaged_records')" 3
sed '2s/$/,more,cells/' "$S/bigquery.csv" >"$T/long.csv"
fresh long
run 3 ingest "$T/long.csv"
has 'a row with too many cells too' "$T/err" 'it has 16 cells, and the header has 14'
awk '{ sub(/"=1\+1 is/, "\"\"\"=1+1 is"); print }' "$S/logs-explorer.csv" | sed 's/""Traceback/Traceback/; s/it'\''s text"/it'\''s text/' >"$T/open.csv"
fresh open
run 3 ingest "$T/open.csv"
is 'a quote that is never closed costs its row' "$(counts 1)" '8 7 0 0 0 1 0'
has 'and is told' "$T/err" 'this row does not fit the header'
balanced open
sed '/^insertId: .000417/s/$/ "/' "$S/gcloud.yaml" >"$T/broken.yaml"
fresh broken
run 3 ingest "$T/broken.yaml"
is 'a document that does not parse costs itself' "$(counts 1)" '8 7 0 0 0 1 0'
has 'and is told' "$T/err" 'this document is not valid YAML'
balanced broken
head -c 3000 "$S/gcloud.yaml" >"$T/cut.yaml"
fresh cut
run 3 ingest "$T/cut.yaml"
is 'a cut costs the last document' "$(sql 'select damaged, entries - added from sources' | tr '\t' ' ')" '1 1'
balanced cut

# one list instead of documents
sed 's/^/  /; s/^  ---$/---/' "$S/gcloud.yaml" | awk '/^---$/ { first = 1; next } first { sub(/^  /, "- "); first = 0 } { print }' >"$T/list.yaml"
fresh list
run 0 ingest "$T/list.yaml" "$S/gcloud.json"
is 'a list has the same entries' "$(counts 2)" '8 0 8 0 0 0 0'

# what is no log stays where it is
mkdir "$T/folder"
cat >"$T/folder/pod.yaml" <<'END'
apiVersion: v1
kind: Pod
metadata:
  labels:
    app: checkout
  creationTimestamp: "2025-10-02T09:00:01Z"
spec:
  containers: []
END
cat >"$T/folder/compose.yaml" <<'END'
services:
  checkout:
    image: checkout:1
    labels:
      timestamp: "2025-10-02T09:00:01Z"
END
cp "$NT_SRC"/rules/cloudrun.yaml "$T/folder/"
printf 'LineId,Date,Time,Level,Component,Content,EventId,EventTemplate\n1,081109,203615,INFO,dfs,x,E1,y\n' >"$T/folder/structured.csv"
printf 'timestamp,value\n2025-10-02T09:00:01Z,17\n' >"$T/folder/metrics.csv"
printf 'name,insertId\na,b\n' >"$T/folder/names.csv"
printf '# Notes\n\nText with a quoted entry:\n\n    ---\n    insertId: a\n\ninsertId: a\ntimestamp: 2025-10-02T09:00:01Z\n' >"$T/folder/notes.md"
fresh others
run 0 ingest "$T/folder"
is 'no other CSV, YAML or Markdown is taken for logs' "$(sql 'select count(*) from sources')" 0
is 'each is listed' "$(grep -c 'not recognised, skipped' "$T/err")" 7
run 3 ingest --as gcp-yaml "$T/folder/pod.yaml" "$T/folder/notes.md"
is 'forced, they give no entry' "$(sql 'select count(*) from events')" 0
balanced forced
run 2 ingest --as gcp-xml "$S/gcloud.yaml"
has 'an unknown format is refused, the known ones are named' "$T/err" 'gcp-csv, gcp-json, gcp-yaml'
end
