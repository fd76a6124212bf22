/*
 * redact_pem.c - private keys between their BEGIN and END lines, whole or in pieces
 */
#include "config.h"

#include "sign/redact_part.h"

#include <string.h>

#define MARK "-----"
#define LABEL_MAX 40		/* bytes between "-----BEGIN " and the dashes behind it */
#define PIECE_MIN 24		/* bytes of base64 that are a piece of a key beside other words */

/* "RSA PRIVATE KEY", "PGP PRIVATE KEY BLOCK": capitals, digits and blanks (RFC 7468, 3) */
static bool
is_label(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ' && !(redact_char(s.p[i]) & (RC_UPPER | RC_DIGIT)))
			return false;
	return slice_find(s, 0, SLICE("PRIVATE KEY")) != SIZE_MAX;
}

/* behind the mark at `at` when it speaks of a private key; else 0 */
static size_t
behind_mark(struct slice s, size_t at, const char *mark)
{
	struct slice label;
	size_t from, to;

	if (!redact_has(s, at, mark))
		return 0;
	from = at + strlen(mark);
	label = slice_sub(s, from, LABEL_MAX);
	to = slice_find(label, 0, SLICE(MARK));
	if (to == SIZE_MAX || !is_label(slice_sub(label, 0, to)))
		return 0;
	return from + to + strlen(MARK);
}

/*
 * A line ends at a newline, at "\n" written out, or at the next mark, behind which
 * nothing is read: marks in one long line would else cost its length each.
 */
static size_t
line_end(struct slice s, size_t i, size_t *next, bool *mark)
{
	*mark = false;
	for (; i < s.n; i++) {
		if (s.p[i] == '-' && redact_has(s, i, MARK)) {
			*mark = true;
			*next = i;
			return i;
		}
		if (s.p[i] == '\n') {
			*next = i + 1;
			return i;
		}
		if (s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == 'n') {
			*next = i + 2;
			return i;
		}
	}
	*next = s.n;
	return s.n;
}

static bool
is_edge(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '"' || c == '\'' || c == ',' || c == '|';
}

/* the base64 of one line; a line that holds nothing else may be short */
static void
pieces(struct redact_spans *v, struct slice s, size_t from, size_t to)
{
	while (from < to && is_edge(s.p[from]))
		from++;
	while (to > from && is_edge(s.p[to - 1]))
		to--;
	if (redact_has(s, from, "Proc-Type:") || redact_has(s, from, "DEK-Info:") ||
	    (to > from && redact_run(s, from, RC_BASE64, to - from) == to - from)) {
		redact_spans_add(v, REDACT_PRIVATE_KEY, from, to);
		return;
	}
	while (from < to) {
		size_t n = redact_run(s, from, RC_BASE64, to - from);

		if (n >= PIECE_MIN)
			redact_spans_add(v, REDACT_PRIVATE_KEY, from, from + n);
		from += n ? n : 1;
	}
}

void
redact_pem_lines(struct redact_spans *v, struct slice s, size_t at, struct redact_pem *k)
{
	while (at < s.n && k->left) {
		size_t next, to;
		bool mark;

		to = line_end(s, at, &next, &mark);
		pieces(v, s, at, to);
		k->left = mark ? 0 : k->left - 1;
		at = next;
	}
}

/* without the blanks and newlines, also written out, at both ends */
static void
add_body(struct redact_spans *v, struct slice s, size_t from, size_t to)
{
	while (from < to && (is_edge(s.p[from]) || s.p[from] == '\n'))
		from++;
	if (redact_has(s, from, "\\r"))
		from += 2;
	if (redact_has(s, from, "\\n"))
		from += 2;
	while (to > from && (is_edge(s.p[to - 1]) || s.p[to - 1] == '\n'))
		to--;
	if (to > from + 1 && s.p[to - 2] == '\\' && s.p[to - 1] == 'n')
		to -= 2;
	if (to > from)
		redact_spans_add(v, REDACT_PRIVATE_KEY, from, to);
}

void
redact_pem_begin(struct redact_spans *v, struct slice s, size_t at, struct redact_pem *k)
{
	size_t from = behind_mark(s, at, MARK "BEGIN "), to;

	if (from == 0)
		return;
	to = slice_find(s, from, SLICE(MARK));
	if (to != SIZE_MAX && redact_has(s, to, MARK "END")) {
		*k = (struct redact_pem){ 0, false };
		add_body(v, s, from, to);
	} else if (k->left && k->reverse) {
		*k = (struct redact_pem){ 0, false };
	} else {
		*k = (struct redact_pem){ REDACT_PEM_LINES, false };
		redact_pem_lines(v, s, from, k);
	}
}

void
redact_pem_end(struct redact_spans *v, struct slice s, size_t at, struct redact_pem *k)
{
	size_t from = behind_mark(s, at, MARK "END ");

	if (from == 0)
		return;
	*k = (struct redact_pem){ REDACT_PEM_LINES, true };
	if (redact_has(s, from, "\n"))
		from++;
	redact_pem_lines(v, s, from, k);
}
