#!/bin/sh
# the program itself: help, versions, unknown words, exit codes, where the database is
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

run 0 version
has 'version names the program' "$T/out" 'netra-triage 0.1.0'
run 0 --version
run 0 -h
has 'help lists the commands' "$T/out" 'worklog'
run 2
has 'without a command it says so' "$T/err" 'no command was given'
run 2 ingst
has 'an unknown command gets a suggestion' "$T/err" 'did you mean `ingest`?'
run 2 incidents --fail-onn P1
has 'an unknown option gets a suggestion' "$T/err" 'did you mean --fail-on?'
run 2 worklog -o
has 'a missing value is named' "$T/err" 'option -o needs a value'
for c in $(nt -h | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
	run 0 "$c" -h
	has "$c -h shows its usage" "$T/out" "usage: netra-triage $c"
done

# where the database is: --db, then the environment, then the project, then the user's folder
run 4 incidents
has 'a missing database is named' "$T/err" "$HOME/.local/share/netra-triage/triage.db"
run 0 ingest "$NT_SRC/samples/outage/cloud-run.json"
has 'a new database is named' "$T/err" 'triage.db (new)'
is 'it is readable by its owner only' "$(stat -c %a "$HOME/.local/share/netra-triage/triage.db")" 600
run 2 worklog --since yesterday
has 'a bad time is named, with an example' "$T/err" 'such as 2025-09-16T01:40:00Z'
printf '[]' >"$T/empty.json"
run 0 ingest "$T/empty.json"
has 'an empty export is no error, and is said' "$T/err" 'holds no record'
NETRA_TRIAGE_DB=$T/env.db
export NETRA_TRIAGE_DB
run 4 incidents
has 'the environment overrules the default' "$T/err" "$T/env.db"
run 4 --db "$T/option.db" incidents
has '--db overrules the environment' "$T/err" "$T/option.db"
run 4 incidents --db "$T/option.db"
has 'common options may stand behind the command' "$T/err" "$T/option.db"
unset NETRA_TRIAGE_DB
mkdir -p "$T/project/.netra-triage" "$T/project/deep/er"
run 0 --db "$T/project/.netra-triage/triage.db" ingest "$NT_SRC/samples/outage/cloud-run.json"
cd "$T/project/deep/er" || exit 1
run 0 sources
is 'a project database above the folder is found' "$(wc -l <"$T/out" | tr -d ' ')" 2
cd "$T" || exit 1

run 6 ingest "$T/absent.json"
has 'a missing file is named' "$T/err" 'absent.json'
run 3 ingest /dev/null
echo '<html><body>Sign in</body></html>' >"$T/page.json"
run 3 ingest "$T/page.json"
has 'a file in no known format is named' "$T/err" 'is in no format this version reads'
run 5 show i999
run 5 show nonsense
has 'ids are explained' "$T/err" 'ids are a letter and a number'
if [ -w /dev/full ]; then
	status=0
	nt sources >/dev/full 2>"$T/err" || status=$?
	is 'a full disk is an error' "$status" 6
else
	skip 'a full disk is an error' 'no /dev/full'
fi
end
