#!/bin/sh
# apt-install.sh [test] - install what building (and testing) needs, on Debian and Ubuntu.
# Does nothing where everything is there already. libzstd-dev is optional for the build.
set -eu

build='gcc make autoconf automake pkgconf libc6-dev libpcre2-dev libsqlite3-dev libjansson-dev
	zlib1g-dev libzstd-dev libyaml-dev libexpat1-dev'
test='libcmocka-dev perl mandoc shellcheck codespell universal-ctags sqlite3 xz-utils zstd'
want=$build
if [ "${1:-}" = test ]; then
	want="$build $test"
fi

missing=
for p in $want; do
	dpkg-query -W -f '${Status}\n' "$p" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
	echo "apt-install: this system has no apt-get; README.md lists what is needed" >&2
	exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null 2>&1 || { echo "apt-install: run as root, or install sudo" >&2; exit 1; }
	as_root=sudo
fi
echo "installing with apt-get:$missing" >&2
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq >/dev/null
# shellcheck disable=SC2086
$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
