/*
 * rule.c - words for the enums of rule.h, and the lookup of a rule by its name.
 */
#include "config.h"

#include "model/rule.h"

const struct rule *
rule_find(const struct rule_set *rs, struct slice name)
{
	size_t low = 0, high = rs->rules;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = slice_cmp(name, rs->rule[mid].name);

		if (order == 0)
			return &rs->rule[mid];
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

const char *
rule_subject_name(enum rule_subject s)
{
	switch (s) {
	case SUBJECT_ENTRY:
		return "entry";
	case SUBJECT_REQUEST:
		return "request";
	case SUBJECT_EXCEPTION:
		return "exception";
	case SUBJECT_TEST:
		return "test";
	}
	return "unknown";
}

const char *
rule_role_name(enum rule_role r)
{
	switch (r) {
	case ROLE_ISSUE:
		return "issue";
	case ROLE_CAUSE:
		return "cause";
	case ROLE_START_FAILURE:
		return "start-failure";
	case ROLE_SYMPTOM:
		return "symptom";
	case ROLE_START:
		return "start";
	case ROLE_EXIT:
		return "exit";
	case ROLE_BANNER:
		return "banner";
	case ROLE_DEPLOY:
		return "deploy";
	case ROLE_HEALTH:
		return "health";
	}
	return "unknown";
}

const char *
priority_name(enum priority p)
{
	switch (p) {
	case PRIORITY_P0:
		return "P0";
	case PRIORITY_P1:
		return "P1";
	case PRIORITY_P2:
		return "P2";
	case PRIORITY_P3:
		return "P3";
	}
	return "unknown";
}

const char *
strength_name(enum strength s)
{
	switch (s) {
	case STRENGTH_WEAK:
		return "weak";
	case STRENGTH_MEDIUM:
		return "medium";
	case STRENGTH_STRONG:
		return "strong";
	}
	return "unknown";
}

const char *
priority_class_name(enum priority_class c)
{
	switch (c) {
	case PCLASS_START_FAILURE:
		return "start_failure";
	case PCLASS_EXCEPTION:
		return "exception";
	case PCLASS_SERVER_ERROR:
		return "server_error";
	case PCLASS_UNKNOWN_ERROR:
		return "unknown_error";
	case PCLASS_TEST_ERROR:
		return "test_error";
	case PCLASS_TEST_FAILURE:
		return "test_failure";
	case PCLASS_COUNT:
		break;
	}
	return "unknown";
}
