/*
 * incident.c - the words for incidents, their members and their whys, as views and reports
 * print them.
 */
#include "config.h"

#include "model/incident.h"

const char *
incident_class_name(enum incident_class c)
{
	switch (c) {
	case INCIDENT_START_FAILURE:
		return "start failure";
	case INCIDENT_EXCEPTION:
		return "exception";
	case INCIDENT_RULE:
		return "rule";
	case INCIDENT_REQUEST:
		return "request";
	case INCIDENT_UNKNOWN:
		return "unknown";
	case INCIDENT_TEST:
		return "test";
	}
	return "unknown";
}

const char *
member_role_name(enum member_role r)
{
	switch (r) {
	case MEMBER_CAUSE:
		return "cause";
	case MEMBER_FAILURE:
		return "failure";
	case MEMBER_EXIT:
		return "exit";
	case MEMBER_REQUEST:
		return "request";
	case MEMBER_SYMPTOM:
		return "symptom";
	case MEMBER_BANNER:
		return "banner";
	case MEMBER_TEST:
		return "test";
	}
	return "unknown";
}

const char *
member_basis_name(enum member_basis b)
{
	switch (b) {
	case BASIS_PROVED:
		return "proved";
	case BASIS_RULE:
		return "rule";
	case BASIS_CO_OCCURS:
		return "co-occurs";
	}
	return "unknown";
}

const char *
why_basis_name(enum why_basis b)
{
	switch (b) {
	case WHY_PROVED:
		return "proved";
	case WHY_CORRELATED:
		return "correlated";
	case WHY_STATED:
		return "stated";
	case WHY_NEEDS_EVIDENCE:
		return "needs evidence";
	}
	return "unknown";
}
