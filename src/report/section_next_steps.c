/*
 * section_next_steps.c - what to do after reading: the check that settles most, first.
 *
 * Commands are for a shell: only names that need no quoting are put into them.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "report/say.h"

#define COLLECTS_TOLD 10
#define WIDEN_NS (3600 * CLOCK_NS_PER_S)	/* an hour beyond what the export holds */

struct steps {
	struct doc *d;
	struct doc_node *list;
};

static struct doc_node *
step(struct steps *s)
{
	if (!s->list) {
		doc_heading(s->d, 2, "Next steps");
		s->list = doc_add(s->d, NULL, DOC_NUMBERED, slice_str(NULL));
	}
	return doc_add(s->d, s->list, DOC_ITEM, slice_str(NULL));
}

static void
collect_step(struct steps *s, const struct case_incident *i)
{
	const struct case_why *w = incident_open_why(i);
	struct doc_node *item = step(s);

	say_id(s->d, item, 'i', i->id);
	doc_text(s->d, item, " ");
	doc_words(s->d, item, w->why.question);
	say_collect(s->d, item, w->why.collect);
}

static bool
same_collect(const struct case_file *c, size_t before, struct slice collect)
{
	for (size_t n = 0; n < before; n++) {
		const struct case_why *w = incident_open_why(incident_at(c, n));

		if (w && slice_eq(w->why.collect, collect))
			return true;
	}
	return false;
}

/* the same command settles several incidents: it is listed once, with the first */
static void
collect_steps(struct steps *s, const struct case_file *c)
{
	const struct case_incident *i;
	int told = 0;

	for (size_t n = 0; told < COLLECTS_TOLD && (i = incident_at(c, n)) != NULL; n++) {
		const struct case_why *w = incident_open_why(i);

		if (!w || !w->why.collect.n || same_collect(c, n, w->why.collect))
			continue;
		collect_step(s, i);
		told++;
	}
}

/* a limit or a cut keeps one end of what was asked for: ask beyond the other */
static const char *
export_command(struct doc *d, const struct case_file *c, const struct case_source *s)
{
	int64_t from = s->totals.first_ns, to = s->totals.last_ns;
	char first[CLOCK_TEXT], last[CLOCK_TEXT];
	bool beyond = s->totals.truncated || source_is_cut(c, s);
	const char *command;
	struct buf b;

	if (beyond && s->totals.order != ORDER_OLDEST_FIRST && from > INT64_MIN + 1 + WIDEN_NS)
		from -= WIDEN_NS;
	if (beyond && s->totals.order != ORDER_NEWEST_FIRST && to < INT64_MAX - WIDEN_NS)
		to += WIDEN_NS;
	buf_init(&b, 16 * 1024);
	buf_puts(&b, "gcloud logging read '");
	gap_put_services(&b, s->service, s->services, s->workload, s->workloads);
	buf_printf(&b, "timestamp>=\"%s\" AND timestamp<=\"%s\"' --project=%.*s --order=asc "
	    "--format=json > again-s%" PRId64 ".json\nnetra-triage ingest again-s%" PRId64 ".json",
	    clock_format(from, 9, first), clock_format(to, 9, last),
	    SLICE_ARG(gap_word_is_plain(c->project) ? c->project : SLICE("PROJECT")), s->id, s->id);
	command = arena_str(d->arena, buf_slice(&b));
	buf_release(&b);
	return command;
}

/* why a log source is to be exported again; NULL when it need not be */
static const char *
export_why(const struct case_file *c, const struct case_source *s)
{
	if (s->kind != SOURCE_LOGS || s->partial)
		return NULL;
	if (s->totals.truncated)
		return " again without a limit, one hour beyond the side that was cut";
	if (source_is_cut(c, s))
		return " again, it is cut short, and one hour beyond the side that was cut";
	return source_is_damaged(c, s) ? " again, it is damaged" : NULL;
}

static void
export_steps(struct steps *s, const struct case_file *c)
{
	struct doc_node *item;
	const char *why;

	for (size_t i = 0; i < c->sources; i++) {
		const struct case_source *src = &c->source[i];

		if ((why = export_why(c, src)) == NULL)
			continue;
		item = step(s);
		doc_text(s->d, item, "Export ");
		say_id(s->d, item, 's', src->id);
		if (src->totals.first_ns == CLOCK_NONE || src->totals.last_ns == CLOCK_NONE) {
			doc_text(s->d, item, " again: no entry of it could be read.");
			continue;
		}
		doc_text(s->d, item, "%s%s:", why, gap_word_is_plain(c->project) ? "" :
		    " (put your project's id in place of PROJECT)");
		doc_add(s->d, item, DOC_CODE, slice_str(export_command(s->d, c, src)));
	}
}

static void
ingest_steps(struct steps *s, const struct case_file *c)
{
	struct doc_node *item;

	for (size_t i = 0; i < c->sources; i++) {
		if (!c->source[i].partial)
			continue;
		item = step(s);
		doc_text(s->d, item, "Ingest ");
		say_id(s->d, item, 's', c->source[i].id);
		doc_text(s->d, item, " again, its reading was interrupted: ");
		doc_term(s->d, item, c->source[i].path);
	}
}

static void
run_steps(struct steps *s, const struct case_file *c)
{
	for (size_t i = 0; i < c->runs; i++) {
		const struct case_run *r = &c->run[i];
		struct doc_node *item;

		if (r->run.state == RUN_COMPLETE)
			continue;
		item = step(s);
		doc_text(s->d, item, "Run the tests of ");
		say_id(s->d, item, 'u', r->id);
		doc_text(s->d, item, " again to their end: %s.", run_verdict(r));
		if (r->run.command.n) {
			doc_text(s->d, item, " Its command: ");
			doc_term(s->d, item, r->run.command);
		}
	}
}

static void
unexplained_step(struct steps *s, const struct case_file *c)
{
	const struct case_incident *i;
	struct doc_node *item = NULL;

	for (size_t n = 0; n < SAY_INCIDENTS && (i = incident_at(c, n)) != NULL; n++) {
		if (slice_trim(i->incident.remediation).n)
			continue;
		if (!item) {
			item = step(s);
			doc_text(s->d, item, "No rule knows a remedy for ");
		} else {
			doc_text(s->d, item, ", ");
		}
		say_id(s->d, item, 'i', i->id);
	}
	if (!item)
		return;
	doc_text(s->d, item, ": read the evidence with ");
	doc_term(s->d, item, SLICE("netra-triage show"));
	doc_text(s->d, item, " and the id, then write a rule that names it.");
}

static void
build(const struct case_file *c, struct doc *d)
{
	struct steps s = { .d = d };

	collect_steps(&s, c);
	export_steps(&s, c);
	ingest_steps(&s, c);
	run_steps(&s, c);
	unexplained_step(&s, c);
}

const struct section section_next_steps = {
	.name = "next_steps", .about = "what to do next, the most telling check first",
	.build = build,
};
