/*
 * rules.h - load rules, match them, and test them by their own examples.
 *
 * The format is the manual page netra-triage-rules(5). Matching knows subjects,
 * not files or tables: entries, exceptions and test output all come as a
 * `struct subject` whose fields are looked up by name. cmd includes this header.
 */
#ifndef RULE_RULES_H
#define RULE_RULES_H

#include "base/err.h"
#include "base/pattern.h"
#include "model/entry.h"
#include "model/exception.h"
#include "model/finding.h"
#include "model/rule.h"
#include "model/run.h"

/* ---- loading ---- */

/* called for every fault found; err has where, snippet with caret, note and help */
typedef void rule_fault_fn(void *ctx, const struct err *e);

/*
 * Load every *.yaml of the given files and directories (sorted by name, not
 * recursive) into one set. Any fault makes the whole load fail with ERR_RULES,
 * after all faults of all files were reported. The same rule name twice is a
 * fault that names both places.
 */
int	rules_load(const char *const *path, size_t paths, rule_fault_fn *fault, void *ctx,
	    struct rule_set **rs, struct err *e);
/* one document text, for tests and the fuzzer */
int	rules_load_text(const char *path, struct slice text, rule_fault_fn *fault, void *ctx,
	    struct rule_set **rs, struct err *e);
void	rules_free(struct rule_set *rs);

/* ---- subjects ---- */

#define SUBJECT_FIELD_VALUES 8	/* values that one field name may have (labels.*) */

struct subject {
	enum rule_subject kind;
	struct slice message;
	/* values of the field `name` (dotted, any case); returns how many were put into v */
	size_t (*field)(const struct subject *s, struct slice name,
	    struct slice v[SUBJECT_FIELD_VALUES]);
	const void *of;			/* the record behind it */
	char number[8][24];		/* scratch for numbers shown as text */
};

/* borrow the record; valid while it is. Field names of each kind: netra-triage-rules(5) */
void	subject_of_entry(struct subject *s, const struct entry *e);	/* entry or request */
struct exception_subject {
	const struct exception *exception;
	/* place: raise frame of the cause */
	struct slice service, revision, instance, place;
};
void	subject_of_exception(struct subject *s, const struct exception_subject *x);
/* a failed test: message is its crash message */
void	subject_of_test(struct subject *s, const struct test *t, const struct run *r);
struct line_subject {
	struct slice text;		/* one printed line */
	const struct printed *output;
	const struct run *run;
};
void	subject_of_line(struct subject *s, const struct line_subject *l);

/* ---- matching ---- */

struct rule_matcher;			/* scratch of one thread; opaque */

typedef int rule_hit_fn(void *ctx, const struct hit *hit, struct err *e);

struct rule_matcher *rule_matcher_new(const struct rule_set *rs);
void	rule_matcher_free(struct rule_matcher *m);
/*
 * Try every rule of the subject's kind. hit() is called once for each rule that
 * matches, and once with limit = true for each rule that gave up. The ids in
 * the hit are 0: the caller fills them. Slices in the hit live until the next call.
 */
int	rule_match(struct rule_matcher *m, const struct subject *s, rule_hit_fn *hit, void *ctx,
	    struct err *e);
bool	rules_want(const struct rule_set *rs, enum rule_subject kind);

/*
 * `says`, `remediation`, `ask` or `collect` with ${name} replaced by value(name);
 * ${name:-text} gives text where value() has none. In the arena.
 */
typedef struct slice rule_value_fn(void *ctx, struct slice name);
struct slice rule_expand(struct arena *a, struct slice text, rule_value_fn *value, void *ctx);

/* ---- testing ---- */

struct rule_test_result {
	size_t rules, examples, failed;
};
/* run all examples; fault() is told of each that does not do what it says */
int	rules_test(const struct rule_set *rs, rule_fault_fn *fault, void *ctx,
	    struct rule_test_result *result, struct err *e);

#endif
