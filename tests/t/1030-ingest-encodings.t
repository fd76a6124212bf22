#!/bin/sh
# bytes, encodings, zones and paths: zstd, UTF-16, text encoded twice, --tz, patterns, files named twice
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

fresh() {	# fresh NAME: another database from here on
	NETRA_TRIAGE_DB=$T/$1.db
	export NETRA_TRIAGE_DB
	rm -f "$T/$1.db" "$T/$1.db-wal" "$T/$1.db-shm"
}

entry() {	# entry ID TIME MESSAGE: one line of NDJSON; MESSAGE is the inside of a JSON string
	printf '{"insertId":"%s","timestamp":"%s","severity":"INFO","textPayload":"%s","logName":"projects/shop-prod-1/logs/app","resource":{"type":"cloud_run_revision","labels":{"service_name":"checkout-api","project_id":"shop-prod-1"}}}\n' "$1" "$2" "$3"
}

{
	entry a 2025-10-02T09:00:01Z 'Grüße, 5 € für Zoë 🐢'
	entry b 2025-10-02T09:00:02Z 'second'
	entry c 2025-10-02T09:00:03Z 'third'
} >"$T/text"
same_events='select ts, severity, message, insert_id from events order by ts'
fresh plain
run 0 ingest "$T/text"
sql "$same_events" >"$T/want"
sql 'select line, byte_offset from events order by ts' >"$T/places"

# ---- UTF-16 ----
for order in le be; do
	ORDER=$(echo "$order" | tr le be | tr '[:lower:]' '[:upper:]')
	case $order in le) ORDER=LE mark='\377\376' ;; be) ORDER=BE mark='\376\377' ;; esac
	iconv -f UTF-8 -t "UTF-16$ORDER" "$T/text" >"$T/bare-$order"
	{ printf '%b' "$mark"; cat "$T/bare-$order"; } >"$T/mark-$order"
	for kind in mark bare; do
		fresh "$kind-$order"
		run 0 ingest "$T/$kind-$order"
		sql "$same_events" >"$T/got"
		same "UTF-16$ORDER, $kind: the same events" "$T/want" "$T/got"
		is 'its encoding is told' "$(sql 'select encoding from sources')" "utf-16$order"
		sql 'select line, byte_offset from events order by ts' >"$T/got"
		same 'places are those of the text in UTF-8' "$T/places" "$T/got"
	done
done
iconv -f UTF-16 -t UTF-8 "$T/mark-le" >"$T/iconv"
same 'which is what iconv prints' "$T/text" "$T/iconv"
is 'UTF-8 has no encoding to tell' "$(NETRA_TRIAGE_DB=$T/plain.db sql 'select encoding is null from sources')" 1
gzip -c "$T/mark-le" >"$T/mark-le.gz"
fresh packed
run 0 ingest "$T/mark-le.gz"
sql "$same_events" >"$T/got"
same 'UTF-16 in gzip: the same events' "$T/want" "$T/got"
is 'both are told' "$(sql 'select compression, encoding from sources' | tr '\t' ' ')" 'gzip utf-16le'

{
	cat "$T/mark-le"
	entry d 2025-10-02T09:00:04Z 'X' | sed 's/X.*//' | tr -d '\n' | iconv -f UTF-8 -t UTF-16LE
	printf '\075\330\001\334\001\334'	# a pair, and half of one
	entry d 2025-10-02T09:00:04Z 'X' | sed 's/.*X//' | iconv -f UTF-8 -t UTF-16LE
	printf x
} >"$T/half"
fresh half
nt ingest -v "$T/half" >"$T/out" 2>"$T/err"
is 'half a character is told once, with how many' \
	"$(sql "select level, detail from diagnostics where name = 'bad-utf8'" | cut -d' ' -f1-2)" 'note	2 halves'
