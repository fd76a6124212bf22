/*
 * test_pages.h - a run and a result, all that is known of them, for the command show.
 */
#ifndef CMD_TEST_PAGES_H
#define CMD_TEST_PAGES_H

#include "base/zone.h"
#include "cmd/cmd.h"
#include "report/doc.h"

/* builds the page of what has that id; its nodes and all they need live in the document's arena */
int	test_pages_run(struct app *app, const struct zone *zone, int64_t id, struct doc *d,
	    struct err *e);
int	test_pages_result(struct app *app, const struct zone *zone, int64_t id, struct doc *d,
	    struct err *e);

#endif
