/*
 * pytest_list.h - the tests that --collect-only lists and nobody runs.
 *
 * A tree, "  <Module test_x.py>" with its functions below it, or with -q one id
 * per line. They are results only when the final line says that so many tests
 * were collected. At most PYTEST_RESULTS ids, PYTEST_LISTED bytes of them and
 * PYTEST_LEVELS levels; a list that is longer is none. Private to read/.
 */
#ifndef READ_PYTEST_LIST_H
#define READ_PYTEST_LIST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/io.h"

#define PYTEST_LISTED ((size_t)32 << 20)
#define PYTEST_LEVELS 32

struct pytest_listed {
	struct slice id;
	uint64_t line, byte;
};

struct pytest_list {
	struct arena arena;
	struct pytest_listed *item;
	size_t items, cap;
	struct slice level[PYTEST_LEVELS];	/* names from the root down */
	bool folder[PYTEST_LEVELS];		/* a Dir or a Package */
	size_t depth;				/* of the last node + 1; 0: no tree */
	uint64_t line, byte;			/* of the last node */
	bool rooted;				/* the first level is the root (pytest 8) */
	bool over;
	struct buf scratch;
};

void	pytest_list_init(struct pytest_list *l);
void	pytest_list_release(struct pytest_list *l);
void	pytest_list_reset(struct pytest_list *l);
/* is it a line of such a list? Then it is taken. */
bool	pytest_list_line(struct pytest_list *l, struct slice line, const struct line *at);
/* the list is over: how many there are */
size_t	pytest_list_end(struct pytest_list *l);

#endif
