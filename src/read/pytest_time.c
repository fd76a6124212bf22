/*
 * pytest_time.c - "slowest durations": the times of the phases of each test.
 *
 * The list stands before the short summary, which names the letters: it is kept until all
 * names are known. pytest prints two decimals, and leaves out what is under 5 ms unless asked.
 */
#include "config.h"

#include "base/mem.h"
#include "read/pytest_table.h"

#define TIMES_MAX (3 * (size_t)PYTEST_RESULTS)

static bool
phase_word(struct slice word, enum test_phase *phase)
{
	static const enum test_phase phases[] = { PHASE_SETUP, PHASE_CALL, PHASE_TEARDOWN };

	for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++)
		if (slice_eqs(word, test_phase_name(phases[i]))) {
			*phase = phases[i];
			return true;
		}
	return false;
}

void
pytest_table_duration(struct pytest_table *t, struct slice line)
{
	struct slice s = slice_trim(line), number, word;
	struct pytest_time time;

	if (!slice_take_until(&s, ' ', &number) || !slice_ends(number, "s") ||
	    !clock_parse_duration(number, &time.ns) || !slice_take_until(&s, ' ', &word) ||
	    !phase_word(word, &time.phase))
		return;
	s = pytest_table_id(t, slice_trim(s));
	if (s.n == 0)
		return;
	if (t->times >= TIMES_MAX || t->kept + s.n > PYTEST_KEPT) {
		t->cut++;
		return;
	}
	t->kept += s.n;
	time.id = arena_copy(&t->arena, s);
	t->time = mem_grow(t->time, &t->time_cap, t->times + 1, sizeof *t->time);
	t->time[t->times++] = time;
}

static void
at_least(int64_t *ns, int64_t other)
{
	if (*ns == CLOCK_NONE || *ns < other)
		*ns = other;
}

/*
 * The list says that this test ran its call. When all letters of its file that have no name
 * say the same, it is one of them; which one makes no difference.
 */
static struct pytest_result *
letter_of(struct pytest_table *t, struct slice id)
{
	struct slice path = slice_sub(id, 0, slice_find(id, 0, SLICE("::")));
	uint32_t n = names_find(&t->files, path), i;
	struct pytest_result *found = NULL;
	struct pytest_file *f;

	if (n == NAMES_NONE || t->file[n].alike == ALIKE_NO)
		return NULL;
	f = &t->file[n];
	for (i = f->timed ? f->timed : f->first; i; i = t->result[i - 1].next_in_file) {
		struct pytest_result *r = &t->result[i - 1];

		if (r->id.n || r->dropped || r->rerun)
			continue;
		if (!found) {
			found = r;
			f->timed = i;
			/* the rest of the file was looked at for the first one */
			if (f->alike == ALIKE_YES)
				return r;
		} else if (r->outcome != found->outcome) {
			f->alike = ALIKE_NO;
			return NULL;
		}
	}
	f->alike = found ? ALIKE_YES : ALIKE_NO;
	return found;
}

void
pytest_table_time(struct pytest_table *t)
{
	for (size_t i = 0; i < t->times; i++) {
		const struct pytest_time *time = &t->time[i];
		uint32_t n = names_find(&t->ids, time->id);
		struct pytest_result *r = n == NAMES_NONE || t->last[n] == 0 ? NULL :
		    &t->result[t->last[n] - 1];

		if (!r && time->phase == PHASE_CALL) {
			r = letter_of(t, time->id);
			if (r)
				pytest_table_name(t, r, time->id);
		}
		/* which of several attempts took this long is not said */
		if (!r || r->attempt > 1)
			continue;
		/* subtests stand beside their test: it took as long as the longest, or longer */
		if (time->phase == PHASE_SETUP)
			at_least(&r->setup_ns, time->ns);
		else if (time->phase == PHASE_CALL)
			at_least(&r->call_ns, time->ns);
		else
			at_least(&r->teardown_ns, time->ns);
	}
}
