#!/bin/sh
# query: formats, parameters, named queries, and what a read-only connection refuses
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

ingest_story outage
run 0 query -o tsv 'select count(*) as n from events'
is 'tsv has one header line' "$(head -n 1 "$T/out")" n
run 0 query 'select count(*) as n from events'
is 'a pipe gets tsv' "$(head -n 1 "$T/out")" n
run 0 query --json 'select 1 as a, null as b, 2.5 as c, '"'x,\"y'"' as d'
is 'json is one object' "$(tr -d ' \n' <"$T/out")" '{"format":1,"rows":[{"a":1,"b":null,"c":2.5,"d":"x,\"y"}]}'
run 0 query -o csv "select 'a,\"b' as x, '=1+1' as y"
is 'csv quotes, and disarms formulas' "$(tail -n 1 "$T/out" | tr -d '\r')" "\"a,\"\"b\",'=1+1"
run 0 query -o ndjson 'select id from events order by id limit 2'
is 'ndjson has a row per line' "$(wc -l <"$T/out" | tr -d ' ')" 2
run 0 query -o markdown "select 'a|b' as x"
has 'markdown escapes the bar' "$T/out" 'a\|b'
run 0 query -o box 'select 1 as one'
run 0 query -o line 'select 1 as one'
run 0 query -o table 'select 1 as one'
run 0 query -w "$T/x.csv" 'select 1 as one'
is 'the name of the file picks the format' "$(tr -d '\r' <"$T/x.csv")" 'one
1'
run 0 query -p svc=checkout-api 'select count(*) as n from events where service = :svc'
is 'parameters are bound' "$([ "$(tail -n 1 "$T/out")" -gt 0 ] && echo yes)" yes
run 1 query -e "select 1 from events where service = 'nobody'"
run 0 query errors_by_service
for f in "$NT_SRC"/queries/*.sql; do
	run 0 query "$(basename "$f" .sql)"
done
run 5 query no_such_query
run 5 query 'select sevirity from events'
has 'a wrong column gets a suggestion' "$T/err" 'did you mean `severity`?'
has 'and a caret' "$T/err" '^'
run 5 query 'select * from event_s'
run 5 query 'selec 1'
before=$(cksum <"$T/outage.db")
files=$(find "$T" -type f ! -name out ! -name err | sort)
for s in 'delete from source' 'drop view events' "attach '$T/x.db' as x" "vacuum into '$T/stolen.db'" \
	'pragma user_version = 7' 'create table t(x)' 'select 1; select 2' "select load_extension('x')" \
	"select printf('%.*c', 900000000, 'x')" 'select randomblob(900000000)' 'select * from event' \
	'update event set message = null' 'begin' 'select * from sqlite_master' "select writefile('$T/x','y')"; do
	run 5 query "$s"
done
is 'the database is untouched' "$(cksum <"$T/outage.db")" "$before"
is 'no file was made' "$(find "$T" -type f ! -name out ! -name err | sort)" "$files"
run 6 query --timeout 0.3 'with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c'
has 'an endless query is stopped and says so' "$T/err" 'time'
run 0 views
run 0 schema events
has 'columns are explained' "$T/out" 'severity'
run 5 schema evnts
has 'a wrong view gets a suggestion' "$T/err" 'did you mean `events`?'
end
