/*
 * finding.h - hits of rules, and the findings they add up to.
 *
 * A hit is one record that a rule matched; a finding is a rule that fired (or
 * not) for one group. Outcomes: design part 6.
 */
#ifndef MODEL_FINDING_H
#define MODEL_FINDING_H

#include <stdint.h>

#include "model/rule.h"

enum finding_outcome { OUTCOME_FIRED, OUTCOME_CLEAR, OUTCOME_INCONCLUSIVE, OUTCOME_NOT_EVALUATED };

struct capture {
	struct slice name, value;
};

#define HIT_CAPTURES 16

struct hit {
	const struct rule *rule;
	bool limit;	/* a match limit was hit: counts as inconclusive, not as a hit */
	int64_t event_id;		/* entry, request or first part of an exception; 0 = none */
	int64_t test_id;		/* test; 0 = none */
	int64_t output_id;		/* printed text of a run; 0 = none */
	uint64_t line, byte;	/* of the matched line in the source, where it is test output */
	struct slice field;		/* the field that matched; "message" mostly */
	uint32_t start, end;		/* byte range of the match in that field's stored text */
	struct capture capture[HIT_CAPTURES];
	size_t captures;
};

const char *finding_outcome_name(enum finding_outcome o);	/* "fired", "not evaluated", ... */

#endif
