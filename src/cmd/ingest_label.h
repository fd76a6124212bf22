/*
 * ingest_label.h - ingest --label NAME=VALUE: what a person says of the sources of one call.
 *
 * "commit", "env" and "command" outrank what the runs of the source say of themselves;
 * any other name stands in view run_facts. Given again for the same bytes, a label
 * takes the place of the one before.
 */
#ifndef CMD_INGEST_LABEL_H
#define CMD_INGEST_LABEL_H

#include "cmd/ingest_redact.h"
#include "cmd/opt.h"

#define LABELS_MAX 64
#define LABEL_VALUE_MAX 1000	/* bytes */

struct labels {
	struct slice name[LABELS_MAX], value[LABELS_MAX];	/* borrow argv */
	size_t n;
};

/*
 * The labels of the options; and of operands behind them, "commit=abc env=staging", that
 * name no file: those are taken out of argv.
 */
int	labels_read(struct labels *l, const struct opt_list *list, int *argc, char **argv,
	    struct err *e);
int	labels_put(const struct labels *l, struct app *app, struct ingest_redact *redact,
	    int64_t source_id, struct err *e);

#endif
