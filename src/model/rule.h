/*
 * rule.h - loaded rules, as the matcher, the store and the reasoning know them.
 *
 * Rules are written by people in YAML: netra-triage-rules(5) is the manual of
 * the format. A rule set is built whole or not at all and is then read-only; all
 * of it lives in its own arena. The detection part is opaque outside rule/.
 */
#ifndef MODEL_RULE_H
#define MODEL_RULE_H

#include "base/arena.h"
#include "base/slice.h"

/* what a rule looks at (logsource) */
enum rule_subject {
	SUBJECT_ENTRY,		/* product: gcp */
	SUBJECT_REQUEST,	/* category: request; entries with httpRequest */
	SUBJECT_EXCEPTION,	/* category: exception; a stitched traceback of the logs */
	SUBJECT_TEST		/* category: test_output; a failure message or a printed line */
};

/* what a hit means for incidents (role:) */
enum rule_role {
	ROLE_ISSUE,	/* opens an incident, unless something on the same instance explains it */
	ROLE_CAUSE,	/* names a cause: opens an incident, and outranks issues it explains */
	ROLE_START_FAILURE,	/* this instance failed to start */
	ROLE_SYMPTOM,		/* never an incident where a cause or failed start explains it */
	ROLE_START,		/* this instance begins to start */
	ROLE_EXIT,		/* the container ended; capture `code` if printed */
	ROLE_BANNER,		/* printed by every start: counts starts, never an incident */
	ROLE_DEPLOY,		/* a change to the service */
	ROLE_HEALTH		/* evidence that something works: never an incident */
};

enum priority { PRIORITY_P0, PRIORITY_P1, PRIORITY_P2, PRIORITY_P3 };
enum strength { STRENGTH_WEAK, STRENGTH_MEDIUM, STRENGTH_STRONG };

struct rule_support {		/* supports: or refutes: */
	struct slice hypothesis;
	enum strength strength;
	bool refutes;
};

struct rule_example {
	bool match;			/* match or no-match */
	const struct slice *name, *value;	/* fields of the subject */
	size_t fields;
	const struct slice *capture_name, *capture_value;	/* expected captures */
	size_t captures;
	unsigned line, col;		/* where it stands in the file */
};

struct detection;			/* opaque: rule/ */

struct rule {
	struct slice name, title, description;
	struct slice path;		/* file it came from */
	unsigned line;			/* of the document */
	unsigned revision;		/* 1 if not stated */
	char hash[65];			/* SHA-256 of the document's text */
	enum rule_subject subject;
	enum rule_role role;
	enum priority priority;
	struct slice issue, says, remediation;
	/* the next why where the chain ends, and the command for it */
	struct slice ask, collect;
	const struct slice *tag;
	size_t tags;
	const struct slice *group_by;	/* fields or captures; default: service */
	size_t group_bys;
	const struct slice *capture;	/* names of all captures of its patterns */
	size_t captures;
	const struct rule_support *support;
	size_t supports;
	const struct rule_example *example;
	size_t examples;
	const struct detection *detection;
};

struct hypothesis_doc {
	struct slice name, title, class_name, issue;	/* class_name H0..H9 */
	enum priority priority;
	const struct slice *rival;
	size_t rivals;
	char hash[65];
};

/* incidents that no rule names get their priority here (a priority: document may change it) */
enum priority_class { PCLASS_START_FAILURE, PCLASS_EXCEPTION, PCLASS_SERVER_ERROR,
	PCLASS_UNKNOWN_ERROR, PCLASS_TEST_ERROR, PCLASS_TEST_FAILURE, PCLASS_COUNT };

struct rule_set {
	struct arena arena;
	struct rule *rule;		/* sorted by name */
	size_t rules;
	struct hypothesis_doc *hypothesis;	/* sorted by name */
	size_t hypotheses;
	enum priority priority[PCLASS_COUNT];
	char hash[65];			/* over all documents, independent of file order */
};

const struct rule *rule_find(const struct rule_set *rs, struct slice name);	/* NULL if none */
/* "entry", "request", "exception", "test" */
const char *rule_subject_name(enum rule_subject s);
const char *rule_role_name(enum rule_role r);		/* "issue", "start-failure", ... */
const char *priority_name(enum priority p);		/* "P0" */
const char *strength_name(enum strength s);		/* "weak" */
const char *priority_class_name(enum priority_class c);	/* "start_failure", ... */

#endif
