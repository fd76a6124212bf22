#!/bin/sh
# incidents: what belongs to a failed start, what does not, what no rule knows, what is hostile
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

service=shop-api revision=shop-api-00001-abc n=0

stamp() {	# stamp SECONDS: that long after 09:00, six digits of a fraction
	printf '2025-10-02T09:%02d:%02d.%06dZ' $((${1%.*} / 60)) $((${1%.*} % 60)) "$n"
}

labels() {	# labels INSTANCE
	printf '"labels":{"instanceId":"%s"},"resource":{"type":"cloud_run_revision","labels":{"service_name":"%s","revision_name":"%s","project_id":"shop"}}' \
		"$1" "$service" "$revision"
}

entry() {	# entry INSTANCE SECONDS SEVERITY MESSAGE: MESSAGE is the inside of a JSON string
	n=$((n + 1))
	printf '{"insertId":"n%04d","timestamp":"%s","severity":"%s","textPayload":"%s","logName":"projects/shop/logs/run.googleapis.com%%2Fstderr",%s}\n' \
		"$n" "$(stamp "$2")" "$3" "$4" "$(labels "$1")"
}

request() {	# request INSTANCE SECONDS LATENCY STATUS
	n=$((n + 1))
	printf '{"insertId":"n%04d","timestamp":"%s","severity":"%s","httpRequest":{"requestMethod":"GET","requestUrl":"https://shop.example/carts","status":%s,"latency":"%ss"},"logName":"projects/shop/logs/run.googleapis.com%%2Frequests",%s}\n' \
		"$n" "$(stamp "$2")" "$([ "$4" -ge 500 ] && echo ERROR || echo INFO)" "$4" "$3" "$(labels "$1")"
}

failed_start() {	# failed_start INSTANCE SECONDS: what a start prints that dies of a missing module
	entry "$1" "$2" INFO 'Starting new instance. Reason: AUTOSCALING - Instance started due to traffic.'
	entry "$1" $(($2 + 2)) ERROR '[2025-10-02 09:00:02 +0000] [7] [ERROR] Exception in worker process\nTraceback (most recent call last):\n  File \"/app/shop/main.py\", line 12, in <module>\n    import shop.prices\nModuleNotFoundError: No module named '"'shop.prices'"
	entry "$1" $(($2 + 3)) ERROR '[2025-10-02 09:00:03 +0000] [2] [ERROR] Reason: Worker failed to boot.'
	entry "$1" $(($2 + 3)) WARNING 'Container called exit(3).'
}

fresh() {
	NETRA_TRIAGE_DB=$T/$1.db
	export NETRA_TRIAGE_DB
	rm -f "$T/$1.db"*
}

# one failed start, its request, and requests that are not its own
{
	failed_start inst-a 100
	request inst-a 101 1.5 503	# its own instance, while it started
	request inst-b 102 0.2 503	# another instance at the same time
	request inst-a 400 0.2 503	# its own instance, minutes later
	request inst-a 101 0.2 200	# answered
} >"$T/start.ndjson"
fresh start
run 0 ingest "$T/start.ndjson"
is 'the start is the top incident, with its cause' \
	"$(sql 'select priority, class, occurrences, service, revision, cause_type, cause_message from incidents where rank = 1')" \
	"P0	start failure	1	shop-api	shop-api-00001-abc	ModuleNotFoundError	No module named 'shop.prices'"
id=$(sql 'select id from incidents where rank = 1')
members() {	# members ROLE BASIS: seconds of the members
	sql "select group_concat(substr(e.ts, 15, 5), ' ') from (select event_id from incident_members where
		incident_id = $id and role = '$1' and basis = '$2' order by n) join events e on e.id = event_id"
}
is 'the request of its instance and interval is joined' "$(members request proved)" 01:41
is 'the one of another instance only happened at the same time' "$(members request co-occurs)" 01:42
is 'the later one and the answered one are no part of it' \
	"$(sql "select count(*) from incident_members m join requests r using (event_id) where m.incident_id = $id and (r.status = 200 or r.ts > '2025-10-02T09:06')")" 0
is 'the counts say so' "$(sql "select requests_joined, requests_open from incidents where id = $id")" '1	1'
is 'the later one is an incident of its own' \
	"$(sql "select count(*) from incidents i join incident_members m on m.incident_id = i.id join requests r using (event_id) where i.id <> $id and r.ts > '2025-10-02T09:06'")" 1
