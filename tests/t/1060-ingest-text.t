#!/bin/sh
# plain-text logs: every shape is recognised, a record is one event, and none is lost or made twice
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

shapes=$NT_SRC/samples/shapes

fresh() {	# fresh NAME: another database from here on
	NETRA_TRIAGE_DB=$T/$1.db
	export NETRA_TRIAGE_DB
	rm -f "$T/$1.db" "$T/$1.db-wal" "$T/$1.db-shm"
}

balanced() {
	is "$1: every record seen is in one count" "$(sql 'select count(*) from sources where entries
		<> added + known + filled + conflicts + damaged + not_evidence')" 0
}

counts() {	# counts: of the first source
	sql 'select entries, added, known, damaged, not_evidence from sources order by id limit 1' | tr '\t' ' '
}

# the samples: shape, records, first and last time
while IFS='	' read -r f shape n span; do
	fresh "$f"
	run 0 ingest "$shapes/$f"
	is "$f: shape and counts" "$(sql 'select shape from sources'), $(counts)" "$shape, $n"
	is "$f: its window" "$(sql "select substr(first_ts, 12, 12) || ' ' || substr(last_ts, 12, 12) from sources")" "$span"
	balanced "$f"
	dump >"$T/before"
	run 0 ingest "$shapes/$f"
	has "$f: a second time all is known" "$T/err" ' 0 added'
	dump >"$T/after"
	same "$f: and nothing changes" "$T/before" "$T/after"
	# stdin, gzip, CRLF and colours change nothing but places
	sql 'select ts, severity, service, message from events order by id' >"$T/want"
	for how in stdin gz crlf colour; do
		fresh "$f-$how"
		case $how in
		stdin) nt ingest - <"$shapes/$f" >"$T/out" 2>"$T/err" ;;
		gz) gzip -nc "$shapes/$f" >"$T/x" && nt ingest "$T/x" >"$T/out" 2>"$T/err" ;;
		crlf) sed 's/$/\r/' "$shapes/$f" >"$T/x" && nt ingest "$T/x" >"$T/out" 2>"$T/err" ;;
		colour) sed "s/^\([^{].*\)\$/$(printf '\033[31m')\1$(printf '\033[0m')/" "$shapes/$f" >"$T/x" && nt ingest "$T/x" >"$T/out" 2>"$T/err" ;;
		esac
		sql 'select ts, severity, service, message from events order by id' >"$T/got"
		same "$f: $how" "$T/want" "$T/got"
	done
done <<'END'
compose.log	docker compose log	10 9 0 0 1	09:14:20.311 09:14:25.310
github-actions.log	timestamped log	8 8 0 0 0	09:14:20.001 09:14:27.100
go.log	text log	5 5 0 0 0	09:14:20.000 09:14:27.101
gunicorn.log	text log	8 8 0 0 0	09:14:20.000 09:14:26.000
json-lines.log	JSON lines	4 4 0 0 0	09:14:20.001 09:14:26.000
loguru.log	loguru log	5 5 0 0 0	09:14:22.065 09:14:27.002
nginx-access.log	access log	5 5 0 0 0	09:14:20.000 09:14:30.000
python-logging.log	Python log	5 5 0 0 0	09:14:20.001 09:14:26.000
syslog.log	syslog	5 5 0 0 0	09:14:20.000 09:14:26.000
END

# a panic is a record, not a part of the line above it, and most of the file
fresh panic
printf '%s\n' '2025/10/02 09:14:20 listening on :8080' 'panic: runtime error: index out of range [5] with length 3' '' \
	'goroutine 1 [running]:' 'main.price(...)' '	/srv/main.go:12' 'main.main()' '	/srv/main.go:20 +0x1d' \
	'created by main.start in goroutine 7' '	/srv/main.go:9 +0x5' 'exit status 2' >"$T/panic.log"
run 0 ingest "$T/panic.log"
is 'a panic is an error of its own' "$(sql 'select severity, severity_by, line, length(message) > 190 from events order by id' | tr '\n' ';')" \
	'DEFAULT		1	0;ERROR	go-panic	2	1;'

# what the records say
fresh all
run 0 ingest "$shapes/compose.log" "$shapes/nginx-access.log" "$shapes/gunicorn.log" "$shapes/python-logging.log" "$shapes/loguru.log"
is 'an interleaved traceback is one record of its container' \
	"$(sql "select line, severity, severity_by, service, instance, message from events where message like 'order 1042 failed%TableMissing%'")" \
	'5	ERROR	dash-column	api	api-1	order 1042 failed\nTraceback (most recent call last):\n  File "/srv/shop/orders.py", line 88, in place\n    db.execute(statement)\nshop.db.TableMissing: relation "order_items" does not exist'
is 'the exception in it is known' "$(sql "select type, message from exceptions where type like '%TableMissing'")" \
	'shop.db.TableMissing	relation "order_items" does not exist'
is 'lines of access logs are requests' "$(sql "select method, path, status, latency_ms, user_agent from requests where status = 201")" \
	'POST	/orders	201	182.0	Mozilla/5.0 (X11; Linux x86_64)'
