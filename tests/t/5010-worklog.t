#!/bin/sh
# worklog: what it covers, that it is the same everywhere, and that hostile text stays text
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

python=$(command -v python3 || :)

entry() {	# entry ID SECOND SEVERITY MESSAGE; MESSAGE is the inside of a JSON string
	printf '{"insertId":"%s","timestamp":"2025-10-02T%sZ","severity":"%s","textPayload":"%s","logName":"projects/shop/logs/app","resource":{"type":"cloud_run_revision","labels":{"service_name":"svc-%s","revision_name":"svc-00001-abc","project_id":"shop"}}}\n' \
		"$1" "$2" "$3" "$4" "${1%%-*}"
}

draft() {	# draft ARG...: into out
	run 0 worklog --now "$NOW" "$@"
}

NETRA_TRIAGE_DB=$T/scopes.db
export NETRA_TRIAGE_DB
{ entry a-1 09:00:00.5 ERROR 'the alpha pump broke'; entry a-2 09:00:01 INFO 'alpha is well'; } >"$T/alpha.ndjson"
{ entry b-1 10:00:00.5 ERROR 'the beta valve broke'; entry b-2 10:00:01 INFO 'beta is well'; } >"$T/beta.ndjson"
entry c-1 11:00:00 INFO 'gamma is well' >"$T/gamma.ndjson"
run 0 ingest "$T/alpha.ndjson"
run 0 ingest "$T/beta.ndjson"

# which sources, and that it says which
draft
has 'the latest ingest is covered' "$T/out" 'the beta valve broke'
lacks 'and no other' "$T/out" 'the alpha pump broke'
has 'it says so' "$T/out" '**Scope:** the latest ingest (1 source: s2)'
draft --all
has '--all covers the first' "$T/out" 'the alpha pump broke'
has '--all covers the second' "$T/out" 'the beta valve broke'
has '--all is said' "$T/out" '**Scope:** everything ingested (2 sources: s1, s2)'
draft --source s1
has '--source covers that one' "$T/out" 'the alpha pump broke'
lacks '--source covers no other' "$T/out" 'the beta valve broke'
has '--source is said' "$T/out" 's1'
draft --source s1 --source s2
is 'two sources are two rows' "$(grep -c '^| `s[12]`' "$T/out")" 2
draft --since 2025-10-02T09:30:00Z
lacks '--since leaves out what ended before' "$T/out" 'the alpha pump broke'
has 'and covers all sources that come after' "$T/out" 'the beta valve broke'
has '--since is said' "$T/out" 'since 2025-10-02T09:30:00Z'
draft --until 2025-10-02T09:30:00Z
has '--until keeps what began before' "$T/out" 'the alpha pump broke'
lacks 'and leaves out what began later' "$T/out" 'the beta valve broke'
has '--until is said' "$T/out" 'until 2025-10-02T09:30:00Z'
draft --since 2025-10-02T11:00:00+02:00 --until 2025-10-02T11:30:00+02:00
has 'a window may be given in another zone' "$T/out" 'the alpha pump broke'
lacks 'and is one in UTC' "$T/out" 'the beta valve broke'
run 2 worklog --all --source s1
run 2 worklog --since yesterday
run 5 worklog --source s99
run 5 worklog --source i1
run 2 worklog extra
run 2 worklog --output csv

# sections
run 2 worklog --section no_such
for s in header summary tests incidents whys hypotheses remediation next_steps sources diagnostics; do
	has "the complaint names $s" "$T/err" "$s"
done
ingest_story outage
draft
cp "$T/out" "$T/whole.md"
: >"$T/sections.md"
for s in header summary tests incidents whys hypotheses remediation next_steps sources diagnostics; do
	draft --section $s
	level='^## '
	[ $s != header ] || level='^# '
	is "$s: one heading of its level, and none above" \
		"$(grep -cE "$level" "$T/out") $(grep -cE '^##? ' "$T/out")" '1 1'
	cat "$T/out" >>"$T/sections.md"
done
grep . "$T/sections.md" | sed '/^- \*\*Command:/d' >"$T/one"
grep . "$T/whole.md" | sed '/^- \*\*Command:/d' >"$T/two"
same 'the sections make the whole draft' "$T/two" "$T/one"