has 'with -v on the terminal too' "$T/err" '2 halves of UTF-16 characters'
is 'and costs no entry' "$(sql "select message from events where insert_id = 'd'")" "$(printf '\360\237\220\201\357\277\275')"
printf '<?xml version="1.0" encoding="utf-16"?>\n<testsuite name="s" tests="1" failures="0" errors="0"><testcase classname="c" name="grün"/></testsuite>\n' |
	iconv -f UTF-8 -t UTF-16LE >"$T/junit16"
fresh junit16
run 0 ingest "$T/junit16"
is 'JUnit XML in UTF-16 that says so' "$(sql 'select outcome from tests')" passed
fresh sample
run 0 ingest "$NT_SRC/samples/shapes/utf16.json"
is 'the sample is read as README says' "$(sql "select count(*), sum(severity = 'ERROR'), min(ts), max(ts), sum(message like '%€%') from events" | tr '\t' ' ')" \
	'5 1 2025-10-02T20:15:01.250117000Z 2025-10-02T20:15:05.250117000Z 2'

# ---- zstd ----
if ! command -v zstd >/dev/null 2>&1; then
	skip 'zstd' 'zstd(1) is missing'
elif grep -q '^#define HAVE_ZSTD 1' "$NT_BUILD/config.h"; then
	zstd -q -c "$T/text" >"$T/text.zst"
	zstd -q --no-check -19 -c "$T/text" >"$T/plain-named.json"
	{ head -n 1 "$T/text" | zstd -q -c; printf '\120\052\115\030\002\000\000\000xy'; tail -n +2 "$T/text" | zstd -q -c; } >"$T/frames.zst"
	for f in text.zst plain-named.json frames.zst; do
		fresh "zstd-$f"
		run 0 ingest "$T/$f"
		sql "$same_events" >"$T/got"
		same "$f: the same events" "$T/want" "$T/got"
		is 'compression is told' "$(sql 'select compression from sources')" zstd
	done
	zstd -q -c "$T/mark-be" >"$T/mark-be.zst"
	fresh zstd-utf16
	status=0
	nt ingest - <"$T/mark-be.zst" >"$T/out" 2>"$T/err" || status=$?
	is 'from standard input, UTF-16 inside' "$status $(sql 'select compression, encoding, added from sources' | tr '\t' ' ')" '0 zstd utf-16be 3'
	head -c 100 "$T/text.zst" >"$T/cut.zst"
	fresh zstd-cut
	run 3 ingest --as gcp-json "$T/cut.zst"
	has 'a cut zstd is told' "$T/err" 'the compressed input is cut short'
	{ cat "$T/text.zst"; echo 'something else'; } >"$T/behind.zst"
	fresh zstd-behind
	run 3 ingest "$T/behind.zst"
	has 'bytes behind it are told' "$T/err" 'other bytes follow the compressed ones'
	is 'and cost nothing' "$(sql 'select added from sources')" 3
	head -c 200000000 /dev/zero | zstd -q -c >"$T/bomb.zst"
	fresh zstd-bomb
	run 3 ingest --as pytest "$T/bomb.zst"
	has 'what expands too far is stopped' "$T/err" 'the compressed input expands too far'
	is 'by the name that the manual has' "$(sql "select level from diagnostics where name = 'expansion'")" limit
else
	printf '\050\265\057\375\004\000' >"$T/text.zst"
	fresh zstd-without
	run 3 ingest "$T/text.zst" "$T/text"
	has 'without libzstd it is told what it is' "$T/err" 'is compressed with zstd'
	has 'and what to do' "$T/err" "zstd -dc $T/text.zst | netra-triage ingest -"
	is 'the others are read' "$(sql 'select added from sources')" 3
fi

