#!/bin/sh
# sources: what an export is worth, told when it is read, by `sources`, by `show sN` and in SQL
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

# entries FROM N STEP SEVERITY SERVICE [PAYLOAD]: N entries, STEP seconds apart, from second FROM of
# 2025-10-02T09:00; severity "-" is none
entries() {
	awk -v from="$1" -v n="$2" -v step="$3" -v sev="$4" -v svc="$5" -v text="${6-alpha}" 'BEGIN {
		for (i = 0; i < n; i++) {
			s = from + i * step
			printf "{\"insertId\":\"%s-%s-%d\",\"timestamp\":\"2025-10-02T%02d:%02d:%02d.5Z\"", svc, sev, s,
				9 + s / 3600, s / 60 % 60, s % 60
			if (sev != "-") printf ",\"severity\":\"%s\"", sev
			if (text != "") printf ",\"textPayload\":\"%s %d\"", text, i
			printf ",\"logName\":\"projects/shop-prod-1/logs/app\",\"resource\":{\"type\":\"cloud_run_revision\",\"labels\":{\"service_name\":\"%s\",\"project_id\":\"shop-prod-1\"}}}\n", svc
		}
	}'
}

newest_first() {	# the lines of standard input, backwards
	awk '{ l[NR] = $0 } END { for (i = NR; i; i--) print l[i] }'
}

fresh() {	# fresh NAME: a new database
	NETRA_TRIAGE_DB=$T/$1.db
	export NETRA_TRIAGE_DB
}

kinds() {	# kinds ID: the kinds of its gaps, as they are ordered
	sql "select kind || coalesce(' ' || severity, '') from gaps where source_id = $1 order by id" | tr '\n' ';'
}

worth() {	# worth ID
	nt sources "s$1" --now "$NOW" -o tsv | awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "worth") c = i } NR == 2 { print $c }'
}

# nothing is wrong with it
fresh good
{ entries 0 37 1 - checkout-api; entries 0 30 1 INFO checkout-api; } | sort -t: -k4 | newest_first >"$T/good.ndjson"
run 0 ingest "$T/good.ndjson"
lacks 'a whole export is not complained about' "$T/err" 'warning'
is 'it has no gap' "$(kinds 1)" ''
case $(worth 1) in good:*) tap 0 'it is good' ;; *) tap 1 "it is good: $(worth 1)" ;; esac
run 0 show s1 --now "$NOW"
has 'its page says so, and what that does not prove' "$T/out" 'Nothing that could be told was found'
has 'its page has a window for each severity' "$T/out" '| `checkout-api` | INFO | 30 | 0 | 2025-10-02T09:00:00.500000Z |'
has 'its page has an age' "$T/out" 'the newest entry is 23 hours old'
run 0 sources --now 2025-12-13T10:00:00Z
has 'an old export is old' "$T/out" '72 days'

# a limit, and what the name claims
fresh limit
entries 0 200 1 - checkout-api | newest_first >"$T/logs_last_hour_.ndjson"
run 0 ingest "$T/logs_last_hour_.ndjson"
has 'a limit is told at once' "$T/err" 'warning: s1: It looks cut by a limit: exactly 200 entries over 199.000 s'
has 'with what the name claims' "$T/err" 'its name claims 3600.000 s'
has 'and where the rest is told' "$T/err" 'netra-triage show s1'
is 'it is a gap' "$(kinds 1)" 'limit;'
is 'what is missing is open at its begin' "$(sql 'select from_ts, to_ts from gaps')" '	2025-10-02T09:00:00.500000000Z'
is 'worth' "$(worth 1)" 'cut by a limit: only the newest 3m19s'
run 0 show s1 --now "$NOW"
has 'the page has the command' "$T/out" "gcloud logging read 'resource.labels.service_name=\"checkout-api\" AND timestamp>=\"2025-10-02T08:03:19.500000000Z\" AND timestamp<=\"2025-10-02T09:00:00.500000000Z\"' --project=shop-prod-1 --order=asc --format=json"
run 0 ingest -q "$T/logs_last_hour_.ndjson"
has 'the warning stays with -q' "$T/err" 'looks cut by a limit'
run 0 ingest -qq "$T/logs_last_hour_.ndjson"
lacks 'and goes with -qq' "$T/err" 'looks cut by a limit'
is 'twice is not twice as many gaps' "$(kinds 1)" 'limit;'

