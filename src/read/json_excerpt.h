/*
 * json_excerpt.h - what a wrapper says of itself: how many entries there were, and whether it
 * shows only samples of them.
 *
 * Scripts write summaries: counts, and a few entries under a key such as
 * sample_entries. An object that has a list of samples and a count above its length
 * makes the document an excerpt: its totals cannot be checked, and its samples are no
 * evidence. A wrapper that states a total and lists entries under any other key is an
 * export; when it holds another number of them, that is told. Private to read/.
 */
#ifndef READ_JSON_EXCERPT_H
#define READ_JSON_EXCERPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct json_excerpt {
	bool found;		/* samples of this wrapper are no evidence */
	uint64_t of;		/* the largest count seen */
	uint64_t judged_to;	/* end of what was looked at as a whole */
	/* the total that the wrapper states at its top */
	bool stated, exact;	/* exact: the name says that entries are counted */
	uint64_t total;
};

/* the callbacks of json_hooks; ctx is a struct json_excerpt, zeroed for each wrapper */
void	excerpt_enter(void *ctx, struct slice text, uint64_t byte, bool whole);
bool	excerpt_mark(void *ctx, struct slice key);
void	excerpt_number(void *ctx, struct slice key, struct slice value, unsigned level);
/* does the wrapper, which holds that many records, say that there were others? */
bool	excerpt_differs(const struct json_excerpt *x, uint64_t held);

#endif