# ---- text that was encoded twice, colours without ESC ----
{
	entry m1 2025-10-02T09:00:01Z '\u00e2\u0153\u201c caf\u00c3\u00a9 it\u00e2\u20ac\u2122s'
	entry m2 2025-10-02T09:00:02Z '[35m[1masync[0m array[1m]'
	entry m3 2025-10-02T09:00:03Z 'S\u00e3o Paulo: CAF\u00c9\u2026 array[1m'
} >"$T/mojibake"
fresh mojibake
run 0 ingest "$T/mojibake"
# shellcheck disable=SC1112
is 'what was encoded twice is decoded, lost colours are out, right text stays' \
	"$(sql 'select message from events order by ts')" "$(printf '\342\234\223 caf\303\251 it\342\200\231s\nasync array[1m]\nS\303\243o Paulo: CAF\303\211\342\200\246 array[1m')"

# ---- zones ----
mkdir -p "$T/zoneinfo/America" "$T/zoneinfo/Europe"
cp "$NT_SRC/tests/fuzz/corpus/zone/los-angeles" "$T/zoneinfo/America/Los_Angeles"
cp "$NT_SRC/tests/fuzz/corpus/zone/berlin-fat" "$T/zoneinfo/Europe/Berlin"
TZDIR=$T/zoneinfo
export TZDIR
LA=America/Los_Angeles
{
	entry z1 '2025-09-15 18:40:53.087197' one
	entry z2 '2025-09-15T18:42:58' two
	entry z3 '2025-09-16T01:41:00Z' 'with a zone'
} >"$T/naive"
fresh tz
run 0 ingest --tz "$LA" "$T/naive"
is 'times without a zone are of that one, the others stay' "$(sql 'select ts from events order by insert_id' | tr '\n' ' ')" \
	'2025-09-16T01:40:53.087197000Z 2025-09-16T01:42:58.000000000Z 2025-09-16T01:41:00.000000000Z '
is 'they stay assumed, and the source says of what' "$(sql 'select clock, zone from sources' | tr '\t' ' ')" "assumed $LA"
has 'the span is told in both' "$T/err" \
	"(124.913 s) = 2025-09-15 18:40:53 .. 18:42:58 PDT ($LA), zone assumed $LA"
is 'ingest has rows with both' "$(sed -n 1p "$T/out" | tr '\t' ' ' | grep -c 'first_ts first_ts_local last_ts last_ts_local')" 1
run 0 show --tz "$LA" e1
has 'show has an extra row' "$T/out" 'ts_local = 2025-09-15T18:40:53.087197000-07:00'
run 0 show --tz +02:00 s1 -o line
has 'of any zone' "$T/out" 'first_ts_local = 2025-09-16T03:40:53.087197000+02:00'
run 0 show --tz +02:00 s1
has 'a page too' "$T/out" 'in `+02:00` 2025-09-16T03:40:53.087197+02:00 to '
run 0 sources --tz "$LA" -o ndjson
has 'sources has both' "$T/out" '"first_ts":"2025-09-16T01:40:53.087197000Z","first_ts_local":"2025-09-15T18:40:53.087197000-07:00"'
run 0 worklog --tz "$LA" --now "$NOW"
has 'the header of the worklog has both' "$T/out" "in \`$LA\` from 2025-09-15T18:40:53.087197-07:00 to 2025-09-15T18:42:58.000000-07:00"
has 'and says what was assumed' "$T/out" "times without a zone, read as \`$LA\`"
lacks 'which was not UTC' "$T/out" 'read as UTC'
has 'the appendix has both' "$T/out" "**From and to:** 2025-09-16T01:40:53.087197Z to 2025-09-16T01:42:58.000000Z, in \`$LA\` 2025-09-15T18:40:53.087197-07:00"
nt worklog --tz "$LA" --now "$NOW" --facts >"$T/facts.json" 2>/dev/null
if command -v python3 >/dev/null 2>&1; then
	python3 -c 'import json, sys
for r in json.load(open(sys.argv[1]))["rows"]:
    if "strftime" in r["sql"]: print(r["text"]); print(" ".join(r["sql"].split()))' "$T/facts.json" >"$T/facts"
	wrong=0 n=0
	while IFS= read -r text && IFS= read -r statement; do
		n=$((n + 1))
		[ "$(sql "$statement")" = "$text" ] || { wrong=$((wrong + 1)); echo "# $text is not what it gives: $statement"; }
	done <"$T/facts"
	is 'local times are figures that their SQL gives' "$n $wrong" '4 0'
