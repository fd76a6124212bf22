/*
 * section_incidents.c - the incidents by priority, each with the evidence it stands on.
 *
 * What only happened at the same time is listed apart and never counted as
 * caused (law 5).
 */
#include "config.h"

#include <inttypes.h>

#include "report/say.h"

#define BRIEF_MAX 200		/* incidents of one line each, behind the full ones */

static const char *
role_title(enum member_role role)
{
	switch (role) {
	case MEMBER_CAUSE:
		return "Cause";
	case MEMBER_FAILURE:
		return "Lines that say the start failed";
	case MEMBER_EXIT:
		return "Ends of containers";
	case MEMBER_REQUEST:
		return "Requests";
	case MEMBER_SYMPTOM:
		return "Symptoms inside the occurrences";
	case MEMBER_BANNER:
		return "Lines that every start prints";
	case MEMBER_TEST:
		return "Tests";
	}
	return "Other";
}

static void
request_words(struct doc *d, struct doc_node *item, const struct cite *c)
{
	doc_term(d, item, slice_str(arena_printf(d->arena, "%.*s%s%.*s", SLICE_ARG(c->method),
	    c->method.n && c->url.n ? " " : "", SLICE_ARG(c->url))));
	doc_text(d, item, " answered with status ");
	doc_term(d, item, slice_str(arena_printf(d->arena, "%d", c->status)));
	if (c->latency_ns != CLOCK_NONE && c->latency_ns > 0) {
		doc_text(d, item, " after ");
		doc_duration(d, item, c->latency_ns, "select latency_ns from requests where "
		    "event_id = %" PRId64, c->event_id);
	}
}

static void
member_item(struct doc *d, struct doc_node *list, const struct case_member *m)
{
	struct doc_node *item = doc_add(d, list, DOC_ITEM, slice_str(NULL));
	const struct cite *c = &m->cite;
	bool block = c->quote.n && !quote_is_short(c->quote);

	if (c->event_id && c->ts_ns != CLOCK_NONE) {
		doc_time(d, item, c->ts_ns, "select ts from events where id = %" PRId64,
		    c->event_id);
		doc_text(d, item, " ");
	}
	if (m->occurrence) {
		doc_words(d, item, slice_str(arena_printf(d->arena, "occurrence %ld",
		    m->occurrence)));
		doc_text(d, item, " ");
	}
	if (c->nodeid.n) {
		doc_term(d, item, c->nodeid);
		doc_text(d, item, " ");
	}
	if (m->role == MEMBER_REQUEST && c->status) {
		request_words(d, item, c);
		doc_text(d, item, " ");
	}
	if (c->quote.n && !block) {
		doc_term(d, item, slice_trim(c->quote));
		doc_text(d, item, " ");
	}
	doc_cite(d, item, c);
	if (block)
		say_quote(d, item, c);
}

/* one role and basis: how many there are, and the first in time */
static void
member_group(struct doc *d, const struct case_incident *i, const struct role_count *g)
{
	const char *role = member_role_name(g->role), *basis = member_basis_name(g->basis);
	struct doc_node *p = doc_para(d, NULL), *list;
	long shown = 0;

	for (size_t k = 0; k < i->members; k++)
		shown += i->member[k].role == g->role && i->member[k].basis == g->basis;
	doc_strong(d, p, slice_str(role_title(g->role)));
	doc_text(d, p, g->basis == BASIS_PROVED ? ", proved: " :
	    g->basis == BASIS_RULE ? ", matched: " : ": ");
	doc_count(d, p, g->n, "select count(*) from incident_members where incident_id = %" PRId64
	    " and role = '%s' and basis = '%s'", i->id, role, basis);
	doc_text(d, p, shown == 0 ? "." : g->n > shown ? "; the first:" : ":");
	if (shown == 0)
		return;
	list = doc_add(d, NULL, DOC_LIST, slice_str(NULL));
	for (size_t k = 0; k < i->members; k++)
		if (i->member[k].role == g->role && i->member[k].basis == g->basis)
			member_item(d, list, &i->member[k]);
}

static void
evidence(struct doc *d, const struct case_incident *i)
{
	bool co_occurs = false;

	for (size_t k = 0; k < i->counts; k++) {
		if (i->count[k].basis != BASIS_CO_OCCURS)
			member_group(d, i, &i->count[k]);
		else
			co_occurs = true;
	}
	if (!co_occurs)
		return;
	doc_heading(d, 4, "Same time and %s, not shown to be caused by it",
	    i->incident.class == INCIDENT_EXCEPTION ? "instance" : "revision");
	for (size_t k = 0; k < i->counts; k++)
		if (i->count[k].basis == BASIS_CO_OCCURS)
			member_group(d, i, &i->count[k]);
}