# a round count is no limit where no query was: files of a sink, text logs
fresh whole
mkdir -p "$T/sink/2025/10/02"
entries 0 100 35 - checkout-api >"$T/sink/2025/10/02/09:00:00_09:59:59_S0.json"
entries 0 2 35 - pricing-api >"$T/sink/2025/10/02/09:00:00_09:59:59_A0:1759395600.json"
entries 0 100 36 - search-api >"$T/logs_last_hour.ndjson"
entries 0 100 7 - checkout-api | sed 's/.*T\(..:..:..\).*/2025-10-02 \1,500 - shop.pay - INFO - paid/' >"$T/pay.log"
run 0 ingest "$T/sink" "$T/logs_last_hour.ndjson" "$T/pay.log"
is 'none of them is cut, nor less than its name claims' "$(sql 'select sum(truncated) from sources')$(kinds 1)$(kinds 2)$(kinds 3)$(kinds 4)" '0zone;'

# a burst amid the rest is no cap, nor are pairs of lines; and a job that is done is not silent
fresh chance
{ entries 0 773 4 INFO checkout-api; entries 1500 50 2 ERROR checkout-api; } | sort -t'"' -k8 >"$T/burst.ndjson"
{ entries 0 100 9 INFO pricing-api; entries 0 100 9 NOTICE pricing-api; entries 0 3 400 - pricing-api; } | sort -t'"' -k8 >"$T/pairs.ndjson"
{ entries 0 400 30 - search-api
	entries 600 60 1 - nightly | sed 's/cloud_run_revision/cloud_run_job/; s/service_name/job_name/'; } >"$T/job.ndjson"
run 0 ingest "$T/burst.ndjson" "$T/pairs.ndjson" "$T/job.ndjson"
is 'chance is no cap, an end no silence' "$(kinds 1)$(kinds 2)$(kinds 3)" 'filter DEBUG;'

# jobs and worker pools have no service_name to be asked by
fresh jobs
{ entries 0 25 1 - checkout-api; entries 30 50 1 - nightly | sed 's/cloud_run_revision/cloud_run_job/; s/service_name/job_name/'
	entries 90 25 1 - mailer | sed 's/cloud_run_revision/cloud_run_worker_pool/; s/service_name/worker_pool_name/'; } >"$T/jobs.ndjson"
run 0 ingest "$T/jobs.ndjson"
sql 'select collect from gaps' >"$T/collect"
has 'each is asked for by its own label' "$T/collect" \
	"gcloud logging read '(resource.labels.service_name=\"checkout-api\" OR resource.labels.worker_pool_name=\"mailer\" OR resource.labels.job_name=\"nightly\") AND timestamp>="

# a cap for each severity
fresh cap
{ entries 2200 50 1 ERROR checkout-api; entries 1900 50 7 WARNING checkout-api; entries 0 6 440 NOTICE checkout-api; } >"$T/capped.ndjson"
run 0 ingest "$T/capped.ndjson"
has 'a cap is told at once' "$T/err" 'It looks capped: exactly 50 ERROR entries'
is 'each severity that is capped has a gap' "$(kinds 1)" 'cap ERROR;cap WARNING;filter INFO;'
is 'ERROR is missing before its first' "$(sql "select from_ts, to_ts, count from gaps where severity = 'ERROR'")" \
	'2025-10-02T09:00:00.500000000Z	2025-10-02T09:36:40.500000000Z	50'
is 'worth' "$(worth 1)" 'capped: ERROR covers 49 s of 37m29s; nothing at INFO or below'
sql "select collect from gaps where severity = 'ERROR'" >"$T/collect"
has 'the command asks for that severity' "$T/collect" 'severity=ERROR AND '

# a filter; and a few entries that show none
fresh filter
entries 0 12 5 WARNING checkout-api >"$T/warnings.ndjson"
entries 0 4 5 WARNING pricing-api >"$T/few.ndjson"
run 0 ingest "$T/warnings.ndjson" "$T/few.ndjson"
is 'no INFO: a filter' "$(kinds 1)" 'filter NOTICE;'
is 'four entries show nothing' "$(kinds 2)" ''

# no payloads
fresh empty
{ entries 0 11 5 - checkout-api ''; entries 100 9 5 - checkout-api; } >"$T/empty.ndjson"
{ entries 0 10 5 - pricing-api ''; entries 100 10 5 - pricing-api; } >"$T/half.ndjson"
run 0 ingest "$T/empty.ndjson" "$T/half.ndjson"
has 'the collector is suspected at once' "$T/err" 's1: 11 of its 20 entries have neither a payload nor a request: suspect a defect of the collector, not a quiet service'
lacks 'half is not more than half' "$T/err" 's2: 10 of its'
is 'worth' "$(worth 1)" 'no payloads: collector defect'

