/*
 * say.c - phrases and figures that several sections use.
 */
#include "config.h"

#include "report/say.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "base/token.h"
#include "base/zone.h"

#define SHORT_QUOTE 400		/* bytes of a quote that is shown inside a sentence */
#define QUOTE_BYTES 2000	/* of a block */
#define QUOTE_LINES 20

void
say_id(struct doc *d, struct doc_node *n, char letter, int64_t id)
{
	doc_term(d, n, slice_str(arena_printf(d->arena, "%c%" PRId64, letter, id)));
}

struct doc_node *
say_cell(struct doc *d, struct doc_node *row)
{
	return doc_add(d, row, DOC_CELL, slice_str(NULL));
}

struct doc_node *
say_row(struct doc *d, struct doc_node *table, const char *const *cell, size_t n)
{
	struct doc_node *row = doc_add(d, table, DOC_ROW, slice_str(NULL));

	for (size_t i = 0; i < n; i++)
		doc_words(d, say_cell(d, row), slice_str(cell[i]));
	return row;
}

struct doc_node *
say_label(struct doc *d, struct doc_node *list, const char *label)
{
	struct doc_node *item = doc_add(d, list, DOC_ITEM, slice_str(NULL));

	doc_strong(d, item, slice_str(arena_printf(d->arena, "%s:", label)));
	doc_text(d, item, " ");
	return item;
}

const char *
say_noun(int64_t n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

const char *
sql_text(struct arena *a, struct slice s)
{
	char *p = arena_alloc(a, 2 * s.n + 3), *start = p;

	*p++ = '\'';
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			*p++ = '\'';
		*p++ = s.p[i];
	}
	*p++ = '\'';
	*p = '\0';
	return start;
}

/* the log entries that c->entries counts */
static const char *
entries_sql(struct arena *a, const struct case_file *c)
{
	const char *since = "", *until = "";

	if (c->since_set)
		since = arena_printf(a, " and ts_ns >= %" PRId64, c->since_ns);
	if (c->until_set)
		until = arena_printf(a, " and ts_ns < %" PRId64, c->until_ns);
	return arena_printf(a, "events where id in (select event_id from sightings "
	    "where source_id in (%.*s))%s%s", SLICE_ARG(c->source_list), since, until);
}

bool
say_window(struct doc *d, struct doc_node *n, const struct case_file *c)
{
	const char *from = entries_sql(d->arena, c);

	if (c->entries == 0 || c->first_ns == CLOCK_NONE)
		return false;
	doc_count(d, n, c->entries, "select count(*) from %s", from);
	doc_text(d, n, " log %s from ", say_noun(c->entries, "entry", "entries"));
	doc_time(d, n, c->first_ns, "select min(ts) from %s", from);
	doc_text(d, n, " to ");
	doc_time(d, n, c->last_ns, "select max(ts) from %s", from);
	doc_text(d, n, " (");
	doc_duration(d, n, clock_gap(c->last_ns, c->first_ns),
	    "select max(ts_ns) - min(ts_ns) from %s",
	    from);
	doc_text(d, n, ")");
	return true;
}

const char *
say_newest_sql(struct arena *a, const struct case_file *c)
{
	return arena_printf(a, "select max(ts_ns) from %s", entries_sql(a, c));
}

void
say_age(struct doc *d, struct doc_node *n, const struct case_file *c, int64_t last_ns,
    const char *sql)
{
	int64_t age, unit_ns;
	const char *unit;

	if (__builtin_sub_overflow(c->now_ns, last_ns, &age) || age < 0) {
		doc_text(d, n, "newer than this document says it is");
		return;
	}
	age = clock_age(age, &unit_ns, &unit);
	doc_count(d, n, age, "select (%" PRId64 " - (%s)) / %" PRId64, c->now_ns, sql, unit_ns);
	doc_text(d, n, " %s old", unit);
}

void
say_window_local(struct doc *d, struct doc_node *n, const struct case_file *c)
{
	const char *from = entries_sql(d->arena, c);

	if (!c->zone || c->entries == 0 || c->first_ns == CLOCK_NONE)
		return;
	doc_text(d, n, ", in ");
	doc_term(d, n, slice_str(zone_name(c->zone)));
	doc_text(d, n, " from ");
	doc_local(d, n, c->first_ns, c->zone, "select min(ts_ns) from %s", from);
	doc_text(d, n, " to ");
	doc_local(d, n, c->last_ns, c->zone, "select max(ts_ns) from %s", from);
}

