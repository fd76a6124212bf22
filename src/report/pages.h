/*
 * pages.h - a run and a result of a test, all that is known of them; cmd includes this header.
 *
 * No sections of a worklog: `show uN` and `show tN` print them.
 */
#ifndef REPORT_PAGES_H
#define REPORT_PAGES_H

#include "model/result.h"
#include "report/doc.h"

#define PAGE_ROWS 20		/* of each list of a page; the rest is one command away */

/*
 * "stopped after 61 of 215 tests: 51 passed, 7 failed, 3 errors, 154 not run": what came
 * of a run, from its results. Never "passed" for one that did not run to its end.
 */
void	run_line(struct doc *d, struct doc_node *n, const struct case_run *r);
/* the same as text; in the arena */
struct slice run_line_text(struct arena *a, const struct case_run *r);
/*
 * Tests that were to run and have no result: selected, or collected without the
 * deselected, less those that have one. Of a run that came to its end only those that it
 * names. -1: not known.
 */
long	run_not_run(const struct case_run *r);

/* failed and error, as printed or counted, in all attempts */
long	run_failures(const struct case_run *r);
/* it came to its end, a test passed, none failed or was left out, and nothing speaks against it */
bool	run_is_pass(const struct case_run *r);

struct run_page {
	const struct case_run *run;
	const struct run_detail *detail;
	const struct zone *zone;
	/* at most PAGE_ROWS of each, and how many there are */
	const struct result_group *failure, *skip;
	size_t failures, skips;
	const struct result *slow, *suspicious, *unrun;
	const struct slice *why;	/* of each suspicious */
	size_t slows, suspicions, unruns;
	long failures_total, skips_total, suspicions_total, unruns_total;
};
void	run_page(const struct run_page *p, struct doc *d);

/* why: what is odd about its duration, or empty */
void	result_page(const struct result_detail *r, struct slice why, const struct zone *zone,
	    struct doc *d);

#endif