# to a file, as JSON, as facts
run 0 worklog --now "$NOW" -o "$T/draft.md"
is 'with -o nothing is on standard output' "$(wc -c <"$T/out" | tr -d ' ')" 0
has 'and the file is named' "$T/err" 'draft.md'
sed '/^- \*\*Command:/d' "$T/whole.md" >"$T/one"
sed '/^- \*\*Command:/d' "$T/draft.md" >"$T/two"
same 'the file holds the draft' "$T/one" "$T/two"
echo old >"$T/kept.md"
run 6 worklog -o "$T/no-such-folder/draft.md"
run 5 worklog -o "$T/kept.md" --source s99
is 'a failed draft leaves the old file' "$(cat "$T/kept.md")" old
is 'and nothing beside it' "$(find "$T" -name '*kept.md*' | wc -l | tr -d ' ')" 1
if [ -n "$python" ]; then
	for args in --json '--facts' '--json --all' '--facts --section summary'; do
		# shellcheck disable=SC2086
		run 0 worklog $args --now "$NOW"
		is "$args: is one JSON object of format 1" \
			"$("$python" -c 'import json, sys; print(json.load(open(sys.argv[1]))["format"])' "$T/out" 2>&1)" 1
	done
else
	skip 'JSON' 'python3 is missing'
fi
for story in outage false-alarm cannot-tell; do
	ingest_story $story
	check_facts $story
done

# the same bytes: twice, elsewhere, in another zone and language
ingest_story false-alarm
unset SOURCE_DATE_EPOCH
nt worklog --now "$NOW" >"$T/one" 2>&1
nt worklog --now "$NOW" >"$T/two" 2>&1
same 'twice the same' "$T/one" "$T/two"
mkdir "$T/elsewhere"
(cd "$T/elsewhere" && TZ=America/New_York LC_ALL=C.UTF-8 LANG=de_DE.UTF-8 COLUMNS=40 nt worklog --now "$NOW") >"$T/two" 2>&1
same 'the same in another folder, zone and language' "$T/one" "$T/two"
SOURCE_DATE_EPOCH=1759482000 nt worklog >"$T/two"
nt worklog --now "$NOW" >"$T/one"
sed '/\*\*Command:/d' "$T/one" >"$T/one.cut"
sed '/\*\*Command:/d' "$T/two" >"$T/two.cut"
same 'SOURCE_DATE_EPOCH is the present time' "$T/one.cut" "$T/two.cut"
NETRA_TRIAGE_DB=$T/rebuilt.db
(cd "$NT_SRC" && TZ=Asia/Kolkata nt ingest samples/false-alarm >/dev/null 2>&1)
nt worklog --now "$NOW" >"$T/two" 2>&1
same 'the same from a database that was made in another zone' "$T/one" "$T/two"
nt worklog --now 2025-10-03T11:00:00+02:00 | sed '/\*\*Command:/d' >"$T/two.cut"
same 'the present time may be given in another zone' "$T/one.cut" "$T/two.cut"

# nothing found; nothing at all
NETRA_TRIAGE_DB=$T/calm.db
run 0 ingest "$T/gamma.ndjson"
draft
has 'without an incident it says so' "$T/out" '# Worklog: nothing found'
has 'and what that means' "$T/out" 'That says nothing about what the sources do not hold.'
check_facts calm
run 0 ingest /dev/null --as gcp-json
draft --since 2030-01-01T00:00:00Z
has 'a window with nothing in it says so' "$T/out" 'nothing found'
run 0 forget s1
draft --all
has 'without a source it says so' "$T/out" 'nothing found'

# stale, partial, damaged, conflicting: named where the reader looks first
NETRA_TRIAGE_DB=$T/stale.db
run 0 ingest --no-scan "$T/alpha.ndjson"
draft
has 'what was not concluded from is stale' "$T/out" '**Stale:**'
has 'and says what to do' "$T/out" 'netra-triage scan'
run 0 scan
draft
lacks 'after a scan it is not' "$T/out" '**Stale:**'
{ cat "$T/beta.ndjson"; echo '{"insertId":"b-3","timestamp":'; } >"$T/damaged.ndjson"
run 3 ingest "$T/damaged.ndjson"
draft
has 'damage is named in the header' "$T/out" 'complete; damaged records'
has 'and in the appendix' "$T/out" 'the input is cut short'
sed 's/the beta valve broke/the beta valve held/' "$T/beta.ndjson" >"$T/altered.ndjson"
run 0 ingest "$T/altered.ndjson"
draft
has 'a conflict is named in the header' "$T/out" 'conflicts with another source'
awk 'BEGIN { for (i = 0; i < 6000; i++) printf "{\"insertId\":\"k%05d\",\"timestamp\":\"2025-10-02T09:%02d:%02d.%06dZ\",\"severity\":\"ERROR\",\"textPayload\":\"half read\",\"logName\":\"projects/shop/logs/app\",\"resource\":{\"labels\":{\"service_name\":\"half\"}}}\n", i, i / 600 % 60, i / 10 % 60, i }' >"$T/half.ndjson"
mkfifo "$T/pipe"
NETRA_TRIAGE_DB=$T/partial.db
run 0 ingest "$T/alpha.ndjson"
"$NT" ingest "$T/pipe" >/dev/null 2>&1 &
pid=$!
{ cat "$T/half.ndjson"; sleep 20; } >"$T/pipe" &
feeder=$!
i=0
while [ "$(sql 'select count(*) from events' 2>/dev/null)" -lt 5000 ] && [ $i -lt 200 ]; do
	i=$((i + 1))
	sleep 0.05