is 'their zone is read' "$(sql "select ts from requests where status = 201")" 2025-10-02T09:14:21.000000000Z
is 'those of uvicorn have the time of the record before' "$(sql "select r.ts, r.status from requests r join events e on e.id = r.event_id where e.severity_by = 'uvicorn' and status = 503")" \
	'2025-10-02T09:14:25.000000000Z	503'
is 'tags of colours are taken out' "$(sql "select message from events where message like '%queue is slow%' and severity_by = 'bar-column' and service is null")" 'queue is slow'
is 'a time without a zone is assumed' "$(sql "select clock from sources where path like '%python-logging.log'")" assumed
is 'one with a zone is not' "$(sql "select clock from sources where path like '%nginx-access.log'")" utc

# the place is that of the first byte
sql "select line, byte_offset from events where message like 'order 1042 failed%OrderFailed%'" >"$T/place"
read -r line byte <"$T/place"
is 'byte_offset is where the record begins' "$(tail -c +$((byte + 1)) "$shapes/python-logging.log" | head -c 23)" '2025-10-02 09:14:25,123'
is 'and line is its line' "$(sed -n "${line}p" "$shapes/python-logging.log" | cut -c1-23)" '2025-10-02 09:14:25,123'

# identity: a line is its source and its place
fresh identity
printf '2025-10-02 09:14:25,123 - shop - INFO - ping\n2025-10-02 09:14:25,123 - shop - INFO - ping\n' >"$T/a.log"
{ cat "$T/a.log"; echo '2025-10-02 09:14:26,123 - shop - INFO - pong'; } >"$T/b.log"
run 0 ingest "$T/a.log"
is 'equal lines of one file are two events' "$(sql 'select count(*) from events')" 2
run 0 ingest "$T/b.log"
is 'and others than those of another file' "$(sql 'select count(*) from events')" 5
run 0 ingest "$T/a.log" "$T/b.log"
is 'the same files again add nothing' "$(sql 'select count(*), (select count(*) from sources) from events')" '5	2'
cp "$T/a.log" "$T/c.log"
run 0 ingest "$T/c.log"
is 'nor does the same file under another name' "$(sql 'select count(*), (select count(*) from sources) from events')" '5	2'

# --as text: what is not recognised is read all the same
fresh as
printf 'one\ntwo\n' >"$T/bare"
run 3 ingest "$T/bare"
has 'lines without anything are no log' "$T/err" 'no format this version reads'
run 3 ingest --as text "$T/bare"
has 'said in one message' "$T/err" 'no line of this source names a time; records: 2'
is 'and listed' "$(sql "select line, byte_offset, bytes, reason from damaged_records where kind = 'damaged'")" \
	'1	0	3	neither this line nor one before it names a time
2	4	3	neither this line nor one before it names a time'
balanced 'a log without times'
fresh early
printf 'shop 2.7\n2025-10-02 09:14:25,123 - shop - INFO - a\n2025-10-02 09:14:25,124 - shop - INFO - b\n2025-10-02 09:14:25,125 - shop - INFO - c\n' >"$T/early"
run 3 ingest "$T/early"
is 'a line before the first time is damaged, the others are read' "$(counts)" '4 3 0 1 0'

# what is no log is only listed in a folder
mkdir "$T/dir"
cp "$NT_SRC/README.md" "$NT_SRC/HACKING.md" "$NT_SRC/Makefile.am" "$NT_SRC/src/main.c" "$NT_SRC/rules/python.yaml" "$T/dir"
# shellcheck disable=SC2016	# the fence of Markdown
{ printf '# Worklog\n\n## Evidence\n\n```\n'; cat "$shapes/python-logging.log"; printf '```\n\nIt was restarted.\n'; } >"$T/dir/worklog.md"
printf 'time,level,text\n2025-10-02 09:14:25,ERROR,a\n2025-10-02 09:14:26,ERROR,b\n2025-10-02 09:14:27,ERROR,c\n' >"$T/dir/x.csv"
fresh folder
run 0 ingest "$T/dir"
is 'documents, code and tables are no logs' "$(sql 'select path from sources')" ''
run 0 ingest "$NT_SRC/samples/outage"
is 'test output stays test output' "$(sql "select reader from sources where kind = 'tests'")" pytest

# times without a zone are those of --tz; others are not touched
fresh zone
run 0 ingest --tz +02:00 "$shapes/python-logging.log" "$shapes/nginx-access.log"
is '--tz reads times without a zone' "$(sql "select min(ts) from events where severity = 'CRITICAL'")" 2025-10-02T07:14:26.000000000Z
is 'and no others' "$(sql "select ts from requests where status = 201")" 2025-10-02T09:14:21.000000000Z

# limits
fresh limits
awk 'BEGIN { print "2025-10-02 09:14:25,123 - shop - ERROR - long"; for (i = 0; i < 200; i++) print "  a line that belongs to it, number " i
	print "2025-10-02 09:14:26,123 - shop - INFO - short" }' >"$T/long"
run 3 ingest --max-record 1024 "$T/long"
has 'a record over the limit is told' "$T/err" 'this record is longer than the limit'
is 'kept as far as it goes, and the next one whole' \
	"$(sql 'select length(message) > 900, length(message) <= 1024, substr(message, 1, 20) from events order by ts')" \
	'1	1	long\n  a line that b
0	1	short'
end
