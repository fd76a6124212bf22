#!/bin/sh
# show: every kind of id, what is not there, and rows for scripts
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

NETRA_TRIAGE_DB=$T/show.db
export NETRA_TRIAGE_DB
(cd "$NT_SRC" && nt ingest samples/outage samples/false-alarm >/dev/null 2>&1)

# an id of each kind, with a text that must stand in what is shown
while IFS='|' read -r letter what id text; do
	id=$(sql "$id") || id=
	is "there is a $what" "$([ -n "$id" ] && echo yes)" yes
	holds=$(sql "$text")
	is "it has something to show ($what)" "$([ -n "$holds" ] && echo yes)" yes
	run 0 show "$letter$id"
	has "$what: it is the one that was asked for" "$T/out" "$holds"
	run 0 show "$letter$id" --json
	has "$what: as JSON" "$T/out" '"format":1'
	is "$what: one row" "$(grep -c '^{"' "$T/out")" 2
	run 0 show "$letter$id" -o tsv
	is "$what: one row under its header" "$(wc -l <"$T/out" | tr -d ' ')" 2
	view=$(sed -n "s/^$letter //p" <<-END
		i incidents
		e events
		q requests
		x exceptions
		g signatures
		u runs
		t tests
		f findings
		h hypotheses
		v evidence
		s sources
	END
	)
	is "$what: the columns are those of its view" "$(head -n 1 "$T/out")" "$(nt query -o tsv "select * from $view limit 0")"
	run 5 show "${letter}987654321"
	has "$what: an unknown one is named" "$T/err" "there is no"
	run 5 show "${letter}0"
	run 5 show "$letter"
	run 5 show "${letter}1x"
	run 5 show "$letter-1"
	run 5 show "${letter}99999999999999999999"
done <<'END'
i|incident|select id from incidents where rank = 1|select title from incidents where rank = 1
e|event|select min(id) from events where severity = 'ERROR' and insert_id is not null|select insert_id from events where severity = 'ERROR' and insert_id is not null order by id limit 1
q|request|select min(event_id) from requests where status = 503|select url from requests where status = 503 order by event_id limit 1
x|exception|select min(id) from exceptions|select cause_message from exceptions order by id limit 1
g|signature|select min(id) from signatures where kind = 'template' and id > 0|select kind from signatures where kind = 'template' and id > 0 order by id limit 1
u|run|select min(id) from runs|select framework from runs order by id limit 1
t|test|select min(id) from tests where outcome = 'failed'|select nodeid from tests where outcome = 'failed' order by id limit 1
f|finding|select min(id) from findings where outcome = 'fired'|select says from findings where outcome = 'fired' order by id limit 1
h|hypothesis|select min(id) from hypotheses|select title from hypotheses order by id limit 1
v|evidence|select min(id) from evidence where rule is not null|select rule from evidence where rule is not null order by id limit 1
s|source|select min(id) from sources|select sha256 from sources order by id limit 1
END

run 5 show z1
run 5 show ''
run 5 show 12
run 5 show I1
run 2 show
has 'without an id it says what it needs' "$T/err" 'show needs an id'
run 5 show e1 e987654321
has 'what is there is shown before the complaint' "$T/out" 'insert_id'
run 0 show e1 t1 u1
is 'several are shown one after the other' "$(grep -cE '^ *insert_id =|^# [tu]1 ' "$T/out")" 3
id=$(sql 'select id from incidents where rank = 1')
run 0 show "i$id"
has 'an incident has its whys' "$T/out" '**Why'
has 'and what to do' "$T/out" 'Remediation'
for other in $(sql 'select id from incidents where rank > 1'); do
	lacks "and nothing of i$other" "$T/out" "### i$other "
done
has 'its lines are cited by place' "$T/out" 'cloud-run.json:'
# every id that a worklog prints can be shown
nt worklog --all --now "$NOW" | grep -oE '`[iuthfvs][0-9]+`|\[[etq][0-9]+ ' | tr -d '`[ ' | sort -u >"$T/ids"
is 'the worklog prints ids' "$([ "$(wc -l <"$T/ids")" -gt 20 ] && echo yes)" yes
bad=0
while read -r id; do
	nt show "$id" >/dev/null 2>&1 </dev/null || { bad=$((bad + 1)); echo "# $id"; }
done <"$T/ids"
is 'every id that it prints can be shown' "$bad" 0
end
