#!/bin/sh
# messages that were cut into several entries are joined; what only looks so is not
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

fresh() {	# fresh NAME: another database from here on
	NETRA_TRIAGE_DB=$T/$1.db
	export NETRA_TRIAGE_DB
	rm -f "$T/$1.db" "$T/$1.db-wal" "$T/$1.db-shm"
}

one_line() { tr '\t\n' ' ;'; }

fresh split
run 0 ingest "$NT_SRC/samples/shapes/split.json"
is 'three messages' "$(sql 'select kind, parts, complete, missing, connector from messages order by first_ts' | one_line)" \
	'split 3 1 0 ;split 2 0 1 ;line-break 2 1 0 colour-tag;'
is 'pieces in order, also of a file that is newest first' "$(sql "select text from messages where complete and kind = 'split'")" \
	"Traceback (most recent call last):\\n  File \"/app/checkout/pay.py\", line 31, in pay\\n    total = prices[item]\\nKeyError: 'apple'\\n"
is 'a missing piece is told in the text' "$(sql "select text from messages where not complete")" \
	'price list: apple 3, \n[part 2 of 3 is missing]\nquince 9'
is 'a line break is put back, the line between left out' "$(sql "select text from messages where kind = 'line-break'")" \
	'2025-10-02 09:14:27.099 | ERROR    | checkout.db:open:41 | Start failed: database "shop\n" does not exist'
is 'where it comes from' "$(sql "select distinct service, revision, instance, log from messages")" \
	'checkout-api	checkout-api-00031-qab	00d2c3b41f	run.googleapis.com/stderr'
is 'the id is that of the first part' "$(sql 'select count(*) from messages m join message_parts p on p.message_id = m.id where p.n = 1 and p.event_id = m.id')" 3
is 'every part is a range of the text' "$(sql 'select count(*) from messages m join message_parts p on p.message_id = m.id join events e on e.id = p.event_id
	where cast(substr(cast(m.text as blob), p.start + 1, p.stop - p.start) as text) <> e.message')" 0
is 'the traceback that was split is one exception' "$(sql 'select type, message, frame, entries from exceptions')" "KeyError	'apple'	checkout/pay.py:31	3"
is 'all its entries know it' "$(sql 'select count(*) from events e join exceptions x on x.id = e.exception_id')" 3
is 'and is quoted from the entry where it stands' "$(sql "select distinct quote from incident_members where quote like 'KeyError%'")" "KeyError: 'apple'"
nt worklog --now "$NOW" >"$T/worklog.md"
has 'the worklog has it' "$T/worklog.md" "KeyError: 'apple'"
conclusions >"$T/before"
sql 'select * from messages' >>"$T/before"
run 0 scan
conclusions >"$T/after"
sql 'select * from messages' >>"$T/after"
same 'scan joins them again' "$T/before" "$T/after"
sql 'select text, parts, complete, first_ts from messages order by first_ts' >"$T/want"

fresh order
python3 -c "import json, sys; json.dump(json.load(open(sys.argv[1]))[::-1], sys.stdout)" "$NT_SRC/samples/shapes/split.json" >"$T/oldest.json" 2>/dev/null || :
if [ -s "$T/oldest.json" ]; then
	run 0 ingest "$T/oldest.json"
	sql 'select text, parts, complete, first_ts from messages order by first_ts' >"$T/got"
	same 'the order of the file does not matter' "$T/want" "$T/got"
else
	skip 'the order of the file does not matter' 'python3 is not there'
fi

# ---- pieces in two files; names in snake_case; one insertId for all pieces ----

piece() {	# piece INDEX TEXT
	printf '{"insert_id":"same","timestamp":"2025-10-02T09:14:25Z","text_payload":"%s","log_name":"projects/p/logs/app","resource":{"labels":{"service_name":"svc"}},"split":{"uid":"u","index":%s,"total_splits":2}}\n' "$2" "$1"
}
fresh files
piece 1 'and two' >"$T/second.json"
piece 0 'one ' >"$T/first.json"
run 0 ingest "$T/second.json"
is 'the second piece alone' "$(sql 'select text, complete, missing from messages')" '[part 1 of 2 is missing]\nand two	0	1'
run 0 ingest "$T/first.json"
is 'equal ids are no conflict' "$(sql 'select sum(added), sum(conflicts) from sources')" '2	0'
is 'both pieces' "$(sql 'select text, complete from messages')" 'one and two	1'
run 0 ingest "$T/first.json"
is 'again: nothing changes' "$(sql 'select text, complete from messages')" 'one and two	1'
run 0 forget s2
run 0 scan
is 'a piece that is forgotten is missing' "$(sql 'select text, complete from messages')" '[part 1 of 2 is missing]\nand two	0'

# ---- line breaks ----

