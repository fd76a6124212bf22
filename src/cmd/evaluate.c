/*
 * evaluate.c - connect the stages for one evidence set, in one transaction:
 * tell which runs are one, join messages, stitch exceptions, match their rules, group
 * findings, reason about incidents, judge the sources.
 */
#include "config.h"

#include "cmd/evaluate.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/exception_row.h"
#include "cmd/messages.h"
#include "cmd/twins.h"
#include "reason/reason.h"
#include "rule/rules.h"
#include "sign/sign.h"

struct evaluation {
	struct app *app;
	struct stitcher *stitcher;
	struct rule_matcher *matcher;
	int64_t event_id;		/* of the exception that is being matched */
};

static int
put_hit(void *ctx, const struct hit *hit, struct err *e)
{
	struct evaluation *ev = ctx;
	struct hit h = *hit;

	h.event_id = ev->event_id;
	return store_hit_put(ev->app->store, 0, &h, e);
}

/* where "Type: message" of the innermost link stands, so that it can be quoted */
static void
find_quote(struct exception_row *row, const struct stitched *s, struct arena *a)
{
	const struct link *l = &s->exception.link[0];
	struct slice what = l->message.n ?
	    slice_str(arena_printf(a, "%.*s: %.*s", SLICE_ARG(l->type), SLICE_ARG(l->message))) :
	    l->type;
	size_t i;

	for (i = 0; i < s->events; i++) {
		size_t at = slice_find(s->part[i].message, 0, what);

		if (at == SIZE_MAX || at + what.n > UINT32_MAX)
			continue;
		row->quote_event_id = s->event_id[i];
		row->quote_start = (uint32_t)at;
		row->quote_end = (uint32_t)(at + what.n);
		return;
	}
}

static int
put_exception(void *ctx, const struct stitched *s, struct arena *a, struct err *e)
{
	struct evaluation *ev = ctx;
	struct exception_subject xs = { .exception = &s->exception, .service = s->part[0].service,
	    .revision = s->part[0].revision, .instance = s->part[0].instance };
	struct exception_row row;
	struct subject subject;

	exception_row_init(&row, &s->exception, a);
	row.event_id = s->event_id;
	row.events = s->events;
	row.ts_ns = s->ts_ns;
	find_quote(&row, s, a);
	if (store_exception_put(ev->app->store, &row, e) == -1)
		return -1;
	ev->event_id = s->event_id[0];
	xs.place = row.link[0].place;
	subject_of_exception(&subject, &xs);
	return rule_match(ev->matcher, &subject, put_hit, ev, e);
}

static int
feed_part(void *ctx, const struct trace_part *p, struct err *e)
{
	struct evaluation *ev = ctx;
	struct stitch_part part = { p->event_id, p->ts_ns, p->instance, p->log, p->service,
	    p->revision, p->message };

	return stitcher_feed(ev->stitcher, &part, e);
}

static int
stitch(struct app *app, struct err *e)
{
	struct evaluation ev = { .app = app };
	int rc = -1;

	ev.stitcher = stitcher_new(put_exception, &ev);
	ev.matcher = rule_matcher_new(app->rules);
	if (store_each_trace_part(app->store, feed_part, &ev, e) == 0 &&
	    stitcher_finish(ev.stitcher, e) == 0)
		rc = 0;
	rule_matcher_free(ev.matcher);
	stitcher_free(ev.stitcher);
	return rc;
}

static int
conclude(struct app *app, struct arena *a, struct err *e)
{
	static const struct reason_texts texts = { rule_expand };
	struct evidence_set set;
	struct reason r = { app->rules, &set, &texts, a };
	struct finding *finding;
	struct incident *incident;
	size_t findings, incidents;

	if (store_evidence_load(app->store, app->rules, a, &set, e) == -1 ||
	    reason_findings(&r, &finding, &findings, e) == -1 ||
	    reason_incidents(&r, &incident, &incidents, e) == -1 ||
	    store_findings_put(app->store, finding, findings, e) == -1 ||
	    store_incidents_put(app->store, incident, incidents, e) == -1)
		return -1;
	return store_hypotheses_put(app->store, app->rules, e);
}

