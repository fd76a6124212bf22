#!/bin/sh
# embed-sql.sh OUT FILE... - write SQL files as byte arrays into one C header.
#
# Byte arrays, because a string literal may be limited to 4095 bytes. The files are
# named NNNN-word.sql; NNNN is the schema version that each of them leads to and they
# must count up from 0001 without a gap.
set -eu

if [ $# -lt 2 ]; then
	echo "usage: embed-sql.sh OUT FILE..." >&2
	exit 2
fi
out=$1
shift
tmp=$out.tmp
trap 'rm -f "$tmp"' EXIT

table=
next=1
{
	echo "/* made by build-aux/embed-sql.sh: do not edit */"
	for file; do
		name=${file##*/}
		digits=${name%%-*}
		if [ "$digits" != "$(printf '%04d' "$next")" ]; then
			echo "embed-sql.sh: $name: expected number $next" >&2
			exit 1
		fi
		echo "static const unsigned char schema_${digits}[] = {"
		od -An -v -tu1 "$file" | sed 's/  */,/g; s/^,//; s/$/,/'
		echo "};"
		table="$table	{ \"$name\", $next, schema_$digits, sizeof schema_$digits },
"
		next=$((next + 1))
	done
	echo "static const struct schema_file schema_files[] = {"
	printf '%s' "$table"
	echo "};"
} > "$tmp"
mv -f "$tmp" "$out"
