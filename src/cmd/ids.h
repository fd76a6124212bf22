/*
 * ids.h - ids as printed and typed: a letter for the kind and a number, "i1", "e4711".
 */
#ifndef CMD_IDS_H
#define CMD_IDS_H

#include "base/err.h"

struct id_kind {
	char letter;
	const char *view, *column;	/* where a row of this id is */
	const char *what;		/* "incident" */
};

const struct id_kind *id_kind_of(char letter);		/* NULL if unknown */
const struct id_kind *id_kind_at(size_t i);
/* "s12" to 12; kind 0 takes any letter. ERR_ID with help otherwise */
int	id_of(const char *text, char kind, int64_t *id, struct err *e);

#endif
