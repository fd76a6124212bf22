#!/bin/sh
# the manual: every command has a page, every option stands in it, every example runs
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

man=$NT_SRC/man
commands=$(nt -h | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
for c in $commands; do
	page=$man/netra-triage-$c.1
	if [ -s "$page" ]; then tap 0 "$c has a page"; else tap 1 "$c has a page"; continue; fi
	missing=
	nt "$c" -h | sed -n '/^options:/,/^$/p' | sed -n 's/^  .*--\([a-z-]*\).*/\1/p' >"$T/opts"
	while read -r o; do
		grep -q "^\.It .*Fl .*Fl $o\( \|$\)\|^\.It .*Fl -$o\( \|$\)" "$page" || missing="$missing --$o"
	done <"$T/opts"
	is "$c: every option is in its page" "$missing" ''
	has "$c is listed in netra-triage(1)" "$man/netra-triage.1" "netra-triage-$c 1"
done
nt -h | sed -n '/^common options:/,/^$/p' | sed -n 's/^  .*--\([a-z-]*\).*/\1/p' >"$T/opts"
missing=
while read -r o; do
	grep -q "Fl -$o\( \|$\)" "$man/netra-triage.1" || missing="$missing --$o"
done <"$T/opts"
is 'every common option is in netra-triage(1)' "$missing" ''
for d in $(sed -n 's/^DIAG([A-Z0-9_]*, [A-Z]*, "\([a-z0-9-]*\)".*/\1/p' "$NT_SRC/src/base/diag_list.h"); do
	has "the diagnostic $d is explained" "$man/netra-triage-ingest.1" "$d"
done
for v in $(nt views -o tsv | tail -n +2 | cut -f1); do
	has "the view $v is in netra-triage-schema(7)" "$man/netra-triage-schema.7" "$v"
done

# examples: lines of .Dl in EXAMPLES, run one after the other in a folder that holds the samples
cp -R "$NT_SRC/samples" "$T/samples"
chmod -R u+w "$T/samples"
mkdir "$T/bin"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$NT" >"$T/bin/netra-triage"
chmod +x "$T/bin/netra-triage"
PATH=$T/bin:$PATH
for page in "$man"/*.1 "$man"/*.5 "$man"/*.7; do
	name=$(basename "$page")
	NETRA_TRIAGE_DB=$T/examples-$name.db
	export NETRA_TRIAGE_DB
	[ "$name" = netra-triage-ingest.1 ] || nt ingest samples/outage samples/false-alarm >/dev/null 2>&1
	awk '/^\.Sh/ { on = /EXAMPLES/ } on && sub(/^\.Dl /, "") { print }' "$page" |
		sed 's/\\&//g; s/\\-/-/g; s/\\(aq/'"'"'/g; s/\\(dq/"/g; s/\\e/\\/g; s/ Pq .*//' >"$T/examples"
	case $name in
	netra-triage.1 | netra-triage-*.1) is "$name has examples" "$([ -s "$T/examples" ] && echo yes)" yes ;;
	esac
	while read -r line; do
		status=0
		sh -c "$line" >"$T/out" 2>"$T/err" </dev/null || status=$?
		case $status in
		0 | 1 | 3) tap 0 "$name: $line" ;;
		*) tap 1 "$name: $line (exit $status)"; sed 's/^/# /' "$T/err" | head -n 8 ;;
		esac
	done <"$T/examples"
done
end
