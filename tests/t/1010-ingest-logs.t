#!/bin/sh
# log exports: every shape gives the same events, damage costs only itself, and all is counted
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

fresh() {	# fresh NAME: another database from here on
	NETRA_TRIAGE_DB=$T/$1.db
	export NETRA_TRIAGE_DB
	rm -f "$T/$1.db" "$T/$1.db-wal" "$T/$1.db-shm"
}

# balanced NAME: records seen are the sum of what became of them, and every one was counted
balanced() {
	is "$1: every record seen is in one count" "$(sql 'select count(*) from sources where entries
		<> added + known + filled + conflicts + damaged + not_evidence')" 0
}

counts() {	# counts ID: seen, then what became of them, of one source
	sql "select entries, added, known, filled, conflicts, damaged, not_evidence from sources where id = $1" | tr '\t' ' '
}

entry() {	# entry ID SECOND MESSAGE: one line of NDJSON; MESSAGE is the inside of a JSON string
	printf '{"insertId":"%s","timestamp":"2025-10-02T09:00:%sZ","severity":"INFO","textPayload":"%s","logName":"projects/p/logs/app","resource":{"type":"cloud_run_revision","labels":{"service_name":"svc","project_id":"p"}}}\n' "$1" "$2" "$3"
}

bare() {	# bare SECOND MESSAGE: an entry without an insertId
	printf '{"timestamp":"2025-10-02T09:00:%sZ","severity":"INFO","textPayload":"%s","resource":{"labels":{"service_name":"svc"}}}\n' "$1" "$2"
}

# 20 entries of all kinds, one member a line; from these all shapes are made
awk 'BEGIN { for (i = 1; i <= 20; i++) {
	print "{"
	printf "  \"insertId\": \"id-%03d\",\n", i
	printf "  \"logName\": \"projects/p/logs/run.googleapis.com%%2Fstderr\",\n"
	if (i % 4) printf "  \"severity\": \"%s\",\n", i % 4 == 1 ? "ERROR" : i % 4 == 2 ? "INFO" : "WARNING"
	print "  \"resource\": {"
	print "    \"type\": \"cloud_run_revision\","
	printf "    \"labels\": {\"service_name\": \"%s\", \"revision_name\": \"r-00001-abc\"}\n", i % 3 ? "api" : "worker"
	print "  },"
	if (i % 5 == 0) {
		print "  \"httpRequest\": {\"requestMethod\": \"GET\", \"requestUrl\": \"https://api.example/x\", \"status\": 200},"
	} else if (i % 2) {
		printf "  \"textPayload\": \"text %d with \\\"quotes\\\", a brace } and a bracket ], gr\\u00fcn\\ttab\",\n", i
	} else {
		print "  \"jsonPayload\": {"
		printf "    \"message\": \"json %d {[\",\n", i
		print "    \"list\": [1, {\"x\": []}, \"}\"]"
		print "  },"
	}
	printf "  \"timestamp\": \"2025-10-02T09:00:%02d.%06dZ\"\n", i, i * 1001
	print "}"
} }' >"$T/stream"
joined() { awk '{ sub(/^ */, ""); printf "%s", $0 } /^}$/ { print "" }' "$1"; }
comma() { awk 'NR > 1 { print prev (prev == "}" ? "," : "") } { prev = $0 } END { print prev }' "$1"; }
joined "$T/stream" >"$T/ndjson"
{ echo '['; comma "$T/stream"; echo ']'; } >"$T/pretty"
{ printf '['; paste -s -d , "$T/ndjson" | tr -d '\n'; printf ']'; } >"$T/compact"
{ printf '['; head -n 9 "$T/ndjson" | paste -s -d , | tr -d '\n'; printf ']['; tail -n +10 "$T/ndjson" | paste -s -d , | tr -d '\n'; printf ']\n'; } >"$T/arrays"
sed 's/$/\r/' "$T/pretty" >"$T/pretty-crlf"
sed 's/$/\r/' "$T/ndjson" >"$T/ndjson-crlf"
{ printf '\357\273\277'; cat "$T/pretty"; } >"$T/pretty-bom"
for f in pretty compact ndjson stream arrays; do
	gzip -nc "$T/$f" >"$T/$f.gz"
