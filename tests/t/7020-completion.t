#!/bin/sh
# completions: made from the option tables, and right in the real shells where they are there
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

for s in bash zsh fish; do
	run 0 completion $s
	cp "$T/out" "$T/nt.$s"
	for w in ingest worklog --fail-on --facts --db; do
		has "$s knows $w" "$T/out" "${w#--}"
	done
done
run 2 completion tcsh
run 2 completion

if command -v bash >/dev/null 2>&1; then
	got=$(bash -c '. "$1"; COMP_WORDS=(netra-triage inc); COMP_CWORD=1; _netra_triage; echo "${COMPREPLY[*]}"' x "$T/nt.bash")
	is 'bash completes a command' "$got" incidents
	got=$(bash -c '. "$1"; COMP_WORDS=(netra-triage incidents --fail); COMP_CWORD=2; _netra_triage; echo "${COMPREPLY[*]}"' x "$T/nt.bash")
	is 'bash completes an option' "$got" --fail-on
	got=$(bash -c '. "$1"; COMP_WORDS=(netra-triage query -o js); COMP_CWORD=3; _netra_triage; echo "${COMPREPLY[*]}"' x "$T/nt.bash")
	is 'bash completes a value' "$got" json
else
	skip 'bash' 'bash is missing'
fi
if command -v zsh >/dev/null 2>&1; then
	zsh -n "$T/nt.zsh" 2>"$T/err"
	is 'zsh takes its file' "$?" 0
else
	skip 'zsh' 'zsh is missing'
fi
if command -v fish >/dev/null 2>&1; then
	got=$(HOME=$T fish -c "source $T/nt.fish; complete -C 'netra-triage incid'" 2>/dev/null | cut -f1)
	is 'fish completes a command' "$got" incidents
else
	skip 'fish' 'fish is missing'
fi
end
