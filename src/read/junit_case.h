/*
 * junit_case.h - the results of one JUnit XML document.
 *
 * A test may have several testcases: pytest writes a failure and the error of its
 * teardown as two, runners that repeat failed tests write one per attempt. So all
 * results are kept until the root element is closed: at most JUNIT_RESULTS, with
 * JUNIT_KEPT bytes of details; what goes beyond is counted. Private to read/.
 */
#ifndef READ_JUNIT_CASE_H
#define READ_JUNIT_CASE_H

#include "read/names.h"
#include "read/reader.h"

#define JUNIT_RESULTS 200000
#define JUNIT_KEPT ((size_t)32 << 20)
#define JUNIT_DETAIL (64 * 1024)	/* bytes of one detail */

enum junit_child { JUNIT_FAILURE, JUNIT_ERROR, JUNIT_SKIPPED, JUNIT_RERUN, JUNIT_FLAKY };

/* a testcase while it is open */
struct junit_open {
	bool open;
	struct buf classname, name, file;
	int64_t duration_ns;
	uint64_t line, byte;
	bool has[JUNIT_FLAKY + 1];
	enum junit_child child;		/* being read */
	struct buf message, type;	/* of the child that decides the outcome */
	struct buf detail;		/* and its text */
	uint64_t detail_line, detail_byte;
	unsigned repeats;		/* rerunFailure, flakyFailure and the like */
	bool xfail;
};

struct junit_result {
	struct test test;	/* slices live in the arena */
	bool empty;		/* no child element: a pass, or an attempt without a report */
	bool superseded;	/* a later attempt follows */
};

struct junit_table {
	struct arena arena;
	struct names ids;
	struct junit_result *result;
	uint32_t *last;		/* by number of the id: its last result + 1 */
	size_t results, result_cap, last_cap;
	size_t kept;
	uint64_t lost, cut;
	long failures, errors, skipped;	/* elements read */
	long cases;			/* testcase elements read */
	long collect;			/* collection errors among them */
	bool internal;			/* an internal error of pytest */
	struct buf scratch;
};

void	junit_open_init(struct junit_open *o);
void	junit_open_reset(struct junit_open *o);
void	junit_open_release(struct junit_open *o);

void	junit_table_init(struct junit_table *t);
void	junit_table_release(struct junit_table *t);

/*
 * The node id as pytest prints it, in scratch until the next call: from `file` if
 * there is one, else from the dotted class name when it looks like one of pytest,
 * else "classname::name".
 */
struct slice junit_nodeid(struct junit_table *t, const struct junit_open *o, bool pytest);
/* the testcase is closed */
void	junit_table_close(struct junit_table *t, const struct junit_open *o, bool pytest);
/*
 * All are closed. `tests` is what the suites say, -1 if nothing. pytest leaves out
 * of it the attempts that were repeated and writes them without a child: those did
 * not pass.
 */
void	junit_table_finish(struct junit_table *t, bool pytest, long tests);

#endif
