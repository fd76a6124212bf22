/*
 * readers.c - the list of formats, and the choice among them by content.
 */
#include "config.h"

#include <string.h>

#include "read/reader.h"

#define READER(id, name) extern const struct reader reader_##id;
#include "read/reader_list.h"
#undef READER

static const struct reader *const readers[] = {
#define READER(id, name) &reader_##id,
#include "read/reader_list.h"
#undef READER
};

const struct read_limits read_limits_default = {
	.record = 4 * 1024 * 1024,
	.depth = 64,
};

const struct reader *
reader_at(size_t i)
{
	return i < sizeof readers / sizeof readers[0] ? readers[i] : NULL;
}

const struct reader *
reader_by_name(const char *name)
{
	const struct reader *r = NULL;

	for (size_t i = 0; (r = reader_at(i)) != NULL; i++) {
		if (strcmp(r->name, name) == 0)
			break;
	}
	return r;
}

const struct reader *
reader_detect(struct slice head, bool whole)
{
	const struct reader *r, *best = NULL;
	int highest = 0;

	/* a script has output in it as an example at most: of a test of this program, say */
	if (slice_starts(head, "#!/"))
		return NULL;
	for (size_t i = 0; (r = reader_at(i)) != NULL; i++) {
		int score = r->sniff(head, whole);

		if (score > highest) {
			highest = score;
			best = r;
		}
	}
	return best;
}
