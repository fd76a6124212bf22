/*
 * severity_infer.c - one small scanner per place where a level can stand.
 */
#include "config.h"

#include "model/severity.h"
#include "read/severity_infer.h"

#define WORD_MAX 12		/* longest word that is looked up as a level */
#define NAME_COLUMNS 4		/* columns between the time and the level */

static void
skip_blanks(struct slice *in)
{
	while (slice_take_byte(in, ' ') || slice_take_byte(in, '\t'))
		;
}

static bool
take_fraction(struct slice *in)
{
	uint64_t ignored;

	if (slice_take_byte(in, '.') || slice_take_byte(in, ','))
		return slice_take_uint(in, &ignored);
	return true;
}

static bool
take_date(struct slice *in, char between)
{
	uint64_t ignored;

	return slice_take_digits(in, 4, &ignored) && slice_take_byte(in, between) &&
	    slice_take_digits(in, 2, &ignored) && slice_take_byte(in, between) &&
	    slice_take_digits(in, 2, &ignored);
}

/* "2025-08-25 16:22:10", also with T, slashes, a fraction after . or , and a zone */
static bool
take_time(struct slice *in)
{
	struct slice s = *in, t;
	uint64_t ignored;

	if (!take_date(&s, '-')) {
		s = *in;
		if (!take_date(&s, '/'))
			return false;
	}
	if (!slice_take_byte(&s, ' ') && !slice_take_byte(&s, 'T'))
		return false;
	if (!slice_take_digits(&s, 2, &ignored) || !slice_take_byte(&s, ':') ||
	    !slice_take_digits(&s, 2, &ignored) || !slice_take_byte(&s, ':') ||
	    !slice_take_digits(&s, 2, &ignored) || !take_fraction(&s))
		return false;
	t = s;
	slice_take_byte(&t, ' ');
	if (slice_take_byte(&t, '+') || slice_take_byte(&t, '-')) {
		if (slice_take_digits(&t, 2, &ignored)) {
			slice_take_byte(&t, ':');
			if (slice_take_digits(&t, 2, &ignored))
				s = t;
		}
	} else {
		slice_take_byte(&s, 'Z');
	}
	*in = s;
	return true;
}

bool
severity_take(struct slice *in, bool upper, int *severity)
{
	size_t n = 0;

	while (n < in->n && n <= WORD_MAX) {
		char c = in->p[n];

		if (!((c >= 'A' && c <= 'Z') || (!upper && c >= 'a' && c <= 'z')))
			break;
		n++;
	}
	if (n == 0 || !severity_of(slice_sub(*in, 0, n), severity) ||
	    *severity == SEVERITY_DEFAULT)
		return false;
	*in = slice_sub(*in, n, in->n);
	return true;
}

static bool
take_bracketed_level(struct slice *in, int *severity)
{
	struct slice s = *in;

	if (!slice_take_byte(&s, '[') || !severity_take(&s, false, severity))
		return false;
	skip_blanks(&s);
	if (!slice_take_byte(&s, ']'))
		return false;
	*in = s;
	return true;
}

static bool
gunicorn(struct slice s, int *severity)
{
	uint64_t pid;

	return slice_take_byte(&s, '[') && take_time(&s) && slice_take_str(&s, "] [") &&
	    slice_take_uint(&s, &pid) && slice_take_str(&s, "] ") &&
	    take_bracketed_level(&s, severity);
}

/* "| ERROR    |" behind a time */
static bool
bar_column(struct slice s, int *severity)
{
	skip_blanks(&s);
	if (!slice_take_byte(&s, '|'))
		return false;
	skip_blanks(&s);
	if (!severity_take(&s, true, severity))
		return false;
	skip_blanks(&s);
	return slice_take_byte(&s, '|');
}

/* " - name - other.name - ERROR - " behind a time */
static bool
dash_column(struct slice s, int *severity)
{
	if (!slice_take_str(&s, " - "))
		return false;
	for (unsigned i = 0; i <= NAME_COLUMNS; i++) {
		struct slice column = s;
		size_t end;

		if (severity_take(&column, true, severity)) {
			skip_blanks(&column);
			return slice_take_str(&column, "- ");
		}
		end = slice_find_byte(s, 0, ' ');
		if (end == SIZE_MAX)
			return false;
		s = slice_sub(s, end, s.n);
		if (!slice_take_str(&s, " - "))
			return false;
	}
	return false;
}

/* " ERROR [main]", " ERROR: ", " [error] " behind a time */
static bool
word_column(struct slice s, int *severity)
{
	skip_blanks(&s);
	if (take_bracketed_level(&s, severity))
		return true;
	return severity_take(&s, true, severity) &&
	    (s.n == 0 || s.p[0] == ' ' || s.p[0] == ':' || s.p[0] == '\t');
}

/* level=error, with time= or ts= in front */
static bool
logfmt(struct slice s, int *severity)
{
	struct slice ignored;
	bool quoted;

	if (slice_take_str(&s, "time=") || slice_take_str(&s, "ts=")) {
		if (slice_take_byte(&s, '"') && !slice_take_until(&s, '"', &ignored))
			return false;
		if (!slice_take_until(&s, ' ', &ignored))
			return false;
	}
	if (!slice_take_str(&s, "level="))
		return false;
	quoted = slice_take_byte(&s, '"');
	if (!severity_take(&s, false, severity))
		return false;
	return s.n == 0 || s.p[0] == (quoted ? '"' : ' ');
}

/* "ERROR:    text", "ERROR:root:text", "ERROR - text", "[ERROR] text" */
static bool
first_word(struct slice s, int *severity)
{
	if (take_bracketed_level(&s, severity))
		return s.n == 0 || s.p[0] == ' ';
	return severity_take(&s, true, severity) &&
	    (slice_starts(s, ":") || slice_starts(s, " - "));
}

static bool
level_column(struct slice s, int *severity)
{
	if (take_time(&s))
		return bar_column(s, severity) || dash_column(s, severity) ||
		    word_column(s, severity);
	return first_word(s, severity) || logfmt(s, severity);
}

static bool
traceback(struct slice s, int *severity)
{
	skip_blanks(&s);
	slice_take_str(&s, "+ Exception Group ");
	if (!slice_starts(s, "Traceback (most recent call last)"))
		return false;
	*severity = SEVERITY_ERROR;
	return true;
}

/* what Go's runtime writes before it exits, and net/http when a handler failed */
static bool
go_panic(struct slice s, int *severity)
{
	if (!slice_starts(s, "panic: ") && !slice_starts(s, "http: panic serving "))
		return false;
	*severity = SEVERITY_ERROR;
	return true;
}

static const struct {
	const char *name;
	bool (*read)(struct slice s, int *severity);
} rules[] = {
	{ "gunicorn-level", gunicorn },
	{ "level-column", level_column },
	{ "traceback", traceback },
	{ "go-panic", go_panic },
};

const char *
severity_infer(struct slice message, int *severity)
{
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		int found;

		if (rules[i].read(message, &found)) {
			*severity = found;
			return rules[i].name;
		}
	}
	return NULL;
}