is 'the failure, the exit and the cause are in it' \
	"$(sql "select role, count(*) from incident_members where incident_id = $id and basis = 'proved' and role in ('cause', 'failure', 'exit') group by 1 order by 1" | tr '\t\n' ' ;')" \
	'cause 1;exit 1;failure 1;'
is 'no entry of it stands in another incident' "$(sql "select count(*) from (select event_id from incident_members where event_id is not null and basis <> 'co-occurs' group by 1 having count(distinct incident_id) > 1)")" 0
run 0 show "i$id"
has 'the chain of whys names the module' "$T/out" "ModuleNotFoundError: No module named 'shop.prices'"
has 'and stops where the evidence does' "$T/out" 'Needs evidence'

# twice the same cause is one incident, another service is another
{
	cat "$T/start.ndjson"
	failed_start inst-c 200
	service=shop-pay revision=shop-pay-00009-xyz
	failed_start inst-d 210
} >"$T/starts.ndjson"
service=shop-api revision=shop-api-00001-abc
fresh starts
run 0 ingest "$T/starts.ndjson"
dump >"$T/before"
run 0 scan
dump >"$T/after"
same 'scan comes to the same conclusions (starts)' "$T/before" "$T/after"
is 'one incident for each cause and service' "$(sql "select service, occurrences from incidents where class = 'start failure' order by 1" | tr '\t\n' ' ;')" 'shop-api 2;shop-pay 1;'

# errors that no rule knows: one incident for each template; banners never
{
	i=0
	while [ $i -lt 5 ]; do
		entry inst-a $((100 + i)) ERROR "flux capacitor $i is out of plutonium"
		entry inst-a $((110 + i)) CRITICAL "the gizmo of order $((i * 7919)) came loose"
		entry inst-a $((120 + i)) WARNING 'Telemetry enabled but no exporters configured'
		entry inst-a $((130 + i)) INFO 'all is well'
		i=$((i + 1))
	done
	entry inst-a 140 WARNING 'Sentry SDK not available - install sentry-sdk[fastapi] to enable error tracking'
} >"$T/unknown.ndjson"
fresh unknown
run 0 ingest "$T/unknown.ndjson"
is 'one incident for each template' "$(sql 'select class, occurrences, entries, signatures from incidents order by title' | tr '\t\n' ' ;')" 'unknown 5 5 1;unknown 5 5 1;'
is 'warnings and banners make none' "$(sql "select count(*) from incident_members m join events e on e.id = m.event_id where e.severity not in ('ERROR', 'CRITICAL')")" 0

# exit codes for jobs
run 0 incidents
run 0 incidents --fail-on P1
run 1 incidents --fail-on P2
run 1 incidents --fail-on P3
run 1 scan --fail-on P2
run 0 scan --fail-on P0
run 2 incidents --fail-on P4
run 2 incidents --fail-on high
run 1 --db "$T/start.db" incidents --fail-on P0

# rules that differ from those that were concluded with
mkdir "$T/own"
cat >"$T/own/own.yaml" <<'END'
title: The flux capacitor ran dry
name: flux_dry
priority: P0
detection:
  a: {message|re: 'flux capacitor (?<unit>\d+) is out of plutonium'}
  condition: a
says: '${count} flux capacitor(s) ran dry'
remediation: 'Refill capacitor ${unit}.'
tests:
  - {match: {message: 'flux capacitor 3 is out of plutonium'}, captures: {unit: '3'}}
  - {no-match: {message: 'flux capacitor 3 is full'}}
END
stale='was not concluded from the rules at hand'
run 0 incidents
lacks 'the same rules: nothing is stale' "$T/err" "$stale"
run 0 --rules "$T/own" incidents
has 'other rules: it is said' "$T/err" "$stale"
has 'and what to do' "$T/err" 'netra-triage scan'
lacks 'nothing is concluded by looking' "$T/out" 'flux capacitor ran dry'
run 0 --rules "$T/own" worklog --now "$NOW"
has 'the worklog says it too' "$T/err" "$stale"
run 0 --rules "$T/own" scan
run 0 --rules "$T/own" incidents
lacks 'after scan nothing is stale' "$T/err" "$stale"
is 'the new rule has its incident' "$(sql "select title, priority, occurrences, rule from incidents where rule = 'flux_dry'" | cut -f 2-)" 'P0	5	flux_dry'
is 'in place of the unknown one' "$(sql "select count(*) from incidents where class = 'unknown'")" 1
is 'the finding tells hash and revision of its rule' "$(sql "select outcome, count, length(rule_hash) from findings where rule = 'flux_dry'")" 'fired	5	64'
run 0 incidents
has 'without the folder it is stale again' "$T/err" "$stale"
run 0 scan
is 'and gone after a scan' "$(sql "select count(*) from incidents where rule = 'flux_dry'")" 0
is 'the unknown one is back' "$(sql "select count(*) from incidents where class = 'unknown'")" 2

