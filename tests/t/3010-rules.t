#!/bin/sh
# rules: the pack does what its examples say; faults are shown where they are
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

run 0 rules test
has 'every example does what it says' "$T/err" ', 0 not'
run 0 rules list -o tsv
is 'the pack has at least 25 rules' "$([ "$(wc -l <"$T/out")" -gt 25 ] && echo yes)" yes
for class in agent_service_none bypass_key_401 cert_hostname_mismatch; do
	has "the pack knows $class" "$T/out" "$class"
done
run 0 rules show python_worker_boot_failed
has 'show tells the role' "$T/out" 'start-failure'
run 5 rules show python_worker_boot_faild
has 'an unknown rule gets a suggestion' "$T/err" 'did you mean `python_worker_boot_failed`?'

mkdir "$T/bad"
cat >"$T/bad/one.yaml" <<'END'
title: A pattern that does not compile
name: bad_pattern
priority: P2
detection:
  a:
    message|re: 'No module named (''[^'']+'
  condition: a
says: 'x'
remediation: 'y'
tests:
  - {match: {message: 'a'}}
  - {no-match: {message: 'b'}}
END
cat >"$T/bad/two.yaml" <<'END'
title: A key that stands twice
name: twice
priority: P2
priority: P3
detection:
  a: {message|contains: 'x'}
  condition: a
says: 'x'
remediation: 'y'
tests:
  - {match: {message: 'x'}}
  - {no-match: {message: 'b'}}
END
cat >"$T/bad/three.yaml" <<'END'
title: A regex without quotes
name: unquoted
priority: P2
detection:
  a:
    message|re: foo #bar
  condition: a
says: 'x'
remediation: 'y'
tests:
  - {match: {message: 'foo'}}
  - {no-match: {message: 'b'}}
END
run 1 rules check "$T/bad"
is 'three faults are three errors' "$(grep -c '^error:' "$T/err")" 3
is 'each with file, line and column' "$(grep -cE -- '--> .*bad/(one|two|three)\.yaml:[0-9]+:[0-9]+' "$T/err")" 3
is 'each with a caret' "$(grep -cE '^ *\| *\^' "$T/err")" 3
has 'the bad pattern is placed' "$T/err" 'one.yaml:6:'
has 'the second key is placed' "$T/err" 'two.yaml:4:1'
has 'the unquoted regex is placed' "$T/err" 'three.yaml:6:17'
run 2 --rules "$T/bad" --db "$T/x.db" ingest "$NT_SRC/samples/outage/cloud-run.json"
is 'no database is made when rules do not load' "$([ -e "$T/x.db" ] || echo none)" none

mkdir "$T/own"
cat >"$T/own/own.yaml" <<'END'
title: A payment was refused by the provider
name: payment_refused
priority: P1
detection:
  a: {message|re: 'payment (?<id>\d+) refused'}
  condition: a
says: 'payment ${id} refused'
remediation: 'Call the provider.'
tests:
  - {match: {message: 'payment 17 refused'}, captures: {id: '17'}}
  - {no-match: {message: 'payment 17 accepted'}}
END
run 0 rules test "$T/own"
sed 's/accepted/refused/' "$T/own/own.yaml" >"$T/own/own.yaml.new" && mv "$T/own/own.yaml.new" "$T/own/own.yaml"
run 1 rules test "$T/own"
has 'a false example is placed' "$T/err" 'own.yaml:11'
cp "$T/own/own.yaml" "$T/own/again.yaml"
run 1 rules check "$T/own"
has 'the same name twice is an error' "$T/err" 'payment_refused'
end