# a silence of one service while another went on
fresh silence
{ entries 0 300 1 - checkout-api; entries 900 301 1 - checkout-api; entries 0 127 10 - pricing-api; } >"$T/silence.ndjson"
run 0 ingest "$T/silence.ndjson"
is 'a silence has its service and its ends' "$(sql "select service, from_ts, to_ts from gaps where kind = 'silence'")" \
	'checkout-api	2025-10-02T09:04:59.500000000Z	2025-10-02T09:15:00.500000000Z'
is 'and nothing else is a gap' "$(kinds 1)" 'silence;'
# the other half closes it: each source is judged by what it holds, and says what it repeats
entries 300 600 1 - checkout-api >"$T/middle.ndjson"
entries 290 40 1 - checkout-api >"$T/overlap.ndjson"
run 0 ingest "$T/middle.ndjson" "$T/overlap.ndjson"
is 'a source that repeats others names them' "$(sql "select says from gaps where kind = 'repeat' and source_id = 3 order by id" | tr '\n' ';')" \
	'30 of its 40 entries are in s2 too and are counted once;10 of its 40 entries are in s1 too and are counted once;'

# times without a zone, what is no evidence, and damage
fresh odd
entries 0 7 5 - checkout-api | sed 's/5Z"/5"/' >"$T/naive.ndjson"
printf '[{"timestamp":"2025-10-02T09:00:00","severity":"INFO","textPayload":"all is well","source":"fallback_analysis"}]\n' >"$T/pseudo.json"
{ entries 0 7 5 - pricing-api; printf '{"insertId":"cut","timestamp":"2025-10-02T09:0'; } >"$T/cut.ndjson"
run 3 ingest "$T/naive.ndjson" "$T/pseudo.json" "$T/cut.ndjson"
has 'an assumed zone is told at once' "$T/err" 's1: Times without a zone were read as UTC'
has 'what is no evidence is told at once' "$T/err" 's2: 1 of its 1 record is no evidence'
is 'gaps of each' "$(kinds 1)$(kinds 2)$(kinds 3)" 'zone;pseudo;damage;'
is 'worth of what is no evidence' "$(worth 2)" 'not evidence'
run 0 show s3
has 'the damaged record is placed' "$T/out" '- damaged, line 8, byte '
has 'and the query for all of them' "$T/out" 'select * from damaged_records where source_id = 3'

# evidence that changed after capture
fresh conflict
entries 0 12 5 - checkout-api >"$T/first.ndjson"
sed 's/alpha 3"/beta 3"/; s/alpha 7"/beta 7"/' "$T/first.ndjson" >"$T/second.ndjson"
run 0 ingest "$T/first.ndjson"
run 0 ingest "$T/second.ndjson"
has 'changed evidence is told at once' "$T/err" 's2: 2 records differ from what is stored (evidence changed after capture): netra-triage query "select * from conflicts where source_id = 2"'
is 'that query gives them' "$(nt query 'select * from conflicts where source_id = 2' -o tsv | wc -l | tr -d ' ')" 3
run 0 show s2
has 'the page has the text that stays' "$T/out" 'alpha 3'
has 'and the other' "$T/out" 'beta 3'

# an age by the name
fresh stale
entries 0 12 5 - checkout-api >"$T/last_1h_20251004_090000.ndjson"
run 0 ingest "$T/last_1h_20251004_090000.ndjson"
has 'what is older than its name claims is stale' "$T/err" 's1: STALE: its name claims the 3600.000 s before 2025-10-04T09:00:00.000000Z of an unknown zone'

# gaps are derived: scan makes them again, forget takes them away
fresh limit
before=$(sql 'select * from gaps')
run 0 scan
is 'scan gives the same gaps' "$(sql 'select * from gaps')" "$before"
run 0 ingest --no-scan "$T/capped.ndjson"
run 0 sources
has 'what was not judged yet is said' "$T/err" 'netra-triage scan'
run 0 scan
is 'then it is judged' "$(kinds 2)" 'cap ERROR;cap WARNING;filter INFO;'
run 0 forget s1
is 'no gap outlives its source' "$(sql 'select count(*) from gaps where source_id = 1')" 0
run 0 scan
is 'the others are judged again' "$(kinds 2)" 'cap ERROR;cap WARNING;filter INFO;'

# the worklog has the same sentences, and each is what its SQL gives
for db in limit cap silence odd conflict; do
	fresh $db
	check_facts $db
done
fresh silence
nt worklog --all --now "$NOW" >"$T/worklog.md"
has 'the worklog tells a silence' "$T/worklog.md" '- **silence:** No entry of checkout-api for 601.000 s'
has 'the worklog has a window for each severity' "$T/worklog.md" '| DEFAULT | 728 | 0 |'
fresh empty
run 5 sources s9
run 5 show s9
end