done
gzip -nc "$T/ndjson-crlf" >"$T/ndjson-crlf.gz"
{ head -n 7 "$T/ndjson" | gzip -nc; tail -n +8 "$T/ndjson" | gzip -nc; } >"$T/ndjson-members.gz"

same_events='select ts, severity, severity_inferred, service, revision, message, insert_id, payload_kind, log from events order by ts'
fresh first
run 0 ingest "$T/pretty"
sql "$same_events" >"$T/want"
is 'the 20 entries are there' "$(wc -l <"$T/want" | tr -d ' ')" 20
is 'an entry is what the export says' "$(sql "select ts, severity, service, message, insert_id from events where insert_id = 'id-007'")" \
	"2025-10-02T09:00:07.007007000Z	WARNING	api	text 7 with \"quotes\", a brace } and a bracket ], grün\\ttab	id-007"
is 'so is one with a JSON payload' "$(sql "select severity, service, payload_kind, message from events where insert_id = 'id-006'")" \
	'INFO	worker	json	json 6 {['
is 'so is a request' "$(sql "select r.status, r.method, r.path from requests r join events e on e.id = r.event_id where e.insert_id = 'id-010'")" \
	'200	GET	/x'
for f in pretty compact ndjson stream arrays pretty-crlf ndjson-crlf pretty-bom pretty.gz compact.gz \
	ndjson.gz stream.gz arrays.gz ndjson-crlf.gz ndjson-members.gz stdin stdin-gz; do
	shape='JSON array'
	case $f in
	ndjson* | stdin*) shape=NDJSON ;;
	stream*) shape='JSON objects' ;;
	arrays*) shape='JSON arrays' ;;
	esac
	fresh "shape-$f"
	status=0
	case $f in
	stdin) nt ingest - <"$T/ndjson" >"$T/out" 2>"$T/err" || status=$? ;;
	stdin-gz) nt ingest <"$T/ndjson.gz" >"$T/out" 2>"$T/err" || status=$? ;;
	*) nt ingest "$T/$f" >"$T/out" 2>"$T/err" </dev/null || status=$? ;;
	esac
	is "$f: exit status" "$status" 0
	sql "$same_events" >"$T/got"
	same "$f: the same events" "$T/want" "$T/got"
	is "$f: its shape and state" "$(sql 'select shape, state from sources')" "$shape	complete"
	is "$f: all are added" "$(counts 1)" '20 20 0 0 0 0 0'
	has "$f: the source is told" "$T/err" "$shape  20 added, 0 known"
	other=pretty
	case $f in pretty*) other=ndjson ;; esac
	nt ingest "$T/$other" >"$T/out" 2>"$T/err" </dev/null
	has "$f: the same entries in $other are known" "$T/err" '0 added, 20 known'
	is "$f: and add nothing" "$(sql 'select count(*) from events')" 20
	balanced "$f"
done
is 'stdin is named -' "$(sql 'select path from sources where id = 1')" -

