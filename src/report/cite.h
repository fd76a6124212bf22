/*
 * cite.h - the parts of a citation, so that every writer prints the same words.
 *
 * Only report/ includes this header.
 */
#ifndef REPORT_CITE_H
#define REPORT_CITE_H

#include "base/arena.h"
#include "model/case_file.h"

struct cite_text {
	struct slice id;		/* "e12", "t4"; empty when only the place is known */
	struct slice path;		/* may be empty */
	struct slice place;		/* ":34", or ", byte 120" where no line is known */
	struct slice insert_id;		/* may be empty */
};

struct cite_text cite_text(struct arena *a, const struct cite *c);

#endif
