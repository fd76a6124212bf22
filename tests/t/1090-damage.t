#!/bin/sh
# Random damage to every sample: no crash, no hang, no entry lost outside of the damage, and the
# accounting of law 2 holds. NT_MUTATIONS is how many there are in all (12000), NT_SEED where they begin.
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

damage=$NT_BUILD/tests/damage/damage
seed=${NT_SEED:-1}
mkdir "$T/mutants"

# -j where records have no bounds of their own, -H where a first row names columns
options() {
	case $1 in
	*.csv | */table.txt) echo '-j -H' ;;
	*.json | *.ndjson) ;;
	*) echo '-j' ;;
	esac
}

files=$(find "$NT_SRC/samples" -path "$NT_SRC/samples/tests" -prune -o -type f ! -name README ! -name '*.gz' -print | LC_ALL=C sort)
n=$(echo "$files" | wc -l)
share=$((${NT_MUTATIONS:-12000} / n + 1))
made=0
for file in $files; do
	status=0
	# shellcheck disable=SC2046
	"$damage" $(options "$file") -n "$share" -s "$seed" "$file" >"$T/out" 2>"$T/err" || status=$?
	is "${file#"$NT_SRC"/}: $(cat "$T/out")" "$status" 0
	sed 's/^/# /' "$T/err" | head -n 10
	made=$((made + share))
	"$damage" -n 6 -s "$seed" -w "$T/mutants" "$file" >/dev/null 2>&1
done
is "at least ${NT_MUTATIONS:-12000} mutations" "$([ $made -ge "${NT_MUTATIONS:-12000}" ] && echo yes)" yes
status=0
"$damage" -c -n 200 "$NT_SRC/samples/outage/cloud-run.json" >/dev/null 2>&1 || status=$?
is 'a lost entry would be noticed' "$status" 1

# the whole program over some of them: each source accounts for what its reader saw
export NETRA_TRIAGE_DB="$T/damage.db"
status=0
for file in "$T"/mutants/*=*; do
	reader=$(basename "${file%%=*}")
	nt ingest --no-scan --as "$reader" "$file" >/dev/null 2>"$T/err" || status=$?
	case $status in 0 | 3) ;; *) break ;; esac
done
is "$(wc -l <"$T/mutants/seen" | tr -d " ") damaged files are ingested" "$(case $status in 0 | 3) echo yes ;; esac)" yes
is 'every source accounts for all records seen' "$(sql 'select count(*) from sources
	where entries <> added + known + filled + conflicts + damaged + not_evidence')" 0
is 'every damaged record is listed' "$(sql "select count(*) from sources s where damaged + not_evidence <>
	(select count(*) from damaged_records d where d.source_id = s.id)")" 0
sql "select path, entries from sources where kind = 'logs'" | sed 's#.*/##' | LC_ALL=C sort >"$T/got"
grep -v -e '^pytest' -e '^junit=' "$T/mutants/seen" | LC_ALL=C sort >"$T/want"
same 'each has as many records as its reader saw alone' "$T/want" "$T/got"
end
