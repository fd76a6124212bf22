/*
 * tap_line.h - the lines of TAP 12 to 14, and those that prove puts around them.
 *
 *	TAP version 13
 *	1..4		1..0 # SKIP no display
 *	ok 2 - opens # SKIP why		not ok 3 adds # TODO why
 *	Bail out! why
 *	# Subtest: name
 *	t/a.t .. ok	t/b.t .. skipped: why	t/c.t ..
 *
 * Each takes a line without the blanks before it. Private to read/.
 */
#ifndef READ_TAP_LINE_H
#define READ_TAP_LINE_H

#include "base/buf.h"
#include "base/slice.h"

enum tap_directive { TAP_NO_DIRECTIVE, TAP_SKIP, TAP_TODO };

struct tap_point {
	bool ok;
	bool numbered;
	uint64_t number;
	struct slice name;	/* as written: "\#" is not undone; see tap_name() */
	enum tap_directive directive;
	struct slice reason;
	int64_t duration_ns;	/* of "# time=12.5ms"; CLOCK_NONE if there is none */
};

struct tap_plan {
	long tests;
	bool skip;
	struct slice reason;
};

struct tap_file {		/* a line of prove */
	struct slice name;
	enum { TAP_FILE_BEGINS, TAP_FILE_OK, TAP_FILE_SKIPPED } what;
	struct slice reason;
};

bool	tap_version(struct slice line);
bool	tap_plan(struct slice line, struct tap_plan *p);
bool	tap_point(struct slice line, struct tap_point *p);
bool	tap_bail(struct slice line, struct slice *why);
bool	tap_subtest(struct slice line, struct slice *name);
bool	tap_file(struct slice line, struct tap_file *f);
/* "Dubious, test returned 255 (wstat ...)", "Failed 2/3 subtests", "No subtests run" */
bool	tap_complaint(struct slice line, bool *tests_failed);
/* "Files=6, Tests=10,  1 wallclock secs (...)" */
bool	tap_totals(struct slice line, long *files, long *tests, long *seconds);
/* "# pass 4" of node's and other runners' summaries: the word and the number */
bool	tap_count(struct slice line, struct slice *word, struct slice *number);

/* the name with its escapes undone, behind what is in b */
void	tap_name(struct buf *b, struct slice name);

/* ---- tap_detail.c: what stands behind a point ---- */

/* the value of a key of a YAML block, in b; false when it is not there or empty */
bool	tap_yaml(struct slice block, const char *key, struct buf *b);
/* the first meaningful line of what a failed point says, in b */
void	tap_message(struct slice detail, bool yaml, struct buf *b);
/* "/app/a.test.js:3:29" without its numbers */
struct slice tap_path(struct slice location);

#endif
