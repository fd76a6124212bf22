/* cmd_show.c - one thing by its id, with everything that is known of it */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/evaluate.h"
#include "cmd/ids.h"
#include "cmd/local.h"
#include "cmd/numbering.h"
#include "cmd/present.h"
#include "cmd/test_pages.h"
#include "cmd/test_scope.h"
#include "reason/reason.h"
#include "report/doc.h"

#define SHOW_MAX (16 * 1024 * 1024)	/* bytes of an incident's text */

struct args {
	const char *tz;
};

static const struct opt opts[] = {
	LOCAL_OPT(struct args, "tell times in this zone too, such as America/Los_Angeles"),
	{ 0, NULL, OPT_FLAG, 0, NULL, NULL, NULL }
};

static int
count_row(void *ctx, const struct cell *cell, size_t n)
{
	(void)cell;
	(void)n;
	++*(uint64_t *)ctx;
	return 0;
}

static int
show_row(struct app *app, const struct zone *zone, const struct id_kind *k, int64_t id,
    struct err *e)
{
	char sql[128];
	struct present *p;
	struct rows rows;
	uint64_t n = 0;
	struct rows count = { &n, NULL, count_row };

	snprintf(sql, sizeof sql, "SELECT * FROM %s WHERE %s = ?1", k->view, k->column);
	if (store_rows(app->store, sql, &id, 1, &count, e) == -1)
		return -1;
	if (n == 0) {
		err_set(e, ERR_ID, "there is no %s %c%" PRId64, k->what, k->letter, id);
		return err_help(e, "netra-triage query \"select %s from %s\" lists them", k->column,
		    k->view);
	}
	if (present_open(app, NULL, app->common.format ? NULL : "line", &p, e) == -1)
		return -1;
	present_zone(p, zone);
	rows = present_rows(p);
	if (store_rows(app->store, sql, &id, 1, &rows, e) == -1) {
		present_abort(p);
		return -1;
	}
	return present_close(p, NULL, e);
}

static void
local_window(const struct case_incident *i, const struct zone *zone, struct doc *d)
{
	struct doc_node *p;

	if (!zone || i->incident.first_ns == CLOCK_NONE || i->incident.last_ns == CLOCK_NONE)
		return;
	p = doc_para(d, NULL);
	doc_text(d, p, "In ");
	doc_term(d, p, slice_str(zone_name(zone)));
	doc_text(d, p, ": from ");
	doc_local(d, p, i->incident.first_ns, zone, "select first_ns from incidents where id = %"
	    PRId64, i->id);
	doc_text(d, p, " to ");
	doc_local(d, p, i->incident.last_ns, zone, "select last_ns from incidents where id = %"
	    PRId64, i->id);
	doc_text(d, p, ".");
}

static int
print_doc(struct doc *d, struct err *e)
{
	struct output *out;
	struct buf text;
	int rc;

	buf_init(&text, SHOW_MAX);
	doc_number(d, numbering_kind);
	out_markdown(d, &text);
	rc = output_open(NULL, &out, e);
	if (rc == 0) {
		output_put(out, buf_slice(&text));
		rc = output_commit(out, e);
	}
	buf_release(&text);
	return rc;
}

/* an incident as the worklog tells it: its evidence and its whys, and nothing else */
static int
show_incident(struct app *app, const struct zone *zone, int64_t id, struct err *e)
{
	struct scope scope = { .all = true, .since_ns = CLOCK_NONE, .until_ns = CLOCK_NONE };
	struct case_file c;
	struct arena a;
	struct doc d;
	size_t i;
	int rc = -1;

	arena_init(&a);
	if (store_case_load(app->store, &scope, &a, &c, e) == -1)
		goto out;
	for (i = 0; i < c.incidents && c.incident[i].id != id; i++)
		;
	if (i == c.incidents) {
		err_set(e, ERR_ID, "there is no incident i%" PRId64, id);
		err_help(e, "`netra-triage incidents` lists them");
		goto out;
	}
	c.incident += i;
	c.incidents = 1;
	doc_init(&d, &a);
	section_by_name("incidents")->build(&c, &d);
	local_window(c.incident, zone, &d);
	section_by_name("whys")->build(&c, &d);
	section_by_name("remediation")->build(&c, &d);
	rc = print_doc(&d, e);
out:
	arena_release(&a);
	return rc;
}

/* a source in plain words: what it covers, what it lacks and how to get that */
static int
show_source(struct app *app, const struct zone *zone, int64_t id, struct err *e)
{
	struct case_source source;
	struct case_file c;
	struct arena a;
	struct doc d;
	int rc = -1;

	arena_init(&a);
	if (store_sources_load(app->store, id, SOURCES_PAGE, &a, &c, e) == -1)
		goto out;
	c.now_ns = app->now_ns;
	c.zone = zone;
	source = c.source[0];
	source.worth = reason_worth(&source, &a);
	doc_init(&d, &a);
	source_page(&c, &source, &d);
	rc = print_doc(&d, e);
out:
	arena_release(&a);
	return rc;
}

/* a run or a result in plain words; id is one that views have */
static int
show_tests(struct app *app, const struct zone *zone, char letter, int64_t id, struct err *e)
{
	struct arena a;
	struct doc d;
	int rc;

	arena_init(&a);
	doc_init(&d, &a);
	rc = letter == 'u' ? test_pages_run(app, zone, id, &d, e) :
	    test_pages_result(app, zone, id, &d, e);
	if (rc == 0)
		rc = print_doc(&d, e);
	arena_release(&a);
	return rc;
}

/* one thing: words for people, its row when a format is asked for */
static int
show_one(struct app *app, const struct zone *zone, const char *text, struct err *e)
{
	char letter = text[0];
	int64_t id;

	if ((letter == 'u' ? test_scope_run(app, text, &id, e) : letter == 't' ?
	    test_scope_result(app, text, &id, e) : id_of(text, 0, &id, e)) == -1)
		return -1;
	if ((letter == 'u' || letter == 't') && !app->common.format)
		return show_tests(app, zone, letter, id, e);
	if (letter == 'i' && !app->common.format)
		return show_incident(app, zone, id, e);
	if (letter == 's' && !app->common.format)
		return show_source(app, zone, id, e);
	return show_row(app, zone, id_kind_of(letter), id, e);
}

static int
show_all(struct app *app, const struct zone *zone, int argc, char **argv, struct err *e)
{
	int64_t id;
	int i;

	for (i = 0; i < argc; i++) {
		if (id_of(argv[i], 0, &id, e) == -1)
			return -1;
		if (i == 0 && strchr("ifhvxsut", argv[i][0]) &&
		    evaluate_warn_stale(app, NULL, e) == -1)
			return -1;
		if (show_one(app, zone, argv[i], e) == -1)
			return -1;
	}
	return 0;
}

static int
run(struct app *app, void *argp, int argc, char **argv, struct err *e)
{
	const struct args *args = argp;
	struct zone *zone;
	int rc;

	if (argc == 0) {
		err_set(e, ERR_USAGE, "show needs an id");
		return err_help(e, "such as i1 for an incident or e12 for an event");
	}
	if (local_zone(args->tz, &zone, e) == -1)
		return -1;
	rc = show_all(app, zone, argc, argv, e);
	zone_free(zone);
	return rc;
}

const struct cmd cmd_show = {
	.name = "show", .about = "Show one incident, event, test ... by its id",
	.operands = "ID...", .need = CMD_STORE_READ | CMD_RULES,
	.opts = opts, .args_size = sizeof(struct args), .run = run,
};
