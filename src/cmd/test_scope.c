/* test_scope.c - the runs and results that the commands tests, runs and show are asked for */
#include "config.h"

#include "cmd/test_scope.h"

#include <inttypes.h>

#include "cmd/ids.h"

static int
count_row(void *ctx, const struct cell *cell, size_t n)
{
	(void)cell;
	(void)n;
	++*(uint64_t *)ctx;
	return 0;
}

static int
there_is_none(char letter, int64_t id, struct err *e)
{
	err_set(e, ERR_ID, "there is no %s %c%" PRId64, id_kind_of(letter)->what, letter, id);
	return err_help(e, "`netra-triage %s` lists them", letter == 'u' ? "runs" : "tests --list");
}

/* a number in another format of its run has one that stands for all */
static int
resolve(struct app *app, const char *text, char letter,
    int (*alias)(struct store *st, int64_t *id, struct err *e), const char *sql, int64_t *id,
    struct err *e)
{
	uint64_t n = 0;
	struct rows count = { &n, NULL, count_row };
	int64_t asked;

	if (id_of(text, letter, id, e) == -1)
		return -1;
	asked = *id;
	if (alias(app->store, id, e) || store_rows(app->store, sql, id, 1, &count, e))
		return -1;
	if (n == 0)
		return there_is_none(letter, asked, e);
	if (*id != asked)
		msg_note(&app->msg, "%c%" PRId64 " is the same %s as %c%" PRId64 " in another "
		    "format, and is told as that", letter, asked, id_kind_of(letter)->what, letter,
		    *id);
	return 0;
}

int
test_scope_run(struct app *app, const char *text, int64_t *id, struct err *e)
{
	return resolve(app, text, 'u', store_run_alias, "SELECT 1 FROM runs WHERE id = ?1", id, e);
}

int
test_scope_result(struct app *app, const char *text, int64_t *id, struct err *e)
{
	return resolve(app, text, 't', store_test_alias, "SELECT 1 FROM tests WHERE id = ?1", id,
	    e);
}

int
test_scope_outcomes(const char *text, unsigned *outcomes, struct err *e)
{
	struct slice rest = slice_str(text), word;

	*outcomes = 0;
	while (rest.n) {
		int i;

		if (!slice_take_until(&rest, ',', &word)) {
			word = rest;
			rest.n = 0;
		}
		word = slice_trim(word);
		for (i = TEST_PASSED; i <= TEST_NOT_RUN; i++)
			if (slice_eqs(word, test_outcome_name((enum test_outcome)i)))
				break;
		if (i > TEST_NOT_RUN) {
			err_set(e, ERR_USAGE, "`%.*s` is not an outcome", SLICE_ARG(word));
			return err_help(e, "outcomes are passed, failed, error, skipped, xfailed, "
			    "xpassed and \"not run\", commas between them");
		}
		*outcomes |= 1u << i;
	}
	return *outcomes ? 0 : err_set(e, ERR_USAGE, "--outcome needs an outcome");
}
