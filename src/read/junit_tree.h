/*
 * junit_tree.h - the elements of JUnit XML, as expat meets them.
 *
 * Namespaces are ignored. One document is one run, however many suites it has; what
 * they state is summed over the outermost that state anything. Where a document is
 * cut, what was closed counts, and a testcase that was open only if it had failed by
 * then. Private to read/.
 */
#ifndef READ_JUNIT_TREE_H
#define READ_JUNIT_TREE_H

#include <expat.h>

#include "read/junit_case.h"
#include "read/junit_filter.h"

#define JUNIT_ATTRIBUTES 100
#define JUNIT_TEXT (1024 * 1024)	/* bytes of text of one element */
#define JUNIT_FACTS 10000		/* properties of one run */

enum junit_text { JUNIT_TEXT_NONE, JUNIT_TEXT_FIRST, JUNIT_TEXT_AGAIN, JUNIT_TEXT_OUT,
	JUNIT_TEXT_ERR, JUNIT_TEXT_MORE, JUNIT_TEXT_PROPERTY };

/* what suites state, -1 = nothing */
struct junit_stated {
	long tests, failures, errors, skipped, disabled;
	long passed, todo, cancelled;	/* of node only */
};

struct junit_suite {		/* one that is open */
	size_t path;		/* bytes of the path above it */
	size_t first;		/* result of it */
	long cases, tests, errors;	/* read before it; stated */
	bool counts;		/* it or one around it states how many tests it has */
};

struct junit_tree {
	const struct read_sink *sink;	/* borrowed */
	const struct read_limits *limits;
	const struct zone *zone;	/* for a timestamp that names none */
	const struct junit_filter *filter;	/* what stands before the parser */
	struct err *e;
	XML_Parser parser;		/* the one that calls; owned by the caller */
	uint64_t base_line, base_byte;	/* where its document starts, as the parser counts */
	enum junit_dialect dialect;
	struct junit_open open;
	struct junit_table table;
	struct run run;
	struct buf why, reconciled, host, command, env, commit;
	unsigned depth;
	struct junit_suite *suite;
	size_t suites, suite_cap;
	struct buf path, project;	/* of the suites that are open */
	struct junit_stated sum, root;
	bool begun, root_closed;
	bool failed;			/* a sink call failed: *e is set */
	bool refused;			/* stopped by a limit or a document type */
	/* text being collected: junit_output.c */
	enum junit_text collecting;
	struct slice section;		/* static text */
	struct buf text;
	struct buf before[2];		/* the system-out and system-err that came before */
	struct buf property;		/* name of the property; message of what is read */
	uint64_t text_line, text_byte;
	size_t text_bytes;		/* of the element, kept or not */
	bool text_cut, text_flushed;
	uint64_t facts;
	int64_t duration_ns, root_ns;
};

/* takes sink, limits and zone of the job */
void	junit_tree_init(struct junit_tree *t, const struct read_job *job,
	    const struct junit_filter *filter, struct err *e);
void	junit_tree_release(struct junit_tree *t);
/* let `parser` call this tree; its first byte is at this place, as the parser counts */
void	junit_tree_attach(struct junit_tree *t, XML_Parser parser, uint64_t line, uint64_t byte);
/* is a testcase open of which nothing is known? it is damaged when nothing follows */
bool	junit_tree_damaged(const struct junit_tree *t);

/* the place of the parser in the input */
void	junit_tree_place(const struct junit_tree *t, uint64_t *line, uint64_t *byte);
/* a call of the sink failed */
void	junit_tree_stop(struct junit_tree *t);

/* junit_output.c: what tests printed, and properties */
void	junit_text_start(struct junit_tree *t, enum junit_text kind, const char *section);
void	junit_text_add(struct junit_tree *t, struct slice s);
void	junit_text_end(struct junit_tree *t);
/* one line under a heading, of the test that is open */
void	junit_text_line(struct junit_tree *t, const char *section, struct slice line);
void	junit_property(struct junit_tree *t, struct slice name, struct slice value);

/* junit_end.c: the document is over, whole or not: give everything on. Returns 0 or -1. */
int	junit_tree_finish(struct junit_tree *t);

#endif