done
kill -9 $pid
wait $pid 2>/dev/null
kill $feeder 2>/dev/null
is 'the source is partial' "$(sql "select state from sources where path like '%pipe'")" partial
draft --all
has 'a partial source is named' "$T/out" 'partial: not read to its end, left out of findings'
lacks 'and nothing is concluded from it' "$T/out" 'No rule knows: half read'
run 0 scan
draft --all
lacks 'nor after a scan' "$T/out" 'No rule knows: half read'
has 'what was read to its end is' "$T/out" 'the alpha pump broke'

# hostile text: one line, no markup, no link, no end of a code span
NETRA_TRIAGE_DB=$T/hostile.db
{
	entry x-1 09:00:00 ERROR '<script>alert(1)</script><img src=x onerror=alert(2)><b>bold</b> 1'
	entry x-2 09:00:01 ERROR '`</code><script>alert(3)</script>` ``` ```` 2'
	entry x-3 09:00:02 ERROR '[click](javascript:alert(4)) ![i](http://evil.example/i.png) <http://evil.example> 3'
	entry x-4 09:00:03 ERROR 'a\n\n# Forged heading\n\n| a | b |\n| --- | --- |\n| <u>c</u> | d |\n4'
	entry x-5 09:00:04 ERROR '```\n~~~\n<iframe src=//evil.example></iframe>\n5'
	entry x-6 09:00:05 ERROR '&lt;script&gt; &#60;script&#62; <!-- 6'
	entry x-7 09:00:06 ERROR 'pipe | in | a | cell \\ backslash \\| `a|b` 7'
} | sed 's/svc-x/svc-<i>|`x`/' >"$T/<em>hostile|\`.ndjson"
cat >"$T/<em>hostile.xml" <<'END'
<?xml version="1.0"?>
<testsuite name="pytest" errors="0" failures="1" skipped="0" tests="1" time="0.1">
<testcase classname="t.&lt;s&gt;x" name="test_`|&lt;script&gt;alert(9)&lt;/script&gt;[a|b]" time="0.1"><failure message="&lt;img src=x onerror=alert(8)&gt; ` | &#10;# Forged">x</failure></testcase>
</testsuite>
END
run 0 ingest "$T/<em>hostile|\`.ndjson" "$T/<em>hostile.xml"
draft --env '<b>env</b> [x](javascript:alert(5))'
is 'no heading is forged' "$(grep -c '^#* *Forged' "$T/out")" 0
check_facts hostile
if command -v cmark-gfm >/dev/null 2>&1; then
	cmark-gfm --unsafe -e table -e autolink -e strikethrough -e tasklist "$T/out" >"$T/html"
	is 'the text itself is there' "$(grep -c 'alert([1-4])' "$T/html" | sed 's/^[1-9].*/yes/')" yes
	for tag in script img iframe b u i s em http; do
		is "no <$tag> comes from the text of others" "$(grep -ciE "<${tag}[ >/]" "$T/html")" 0
	done
	is 'no link leads out' "$(grep -ciE '(href|src)="?(javascript|http)' "$T/html")" 0
	is 'no comment hides text' "$(grep -c '<!--' "$T/html")" 0
	is 'all rows of a table have its columns' "$(awk '/<tr>/ { n = 0 } /<t[hd]/ { n++ } /<thead>/ { head = 1 } /<\/tr>/ { if (head) want = n; else if (n != want) bad++; head = 0 } END { print bad + 0 }' "$T/html")" 0
else
	skip 'rendered Markdown' 'cmark-gfm is missing'
fi
end
