/*
 * detect.h - a compiled detection: selections of field tests, and the condition over them.
 *
 * Private to rule/. Built by load_detect.c and cond.c into the arena of the rule
 * set, read-only afterwards. Patterns are owned by the set (load.c frees them).
 */
#ifndef RULE_DETECT_H
#define RULE_DETECT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/pattern.h"
#include "rule/rules.h"

/* a limit is neither yes nor no; and = min, or = max, not = TRI_YES - x (Kleene) */
enum tri { TRI_NO, TRI_LIMIT, TRI_YES };

/* ---- strings with * and ? ---- */

#define GLOB_ONE 256		/* the token of ? : one character; all others are bytes */
#define GLOB_TEXT_MAX 1024	/* bytes of one value; bounds the work of a search */

struct glob_part {		/* what stands between two stars */
	const uint16_t *token;
	size_t tokens;
};

struct glob {
	const struct glob_part *part;
	size_t parts;
	bool open_start, open_end;	/* begins or ends with a star */
	bool cased;			/* else bytes are stored folded to lower case (ASCII) */
};

/* Sigma's escapes: \* and \? are literal, \\ is one backslash, any other \ is itself */
struct glob glob_compile(struct arena *a, struct slice text, bool cased);
/* the range of s that the literal parts cover; uses all of s unless open */
bool	glob_match(const struct glob *g, struct slice s, size_t *start, size_t *end);

/* ---- selections ---- */

enum value_kind { VALUE_GLOB, VALUE_RE, VALUE_INTEGER, VALUE_REAL, VALUE_NULL, VALUE_EXISTS,
	VALUE_ABSENT, VALUE_LT, VALUE_LTE, VALUE_GT, VALUE_GTE };

struct value {
	enum value_kind kind;
	struct glob glob;
	const struct pattern *pattern;	/* borrowed from the set */
	int64_t integer;
	double real;
};

struct item {			/* one line of a selection: field|modifiers: value or values */
	struct slice field;
	struct slice key;	/* as written, for messages */
	bool is_message;
	bool all;		/* every value has to match, else one */
	bool negate;		/* |neq */
	bool costly;		/* has a pattern: tried after the others */
	const struct value *value;
	size_t values;
};

struct alternative {		/* all items have to match */
	struct item *item;
	size_t items;
};

struct selection {		/* one alternative has to match */
	struct slice name;
	struct alternative *alternative;
	size_t alternatives;
	bool used;		/* the condition names it */
};

/* ---- condition ---- */

#define COND_DEPTH 32		/* parentheses and nots inside each other */

enum cond_kind { COND_SELECTION, COND_NOT, COND_AND, COND_OR };

struct cond {
	enum cond_kind kind;
	size_t selection;	/* COND_SELECTION: index */
	struct cond **child;
	size_t children;
};

struct detection {
	struct selection *selection;
	size_t selections;
	struct cond *cond;
	struct slice condition;		/* as written */
};

/*
 * Parse text over the selections of d, and mark those it uses. On failure *e
 * has text, note and help, and *offset is the byte of the text that is wrong.
 */
int	cond_parse(struct arena *a, struct detection *d, struct slice text, size_t *offset,
	    struct err *e);

/* ---- fields ---- */

/* may a rule for this subject name the field? */
bool	field_known(enum rule_subject kind, struct slice name);
/* the known field nearest to the name, or NULL when none is near */
const char *field_near(enum rule_subject kind, struct slice name);

/* ---- matching one rule ---- */

/* TRI_YES fills the hit; TRI_LIMIT sets hit->limit and the field that gave up */
enum tri rule_match_one(struct rule_matcher *m, const struct rule *r, const struct subject *s,
	    struct hit *hit);
/* result of one selection alone, for the notes of failed examples */
enum tri rule_match_selection(struct rule_matcher *m, const struct selection *sel,
	    const struct subject *s);

/* ---- ${name} in texts ---- */

struct expand_part {
	struct slice text;		/* literal text; or the whole "${...}" */
	struct slice name;		/* empty: only literal text */
	struct slice other;		/* behind ":-" */
	bool has_other;
	bool broken;			/* "${" that is not a name and a closing brace */
};

/* the next piece of *in; false at its end */
bool	expand_next(struct slice *in, struct expand_part *part);

#endif
