/*
 * console_text.c - prefixes are found by looking at the head as a whole.
 */
#include "config.h"

#include "read/console_text.h"

#include "base/clock.h"
#include "read/text_prefix.h"

#define STAMP_MAX 40		/* bytes of a stamp */
#define LOOK_LINES 400		/* of the head that are looked at */
#define LOOK_BYTES 4096		/* of one line */
#define LEAST_LINES 3		/* fewer tell nothing */
#define SHARE 9			/* tenths of the lines that must have it */

enum { STAMP_PLAIN = TEXT_PREFIX_KINDS, STAMP_BRACKET };

/* "2025-09-14T08:32:48.1234567Z " or "[2025-09-14T08:32:48Z] "; the text may be empty */
static bool
take_stamp(struct slice *in, bool bracket, int64_t *ns)
{
	struct slice s = *in, stamp;
	enum clock_zone zone;
	size_t blank;

	if (bracket && !slice_take_byte(&s, '['))
		return false;
	blank = slice_find_byte(slice_sub(s, 0, STAMP_MAX), 0, ' ');
	if (blank == SIZE_MAX && s.n <= STAMP_MAX)
		blank = s.n;
	if (blank == SIZE_MAX || blank < 20)
		return false;
	stamp = slice_sub(s, 0, blank);
	if (bracket) {
		if (!slice_ends(stamp, "]"))
			return false;
		stamp.n--;
	}
	if (slice_find_byte(stamp, 0, 'T') != 10 || !clock_parse(stamp, ns, &zone) ||
	    zone != CLOCK_ZONE_KNOWN)
		return false;
	*in = slice_sub(s, blank + 1, s.n);
	return true;
}

static bool
take(unsigned kind, struct slice *in, int64_t *ns)
{
	struct text_prefix p;

	if (kind == STAMP_PLAIN || kind == STAMP_BRACKET)
		return take_stamp(in, kind == STAMP_BRACKET, ns);
	text_prefix_init(&p);
	if (!text_prefix_take((enum text_prefix_kind)kind, in, &p))
		return false;
	if (p.timed && p.time.zoned)
		*ns = p.time.ns;
	return true;
}

static bool
most_have(const struct console_prefix *p, unsigned kind, struct slice head)
{
	struct slice line;
	int64_t ns;
	size_t lines = 0, have = 0;

	for (size_t i = 0; i < LOOK_LINES && slice_take_line(&head, &line); i++) {
		struct slice s = slice_sub(line, 0, LOOK_BYTES);

		for (size_t k = 0; k < p->kinds; k++)
			take(p->kind[k], &s, &ns);
		if (slice_trim(s).n == 0)
			continue;
		lines++;
		have += take(kind, &s, &ns);
	}
	return lines >= LEAST_LINES && have * 10 >= lines * SHARE;
}

void
console_prefix_find(struct console_prefix *p, struct slice head)
{
	static const unsigned kinds[] = { TEXT_PREFIX_JOB, TEXT_PREFIX_COMPOSE, TEXT_PREFIX_KUBE,
		STAMP_BRACKET, STAMP_PLAIN };
	bool found = true;

	*p = (struct console_prefix){ .kinds = 0 };
	slice_take_str(&head, "\xEF\xBB\xBF");
	while (found && p->kinds < CONSOLE_PREFIXES) {
		found = false;
		for (size_t i = 0; !found && i < sizeof kinds / sizeof kinds[0]; i++) {
			if (!most_have(p, kinds[i], head))
				continue;
			p->kind[p->kinds++] = kinds[i];
			found = true;
		}
	}
}

struct console_line
console_clean(const struct console_prefix *p, struct arena *scratch, struct slice line, uint64_t no)
{
	struct console_line out = { .ns = CLOCK_NONE };
	struct slice s = line, end;
	size_t cr, fixed;

	if (no == 1)
		slice_take_str(&s, "\xEF\xBB\xBF");
	s = text_utf8(scratch, text_strip_ansi(scratch, s), &fixed);
	for (size_t i = 0; i < p->kinds; i++)
		take(p->kind[i], &s, &out.ns);
	while (s.n && s.p[s.n - 1] == '\r')
		s.n--;
	cr = slice_rfind_byte(s, '\r');
	end = cr == SIZE_MAX ? s : slice_sub(s, cr + 1, s.n);
	out.text = slice_trim(end).n ? end : s;
	return out;
}