n=0
# at MICROSECOND MESSAGE [INSTANCE]: one entry; MESSAGE is the inside of a JSON string
at() {
	n=$((n + 1))
	printf '{"insertId":"l%03d","timestamp":"2025-10-02T09:14:%sZ","textPayload":"%s","logName":"projects/p/logs/stderr","labels":{"instanceId":"%s"},"resource":{"labels":{"service_name":"svc"}}}\n' \
		"$n" "$1" "$2" "${3-abc}"
}
joined() {	# joined NAME WANT: what is joined of the entries in $T/in
	fresh "line$n"
	nt ingest - <"$T/in" >/dev/null 2>&1
	is "$1" "$(sql "select connector || ': ' || replace(text, char(10), '|') from messages order by id" | one_line)" "$2"
}
{ at 01.000000 'database \"shop'; at 01.000017 '\" does not exist'; } >"$T/in"
joined 'a quote' 'quote: database "shop|" does not exist;'
{ at 01.000000 'database \"shop'; at 01.000017 'main\" does not exist'; } >"$T/in"
joined 'a quote that holds more text' 'quote: database "shop|main" does not exist;'
{ at 01.000000 'SERVICE_ID is '"'"'shop-api'; at 01.000017 "' and has white space"; } >"$T/in"
joined 'an apostrophe' "apostrophe: SERVICE_ID is 'shop-api|' and has white space;"
{ at 01.000000 'settings: {a: [1, 2'; at 01.000017 '], b: 3}'; } >"$T/in"
joined 'a bracket' 'bracket: settings: {a: [1, 2|], b: 3};'
{ at 01.000000 '<red>lost'; at 01.000017 'the pool</red>'; } >"$T/in"
joined 'a colour tag' 'colour-tag: lost|the pool;'
{ at 01.000000 'database \"shop'; at 01.000009 'INFO: listening'; at 01.000017 '\" does not exist'; } >"$T/in"
joined 'a message of another thread between' 'quote: database "shop|" does not exist;'
{ at 01.000000 'database \"shop'; at 01.000009 'listening'; at 01.000017 '\" does not exist'; } >"$T/in"
joined 'not over a line that may be a part of it' ''
{ at 01.000000 'database \"shop'; at 01.000009 'INFO: database \"cart'; at 01.000017 '\" does not exist'; } >"$T/in"
joined 'not when two may go on' ''
{ at 01.000000 'database \"shop'; at 01.050001 '\" does not exist'; } >"$T/in"
joined 'not later than 50 ms' ''
{ at 01.000000 'database \"shop'; at 01.000017 '\" does not exist' other; } >"$T/in"
joined 'not of another instance' ''
{ at 01.000000 'database \"shop' ''; at 01.000017 '\" does not exist' ''; } >"$T/in"
joined 'not when the instance is not known' ''
{ at 01.000000 "the users' cart can't be read"; at 01.000017 "'tis empty"; } >"$T/in"
joined 'not at the apostrophes of English' ''
{ at 01.000000 "rock 'n' roll"; at 01.000017 "' or so"; } >"$T/in"
joined 'not at apostrophes that are closed' ''
{ at 01.000000 'a disk of 5\"'; at 01.000017 'and one of 3\"'; } >"$T/in"
joined 'not at inches' ''
{ at 01.000000 'steps (in this order'; at 01.000017 '1) stop'; } >"$T/in"
joined 'not at a list' ''
{ at 01.000000 'no carts :('; at 01.000017 ') is odd'; } >"$T/in"
joined 'not at a face' ''
{ at 01.000000 'it says \"go'; at 01.000017 'the other says \"stop'; } >"$T/in"
joined 'not when the second opens one, too' ''
{ at 01.000000 'it says \"go'; at 01.000017 'INFO: no\" is said'; } >"$T/in"
joined 'not to a line that states a level' ''
{ at 01.000000 '{'; at 01.000010 '  \"a\": 1,'; at 01.000017 '}'; } >"$T/in"
joined 'not around lines that are left out' ''

# a secret that the cut goes through is none of either piece, but of the message
cut() {	# cut INDEX TEXT
	printf '{"insertId":"cut%s","timestamp":"2025-10-02T09:14:25Z","textPayload":"%s","logName":"projects/shop-prod-1/logs/app","split":{"uid":"cut","index":%s,"totalSplits":2}}\n' "$1" "$2" "$1"
}
p=gh
{ cut 0 "clone with ${p}p_fakeFAKEfakeFA"; cut 1 'KEfakeFAKEfakeFAKE0123 failed twice'; } >"$T/cut.ndjson"
fresh cut-secret
run 0 ingest "$T/cut.ndjson"
is 'a secret in two pieces is left out of the message' "$(sql 'select text from messages')" \
	'clone with [github-token:1] failed twice'
is 'the pieces are what stands around it' "$(sql "select group_concat(substr(m.text, p.start + 1, p.stop - p.start), '|')
	from messages m join message_parts p on p.message_id = m.id")" 'clone with | failed twice'
run 0 scan
is 'scan leaves it out too' "$(sql 'select text from messages')" 'clone with [github-token:1] failed twice'
fresh cut-pii
run 0 ingest --redact=pii "$T/cut.ndjson"
has 'what the source was not redacted for stays' "$T/cut-pii.db" "${p}p_fakeFAKEfakeFAKEfakeFAKEfakeFAKE0123"
end
