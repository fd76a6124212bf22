#!/bin/sh
# check-length.sh SRCDIR CTAGS - no file over 800 lines, no function over 80, no line over 100 columns.
set -eu

src=${1:-.}/src
ctags=${2:-ctags}
bad=0

for file in "$src"/*.[ch] "$src"/*/*.[ch]; do
	[ -f "$file" ] || continue
	case $file in */schema_data.h) continue ;; esac	# made from schema/
	lines=$(wc -l <"$file")
	if [ "$lines" -gt 800 ]; then
		echo "$file: $lines lines, at most 800" >&2
		bad=1
	fi
	if expand "$file" | awk -v f="$file" 'length($0) > 100 { print f ":" NR ": " length($0) " columns, at most 100"; n = 1 }
		END { exit n }' >&2; then :; else bad=1; fi
done

if [ "$ctags" != : ] && "$ctags" --version 2>/dev/null | grep -q Universal; then
	long=$("$ctags" --languages=C --kinds-C=f --fields=+ne -f - "$src"/*.c "$src"/*/*.c |
		awk -F '\t' '{ l = e = 0; for (i = 4; i <= NF; i++) { if ($i ~ /^line:/) l = substr($i, 6);
			if ($i ~ /^end:/) e = substr($i, 5) } if (e - l + 1 > 80) print $2 ": " $1 "() has " e - l + 1 " lines, at most 80" }')
	if [ -n "$long" ]; then
		echo "$long" >&2
		bad=1
	fi
else
	echo "check-length: universal-ctags is missing, functions were not measured" >&2
fi
exit $bad
