/*
 * junit_tree.h - the elements of JUnit XML, as expat meets them.
 *
 * Knows pytest (xunit1, xunit2 and legacy), Surefire with reruns, jest-junit,
 * gotestsum and what is like them. Namespaces are ignored. One document is one
 * run, however many suites it has. Private to read/.
 */
#ifndef READ_JUNIT_TREE_H
#define READ_JUNIT_TREE_H

#include <expat.h>

#include "read/junit_case.h"

#define JUNIT_ATTRIBUTES 100
#define JUNIT_TEXT (1024 * 1024)	/* bytes of text of one element */

enum junit_text { JUNIT_TEXT_NONE, JUNIT_TEXT_DETAIL, JUNIT_TEXT_OUT, JUNIT_TEXT_ERR };

struct junit_tree {
	const struct read_sink *sink;	/* borrowed */
	const struct read_limits *limits;
	const struct zone *zone;	/* for a timestamp that names none */
	struct err *e;
	XML_Parser parser;		/* the one that calls; owned by the caller */
	uint64_t base_line, base_byte;	/* where its document starts in the input */
	struct junit_open open;
	struct junit_table table;
	struct run run;
	struct buf why, reconciled;
	unsigned depth;
	unsigned suites_seen;
	bool begun, root_closed, pytest;
	bool failed;			/* a sink call failed: *e is set */
	bool refused;			/* stopped by a limit or a document type */
	enum junit_text collecting;
	struct buf text;		/* of system-out or system-err */
	uint64_t text_line, text_byte;
	size_t text_bytes;		/* of the element, kept or not */
	bool text_cut;
	long tests, failures, errors, skipped;	/* as the suites say, -1 = nothing */
	int64_t duration_ns;
};

/* takes sink, limits and zone of the job */
void	junit_tree_init(struct junit_tree *t, const struct read_job *job, struct err *e);
void	junit_tree_release(struct junit_tree *t);
/* let `parser` call this tree; its first byte is at this place of the input */
void	junit_tree_attach(struct junit_tree *t, XML_Parser parser, uint64_t line, uint64_t byte);
/* the document is over, whole or not: give everything on. Returns 0 or -1. */
int	junit_tree_finish(struct junit_tree *t);

#endif