void
say_read_as(struct doc *d, struct doc_node *n, const char *before, struct slice zone,
    const char *after)
{
	if (zone.n == 0) {
		doc_text(d, n, "%sUTC%s", before, after);
		return;
	}
	doc_text(d, n, "%s", before);
	doc_term(d, n, zone);
	if (*after)
		doc_text(d, n, "%s", after);
}

bool
say_incident_window(struct doc *d, struct doc_node *n, const struct case_incident *i)
{
	int64_t first = i->incident.first_ns, last = i->incident.last_ns;

	if (first == CLOCK_NONE || last == CLOCK_NONE)
		return false;
	doc_text(d, n, first == last ? "at " : "from ");
	doc_time(d, n, first, "select first_ts from incidents where id = %" PRId64, i->id);
	if (first == last)
		return true;
	doc_text(d, n, " to ");
	doc_time(d, n, last, "select last_ts from incidents where id = %" PRId64, i->id);
	doc_text(d, n, " (");
	doc_duration(d, n, clock_gap(last, first),
	    "select last_ns - first_ns from incidents where id = %"
	    PRId64, i->id);
	doc_text(d, n, ")");
	return true;
}

/* what one occurrence is */
static const char *
occurrence_noun(const struct case_incident *i)
{
	bool one = i->incident.occurrences == 1;

	switch (i->incident.class) {
	case INCIDENT_START_FAILURE:
		return one ? "failed start" : "failed starts";
	case INCIDENT_REQUEST:
		return one ? "failed request" : "failed requests";
	case INCIDENT_TEST:		/* else it is about what a suite printed */
		if (incident_members(i, MEMBER_TEST, BASIS_RULE) ||
		    incident_members(i, MEMBER_TEST, BASIS_PROVED))
			return one ? "failed result" : "failed results";
		break;
	default:
		break;
	}
	return one ? "occurrence" : "occurrences";
}

/* counted from the members where they carry each occurrence, which is a check of the figure */
static void
say_occurrences(struct doc *d, struct doc_node *n, const struct case_incident *i)
{
	for (size_t k = 0; k < i->counts; k++) {
		const struct role_count *r = &i->count[k];

		if (r->basis == BASIS_CO_OCCURS || r->occurrences != i->incident.occurrences)
			continue;
		doc_count(d, n, i->incident.occurrences, "select count(distinct occurrence) from "
		    "incident_members where incident_id = %" PRId64 " and role = '%s' and "
		    "basis = '%s' and occurrence > 0", i->id, member_role_name(r->role),
		    member_basis_name(r->basis));
		return;
	}
	doc_count(d, n, i->incident.occurrences, "select occurrences from incidents where id = %"
	    PRId64, i->id);
}

void
say_counts(struct doc *d, struct doc_node *n, const struct case_incident *i)
{
	const struct incident *in = &i->incident;

	say_occurrences(d, n, i);
	doc_text(d, n, " %s", occurrence_noun(i));
	if (in->entries == 0)
		return;
	doc_text(d, n, " in ");
	doc_count(d, n, in->entries, "select entries from incidents where id = %" PRId64, i->id);
	doc_text(d, n, " log %s of ", say_noun(in->entries, "entry", "entries"));
	doc_count(d, n, in->signatures, "select signatures from incidents where id = %" PRId64,
	    i->id);
	doc_text(d, n, " %s", say_noun(in->signatures, "signature", "signatures"));
}

static void
count_requests(struct doc *d, struct doc_node *n, const struct case_incident *i, long count,
    const char *bases)
{
	doc_count(d, n, count, "select count(*) from incident_members where incident_id = %" PRId64
	    " and role = '%s' and basis in (%s)", i->id, member_role_name(MEMBER_REQUEST), bases);
}

/* how a failed request is tied to an incident, and what those are that are not */
struct tie {
	const char *was, *were, *joined;
	const char *one_open, *open;
};

