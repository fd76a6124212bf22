#!/bin/sh
# redact: any file without its secrets; counts; what is JSON stays JSON; twice changes nothing
# shellcheck source=tests/lib/tap.sh
. "${NT_SRC:-.}/tests/lib/tap.sh"

# text: the words around a secret stay
printf 'login of jane@example.com from 203.0.113.7\npassword=hunter2 ok\njane@example.com again\n' >text.log
run 0 redact text.log
printf 'login of [email:1] from [ipv4-public:1]\npassword=[key-value-secret:1] ok\n[email:1] again\n' >want
same 'only the secrets go, and equal ones have equal tokens' "$T/out" want
run 0 redact --redact=pii text.log
has 'pii leaves secrets' "$T/out" 'password=hunter2 ok'
run 0 redact --redact=secrets text.log
has 'secrets leaves mails' "$T/out" 'login of jane@example.com'
run 2 redact --redact=off text.log
run 2 redact --redact=some text.log
run 6 redact missing.log
nt redact <text.log >"$T/out"
same 'standard input without an operand' "$T/out" want
nt redact - <text.log >"$T/out"
same 'standard input as -' "$T/out" want
printf 'a\r\n\nb\0c\r\nno newline' >bytes
run 0 redact bytes
same 'all other bytes stay' "$T/out" bytes
gzip -c text.log >text.log.gz
run 0 redact text.log.gz
same 'gzip is read' "$T/out" want
head -c 60 text.log.gz >cut.gz
run 3 redact cut.gz

# --check
run 1 redact --check -o tsv text.log
is 'counts by kind' "$(tail -n +2 "$T/out" | tr '\t\n' ' ;')" \
	'text.log key-value-secret 1;text.log email 2;text.log ipv4-public 1;'
run 1 redact --check --json text.log
has 'counts as JSON' "$T/out" '"kind":"email"'
run 0 redact --check want

# JSON
printf '[{"labels":{"token":"abcd1234"},"n":4111111111111111,"x":1.50,"jane@example.com":"\\u00e9\\/"},\n' >doc.json
printf ' {"env":[{"name":"DB_PASSWORD","value":"hunter22"}],"m":"{\\"password\\": \\"hunter2\\"}"}]' >>doc.json
run 0 redact doc.json
printf '[{"labels":{"token":"[field:1]"},"n":"[payment-card:1]","x":1.50,"[email:1]":"\\u00e9\\/"},\n' >want.json
printf ' {"env":[{"name":"DB_PASSWORD","value":"[field:2]"}],"m":"{\\"password\\": \\"[key-value-secret:1]\\"}"}]' \
	>>want.json
same 'JSON by its strings, keys and numbers' "$T/out" want.json
printf '{"a":"b"}\npassword=hunter2 "x\n{"password": "hunter2\n[2025-09-16] jane@example.com\n{"token":"abcd1234"}\n' >mixed
run 0 redact mixed
printf '{"a":"b"}\npassword=[key-value-secret:1] "x\n{"password": "[field:1]\n[2025-09-16] [email:1]\n{"token":"[field:2]"}\n' >want
same 'JSON and text in one file, and damage' "$T/out" want

# a private key over several lines, and over several entries
b='-----BEGIN PRIVATE KE''Y-----' e='-----END PRIVATE KE''Y-----'
printf 'x %s\nMIIFAKEfake\nab==\n%s\nMIIFAKEfake\n' "$b" "$e" >key.log
run 0 redact key.log
is 'lines of a key' "$(tr '\n' ';' <"$T/out")" "x $b;[private-key:1];[private-key:2];$e;MIIFAKEfake;"
printf '[{"textPayload":"%s"},{"textPayload":"MIIFAKEfake"},{"textPayload":"%s"}]\n' "$b" "$e" >key.json
run 0 redact key.json
lacks 'entries of a key' "$T/out" MIIFAKE

# the value of a cookie ends before markup and before the next header
printf '<out>Cookie: theme=dark; uid=9f8e7d6c5b</out><err>Cookie: theme=dark; uid=9f8e7d6c5b</err>\n' >cookies
printf 'e1,Cookie: theme=dark; uid=9f8e7d6c5b,Cookie: theme=dark; uid=9f8e7d6c5b\n' >>cookies
run 0 redact cookies
lacks 'cookies of two elements or cells in one line' "$T/out" 9f8e7d
has 'markup stays' "$T/out" '</out><err>Cookie: ['

# secrets with a sign that the table of vectors cannot hold
printf 'client 0b1b3f: ab.8Q~%s0 and %s\n' FakeFakeFakeFakeFakeFakeFakeFake 'Q~ is a question' >entra
run 0 redact entra
is 'client secrets of Entra' "$(cat "$T/out")" 'client 0b1b3f: [package-token:1] and Q~ is a question'

# long lines are judged in pieces, a word that never ends not at all
{ awk 'BEGIN { for (i = 0; i < 500000; i++) printf "words and " }'; echo 'jane@example.com'; } >long
run 0 redact long
is 'a line of 5 MB' "$(tail -c 10 "$T/out")" '[email:1]'
awk 'BEGIN { for (i = 0; i < 500000; i++) printf "0123456789"; print "" }' >word
run 0 redact word
has 'a word of 5 MB is not judged' "$T/out" '[unjudged:1]'

# every sample, and the evidence if it is there: twice is once
find "$NT_SRC/samples" ${NETRA_TRIAGE_CORPUS:+"$NETRA_TRIAGE_CORPUS"} -type f >files
bad=
while read -r f; do
	nt redact "$f" >once 2>/dev/null || [ $? -eq 3 ] || bad="$bad $f (exit)"
	nt redact once >twice || bad="$bad $f (again)"
	cmp -s once twice || bad="$bad $f (differs)"
done <files
is 'redacting again changes nothing' "$bad" ''

# the manual has each kind
nt redact --check -o tsv "$NT_SRC/tests/redact/vectors.tsv" >counts || :
is 'the vectors hold secrets' "$([ -s counts ] && echo yes)" yes
sed -n 's/^\t*\[REDACT_[A-Z0-9_]*\] = { "\([a-z0-9-]*\)".*/\1/p' "$NT_SRC/src/sign/redact_list.c" >kinds
is 'there are 34 kinds, field and unjudged' "$(wc -l <kinds | tr -d ' ')" 36
while read -r k; do
	grep -q "^\.It Cm $k\( \*\)*$" "$NT_SRC/man/netra-triage-redact.1" || bad="$bad $k"
done <kinds
is 'each kind is in the manual' "$bad" ''
is 'and no other' "$(sed -n '/^\.Sh KINDS/,/^\.Ss/p' "$NT_SRC/man/netra-triage-redact.1" | grep -c '^\.It Cm')" 36
end