else
	skip 'local times are figures that their SQL gives' 'python3 is missing'
fi
for c in sources 'show e1' "worklog --now $NOW"; do
	# shellcheck disable=SC2086
	lacks "$c: without --tz nothing is told of it" "$(nt $c >"$T/out" 2>/dev/null; echo "$T/out")" '-07:00'
done

run 0 ingest --tz "$LA" "$T/naive"
is 'again: nothing new' "$(sql 'select id, added from sources' | tr '\t' ' ')" '1 3'
run 0 ingest --tz Europe/Berlin "$T/naive"
is 'in another zone it takes the place of the first reading' "$(sql 'select count(*), max(zone) from sources' | tr '\t' ' ') $(sql 'select ts from events order by insert_id' | tr '\n' ' ')" \
	'1 Europe/Berlin 2025-09-15T16:40:53.087197000Z 2025-09-15T16:42:58.000000000Z 2025-09-16T01:41:00.000000000Z '
fresh tz-known
run 0 ingest --tz "$LA" "$T/text"
is 'where each time has a zone, none is recorded' "$(sql 'select clock, zone is null from sources' | tr '\t' ' ')" 'utc 1'
lacks 'nor told as assumed' "$T/err" 'assumed'
has 'the span is told in it' "$T/err" "= 02:00:01 .. 02:00:03 PDT ($LA)"
fresh tz-year
{ entry y1 2025-10-31T12:00:00Z x; entry y2 2025-11-03T12:00:00Z x; } >"$T/year"
run 0 ingest --tz "$LA" "$T/year"
has 'a span over days and the end of summer' "$T/err" "= 2025-10-31 05:00:00 PDT .. 2025-11-03 04:00:00 PST ($LA)"

# runs of tests
printf 'Time: 2025-10-02 09:14:06\n$ pytest\n============================= test session starts ==============================\nplatform linux -- Python 3.11.9, pytest-8.3.3, pluggy-1.5.0\ncollected 1 item\n\nt.py .                                                                   [100%%]\n\n============================== 1 passed in 0.01s ===============================\n' >"$T/pytest.log"
printf '<testsuite name="s" tests="1" failures="0" errors="0" timestamp="2025-10-02T09:14:06"><testcase classname="c" name="t" time="0.1"/></testsuite>\n' >"$T/junit.xml"
for f in pytest.log junit.xml; do
	fresh "tz-$f"
	run 0 ingest "$T/$f"
	is "$f: read as UTC" "$(sql 'select started_ts, clock from runs' | tr '\t' ' ')" '2025-10-02T09:14:06.000000000Z assumed'
	run 0 ingest --tz "$LA" "$T/$f"
	is "$f: read again in its zone, once" "$(sql 'select started_ts, clock from runs' | tr '\t' ' ') $(sql 'select count(*), max(zone) from sources' | tr '\t' ' ')" \
		"2025-10-02T16:14:06.000000000Z assumed 1 $LA"
	run 0 worklog --tz "$LA" --section summary
	has "$f: the worklog says so" "$T/out" "names no zone; it was read as \`$LA\`."
done
for zone in PDT local ../../etc/passwd /etc/passwd +25:00 ''; do
	run 2 ingest --tz "$zone" "$T/text"
	has "--tz '$zone' is refused, with what to write" "$T/err" 'write a name as America/Los_Angeles, an offset as -07:00, or UTC'
done

