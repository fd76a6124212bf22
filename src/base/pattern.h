/*
 * pattern.h - regular expressions with bounded work; PCRE2 with JIT behind it.
 *
 * A pattern is immutable and may be shared; a matcher holds the scratch memory
 * of one thread. Reaching a limit is an outcome of its own: it never crashes
 * and is never reported as "no match". Any folder may include this header; no
 * other file includes pcre2.h. Syntax: pcre2pattern(3), without \C, callouts,
 * (*VERBS) and recursion.
 */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include "base/err.h"
#include "base/slice.h"

#define PATTERN_TEXT_MAX 4096	/* bytes of a pattern */
#define PATTERN_GROUPS 32	/* capture groups of a pattern, group 0 included */
#define PATTERN_HEAD (64 * 1024)	/* bytes of a subject that are matched: its head ... */
#define PATTERN_TAIL (16 * 1024)	/* ... and its tail */

struct pattern;			/* opaque */
struct matcher;			/* opaque */

enum pattern_flag { PATTERN_CASELESS = 1, PATTERN_MULTILINE = 2, PATTERN_DOTALL = 4 };

enum match_outcome {
	MATCH_NO,
	MATCH_YES,
	MATCH_LIMIT		/* gave up: match, depth, heap or stack limit, or the clock */
};

struct match {
	unsigned groups;				/* 1 + highest group that is set */
	struct slice group[PATTERN_GROUPS];		/* p NULL: group not set */
	size_t start, end;				/* byte range of the match in the subject */
	bool by_clock;	/* MATCH_LIMIT came from the clock backstop */
};

/* on failure *e holds PCRE2's text and *offset the byte in `text` it complains about */
int	pattern_compile(struct slice text, unsigned flags, struct pattern **p, size_t *offset,
	    struct err *e);
void	pattern_free(struct pattern *p);
unsigned pattern_group_count(const struct pattern *p);
/* the i-th named group (0-based): its name and number; false past the last */
bool	pattern_name(const struct pattern *p, unsigned i, const char **name, unsigned *number);

struct matcher *matcher_new(void);
void	matcher_free(struct matcher *m);
/* first match at or after `from`; the subject need not be valid UTF-8 */
enum match_outcome matcher_run(struct matcher *m, const struct pattern *p, struct slice subject,
	    size_t from, struct match *out);

#endif
