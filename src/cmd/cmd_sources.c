/* cmd_sources.c - every source: what it is, what it covers, what is wrong with it */
#include "config.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/evaluate.h"
#include "cmd/ids.h"
#include "cmd/local.h"
#include "cmd/present.h"
#include "reason/reason.h"

struct args {
	const char *tz;
};

static const struct opt opts[] = {
	LOCAL_OPT(struct args, "tell times in this zone too, such as America/Los_Angeles"),
	{ 0, NULL, OPT_FLAG, 0, NULL, NULL, NULL }
};

/* what the view has, in its order, and behind that what is known only when it is read */
#define COLUMNS "'s' || id AS source, path, kind, shape, state, entries, added, known, filled, " \
	"conflicts, damaged, not_evidence, first_ts, last_ts, truncated, clock, note, encoding, " \
	"redact, redacted"
/* on a terminal: what fits */
#define COLUMNS_SHORT "'s' || id AS source, path, entries, last_ts"
#define COLUMNS_MAX 24

struct listing {
	struct present *present;
	const struct case_file *c;
	int64_t now_ns;
	struct arena *a;
	size_t nth;			/* source of the last row */
};

static int
head(void *ctx, const char *const *name, size_t n)
{
	struct listing *l = ctx;
	const char *all[COLUMNS_MAX];

	memcpy(all, name, n * sizeof *all);
	all[n] = "age";
	all[n + 1] = "worth";
	present_head(l->present, all, n + 2);
	return 0;
}

/* "72 days": of the newest entry, by --now */
static const char *
age_of(struct listing *l, const struct case_source *s)
{
	int64_t age, unit_ns;
	const char *unit;

	if (s->kind != SOURCE_LOGS || s->totals.last_ns == CLOCK_NONE ||
	    __builtin_sub_overflow(l->now_ns, s->totals.last_ns, &age) || age < 0)
		return NULL;
	age = clock_age(age, &unit_ns, &unit);
	return arena_printf(l->a, "%" PRId64 " %s", age, unit);
}

/* rows come by id, as the sources do; another program may have changed them in between */
static const struct case_source *
source_of(struct listing *l, struct slice id)
{
	int64_t n;

	if (!slice_take_byte(&id, 's') || !slice_to_int64(id, &n))
		return NULL;
	while (l->nth < l->c->sources && l->c->source[l->nth].id < n)
		l->nth++;
	return l->nth < l->c->sources && l->c->source[l->nth].id == n ?
	    &l->c->source[l->nth] : NULL;
}

static int
row(void *ctx, const struct cell *cell, size_t n)
{
	struct listing *l = ctx;
	const struct case_source *s = source_of(l, cell[0].text);
	struct value v[COLUMNS_MAX];

	if (!s)
		return 0;

	for (size_t i = 0; i < n; i++)
		v[i] = cell[i].type == CELL_INT ? value_int(cell[i].i) :
		    cell[i].type == CELL_NULL ? value_str(NULL) : value_text(cell[i].text);
	v[n] = value_str(age_of(l, s));
	v[n + 1] = value_text(reason_worth(s, l->a));
	present_row(l->present, v);
	return 0;
}

static int
list(struct app *app, const struct zone *zone, int64_t id, struct err *e)
{
	bool people = !app->common.format && isatty(STDOUT_FILENO);
	struct case_file c;
	struct arena a;
	struct listing l = { .c = &c, .now_ns = app->now_ns, .a = &a };
	struct rows rows = { &l, head, row };
	int rc = -1;

	arena_init(&a);
	if (store_sources_load(app->store, id, SOURCES_GAPS, &a, &c, e) == -1 ||
	    present_open(app, NULL, NULL, &l.present, e) == -1)
		goto out;
	present_zone(l.present, zone);
	rc = store_rows(app->store, people ? "SELECT " COLUMNS_SHORT " FROM sources "
	    "WHERE ?1 = 0 OR id = ?1 ORDER BY id" : "SELECT " COLUMNS " FROM sources "
	    "WHERE ?1 = 0 OR id = ?1 ORDER BY id", &id, 1, &rows, e);
	if (rc == -1)
		present_abort(l.present);
	else
		rc = present_close(l.present, NULL, e);
out:
	arena_release(&a);
	return rc;
}

static int
run(struct app *app, void *argp, int argc, char **argv, struct err *e)
{
	const struct args *args = argp;
	struct zone *zone;
	int64_t id = 0;
	int rc;

	if (argc > 1)
		return err_set(e, ERR_USAGE, "sources takes at most one id");
	if ((argc == 1 && id_of(argv[0], 's', &id, e) == -1) ||
	    evaluate_warn_stale(app, NULL, e) == -1 || local_zone(args->tz, &zone, e) == -1)
		return -1;
	rc = list(app, zone, id, e);
	zone_free(zone);
	return rc;
}

const struct cmd cmd_sources = {
	.name = "sources", .about = "List what was ingested, and what it is worth",
	.operands = "[sN]", .need = CMD_STORE_READ | CMD_RULES,
	.opts = opts, .args_size = sizeof(struct args), .run = run,
};
