# tap.sh - TAP for shell tests; sourced by tests/t/*.t and tests/lib/*.sh
#
# NT_BUILD is the build tree, NT_SRC the source tree (both absolute). Every test
# runs in a folder of its own that is removed at the end, with a HOME of its own,
# so that nothing of the user's is read or written.
# shellcheck shell=sh

NT_BUILD=${NT_BUILD:-$(cd "$(dirname "$0")/../.." && pwd)}
NT_SRC=${NT_SRC:-$NT_BUILD}
NT=${NT_INSTALLED:-$NT_BUILD/netra-triage}
NOW=2025-10-03T09:00:00Z
export NT_BUILD NT_SRC NT NOW
LC_ALL=C TZ=UTC
export LC_ALL TZ
unset NETRA_TRIAGE_DB NETRA_TRIAGE_RULES NETRA_TRIAGE_FORMATS XDG_DATA_HOME XDG_CONFIG_HOME NO_COLOR CLICOLOR_FORCE \
	SOURCE_DATE_EPOCH COLUMNS || :

tap_n=0 tap_bad=0
T=$(mktemp -d "${TMPDIR:-/tmp}/nt-test.XXXXXX") || exit 1
HOME=$T/home
export HOME T
mkdir "$HOME"
trap 'rm -rf "$T"' EXIT
trap 'exit 1' INT TERM
cd "$T" || exit 1

# nt ARG...: the program under test
nt() {
	"$NT" "$@"
}

tap() {	# tap 0|1 NAME: one result line
	tap_n=$((tap_n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_n - $2"
	else
		echo "not ok $tap_n - $2"
		tap_bad=$((tap_bad + 1))
	fi
}

# run WANT_STATUS ARG...: run the program, keep stdout and stderr, judge the exit status
run() {
	want=$1
	shift
	status=0
	nt "$@" >"$T/out" 2>"$T/err" </dev/null || status=$?
	if [ "$status" -eq "$want" ]; then
		tap 0 "netra-triage $(printf '%s ' "$@" | cut -c1-90): exit $want"
	else
		tap 1 "netra-triage $(printf '%s ' "$@" | cut -c1-90): exit $status, not $want"
		sed 's/^/# /' "$T/out" "$T/err" | head -n 30
	fi
}

# is NAME GOT WANT
is() {
	if [ "$2" = "$3" ]; then
		tap 0 "$1"
	else
		tap 1 "$1"
		printf 'got:  %s\nwant: %s\n' "$2" "$3" | sed 's/^/# /'
	fi
}

# has NAME FILE TEXT: FILE holds the fixed string TEXT
has() {
	if grep -qF -- "$3" "$2"; then
		tap 0 "$1"
	else
		tap 1 "$1"
		echo "# no \"$3\" in:"
		sed 's/^/#   /' "$2" | head -n 30
	fi
}

# lacks NAME FILE TEXT
lacks() {
	if grep -qF -- "$3" "$2"; then
		tap 1 "$1"
		grep -nF -- "$3" "$2" | sed 's/^/#   /' | head -n 10
	else
		tap 0 "$1"
	fi
}

# same NAME FILE FILE
same() {
	if cmp -s "$2" "$3"; then
		tap 0 "$1"
	else
		tap 1 "$1"
		diff -u "$2" "$3" | sed 's/^/# /' | head -n 40
	fi
}

# sql STATEMENT: its rows as TSV without the header line
sql() {
	nt query -o tsv "$1" | tail -n +2
}

skip() {	# skip NAME WHY
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1 # SKIP $2"
}

skip_all() {	# skip_all WHY: the whole file
	echo "1..0 # SKIP $1"
	exit 0
}

end() {
	echo "1..$tap_n"
	[ "$tap_bad" -eq 0 ]
	exit
}

# ingest_story NAME: a fresh database with the samples of one story; paths are as a user types them
ingest_story() {
	NETRA_TRIAGE_DB=$T/$1.db
	export NETRA_TRIAGE_DB
	(cd "$NT_SRC" && nt ingest "samples/$1" >"$T/ingest.out" 2>"$T/ingest.err") || :
}

# worklog_of NAME: the draft of that story, the same bytes on any machine
worklog_of() {
	(cd "$NT_SRC" && nt worklog --now "$NOW")
}

# dump: every public view, in an order that does not depend on ids; for "nothing changed"
dump() {
	for view in $(nt views -o tsv | tail -n +2 | cut -f1); do
		echo "== $view"
		nt query -o tsv "select * from $view" | LC_ALL=C sort
	done
}

# conclusions: what was concluded, without the numbers that a new run of the rules gives anew
conclusions() {
	for view in incidents incident_members whys findings hypotheses evidence exceptions instances signatures; do
		echo "== $view"
		nt query -o tsv "select * from $view" | LC_ALL=C sort
	done
}

# check_facts NAME: every figure of the draft is what its SQL answers, over the public views
check_facts() {
	(cd "$NT_SRC" && nt worklog --now "$NOW" --facts) >"$T/facts.json"
	python=$(command -v python3 || :)
	nt_facts=0 nt_wrong=0
	if [ -n "$python" ]; then
		"$python" -c 'import json, sys
for r in json.load(open(sys.argv[1]))["rows"]:
    text = r["text"].replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")	# as TSV has it
    print(text); print(" ".join(r["sql"].split()))' "$T/facts.json" >"$T/facts.txt"
	else
		skip "$1: figures" 'python3 is missing'
		return
	fi
	while IFS= read -r text && read -r sql; do
		nt_facts=$((nt_facts + 1))
		got=$(sql "$sql") || got="(failed) $got"
		if [ "$got" != "$text" ]; then
			nt_wrong=$((nt_wrong + 1))
			printf '# printed: %s, its SQL gives: %s\n#   %s\n' "$text" "$got" "$sql"
		fi
	done <"$T/facts.txt"
	is "$1: the draft has figures" "$([ "$nt_facts" -gt 5 ] && echo yes)" yes
	is "$1: all $nt_facts figures are what their SQL gives" "$nt_wrong" 0
}
