/*
 * go_line.h - the lines that `go test` prints, and what its JSON holds as Output.
 *
 *	=== RUN   TestA/b		=== PAUSE, === CONT, === NAME
 *	--- FAIL: TestA/b (0.01s)	4 blanks more for each level
 *	ok  <TAB>pkg<TAB>0.1s		(cached), [no tests to run], coverage: ...
 *	FAIL<TAB>pkg<TAB>0.1s		FAIL<TAB>pkg [build failed]
 *	?   <TAB>pkg<TAB>[no test files]
 *	# pkg [pkg.test]		what the compiler or vet says of it follows
 *
 * Output without a newline at its end is glued to the front of what go prints next:
 * the first two are found behind it too. Private to read/.
 */
#ifndef READ_GO_LINE_H
#define READ_GO_LINE_H

#include "base/slice.h"

enum go_frame { GO_RUN, GO_PAUSE, GO_CONT, GO_NAME };

struct go_verdict {
	char what;		/* P, F or S */
	struct slice name;
	int64_t duration_ns;
	unsigned indent;	/* blanks before it */
	struct slice glued;	/* text before it that a test printed */
};

enum go_package_end {
	GO_OK,
	GO_FAIL,
	GO_BUILD_FAILED,	/* [setup failed] too */
	GO_NO_FILES
};

struct go_package_line {
	enum go_package_end end;
	struct slice name;
	int64_t duration_ns;	/* CLOCK_NONE if not printed */
	bool cached, no_tests;
	struct slice note;	/* "build failed" */
};

bool	go_frame(struct slice line, enum go_frame *frame, struct slice *name, struct slice *glued);
bool	go_verdict(struct slice line, struct go_verdict *v);
bool	go_package_line(struct slice line, struct go_package_line *p);
/* "# ex.com/p [ex.com/p.test]" */
bool	go_build_heading(struct slice line, struct slice *package);
/* "panic: ...", "fatal error: ..." and the like: what go prints when a program dies */
bool	go_death(struct slice line);
/* is it a name that the testing package gives to a test, example, fuzz test or benchmark? */
bool	go_test_name(struct slice name);
/* "a_test.go:12: want 1", "a_test.go:3:27: undefined: x": moves *s behind the place */
bool	go_take_place(struct slice *s);
/*
 * The first meaningful line of what a failed test printed: without "a_test.go:12: ",
 * of testify's block its Error. Empty when there is none.
 */
struct slice go_message(struct slice detail);

#endif
