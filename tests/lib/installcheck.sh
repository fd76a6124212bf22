#!/bin/sh
# installcheck.sh - the installed program finds its rules, queries and manual, and does its main job
set -eu
. "$(dirname "$0")/tap.sh"

run 0 version
run 0 rules test
prefix=$(dirname "$(dirname "$NT")")
for f in share/netra-triage/rules/python.yaml share/netra-triage/schema/0001-init.sql \
	share/man/man1/netra-triage.1 share/man/man5/netra-triage-rules.5 \
	share/bash-completion/completions/netra-triage share/zsh/site-functions/_netra-triage \
	share/fish/vendor_completions.d/netra-triage.fish; do
	if [ -s "$prefix/$f" ]; then tap 0 "$f is installed"; else tap 1 "$f is installed"; fi
done
ingest_story outage
run 0 worklog --now "$NOW"
has 'the worklog names the top problem' "$T/out" 'fails to start'
run 0 query errors_by_service
end