# line and byte_offset point to the first byte of the record, decompressed
while read -r f n; do
	fresh "place-$f"
	nt ingest "$T/$f" >/dev/null 2>&1
	place=$(sql "select line, byte_offset, bytes from events where insert_id = 'id-$n'")
	case $f in *.gz) zcat "$T/$f" ;; *) cat "$T/$f" ;; esac >"$T/plain"
	line=${place%%	*} rest=${place#*	}
	tail -c +$((${rest%	*} + 1)) "$T/plain" | head -c "${rest#*	}" >"$T/record"
	is "$f: the record of id-$n stands where it is said to" \
		"$(head -c 1 "$T/record")$(tail -c 1 "$T/record") $(grep -c '"insertId"' "$T/record") $(grep -o "id-$n" "$T/record")" "{} 1 id-$n"
	is "$f: and on that line" "$(head -c "${rest%	*}" "$T/plain" | wc -l | tr -d ' ')" $((line - 1))
done <<'END'
pretty 001
pretty 020
compact 011
ndjson 012
arrays 015
stream.gz 009
pretty-crlf 003
ndjson-members.gz 013
END

# damage in the middle: one record is lost
awk '/id-010/ { sub(/"id-010",/, "\"id-010\" \"oops\",") } { print }' "$T/pretty" >"$T/damaged.json"
line=$(grep -n oops "$T/damaged.json" | cut -d : -f 1)
byte=$(grep -bo oops "$T/damaged.json" | cut -d : -f 1)
first=$(awk '/oops/ { print prev; exit } { prev = NR }' "$T/damaged.json")
fresh damaged
run 3 ingest "$T/damaged.json"
is 'damage costs one record' "$(counts 1)" '20 19 0 0 0 1 0'
is 'it is the damaged one' "$(sql "select count(*) from events where insert_id = 'id-010'")" 0
has 'the place is told as file:line:column' "$T/err" "damaged.json:$line:"
told=$(sed -n "s/.*damaged\.json:$line:\([0-9]*\).*byte \([0-9]*\).*/\1 \2/p" "$T/err" | head -n 1)
start=$(head -n $((line - 1)) "$T/damaged.json" | wc -c | tr -d ' ')
is 'column and byte agree' "$((${told#* } - ${told% *} + 1))" "$start"
is 'the byte is at the fault' "$([ "${told#* }" -ge $((byte - 3)) ] && [ "${told#* }" -le $((byte + 6)) ] && echo yes)" yes
is 'the lost record is listed with its place' "$(sql 'select kind, line from damaged_records')" "damaged	$first"
balanced damaged
sed '10s/"timestamp":/"timestamp"/' "$T/ndjson" >"$T/damaged.ndjson"
fresh damaged-lines
run 3 ingest "$T/damaged.ndjson"
is 'a damaged line costs that line' "$(counts 1)" '20 19 0 0 0 1 0'
has 'and its line is told' "$T/err" 'damaged.ndjson:10:'
# a hole: the middle of one entry runs into the middle of another one
hole() {	# hole N: leave out what stands between a string of id-007 and byte N of that of id-009
	from=$(grep -bo 'text 7 with' "$T/pretty" | cut -d : -f 1)
	to=$(grep -bo '"id-009"' "$T/pretty" | cut -d : -f 1)
	head -c $((from + 4)) "$T/pretty"
	tail -c +$((to + $1 + 1)) "$T/pretty"
}
while read -r name n; do
	hole "$n" >"$T/hole-$name.json"
	fresh "hole-$name"
	run 3 ingest "$T/hole-$name.json"
	is "a hole ($name) costs the entries that it touches" \
		"$(sql "select group_concat(substr(insert_id, -2), ' ') from (select insert_id from events order by 1)")" \
		'01 02 03 04 05 06 10 11 12 13 14 15 16 17 18 19 20'
	is "and they are listed ($name)" "$(sql "select count(*) > 0, min(line) from damaged_records" | tr '\t' ' ')" \
		"1 $(awk '/^\{/ { n++ } n == 7 { print NR; exit }' "$T/pretty")"
	balanced "hole-$name"
done <<'END'
a-key-stands-twice 4
a-string-does-not-end 8
END
head -c "$(($(grep -bo '"id-016"' "$T/pretty" | cut -d : -f 1) + 30))" "$T/pretty" >"$T/cut.json"
fresh cut
run 3 ingest "$T/cut.json"
is 'a cut costs the last record' "$(counts 1)" '16 15 0 0 0 1 0'
has 'and is told' "$T/err" 'the input is cut short'
run 3 ingest "$T/cut.json"
is 'again: known, and the damage is told again' "$(sql 'select count(*) from events')" 15
balanced cut

# gzip: cut, damaged, something behind it
head -c 300 "$T/ndjson.gz" >"$T/cut.gz"
fresh gz
run 3 ingest "$T/cut.gz"
has 'a cut gzip is told' "$T/err" 'the compressed input is cut short'
is 'what came before is kept' "$([ "$(sql 'select added from sources')" -gt 0 ] && echo yes)" yes
balanced gz
{ cat "$T/ndjson.gz"; echo 'something else'; } >"$T/behind.gz"
fresh gz-behind
run 3 ingest "$T/behind.gz"
is 'bytes behind a gzip cost nothing' "$(sql 'select added from sources')" 20
head -c 60 "$T/ndjson.gz" >"$T/bad.gz"
head -c 200 /dev/zero >>"$T/bad.gz"
fresh gz-bad
nt ingest "$T/bad.gz" >"$T/out" 2>"$T/err" </dev/null
is 'a damaged gzip is no crash' "$?" 3

# the same source again, under another name and packed: nothing at all
fresh again
nt ingest "$T/pretty" >/dev/null 2>&1
dump >"$T/before"
cp "$T/pretty" "$T/copy"
run 0 ingest "$T/pretty"
run 0 ingest "$T/copy"
dump >"$T/after"
same 'the same bytes change nothing' "$T/before" "$T/after"

# without insertId: content and ordinal among equals
{ bare 01 same; bare 02 other; bare 01 same; bare 01 same; } >"$T/bare.ndjson"
fresh bare
run 0 ingest "$T/bare.ndjson"
is 'equal entries without insertId are counted by ordinal' "$(counts 1)" '4 4 0 0 0 0 0'
{ bare 01 same; bare 02 other; bare 01 same; bare 01 same; bare 01 same; } >"$T/bare-more.ndjson"
run 0 ingest "$T/bare-more.ndjson"
is 'in another file they are known, one more is new' "$(counts 2)" '5 1 4 0 0 0 0'

# identity: the log and the project tell entries apart only where both have one
twin() {	# twin PROJECT LOG MESSAGE
	printf '{"insertId":"twin","timestamp":"2025-10-02T09:00:01.123456Z","textPayload":"%s"' "$3"
	[ -z "$2" ] || printf ',"logName":"projects/%s/logs/%s"' "$1" "$2"
	printf ',"resource":{"labels":{"service_name":"svc"}}}\n'
}
fresh twins
{ twin p stdout a; twin p stderr b; } >"$T/twins.ndjson"
run 0 ingest "$T/twins.ndjson"
is 'same insertId and microsecond in another log: two entries' "$(counts 1)" '2 2 0 0 0 0 0'
twin q stdout a >"$T/twin-project.ndjson"
run 0 ingest "$T/twin-project.ndjson"
is 'in another project: another entry' "$(counts 2)" '1 1 0 0 0 0 0'
fresh twin-no-log
twin p stdout a >"$T/twin-log.ndjson"
twin p '' a >"$T/twin-no-log.ndjson"
run 0 ingest "$T/twin-log.ndjson" "$T/twin-no-log.ndjson"
is 'where one has no log: the same entry' "$(counts 2)" '1 0 1 0 0 0 0'
fresh nano
{ entry n 01.000001 one | sed 's/01\.000001Z/01.000001111Z/'; } >"$T/nano1.ndjson"
{ entry n 01.000001 one; } >"$T/nano2.ndjson"
{ entry n 01.000002 one; } >"$T/nano3.ndjson"
run 0 ingest "$T/nano1.ndjson" "$T/nano2.ndjson" "$T/nano3.ndjson"
is 'the microsecond decides, not the nanosecond' "$(counts 2); $(counts 3)" '1 0 1 0 0 0 0; 1 1 0 0 0 0 0'

# times
n=0
while read -r text want; do
	n=$((n + 1))
	printf '{"insertId":"t%d","timestamp":"%s","textPayload":"x","severity":"INFO","logName":"projects/p/logs/l"}\n' $n "$text"
	printf 't%d\t%s\n' $n "$want" >>"$T/want-times"
done >"$T/times.ndjson" <<'END'
2025-10-02T09:00:01Z 2025-10-02T09:00:01.000000000Z
2025-10-02T09:00:01.123Z 2025-10-02T09:00:01.123000000Z
2025-10-02T09:00:01.123456Z 2025-10-02T09:00:01.123456000Z
2025-10-02T09:00:01.123456789Z 2025-10-02T09:00:01.123456789Z
2025-10-02T09:00:01.5+02:00 2025-10-02T07:00:01.500000000Z
2025-10-02T00:30:00.25-07:00 2025-10-02T07:30:00.250000000Z
2025-10-02T23:59:59.999999999-00:30 2025-10-03T00:29:59.999999999Z
2024-02-29T00:00:00+05:45 2024-02-28T18:15:00.000000000Z
END
fresh times
run 0 ingest "$T/times.ndjson"
sql "select insert_id, ts from events order by insert_id" >"$T/got-times"
same 'fractions and offsets are read exactly' "$T/want-times" "$T/got-times"
is 'the clock is known' "$(sql 'select clock from sources')" utc
is 'ts_ns is the same time' "$(sql "select ts_ns from events where insert_id = 't4'")" 1759395601123456789
printf '{"insertId":"z","timestamp":"2025-10-02T09:00:01.5","textPayload":"x","logName":"projects/p/logs/l"}\n' >"$T/zone.ndjson"
fresh zone
run 0 ingest "$T/zone.ndjson"
is 'a time without a zone is read as UTC and marked' "$(sql 'select first_ts, clock from sources')" '2025-10-02T09:00:01.500000000Z	assumed'
printf '{"insertId":"z","timestamp":"yesterday","textPayload":"x","logName":"projects/p/logs/l"}\n' >"$T/no-time.ndjson"
entry ok 02 whole >>"$T/no-time.ndjson"
fresh no-time
run 3 ingest "$T/no-time.ndjson"
is 'an entry without a readable time is damaged' "$(counts 1)" '2 1 0 0 0 1 0'
has 'and that is said' "$T/err" 'no readable timestamp'

# severity: what the text says when the entry does not; never what an error member says
cat >"$T/severity.ndjson" <<'END'
{"insertId":"s1","timestamp":"2025-10-02T09:00:01Z","textPayload":"[2025-10-02 09:00:01 +0000] [7] [ERROR] Worker left","logName":"projects/p/logs/l"}
{"insertId":"s2","timestamp":"2025-10-02T09:00:02Z","jsonPayload":{"message":"all is well","error":{"severity":"ERROR","level":"CRITICAL"}},"logName":"projects/p/logs/l"}
{"insertId":"s3","timestamp":"2025-10-02T09:00:03Z","severity":"NOTICE","textPayload":"[ERROR] stated beats text","logName":"projects/p/logs/l"}
{"insertId":"s4","timestamp":"2025-10-02T09:00:04Z","textPayload":"there was an ERROR in the prose","logName":"projects/p/logs/l"}
{"insertId":"s5","timestamp":"2025-10-02T09:00:05Z","jsonPayload":{"message":"m","level":"warning"},"logName":"projects/p/logs/l"}
{"insertId":"s6","timestamp":"2025-10-02T09:00:06Z","severity":"DEFAULT","textPayload":"WARNING:root:low disk","logName":"projects/p/logs/l"}
END
fresh severity
run 0 ingest "$T/severity.ndjson"
is 'severities are stated or inferred' "$(sql 'select insert_id, severity, severity_inferred from events order by 1' | tr '\t\n' ' ;')" \
	's1 ERROR 1;s2 DEFAULT 0;s3 NOTICE 0;s4 DEFAULT 0;s5 WARNING 1;s6 WARNING 1;'

# an entry without a payload is filled; two payloads are a conflict (R33)
empty() { printf '{"insertId":"c","timestamp":"2025-10-02T09:00:01Z","severity":"ERROR","logName":"projects/p/logs/app","resource":{"type":"cloud_run_revision","labels":{"service_name":"svc","project_id":"p"}}}\n'; }
empty >"$T/empty-entry.ndjson"
entry c 01 'the payload' >"$T/full.ndjson"
entry c 01 'another payload' >"$T/altered.ndjson"
fresh fill
run 0 ingest "$T/empty-entry.ndjson"
is 'an entry without payload is an entry' "$(sql 'select count(*), max(message) is null, max(payload_kind) from events' | tr '\t' ' ')" '1 1 none'
run 0 ingest "$T/full.ndjson"
is 'it is filled by a later one' "$(counts 2)" '1 0 0 1 0 0 0'
is 'which is its text from then on' "$(sql 'select message, filled from events')" 'the payload	1'
dump >"$T/before"
run 0 scan
dump >"$T/after"
same 'nothing is left of what was said of the empty one: scan concludes the same' "$T/before" "$T/after"
run 0 ingest "$T/empty-entry.ndjson"
is 'the empty copy does not empty it' "$(sql 'select message from events')" 'the payload'
fresh fill-back
run 0 ingest "$T/full.ndjson" "$T/empty-entry.ndjson"
is 'the other way round it is filled by what was stored' "$(counts 2)" '1 0 0 1 0 0 0'
nt ingest "$T/empty-entry.ndjson" >/dev/null 2>&1
is 'and the same bytes again are no new source' "$(sql 'select count(*) from sources') $(counts 2)" '2 1 0 0 1 0 0 0'
is 'and the text stays' "$(sql 'select message from events')" 'the payload'
is 'filling is no conflict' "$(sql 'select count(*) from conflicts')" 0
for order in 'full altered' 'altered full'; do
	one=${order% *} two=${order#* }
	fresh "conflict-$one"
	run 0 ingest "$T/$one.ndjson" "$T/$two.ndjson"
	is "$order: the second is in conflict" "$(counts 2)" '1 0 0 0 1 0 0'
	has "$order: and that is told" "$T/err" '1 in conflict'
	want='the payload	another payload'
	[ "$one" = full ] || want='another payload	the payload'
	is "$order: the first stays, both stand in conflicts" \
		"$(sql 'select first_message, message from conflicts') $(sql 'select message from events')" "$want ${want%	*}"
	is "$order: both places are there" "$(sql 'select first_path, first_line, path, line from conflicts')" \
		"$T/$one.ndjson	1	$T/$two.ndjson	1"
	sed 's/^/ /' "$T/$two.ndjson" >"$T/spaced.ndjson"
	nt ingest "$T/spaced.ndjson" >/dev/null 2>&1
	balanced "$order"
done

# hostile values do not cost their entry, hostile structure costs only itself
deep() { awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "{\"a\":"; printf "1"; for (i = 0; i < n; i++) printf "}" }'; }
{
	entry h01 01 'before'
	entry h02 02 'nul\u0000inside'
	entry h03 03 'lone \ud800 surrogate'
	entry h04 04 'x' | sed 's/"textPayload":"x"/"jsonPayload":{"message":"big","n":1e999,"m":123456789012345678901234567890}/'
	printf '{"insertId":"h05","timestamp":"2025-10-02T09:00:05Z","logName":"projects/p/logs/l","jsonPayload":%s}\n' "$(deep 65)"
	printf '{"insertId":"h06","timestamp":"2025-10-02T09:00:06Z","logName":"projects/p/logs/l","jsonPayload":%s}\n' "$(deep 60)"
	entry h07 07 'bad utf8 X' | sed "s/X/$(printf '\377\376')/"
	printf '{"insertId":"h08","timestamp":"2025-10-02T09:00:08Z","insertId":"h08b","logName":"projects/p/logs/l","textPayload":"a key twice"}\n'
	entry h09 09 'esc \u001b[31m red \u202e bidi'
	echo '{"name":"a plain object","value":1}'
	echo '[]'
	entry h10 10 'after'
} >"$T/hostile.ndjson"
fresh hostile
run 3 ingest "$T/hostile.ndjson"
is 'the entries that can be kept are kept' "$(sql "select group_concat(insert_id, ' ') from (select insert_id from events order by 1)")" \
	'h01 h02 h03 h04 h06 h07 h08b h09 h10'
is 'the others are listed with their lines' "$(sql 'select kind, line from damaged_records order by line' | tr '\t\n' ' ;')" \
	'damaged 5;not evidence 10;'
is 'and counted' "$(sql 'select added, damaged, not_evidence from sources' | tr '\t' ' ')" '9 1 1'
is 'a NUL does not end a message' "$(nt query -o ndjson "select message from events where insert_id = 'h02'")" \
	'{"message":"nul\u0000inside"}'
has 'depth is named' "$T/err" 'nested too deeply'
is 'no control byte reaches the terminal' "$(nt query -o table 'select message from events' 2>&1 | LC_ALL=C tr -d '\012\040-\176\200-\377' | wc -c | tr -d ' ')" 0
balanced hostile
fresh deep
run 0 ingest --max-depth 100 "$T/ndjson"
fresh deep
nt ingest --max-depth 100 "$T/hostile.ndjson" >/dev/null 2>&1
is '--max-depth admits more' "$(sql "select count(*) from events where insert_id = 'h05'")" 1
{
	entry l1 01 'before'
	entry l2 02 "$(head -c 5000 /dev/zero | tr '\0' x)"
	entry l3 03 'after'
} >"$T/long.ndjson"
fresh long
run 3 ingest --max-record 2048 "$T/long.ndjson"
is 'a record over the limit is skipped and counted' "$(counts 1) $(sql "select group_concat(insert_id) from events")" '3 2 0 0 0 1 0 l1,l3'
has 'the limit is named' "$T/err" 'longer than the limit'
is 'it is a limit, not damage, in the diagnostics' "$(sql "select name, level, line from diagnostics where level in ('limit', 'damage')")" 'record-long	limit	2'
run 0 ingest "$T/long.ndjson"
is 'with the default limit it is read' "$(sql 'select count(*) from events')" 3
run 2 ingest --max-record 10 "$T/long.ndjson"
has 'a limit out of range is refused' "$T/err" '--max-record takes a number'

# what is no log
fresh none
: >"$T/nothing"
run 3 ingest "$T/nothing"
has 'an empty file is told' "$T/err" 'the file is empty'
printf '\n\n  \n' >"$T/blank"
run 3 ingest "$T/blank"
printf '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>{"insertId":1}</body></html>\n' >"$T/login.json"
run 3 ingest "$T/login.json"
has 'a page of HTML is told' "$T/err" 'login.json is in no format this version reads'
echo '{"name":"package","version":"1.0"}' >"$T/package.json"
run 3 ingest "$T/package.json"
is 'nothing was stored' "$(sql 'select count(*) from events')" 0

# a folder: what is not recognised is only listed
mkdir -p "$T/folder/sub" "$T/folder/.hidden"
cp "$T/ndjson" "$T/folder/b.log"
cp "$T/login.json" "$T/folder/a.html"
cp "$T/times.ndjson" "$T/folder/sub/c.json"
cp "$T/severity.ndjson" "$T/folder/.hidden/d.json"
ln -s "$T/severity.ndjson" "$T/folder/link.json"
: >"$T/folder/nothing.txt"
fresh folder
run 0 ingest "$T/folder"
has 'an unknown file in a folder is listed' "$T/err" 'a.html  not recognised, skipped'
has 'so is an empty one' "$T/err" 'nothing.txt  not recognised, skipped'
is 'the others are read in the order of names, hidden ones and links are not' \
	"$(sql 'select path from sources order by id' | sed "s,^$T/,,")" 'folder/b.log
folder/sub/c.json'
fresh named
run 3 ingest "$T/folder/a.html" "$T/folder/b.log"
is 'a named one makes exit 3, the others are read' "$(sql 'select added from sources')" 20

# a file that cannot be opened: named, and the others are read
ln -s loop "$T/loop"
fresh unreadable
run 6 ingest "$T/ndjson" "$T/loop" "$T/absent" "$T/times.ndjson"
has 'a file that cannot be opened is named' "$T/err" "$T/loop"
has 'so is one that is not there' "$T/err" "$T/absent"
is 'the others are read' "$(sql 'select added from sources order by id' | tr '\n' ' ')" '20 8 '
is 'and concluded from' "$(sql "select count(*) > 0 from rules")" 1
if [ "$(id -u)" -ne 0 ]; then
	cp "$T/ndjson" "$T/folder/b2.log"
	chmod 000 "$T/folder/b2.log"
	fresh unreadable-folder
	run 6 ingest "$T/folder"
	is 'in a folder too' "$(sql 'select count(*) from sources')" 2
else
	skip 'an unreadable file in a folder' 'root reads everything'
fi

# rows for scripts: the same figures as in the view
fresh rows
run 3 ingest -o tsv "$T/ndjson" "$T/hostile.ndjson"
tail -n +2 "$T/out" | cut -f 1-10 >"$T/rows"
sql "select 's' || id, path, shape, entries, added, known, filled, conflicts, damaged, not_evidence from sources order by id" >"$T/view"
same 'the rows on standard output are those of the view' "$T/view" "$T/rows"
fresh no-scan
run 0 ingest --no-scan "$T/ndjson"
is '--no-scan concludes nothing' "$(sql 'select count(*) from incidents') $(sql 'select count(*) from events')" '0 20'
run 0 incidents
has 'and that is said' "$T/err" 'netra-triage scan'
run 0 scan
is 'scan does it later' "$([ "$(sql 'select count(*) from incidents')" -gt 0 ] && echo yes)" yes
end
