/*
 * pytest_line.h - the grammar of single lines that pytest prints while it runs.
 *
 * Scanners over one cleaned line (no colour codes, no \r). Each takes linear
 * time and decides by shape alone; whether a shape may stand at this place is
 * the business of pytest_run.c. Shapes follow _pytest/terminal.py of pytest 5
 * to 9 and of pytest-xdist. Private to read/.
 */
#ifndef READ_PYTEST_LINE_H
#define READ_PYTEST_LINE_H

#include "base/slice.h"

/* "==== title ====", of any fill character pytest uses */
struct pytest_sep {
	char fill;		/* one of = _ - ! + ~ */
	struct slice title;
	size_t left, right;	/* length of the two fills */
	size_t width;		/* of the line, in characters */
};

enum pytest_status {
	PYTEST_PASSED, PYTEST_FAILED, PYTEST_ERROR, PYTEST_SKIPPED, PYTEST_XFAIL, PYTEST_XPASS,
	PYTEST_RERUN, PYTEST_SUB_PASSED, PYTEST_SUB_FAILED, PYTEST_SUB_OTHER, PYTEST_STATUSES
};

struct pytest_row {
	enum pytest_status status;
	struct slice id;	/* as printed; empty when the line names none */
	struct slice why;	/* reason of a skip or xfail */
	struct slice worker;	/* "gw0" */
	struct slice text;	/* printed by the test and glued to the row */
	int64_t duration_ns;	/* CLOCK_NONE if not printed */
	bool progress;		/* "[ 42%]", "[3/45]" or a duration stood at the end */
	bool glued;		/* a word printed by the test is glued to the status */
	bool open;		/* the reason goes on on the next line; glued too */
};

/* "path/test_x.py ..F [ 42%]", "..F", "path/test_x.py " */
struct pytest_letters {
	struct slice path;	/* empty on a line without a path */
	struct slice letters;	/* empty on a line that only opens a file */
	bool progress;
};

struct slice pytest_rtrim(struct slice s);	/* blanks and tabs off the right end */

bool	pytest_sep(struct slice line, struct pytest_sep *s);
/*
 * Did pytest print this separator, on a terminal of `width` columns? It fills a
 * line exactly, odd column to the right, unless the title is too long for that.
 * Text printed by tests seldom does. Width 0: not known yet.
 */
bool	pytest_sep_genuine(const struct pytest_sep *s, size_t width);

/* length of the node id at the start of s ("path.py::name[param]"), 0 if there is none */
size_t	pytest_id_length(struct slice s);
/* is the whole of s one node id? Blanks are allowed inside brackets, elsewhere only if loose. */
bool	pytest_id_valid(struct slice s, bool loose);
/* "test_x.py", "docs/a.rst": something pytest collects, without blanks */
bool	pytest_path_valid(struct slice s);

/* "id PASSED [ 42%]", "id SKIPPED (why)", "id SUBFAILED[m] (i=1)", "id PASSEDprinted text" */
bool	pytest_row(struct slice line, struct pytest_row *row);
/* "[gw0] [ 42%] PASSED id " */
bool	pytest_row_xdist(struct slice line, struct pytest_row *row);
/* "PASSED   [ 42%]" or "FAILEDprinted text": the end of a row that began on an earlier line */
bool	pytest_row_alone(struct slice line, struct pytest_row *row);
/*
 * A line on which the reason of an open row goes on, wrapped by pytest -vv: its text, without
 * the bracket and the progress that close it. row->open: it goes on.
 */
void	pytest_row_reason(struct slice line, struct pytest_row *row);
/* "printed textPASSED": the end of a row whose test printed no line break */
bool	pytest_row_tail(struct slice line, struct pytest_row *row);
/* "id " or "id printed text": a test began; row->text is the rest */
bool	pytest_row_start(struct slice line, struct pytest_row *row);
/* "        id (fixtures used: a).", "        id PASSED": the same under --setup-show */
bool	pytest_row_setup(struct slice line, struct pytest_row *row);
bool	pytest_letters(struct slice line, struct pytest_letters *l);
/*
 * "Killed", "Segmentation fault (core dumped)", "bash: line 1: 4711 Killed   python ...": what a
 * shell says at the end of a line of a process that died. It is taken off the line.
 */
bool	pytest_death(struct slice *line, struct slice *how);
/* "path/test_x.py ..Fprinted text": how many letters there are cannot be told */
bool	pytest_letters_glued(struct slice line);

#endif
