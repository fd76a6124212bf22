/*
 * go_run.h - packages and tests of one `go test`, from its JSON or its console.
 *
 * Kept are the tests that are open, with the text that they printed, and, while the
 * name of their package is not known, the results that are waiting for it: the
 * console tells it last. At most GO_OPEN tests and GO_PACKAGES packages at once,
 * GO_HELD results, GO_KEPT bytes of text in all. What goes beyond is counted, and one
 * RUN_LIMIT tells it. Private to read/.
 *
 * A test that was begun and has no verdict when its package ends, or the input, did
 * not finish: it is an error. A package without a test that explains its failure, and
 * one of which only the verdict is printed, has a result of its own, under its name.
 */
#ifndef READ_GO_RUN_H
#define READ_GO_RUN_H

#include "read/go_line.h"
#include "read/run_out.h"

#define GO_OPEN 10000
#define GO_PACKAGES 4096
#define GO_HELD 200000
#define GO_KEPT ((size_t)32 << 20)

struct go_test {
	struct buf name, detail;
	struct buf child;		/* what the first of its subtests that failed says */
	bool child_failed;
	int64_t started_ns;
	uint64_t line, byte, detail_line, detail_byte;
};

/* what the last line of a package says, where the event of its end does not */
enum go_how { GO_AS_TOLD, GO_CACHED, GO_NO_TESTS, GO_NOTHING, GO_UNBUILT };

struct go_package {
	struct buf name;		/* empty: not known yet */
	struct go_test **open;
	size_t opens, cap;
	struct buf detail;		/* what it printed outside of tests */
	struct buf died;		/* what it died of */
	struct test *held;		/* slices live in arena */
	size_t helds, held_cap, held_bytes;
	struct arena arena;
	int64_t started_ns;
	uint64_t line, byte, detail_line, detail_byte;
	long tests, bad;		/* results, and of them those that explain a failure */
	enum go_how how;
	bool framed;			/* it tells which test begins: -v */
	bool ran;			/* its events tell which test begins */
	bool again;			/* its failed tests run again, in the same run */
	bool ended;			/* "PASS" or "FAIL" alone: its tests came to their end */
};

struct go_build {			/* what the compiler said of one package */
	struct buf name, text;
	uint64_t line, byte;
};

struct go_run {
	struct run_out out;
	struct go_package **package;
	size_t packages, cap;
	bool framed;		/* all packages tell which test begins */
	struct go_build *build;
	size_t builds, build_cap;
	size_t kept;			/* bytes of text */
	uint64_t cut, lost;		/* details cut; tests and results beyond a limit */
	/* packages that ended, by how */
	long ok, failed, unbuilt, no_files, no_tests, cached;
	struct buf crash;		/* the first package that died, and of what */
	struct buf id, said;		/* of the result at hand: its id, its message */
	uint64_t unfinished, torn;	/* tests; packages without their end */
};

void	go_run_init(struct go_run *r, const struct read_job *job, const char *format,
	    unsigned fidelity);
void	go_run_release(struct go_run *r);

/*
 * When this package, the only one that is open, has ended in this run already, that
 * is over and the next begins; unless only what failed runs again.
 */
int	go_next_run(struct go_run *r, const struct go_package *p, struct err *e);
/* did it end in this run? */
bool	go_ended(struct go_run *r, struct slice package);
bool	go_is_open(const struct go_run *r, struct slice package);
/* did this test of it fail in this run? */
bool	go_failed(struct go_run *r, struct slice package, struct slice test);
/* the open package of this name, begun if there is none; NULL: too many are open */
struct go_package *go_package(struct go_run *r, struct slice name, const struct line *at);
struct go_test *go_open(struct go_package *p, struct slice name);	/* NULL: not open */
/* NULL: too many are open */
struct go_test *go_begin(struct go_run *r, struct go_package *p, struct slice name, int64_t ns,
	    const struct line *at);
/* one line that a test printed, or (t NULL) its package */
int	go_text(struct go_run *r, struct go_package *p, struct go_test *t, struct slice text,
	    const struct line *at, struct err *e);
/* let n bytes more fit into what the package printed, by dropping what is there */
void	go_make_room(struct go_run *r, struct go_package *p, size_t n);
/* the verdict of an open test, which is open no more */
int	go_close(struct go_run *r, struct go_package *p, struct go_test *t,
	    enum test_outcome outcome, int64_t duration_ns, const struct line *at, struct err *e);
/* the package has its verdict and is gone: tests that are open did not finish */
int	go_package_close(struct go_run *r, struct go_package *p, const struct go_package_line *how,
	    const struct line *at, struct err *e);
/* benchmarks have no verdict: that of their package, which is a pass, is theirs */
int	go_close_benchmarks(struct go_run *r, struct go_package *p, const struct line *at,
	    struct err *e);
/* go_test.c: what is open did not finish; what was held is given on */
int	go_unfinished(struct go_run *r, struct go_package *p, struct err *e);
int	go_put_held(struct go_run *r, struct go_package *p, bool cached, struct err *e);
/* a result that is still held fails after all; false: it is not held */
bool	go_fail_held(struct go_package *p, struct slice name);

/* the compiler's words on a package */
struct go_build *go_build(struct go_run *r, struct slice package, const struct line *at);
void	go_build_text(struct go_run *r, struct go_build *b, struct slice text);

/*
 * The run is over. cut: NULL when packages that are open belong to the next run; else
 * what says that the end is missing, "" if nothing but what is open does.
 */
int	go_run_end(struct go_run *r, const char *cut, struct err *e);

#endif
