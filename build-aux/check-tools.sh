#!/bin/sh
# check-tools.sh SRCDIR MANDOC SHELLCHECK CODESPELL - manual pages, shell scripts and spelling.
# A tool that is missing (":") is named and passed over.
set -eu

src=${1:-.} mandoc=${2:-mandoc} shellcheck=${3:-shellcheck} codespell=${4:-codespell}
bad=0
cd "$src"

if [ "$mandoc" = : ]; then
	echo 'lint: mandoc is missing, the manual pages were not checked' >&2
else
	# undocumented references are to pages that are installed beside these
	"$mandoc" -Tlint -Wwarning man/*.[157] || bad=1
fi

if [ "$shellcheck" = : ]; then
	echo 'lint: shellcheck is missing, the scripts were not checked' >&2
else
	"$shellcheck" -s sh build-aux/check-*.sh build-aux/embed-sql.sh tests/lib/*.sh tests/t/*.t \
		tests/fuzz/run.sh || bad=1
	"$shellcheck" .ci/run || bad=1
fi

if [ "$codespell" = : ]; then
	echo 'lint: codespell is missing, the spelling was not checked' >&2
else
	"$codespell" -q 3 -L nd,iif,testng src man rules schema README.md HACKING.md NEWS || bad=1
fi
exit $bad