static const struct tie *
tie_of(const struct case_incident *i)
{
	static const struct tie start = {
		"was held by an instance whose start failed",
		"were held by an instance whose start failed",
		"joined by instance and start interval",
		"is open: same revision and time, but no failed start of its instance is in the "
		    "sources",
		"are open: same revision and time, but no failed start of their instance is in the "
		    "sources",
	}, exception = {
		"is shown to be ended by that exception",
		"are shown to be ended by that exception",
		"joined by trace, or by instance where no other request ran",
		"is open: same instance and time, but other requests ran there too",
		"are open: same instance and time, but other requests ran there too",
	}, other = {
		"is joined to it", "are joined to it", "by trace, or by instance and time",
		"is open: same time, but nothing ties it to the incident",
		"are open: same time, but nothing ties them to the incident",
	};

	return i->incident.class == INCIDENT_START_FAILURE ? &start :
	    i->incident.class == INCIDENT_EXCEPTION ? &exception : &other;
}

bool
say_requests(struct doc *d, struct doc_node *n, const struct case_incident *i)
{
	long joined = incident_members(i, MEMBER_REQUEST, BASIS_PROVED);
	long open = incident_members(i, MEMBER_REQUEST, BASIS_CO_OCCURS);
	const struct tie *tie = tie_of(i);
	const char *proved = arena_printf(d->arena, "'%s'", member_basis_name(BASIS_PROVED));
	const char *at_once = arena_printf(d->arena, "'%s'", member_basis_name(BASIS_CO_OCCURS));

	if (joined + open == 0)
		return false;
	if (joined)
		count_requests(d, n, i, joined, proved);
	else
		doc_text(d, n, "None");
	doc_text(d, n, " of ");
	count_requests(d, n, i, joined + open,
	    arena_printf(d->arena, "%s, %s", proved, at_once));
	doc_text(d, n, " failed %s %s (%s).", say_noun(joined + open, "request", "requests"),
	    joined <= 1 ? tie->was : tie->were, tie->joined);
	if (open == 0)
		return true;
	doc_text(d, n, " ");
	count_requests(d, n, i, open, at_once);
	doc_text(d, n, " %s.", say_noun(open, tie->one_open, tie->open));
	return true;
}

bool
say_cause(struct doc *d, struct doc_node *n, const struct case_incident *i)
{
	const struct incident *in = &i->incident;

	if (!in->cause_type.n)
		return false;
	doc_term(d, n, slice_str(arena_printf(d->arena, "%.*s%s%.*s", SLICE_ARG(in->cause_type),
	    in->cause_message.n ? ": " : "", SLICE_ARG(in->cause_message))));
	if (in->cause_place.n) {
		doc_text(d, n, " raised at ");
		doc_term(d, n, in->cause_place);
	}
	return true;
}

void
say_collect(struct doc *d, struct doc_node *parent, struct slice command)
{
	doc_add(d, parent, DOC_CODE, command);
	if (slice_find(command, 0, SLICE("VALUE-LEFT-OUT")) != SIZE_MAX)
		doc_text(d, doc_para(d, parent), "A name in the logs could have ended the quoting "
		    "of this command and was left out: put it in by hand.");
}

bool
quote_is_short(struct slice quote)
{
	return quote.n <= SHORT_QUOTE && slice_find_byte(slice_trim(quote), 0, '\n') == SIZE_MAX;
}

void
say_quote(struct doc *d, struct doc_node *parent, const struct cite *c)
{
	size_t end = token_floor(c->quote, QUOTE_BYTES), at = 0;
	struct doc_node *para;

	for (int lines = 0; lines < QUOTE_LINES && at != SIZE_MAX && at < end; lines++) {
		at = slice_find_byte(c->quote, at, '\n');
		at = at == SIZE_MAX ? SIZE_MAX : at + 1;
	}
	if (at < end)
		end = at;
	doc_add(d, parent, DOC_QUOTE, slice_sub(c->quote, 0, end));
	if (end == c->quote.n)
		return;
	para = doc_para(d, parent);
	doc_text(d, para, "The quote is cut here");
	if (!c->event_id && !c->test_id) {
		doc_text(d, para, ".");
		return;
	}
	doc_text(d, para, "; ");
	doc_term(d, para, slice_str(arena_printf(d->arena, "netra-triage show %c%" PRId64,
	    c->event_id ? 'e' : 't', c->event_id ? c->event_id : c->test_id)));
	doc_text(d, para, " prints all of it.");
}
