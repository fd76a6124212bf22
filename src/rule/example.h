/*
 * example.h - an example of a rule as a subject that the matcher takes.
 *
 * Private to rule/. The subject borrows from the struct it is in: do not move it.
 */
#ifndef RULE_EXAMPLE_H
#define RULE_EXAMPLE_H

#include "rule/rules.h"

struct example_subject {
	struct subject subject;
	struct entry entry;
	struct request request;
	struct exception exception;
	struct exception_subject exception_subject;
	struct test test;
	struct run run;
	struct printed output;
	struct line_subject line;
};

/* fails when a field has a value that it cannot have, like a severity `LOUD` */
int	example_subject(struct arena *a, enum rule_subject kind, const struct rule_example *x,
	    struct example_subject *out, struct err *e);

#endif