static void
where_line(struct doc *d, struct doc_node *list, const struct case_incident *i)
{
	const struct incident *in = &i->incident;
	struct doc_node *item;

	if (in->service.n) {
		item = say_label(d, list, "Service");
		doc_term(d, item, in->service);
		if (in->revision.n) {
			doc_text(d, item, ", revision ");
			doc_term(d, item, in->revision);
		}
	}
	if (in->rule.n) {
		item = say_label(d, list, "Rule");
		doc_term(d, item, in->rule);
	}
	if (in->issue.n) {
		item = say_label(d, list, "Tracked issue");
		doc_term(d, item, in->issue);
	}
}

static void
scope_note(const struct case_file *c, struct doc *d, struct doc_node *list)
{
	bool window = c->since_set || c->until_set;

	doc_text(d, say_label(d, list, "Scope"), "some of its records are %s; the counts cover "
	    "them all", window ? "outside of the window or of the sources in scope" :
	    "of sources outside of the scope");
}

static void
facts(const struct case_file *c, struct doc *d, const struct case_incident *i)
{
	const struct incident *in = &i->incident;
	struct doc_node *list = doc_add(d, NULL, DOC_LIST, slice_str(NULL)), *item;

	item = say_label(d, list, "Counts");
	say_counts(d, item, i);
	if (in->first_ns != CLOCK_NONE) {
		item = say_label(d, list, "Seen");
		say_incident_window(d, item, i);
	}
	where_line(d, list, i);
	item = say_label(d, list, "Kind");
	doc_text(d, item, "%s", incident_class_name(in->class));
	if (in->priority_why.n) {
		doc_text(d, item, "; priority by ");
		doc_words(d, item, in->priority_why);
	}
	if (in->cause_type.n) {
		item = say_label(d, list, "Cause");
		say_cause(d, item, i);
		if (incident_cite(i)) {
			doc_text(d, item, " ");
			doc_cite(d, item, incident_cite(i));
		}
	}
	if (incident_members(i, MEMBER_REQUEST, BASIS_PROVED) +
	    incident_members(i, MEMBER_REQUEST, BASIS_CO_OCCURS))
		say_requests(d, say_label(d, list, "Affected requests"), i);
	if (i->partly_in_scope)
		scope_note(c, d, list);
}

static void
brief_row(struct doc *d, struct doc_node *table, const struct case_incident *i)
{
	struct doc_node *row = say_row(d, table, NULL, 0);

	say_id(d, say_cell(d, row), 'i', i->id);
	doc_words(d, say_cell(d, row), slice_str(priority_name(i->incident.priority)));
	doc_words(d, say_cell(d, row), i->incident.title);
	say_counts(d, say_cell(d, row), i);
	if (incident_cite(i))
		doc_cite(d, say_cell(d, row), incident_cite(i));
}

/* what is left behind those with all their evidence */
static void
brief(const struct case_file *c, struct doc *d)
{
	static const char *const columns[] = { "id", "priority", "title", "counts", "evidence" };
	const struct case_incident *i;
	struct doc_node *table, *p;
	size_t n = SAY_INCIDENTS;

	if (!incident_at(c, n))
		return;
	doc_heading(d, 3, "Further incidents");
	table = doc_add(d, NULL, DOC_TABLE, slice_str(NULL));
	say_row(d, table, columns, sizeof columns / sizeof columns[0]);
	for (; n < SAY_INCIDENTS + BRIEF_MAX && (i = incident_at(c, n)) != NULL; n++)
		brief_row(d, table, i);
	p = doc_para(d, NULL);
	doc_term(d, p, SLICE("netra-triage show"));
	doc_text(d, p, " and the id print the evidence, whys and remedy of each.");
	if (!incident_at(c, n))
		return;
	doc_text(d, p, " There are more: ");
	doc_term(d, p, SLICE("netra-triage incidents"));
	doc_text(d, p, " lists them all.");
}

static void
build(const struct case_file *c, struct doc *d)
{
	const struct case_incident *i;

	if (!incident_at(c, 0))
		return;
	doc_heading(d, 2, "Incidents by priority");
	doc_text(d, doc_para(d, NULL), "Records are proved when the same instance and interval, "
	    "the same trace or one exception chain ties them to the incident, and matched when a "
	    "rule or the failure itself names them.");
	if (c->since_set || c->until_set)
		doc_text(d, doc_para(d, NULL), "Incidents are counted over all that is stored, "
		    "also outside the window.");
	for (size_t n = 0; n < SAY_INCIDENTS && (i = incident_at(c, n)) != NULL; n++) {
		doc_heading(d, 3, "i%" PRId64 " %s %.*s", i->id,
		    priority_name(i->incident.priority), SLICE_ARG(i->incident.title));
		facts(c, d, i);
		evidence(d, i);
	}
	brief(c, d);
}

const struct section section_incidents = {
	.name = "incidents", .about = "the incidents by priority, with their evidence",
	.build = build,
};