# ---- patterns ----
sink=run.googleapis.com/stderr
mkdir -p "$T/bucket/$sink/2025/09/15" "$T/bucket/$sink/2025/09/16/.hidden" "$T/bucket/$sink/2025/10/02"
cd "$T/bucket" || exit 1
entry p1 2025-09-15T01:00:00Z p1 >"$sink/2025/09/15/01:00:00_01:59:59_S0.json"
entry p2 2025-09-16T01:00:00Z p2 >"$sink/2025/09/16/01:00:00_01:59:59_S0.json"
entry p3 2025-09-16T02:00:00Z p3 >"$sink/2025/09/16/02:00:00_02:59:59_S1.json"
entry p4 2025-10-02T01:00:00Z p4 >"$sink/2025/10/02/01:00:00_01:59:59_S0.json"
entry h1 2025-10-02T02:00:00Z h1 >"$sink/2025/09/16/.hidden/01:00:00_01:59:59_S0.json"
echo 'only a note' >"$sink/2025/09/16/README"
ln -s ../.. "$sink/2025/09/loop"
ln -s "$sink/2025" years
ids() { sql "select group_concat(insert_id, ' ') from (select insert_id from events order by ts)"; }
globbed() {	# globbed PATTERN IDS
	fresh glob
	run 0 ingest "$1"
	is "$1: what matches, and nothing else" "$(ids)" "$2"
}
globbed "$sink/2025/**/*_S0.json" 'p1 p2 p4'
globbed "$sink/2025/09/16/*_S?.json" 'p2 p3'
globbed "$sink/2025/09/16/0[13-9]*" 'p2'
globbed "$sink/2025/09/16/*" 'p2 p3'
globbed '**/*' 'p1 p2 p3 p4'
globbed '**' 'p1 p2 p3 p4'
globbed '*/stderr/**/09/**/*S0*' 'p1 p2'
globbed "**/**/16/**" 'p2 p3'
globbed 'run.*' 'p1 p2 p3 p4'
globbed "$sink/2025/1?" 'p4'
globbed 'years/09/*/*_S1.json' 'p3'
globbed "$T/buck*t/$sink/2025/10/*/*" 'p4'
globbed "$sink/2025/09/16/.hid*/*" 'h1'
has 'the file that is no log is only listed' "$(nt ingest "$sink/2025/09/16/*" 2>"$T/err" >"$T/out"; echo "$T/err")" 'README  not recognised, skipped'
fresh order
run 0 ingest "$sink/2025/**/*.json"
is 'in the order of names' "$(sql 'select path from sources order by id' | sed "s,.*/2025/,,;s,_.*,,")" '09/15/01:00:00
09/16/01:00:00
09/16/02:00:00
10/02/01:00:00'
fresh nothing
run 6 ingest "$sink/2024/**/*.json" "$sink/2025/10/02/01:00:00_01:59:59_S0.json"
has 'a pattern that matches nothing is named' "$T/err" "no file matches '$sink/2024/**/*.json'"
is 'the others are read' "$(ids)" p4
entry lit 2025-10-02T03:00:00Z lit >'S[0].json'
entry zero 2025-10-02T04:00:00Z zero >'S0.json'
globbed 'S[0].json' 'lit'
globbed 'S[0]*.json' 'zero'
globbed '**/S*.json' 'lit zero'
rm 'S[0].json'
globbed 'S[0].json' 'zero'

# ---- the same file once ----
fresh twice
cp "$T/text" one
ln one hard
ln -s one soft
run 0 ingest one ./one hard soft
is 'a file with four names is read once' "$(sql 'select path, added from sources' | tr '\t' ' ')" 'one 3'
has 'and that is said' "$T/err" 'hard  is the same file as one, read once'
cp one copy
run 0 ingest one copy
is 'a copy is another file: all of it is known' "$(sed -n 's/.*copy  NDJSON  //p' "$T/err" | cut -d' ' -f1-4)" '0 added, 3 known'
fresh stdin
status=0
nt ingest - - <one >"$T/out" 2>"$T/err" || status=$?
is 'standard input is read once' "$status $(sql 'select count(*) from sources')" '0 1'
has 'and that is said' "$T/err" '-  is the same file as -, read once'
end
