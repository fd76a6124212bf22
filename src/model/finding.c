/*
 * finding.c - the words for the outcomes of rules, as views and reports print them.
 */
#include "config.h"

#include "model/finding.h"

const char *
finding_outcome_name(enum finding_outcome o)
{
	switch (o) {
	case OUTCOME_FIRED:
		return "fired";
	case OUTCOME_CLEAR:
		return "clear";
	case OUTCOME_INCONCLUSIVE:
		return "inconclusive";
	case OUTCOME_NOT_EVALUATED:
		return "not evaluated";
	}
	return "unknown";
}