static int
feed_time(void *ctx, int64_t source_id, struct slice service, int64_t ts_ns, struct err *e)
{
	(void)e;
	rhythms_feed(ctx, source_id, service, ts_ns);
	return 0;
}

/* what each source is worth; one that was not read to its end is worth nothing yet */
static int
judge(struct app *app, struct arena *a, struct err *e)
{
	struct rhythms *rhythms;
	struct case_file c;
	struct gap *gap;
	size_t i, n;
	int rc;

	if (store_sources_load(app->store, 0, SOURCES_JUDGE, a, &c, e) == -1)
		return -1;
	rhythms = rhythms_new(c.source, c.sources);
	rc = store_each_time(app->store, feed_time, rhythms, e);
	for (i = 0; rc == 0 && i < c.sources; i++) {
		if (c.source[i].partial)
			continue;
		reason_judge(&c.source[i], rhythms, a, &gap, &n);
		rc = store_gaps_put(app->store, c.source[i].id, gap, n, e);
	}
	rhythms_free(rhythms);
	return rc;
}

int
evaluate(struct app *app, struct err *e)
{
	struct arena a;
	int rc = -1;

	arena_init(&a);
	if (store_eval_begin(app->store, e) == -1)
		goto out;
	if (twins_mark(app, e) == -1 || store_rules_put(app->store, app->rules, e) == -1 ||
	    messages_join(app, e) == -1 || stitch(app, e) == -1 ||
	    conclude(app, &a, e) == -1 || judge(app, &a, e) == -1 ||
	    store_eval_commit(app->store, app->rules->hash, e) == -1) {
		store_eval_rollback(app->store);
		goto out;
	}
	rc = 0;
out:
	arena_release(&a);
	return rc;
}

static int
count_row(void *ctx, const struct cell *c, size_t n)
{
	(void)n;
	*(int64_t *)ctx = c[0].i;
	return 0;
}

/* "P1" to 1 */
static int
worst_of(const char *fail_on, int64_t *worst, struct err *e)
{
	if ((fail_on[0] == 'P' || fail_on[0] == 'p') &&
	    slice_to_int64(slice_str(fail_on + 1), worst) && *worst >= 0 && *worst <= PRIORITY_P3)
		return 0;
	return err_set(e, ERR_USAGE, "--fail-on takes P0, P1, P2 or P3, not `%s`", fail_on);
}

int
evaluate_check(const char *fail_on, struct err *e)
{
	int64_t worst;

	return fail_on ? worst_of(fail_on, &worst, e) : 0;
}

int
evaluate_found(struct app *app, const char *fail_on, struct err *e)
{
	int64_t worst = 0, n = 0;
	struct rows rows = { &n, NULL, count_row };

	if (!fail_on)
		return 0;
	if (worst_of(fail_on, &worst, e) == -1 ||
	    store_rows(app->store, "SELECT count(*) FROM incidents WHERE state = 'open' AND "
	    "cast(substr(priority, 2) AS integer) <= ?1", &worst, 1, &rows, e) == -1)
		return -1;
	return n ? EXIT_FOUND : 0;
}

int
evaluate_warn_stale(struct app *app, bool *stale, struct err *e)
{
	struct err w;
	bool is_stale;

	if (store_eval_stale(app->store, app->rules->hash, &is_stale, e) == -1)
		return -1;
	if (stale)
		*stale = is_stale;
	if (is_stale) {
		err_clear(&w);
		err_set(&w, ERR_RULES, "what is shown was not concluded from the rules at hand");
		err_note(&w, "rules were edited since, or an ingest was interrupted");
		err_help(&w, "run `netra-triage scan` to conclude anew from what is stored");
		msg_warn_err(&app->msg, &w);
	}
	return 0;
}
