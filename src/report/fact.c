/*
 * fact.c - counts, times and durations with the SQL that gives them.
 *
 * What C prints and what the SQL answers must be the same bytes, so the SQL
 * formats with integer arithmetic and string functions only: printf() is not
 * among the functions that a person's query may call.
 */
#include "config.h"

#include "report/fact.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/zone.h"
#include "report/doc.h"

/* a ts text is "2025-10-02T09:14:03.250117000Z": characters 27 to 29 are the nanoseconds */
#define TIME_BEFORE "with v(x) as ("
#define TIME_AFTER ") select iif(substr(x, 27, 3) = '000', substr(x, 1, 26) || 'Z', x) from v"

#define DURATION_BEFORE "with v(x) as ("
#define DURATION_AFTER "), m(s, ms) as (select iif(x < 0, '-', ''), (abs(x) + 500000) / 1000000 " \
	"from v) select s || cast(ms / 1000 as text) || '.' || " \
	"substr(cast(1000 + ms % 1000 as text), 2) || ' s' from m"

struct slice
fact_vformat(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		return slice_str(NULL);
	p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return slice_of(p, (size_t)n);
}

struct slice
fact_time_text(struct arena *a, int64_t ns)
{
	char text[CLOCK_TEXT];

	return arena_copy(a, slice_str(clock_format(ns, ns % 1000 == 0 ? 6 : 9, text)));
}

/*
 * What gives the same text from v(x): the offset is that of this time, and SQL knows
 * no zones. Whole seconds are rounded down before 1970 too.
 */
static const char *
local_after(struct arena *a, int64_t ns, const char *text)
{
	size_t n = strlen(text);
	bool is_utc = n && text[n - 1] == 'Z';	/* at the edge of time */
	const char *zone = is_utc ? "Z" : text + n - 6;
	int64_t seconds = 0;

	if (!is_utc) {
		int hour = (zone[1] - '0') * 10 + zone[2] - '0';
		int minute = (zone[4] - '0') * 10 + zone[5] - '0';

		seconds = (hour * 60 + minute) * (zone[0] == '-' ? -60 : 60);
	}
	return arena_printf(a, "), w(y) as (select x + %" PRId64 " from v) select "
	    "strftime('%%Y-%%m-%%dT%%H:%%M:%%S.', y / 1000000000 - (y %% 1000000000 < 0), "
	    "'unixepoch') || substr(substr(2000000000 + y %% 1000000000, -9), 1, %d) || '%s' "
	    "from w",
	    seconds * CLOCK_NS_PER_S, ns % 1000 == 0 ? 6 : 9, zone);
}

struct slice
fact_duration_text(struct arena *a, int64_t ns)
{
	uint64_t size = ns < 0 ? (uint64_t)-(ns + 1) + 1 : (uint64_t)ns;
	uint64_t ms = (size + 500000) / 1000000;

	return slice_str(arena_printf(a, "%s%" PRIu64 ".%03" PRIu64 " s", ns < 0 ? "-" : "",
	    ms / 1000, ms % 1000));
}

static struct slice
wrap(struct arena *a, const char *before, struct slice sql, const char *after)
{
	size_t head = strlen(before), tail = strlen(after);
	char *p = arena_alloc(a, head + sql.n + tail + 1);

	memcpy(p, before, head);
	if (sql.n)
		memcpy(p + head, sql.p, sql.n);
	memcpy(p + head + sql.n, after, tail);
	return slice_of(p, head + sql.n + tail);
}

void
doc_fact(struct doc *d, struct doc_node *n, struct slice text, const char *sqlfmt, ...)
{
	struct doc_node *fact = doc_add(d, n, DOC_FACT, text);
	va_list ap;

	va_start(ap, sqlfmt);
	fact->sql = fact_vformat(d->arena, sqlfmt, ap);
	va_end(ap);
}

void
doc_count(struct doc *d, struct doc_node *n, int64_t value, const char *sqlfmt, ...)
{
	struct doc_node *fact = doc_add(d, n, DOC_FACT,
	    slice_str(arena_printf(d->arena, "%" PRId64, value)));
	va_list ap;

	va_start(ap, sqlfmt);
	fact->sql = fact_vformat(d->arena, sqlfmt, ap);
	va_end(ap);
}

void
doc_time(struct doc *d, struct doc_node *n, int64_t ns, const char *sqlfmt, ...)
{
	struct doc_node *fact = doc_add(d, n, DOC_FACT, fact_time_text(d->arena, ns));
	va_list ap;

	va_start(ap, sqlfmt);
	fact->sql = wrap(d->arena, TIME_BEFORE, fact_vformat(d->arena, sqlfmt, ap), TIME_AFTER);
	va_end(ap);
}

void
doc_local(struct doc *d, struct doc_node *n, int64_t ns, const struct zone *zone,
    const char *sqlfmt, ...)
{
	char text[CLOCK_TEXT];
	struct doc_node *fact;
	va_list ap;

	zone_format(zone, ns, ns % 1000 == 0 ? 6 : 9, text);
	fact = doc_add(d, n, DOC_FACT, arena_copy(d->arena, slice_str(text)));
	va_start(ap, sqlfmt);
	fact->sql = wrap(d->arena, TIME_BEFORE, fact_vformat(d->arena, sqlfmt, ap),
	    local_after(d->arena, ns, text));
	va_end(ap);
}

void
doc_duration(struct doc *d, struct doc_node *n, int64_t ns, const char *sqlfmt, ...)
{
	struct doc_node *fact = doc_add(d, n, DOC_FACT, fact_duration_text(d->arena, ns));
	va_list ap;

	va_start(ap, sqlfmt);
	fact->sql = wrap(d->arena, DURATION_BEFORE, fact_vformat(d->arena, sqlfmt, ap),
	    DURATION_AFTER);
	va_end(ap);
}
