/*
 * incident.h - what shares one cause at one service, its members and its chain of whys.
 *
 * Occurrences, entries and signatures are three different counts (R22):
 * fifteen failed starts may write a thousand entries of forty templates.
 */
#ifndef MODEL_INCIDENT_H
#define MODEL_INCIDENT_H

#include <stdint.h>

#include "model/rule.h"

enum incident_class { INCIDENT_START_FAILURE, INCIDENT_EXCEPTION, INCIDENT_RULE,
	INCIDENT_REQUEST, INCIDENT_UNKNOWN, INCIDENT_TEST };

enum member_role {
	MEMBER_CAUSE,	/* first part of the exception that names the cause, or the rule's hit */
	MEMBER_FAILURE,		/* the line that says the start failed */
	MEMBER_EXIT,		/* the container's end */
	MEMBER_REQUEST,		/* a request that suffered */
	MEMBER_SYMPTOM,		/* another rule's hit or an error inside the occurrence */
	MEMBER_BANNER,		/* printed by every start */
	MEMBER_TEST		/* a failed test */
};

/* how a member is tied to the incident (law 5) */
enum member_basis {
	BASIS_PROVED,		/* same instance and interval, same trace, same exception chain */
	BASIS_RULE,		/* the rule itself matched it */
	BASIS_CO_OCCURS		/* same service and time only: listed, never counted as caused */
};

struct member {
	enum member_role role;
	enum member_basis basis;
	int64_t event_id, test_id, output_id;	/* one of them is not 0 */
	long occurrence;		/* 1-based; 0 = belongs to none */
	struct slice rule;		/* whose hit it is; may be empty */
	uint64_t line, byte;		/* of a printed line in the source, for output members */
	uint32_t start, end;	/* quoted byte range of the stored text; 0, 0 = its first line */
};

enum why_basis { WHY_PROVED, WHY_CORRELATED, WHY_STATED, WHY_NEEDS_EVIDENCE };

struct why {
	struct slice question, answer;
	enum why_basis basis;
	struct slice mechanism;		/* "same instance, request overlaps the failed start" */
	struct slice collect;		/* command that would get the evidence; else empty */
	int64_t *event_id;	/* evidence: the events it cites, oldest first; at most 3 kept */
	size_t events;
	long count, of;	/* "9 of 11": links that hold, links looked at; 0, 0 = no figure */
	int64_t test_id;		/* or a test; 0 = none */
};

struct incident {
	struct slice key;		/* stable identity: class, service, cause */
	enum incident_class class;
	struct slice title;
	enum priority priority;
	struct slice priority_why;	/* "rule python_module_missing" or "class start_failure" */
	struct slice service, revision;	/* the newest */
	int64_t first_ns, last_ns;
	long occurrences, entries, signatures;	/* R22 */
	long requests_joined, requests_open;	/* proved and co-occurring */
	struct slice cause_type, cause_message, cause_place;	/* cause_place "file.py:23" */
	int64_t cause_signature_id;	/* 0 = none */
	struct slice rule;		/* the rule that names it; may be empty */
	struct slice remediation, issue;
	struct member *member;		/* sorted by role, then time */
	size_t members;
	struct why *why;
	size_t whys;
};

const char *incident_class_name(enum incident_class c);	/* "start failure", ... */
const char *member_role_name(enum member_role r);	/* "cause", "failure", ... */
const char *member_basis_name(enum member_basis b);	/* "proved", "rule", "co-occurs" */
const char *why_basis_name(enum why_basis b);		/* "proved", "needs evidence", ... */

#endif
