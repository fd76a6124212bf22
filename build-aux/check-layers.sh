#!/bin/sh
# check-layers.sh SRCDIR - fail when an include goes against the direction of the data.
#
#	base <- model <- {read, sign, store, rule, reason, report} <- cmd <- main
#
# The six in braces never include each other. Some system headers belong to one
# place only. Every reader, section, format and command file stands in its list.
set -eu

src=${1:-.}/src
bad=0

fault() {
	echo "$1" >&2
	bad=1
}

# allowed FOLDER: the folders that files of FOLDER may include
allowed() {
	case $1 in
	base) echo 'base' ;;
	model) echo 'base model' ;;
	read | sign | store | rule | reason | report) echo "base model $1" ;;
	cmd | main) echo 'base model read sign store rule reason report cmd' ;;
	*) echo '' ;;
	esac
}

for file in "$src"/*.[ch] "$src"/*/*.[ch]; do
	[ -f "$file" ] || continue
	rel=${file#"$src"/}
	case $rel in
	*/*) folder=${rel%%/*} ;;
	*) folder=main ;;
	esac
	may=$(allowed "$folder")
	[ -n "$may" ] || fault "$rel: folder $folder is not in the design"
	for inc in $(sed -n 's/^[ \t]*#[ \t]*include[ \t]*"\([^"]*\)".*/\1/p' "$file"); do
		case $inc in
		config.h) continue ;;
		*/*) ;;
		*) fault "$rel: include \"$inc\" must name its folder"; continue ;;
		esac
		case " $may " in
		*" ${inc%%/*} "*) ;;
		*) fault "$rel: $folder/ must not include \"$inc\"" ;;
		esac
	done
	for inc in $(sed -n 's/^[ \t]*#[ \t]*include[ \t]*<\([^>]*\)>.*/\1/p' "$file"); do
		case $inc in
		sqlite3.h) [ "$folder" = store ] || fault "$rel: <sqlite3.h> only in store/" ;;
		pcre2.h) [ "$rel" = base/pattern.c ] || fault "$rel: <pcre2.h> only in base/pattern.c" ;;
		zlib.h | zstd.h) case $rel in base/io*) ;; *) fault "$rel: <$inc> only in base/io" ;; esac ;;
		yaml.h) case $rel in base/yaml*) ;; *) fault "$rel: <yaml.h> only in base/yaml" ;; esac ;;
		expat.h) [ "$folder" = read ] || fault "$rel: <expat.h> only in read/" ;;
		esac
	done
	case $folder in
	main | cmd | base) ;;
	*) if grep -nE '(^|[^a-z_])(printf|fprintf|vprintf|puts|putchar|perror|exit|abort) ?\(|, ?(stdout|stderr)\)' "$file" |
		grep -vE '^[0-9]+:[ 	]*(/?\*|//)' >&2; then
		fault "$rel: prints or exits below cmd/ (above)"
	   fi ;;
	esac
	case $rel in
	*.c) if [ "$(grep -v '^[ \t]*\(/\*\| \*\|//\)' "$file" | sed -n 's/^#include //p' | head -n 1)" != '"config.h"' ]; then
		fault "$rel: must include \"config.h\" first"
	     fi ;;
	esac
done

# listed PATTERN PREFIX MACRO LIST: each file PREFIX*.c stands as MACRO(name) in LIST
listed() {
	for file in "$src"/$1; do
		[ -f "$file" ] || continue
		name=$(basename "$file" .c)
		name=${name#"$2"}
		grep -q "^$3(${name}[,)]" "$src/$4" || fault "${file#"$src"/}: $3($name) is missing in $4"
	done
}
listed 'read/read_*.c' read_ READER read/reader_list.h
listed 'report/section_*.c' section_ SECTION report/section_list.h
listed 'cmd/cmd_*.c' cmd_ CMD cmd/cmd_list.h

# a file that no list of Makefile.am names is not built, not tested or not shipped
root=$(dirname "$src")
for file in "$src"/*/*.[ch] "$root"/tests/unit/*.[ch] "$root"/tests/fuzz/*.c "$root"/tests/t/*.t \
	"$root"/rules/*.yaml "$root"/queries/*.sql "$root"/schema/*.sql "$root"/man/*.[157]; do
	[ -f "$file" ] || continue
	rel=${file#"$root"/}
	[ "$rel" = src/store/schema_data.h ] && continue
	grep -qF "$rel" "$root/Makefile.am" || fault "$rel: is in no list of Makefile.am"
done

if grep -nE '(^|[^a-z_])(strtok|sscanf|atoi|strcpy|strcat|sprintf|localtime|gmtime|mktime|alloca)[ ]*\(' \
	"$src"/*.c "$src"/*/*.c | grep -v '/\*.*\(strtok\|gmtime\)' >&2; then
	fault "banned functions are used (above)"
fi

exit $bad
