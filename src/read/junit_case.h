/*
 * junit_case.h - the results of one JUnit XML document.
 *
 * A test may have several testcases: pytest writes a failure and the error of its
 * teardown as two, runners that repeat failed tests write one per attempt. So all
 * results are kept until the root element is closed: at most JUNIT_RESULTS, with
 * JUNIT_KEPT bytes of details and JUNIT_NAMES bytes of ids; what goes beyond is
 * counted. Private to read/.
 */
#ifndef READ_JUNIT_CASE_H
#define READ_JUNIT_CASE_H

#include "read/junit_dialect.h"
#include "read/names.h"
#include "read/reader.h"

#define JUNIT_RESULTS 200000
#define JUNIT_KEPT ((size_t)32 << 20)
#define JUNIT_NAMES ((size_t)48 << 20)
#define JUNIT_DETAIL (64 * 1024)	/* bytes of one detail */
#define JUNIT_ATTEMPTS 100		/* inside one testcase */
#define JUNIT_NAME 4096			/* bytes of one name, of one message */

enum junit_child { JUNIT_FAILURE, JUNIT_ERROR, JUNIT_SKIPPED, JUNIT_RERUN_FAILURE,
	JUNIT_RERUN_ERROR, JUNIT_FLAKY_FAILURE, JUNIT_FLAKY_ERROR, JUNIT_CHILDREN };

/* a child element that tells an outcome */
struct junit_told {
	bool there;
	enum junit_child child;
	struct buf message, type, detail;
	int64_t duration_ns, started_ns;
	uint64_t line, byte;			/* of the element */
	uint64_t detail_line, detail_byte;
};

/* a testcase while it is open */
struct junit_open {
	bool open;
	struct buf classname, name, file, status;
	struct buf suite;		/* the suites around it, "::" or " > " between them */
	struct slice suite_name;	/* the innermost of them, in suite */
	struct buf project;		/* of Playwright */
	struct buf time;		/* as written */
	int64_t duration_ns, started_ns;
	uint64_t line, byte;
	unsigned has[JUNIT_CHILDREN];
	struct junit_told first;	/* what decides the outcome */
	struct junit_told again;	/* the attempt being read */
	uint32_t id;			/* its number, NAMES_NONE until it is needed */
	size_t attempt_first;		/* of its attempts in the table */
	size_t attempts;
	bool todo, xfail;
	bool whole_suite;	/* no testcase: the suite itself has failed */
};

struct junit_result {
	struct test test;	/* slices live in the arena */
	uint32_t id;
	bool empty;		/* no child element: a pass, or an attempt without a report */
	bool superseded;	/* a later attempt follows */
};

struct junit_attempt {		/* rerunFailure, flakyFailure and the like */
	struct slice message, detail;
	int64_t duration_ns, started_ns;
	uint64_t line, byte, detail_line, detail_byte;
	bool error;
};

/* of an id */
struct junit_id {
	uint32_t last;		/* its last result + 1; 0: none */
	uint32_t suite;		/* the suite that had it first */
	unsigned same;		/* tests of this name */
};

struct junit_table {
	struct arena arena;
	struct names ids, texts;	/* texts: suites, files and the like */
	struct junit_result *result;
	struct junit_id *about;		/* by number of the id */
	struct junit_attempt attempt[JUNIT_ATTEMPTS];
	size_t results, result_cap, about_cap;
	size_t kept, named;
	uint64_t lost, cut;
	long elements[JUNIT_CHILDREN];	/* read */
	long cases;			/* testcase elements read */
	long unfinished;		/* of pytest: begun, and nothing more */
	long collect;			/* collection errors among them */
	long collect_skipped;		/* files that were skipped whole */
	long merged;			/* errors of teardown added to the failure before, and
					 * what jest writes twice of a file that could not run */
	long teardown;			/* errors of teardown after a pass */
	long again;			/* attempts that left no report */
	long test_main, todo, not_run, attempts;
	long failing, erring;		/* testcases that failed, by a child or a status; errors */
	long hooks;			/* of mocha: no test, but what runs before or after some */
	bool internal;			/* an internal error of pytest */
	struct buf scratch, text;
};

void	junit_open_init(struct junit_open *o);
void	junit_open_reset(struct junit_open *o);
void	junit_open_release(struct junit_open *o);
/* it has failed, whatever follows */
bool	junit_told_bad(const struct junit_open *o);

void	junit_table_init(struct junit_table *t);
void	junit_table_release(struct junit_table *t);

/*
 * The id of an open testcase as its runner prints it; see junit_name.c. It lives in the
 * table. A second test of one name gets another id where tests are not run again.
 */
struct slice junit_nodeid(struct junit_table *t, struct junit_open *o, enum junit_dialect d);
/* class or suite, file and parameters of it; test->nodeid is set */
void	junit_id_parts(struct junit_table *t, const struct junit_open *o, enum junit_dialect d,
	    struct test *test);
/* pytest: no test but a module that could not be collected */
bool	junit_is_module(const struct junit_open *o, enum junit_dialect d);
/* Go: no test but a package that did not build, or failed outside of its tests */
bool	junit_is_package(const struct junit_open *o);
/* jest: no test but a file that could not run */
bool	junit_is_broken(const struct junit_open *o);

/* text for the arena; empty when the limit of the table is hit */
struct slice junit_keep(struct junit_table *t, struct slice s);
/* the same for a name that many have; it is kept once */
struct slice junit_keep_name(struct junit_table *t, struct slice s);
/* the same for one that can be missed: only while there is room for ids, too */
struct slice junit_keep_printed(struct junit_table *t, struct slice s);

/* an attempt inside the testcase is over */
void	junit_table_attempt(struct junit_table *t, struct junit_open *o, enum junit_dialect d);
/* the testcase is closed */
void	junit_table_close(struct junit_table *t, struct junit_open *o, enum junit_dialect d);
/*
 * A suite of jest is closed. It counts fewer tests than it has testcases, by this many: those
 * were marked "todo", look passed and did not run.
 */
void	junit_table_todo(struct junit_table *t, size_t first, long excess);
/*
 * All are closed, or the input is cut. `tests` is what the suites say, -1 if nothing.
 * pytest leaves out of it the attempts that were repeated and writes them without a
 * child: those did not pass. Where the document is cut, its last test may be one.
 */
void	junit_table_finish(struct junit_table *t, enum junit_dialect d, long tests, bool cut);

/* ---- junit_message.c ---- */

/*
 * s without colours, whose ESC junit_filter.c made a DEL. pytest writes what XML forbids as
 * "#x1B": with `escapes` it is read back. s itself when there is nothing of the kind; else it
 * lives in out, which is not s.
 */
struct slice junit_plain(struct buf *out, struct slice s, bool escapes);
/*
 * What the runner's console would print as the message of this failure, error or skip, on one
 * line; name is that of the test. *phase is changed when the message says it. A slice of told,
 * of static text or of b.
 */
struct slice junit_message(enum junit_dialect d, const struct junit_told *told, struct slice name,
	    struct buf *b, enum test_phase *phase);
/* an example of Go has a message in more lines than one: "got: 1, want: 2" */
void	junit_example(struct buf *b, struct slice detail);

#endif