# an incident keeps its number
fresh ids
run 0 ingest "$T/start.ndjson"
sql 'select id, key from incidents order by id' >"$T/ids"
n=5000
{ failed_start inst-z 10; entry inst-z 60 ERROR 'a new thing 1 broke'; } >"$T/more.ndjson"
run 0 ingest "$T/more.ndjson"
sql 'select id, key from incidents order by id' | head -n "$(wc -l <"$T/ids")" >"$T/ids-after"
same 'incidents keep their numbers' "$T/ids" "$T/ids-after"

# hostile names and texts: never in a command that people copy, never raw on a terminal
evil_service='a\"; rm -rf ~; `id`$(touch owned)'"'"'; touch owned; #'
{
	service=$evil_service revision=$evil_service
	failed_start 'inst$(id)' 100
	request 'inst$(id)' 101 1.5 503
	entry 'inst$(id)' 150 ERROR 'broke </script><script>alert(1)</script> \u001b[31m\u001b]0;owned\u0007 \u202egnp.exe \u009b31m \u0000 \r over'
	service=shop-api revision=shop-api-00001-abc
	entry inst-q 160 ERROR 'quoted '"'"'; `id` $(id) \" broke 7'
	service='evil\u001b[2J\u202e' revision=r
	entry inst-r 170 ERROR 'name with an escape 9 broke'
} >"$T/hostile.ndjson"
fresh hostile
run 0 ingest "$T/hostile.ndjson"
cp "$T/err" "$T/told"
dump >"$T/before"
run 0 scan
dump >"$T/after"
same 'scan comes to the same conclusions (hostile)' "$T/before" "$T/after"
is 'the hostile start is an incident like any other' "$(sql "select priority, requests_joined from incidents where class = 'start failure'")" 'P0	1'
for c in incidents 'incidents --json' 'incidents -o box' 'incidents -o markdown' 'sources' 'scan' \
	'query -o table errors_by_service' 'query -o line' 'query -o markdown' 'show e1 e6 e7 e8' 'show i1' 'worklog' 'worklog --json' 'worklog --facts'; do
	set --
	[ "$c" = "${c#query -o [lm]}" ] || set -- 'select * from events'
	status=0
	# shellcheck disable=SC2086
	nt $c "$@" >"$T/out" 2>"$T/err" </dev/null || status=$?
	is "$c: exit status" "$status" 0
	cat "$T/out" "$T/err" "$T/told" >"$T/both"
	is "$c: no control byte" "$(LC_ALL=C tr -d '\011\012\015\040-\176\200-\377' <"$T/both" | wc -c | tr -d ' ')" 0
	is "$c: no override of direction, no C1" "$(LC_ALL=C grep -cF -e "$(printf '\342\200\256')" -e "$(printf '\302\233')" "$T/both")" 0
done
is 'a message is stored but for its colours' "$(sql "select count(*) from events where message like 'broke </script><script>alert(1)</script> %gnp.exe%'")" 1
nt query -o tsv "select collect from whys where collect is not null" | tail -n +2 >"$T/collect"
nt worklog --now "$NOW" | sed -n '/^ *```sh/,/^ *```$/p' | grep -v '```' >"$T/commands"
is 'there are commands to copy' "$([ -s "$T/collect" ] && [ -s "$T/commands" ] && echo yes)" yes
for f in collect commands; do
	is "$f: nothing that a shell would run" "$(grep -cE '`|\$\(|rm -rf|touch' "$T/$f")" 0
done
mkdir "$T/bin" "$T/run"
printf '#!/bin/sh\nfor a; do echo "$a"; done >>"%s"\n' "$T/asked" >"$T/bin/gcloud"
cp "$T/bin/gcloud" "$T/bin/netra-triage"
cp "$T/bin/gcloud" "$T/bin/python3"
chmod +x "$T/bin"/*
(cd "$T/run" && PATH=$T/bin:$PATH sh "$T/commands" >"$T/shell.out" 2>&1 </dev/null)
is 'a shell takes them' "$(cat "$T/shell.out")" ''
is 'they ask gcloud' "$(grep -c '^logging$' "$T/asked")" "$(grep -c '^ *gcloud logging read' "$T/commands")"
is 'and do nothing else' "$(find "$T/run" -name 'owned*' | wc -l | tr -d ' ')" 0
end
