#!/bin/sh
# demo.sh - from a fresh clone to a worklog on the screen: install what is needed, build, run the main job.
set -eu
cd "$(dirname "$0")"

sh build-aux/apt-install.sh
if [ ! -x ./netra-triage ]; then
	echo 'building ...' >&2
	{ autoreconf -fi && ./configure && make -j"$(nproc)"; } >demo.build.log 2>&1 || {
		tail -n 30 demo.build.log >&2
		exit 1
	}
	rm -f demo.build.log
fi

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export NETRA_TRIAGE_DB="$tmp/triage.db"
echo '$ netra-triage ingest samples/outage' >&2
./netra-triage ingest samples/outage >/dev/null
echo '$ netra-triage worklog' >&2
./netra-triage worklog
