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

#define SURE 55		/* a score that does not come of a likeness */

/*
 * How much of the head it takes for the reader to be sure: bytes, up to the end of a line. What
 * a test prints may look like the output of another runner; the runner itself came before.
 */
static size_t
evidence_end(const struct reader *r, struct slice head)
{
	size_t lo = 0, hi = head.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		size_t before = slice_rfind_byte(slice_sub(head, 0, mid), '\n');
		size_t start = before == SIZE_MAX ? 0 : before + 1;
		size_t after = slice_find_byte(head, mid, '\n');

		if (start > lo && r->sniff(slice_sub(head, 0, start), false) >= SURE)
			hi = start;
		else if (after == SIZE_MAX || after + 1 >= hi)
			break;
		else
			lo = after + 1;
	}
	return hi;
}

/* of the readers of test output that are sure the one that is so first */
static const struct reader *
first_runner(const struct reader *best, struct slice head, const int *score)
{
	const struct reader *r, *first = best;
	size_t end = SIZE_MAX, at;
	unsigned sure = 0;

	for (size_t i = 0; (r = reader_at(i)) != NULL; i++)
		sure += r->kind == SOURCE_TESTS && score[i] >= SURE;
	for (size_t i = 0; sure > 1 && (r = reader_at(i)) != NULL; i++) {
		if (r->kind != SOURCE_TESTS || score[i] < SURE)
			continue;
		at = evidence_end(r, head);
		if (at < end || (at == end && r == best)) {
			end = at;
			first = r;
		}
	}
	return first;
}

const struct reader *
reader_detect(struct slice head, bool whole)
{
	int score[sizeof readers / sizeof readers[0]], highest = 0;
	const struct reader *r, *best = NULL;

	/* a script has output in it as an example at most: of a test of this program, say */
	if (slice_starts(head, "#!/"))
		return NULL;
	for (size_t i = 0; (r = reader_at(i)) != NULL; i++) {
		score[i] = r->sniff(head, whole);
		if (score[i] > highest) {
			highest = score[i];
			best = r;
		}
	}
	return best && best->kind == SOURCE_TESTS ? first_runner(best, head, score) : best;
}
