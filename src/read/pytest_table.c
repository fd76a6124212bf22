/*
 * pytest_table.c - rows, letters and summary lines to results.
 */
#include "config.h"

#include "read/pytest_table.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define ID_MAX 4096	/* bytes of an id that are kept */
#define WHY_MAX 4096	/* bytes of a reason or of a message of the short summary */

static const struct {
	char letter;
	enum pytest_status status;
} letter_status[] = {
	{ '.', PYTEST_PASSED }, { 'F', PYTEST_FAILED }, { 'E', PYTEST_ERROR },
	{ 's', PYTEST_SKIPPED }, { 'x', PYTEST_XFAIL }, { 'X', PYTEST_XPASS },
	{ 'R', PYTEST_RERUN },
};

static const enum test_outcome outcome_of[] = {
	[PYTEST_PASSED] = TEST_PASSED, [PYTEST_FAILED] = TEST_FAILED,
	[PYTEST_ERROR] = TEST_ERROR, [PYTEST_SKIPPED] = TEST_SKIPPED,
	[PYTEST_XFAIL] = TEST_XFAILED, [PYTEST_XPASS] = TEST_XPASSED,
	[PYTEST_RERUN] = TEST_FAILED,
};

/* until a heading says more: an error is one of setup, and a skip may come from anywhere */
static enum test_phase
phase_of(enum test_outcome outcome)
{
	if (outcome == TEST_ERROR)
		return PHASE_SETUP;
	return outcome == TEST_SKIPPED ? PHASE_NONE : PHASE_CALL;
}

void
pytest_table_init(struct pytest_table *t)
{
	*t = (struct pytest_table){ 0 };
	arena_init(&t->arena);
	arena_init(&t->said_arena);
	names_init(&t->ids, &t->arena);
	names_init(&t->files, &t->arena);
	names_init(&t->headings, &t->arena);
	buf_init(&t->scratch, ID_MAX);
}

void
pytest_table_release(struct pytest_table *t)
{
	buf_release(&t->scratch);
	free(t->tail);
	free(t->head);
	free(t->said);
	free(t->sub);
	free(t->time);
	free(t->capture);
	free(t->block);
	free(t->file);
	free(t->last);
	free(t->result);
	names_release(&t->headings);
	names_release(&t->files);
	names_release(&t->ids);
	arena_release(&t->said_arena);
	arena_release(&t->arena);
}

struct slice
pytest_table_id(struct pytest_table *t, struct slice id)
{
	size_t colons = slice_find(id, 0, SLICE("::"));

	buf_reset(&t->scratch);
	buf_put_slice(&t->scratch, slice_sub(id, 0, ID_MAX - 1));
	for (size_t i = 0; i < t->scratch.n && i < colons; i++)
		if (t->scratch.p[i] == '\\')
			t->scratch.p[i] = '/';
	return buf_slice(&t->scratch);
}

static struct pytest_result *
last_of(struct pytest_table *t, struct slice id)
{
	uint32_t n = names_find(&t->ids, id);

	return n == NAMES_NONE || t->last[n] == 0 ? NULL : &t->result[t->last[n] - 1];
}

bool
pytest_table_known(struct pytest_table *t, struct slice id)
{
	return last_of(t, pytest_table_id(t, id)) != NULL;
}

void
pytest_table_name(struct pytest_table *t, struct pytest_result *r, struct slice id)
{
	size_t had = t->ids.count;
	uint32_t n = names_put(&t->ids, id);

	if (n >= had) {
		t->last = mem_grow(t->last, &t->last_cap, n + (size_t)1, sizeof *t->last);
		t->last[n] = 0;
	}
	r->id = t->ids.name[n];
	t->last[n] = (uint32_t)(r - t->result) + 1;
}

static uint32_t
file_number(struct pytest_table *t, struct slice path)
{
	size_t had = t->files.count;
	uint32_t n = names_put(&t->files, path);

	if (n >= had) {
		t->file = mem_grow(t->file, &t->file_cap, n + (size_t)1, sizeof *t->file);
		t->file[n] = (struct pytest_file){ 0 };
	}
	return n;
}

struct pytest_result *
pytest_table_add(struct pytest_table *t, struct slice id, const struct line *at)
{
	struct pytest_result *r;

	if (t->results >= PYTEST_RESULTS) {
		t->lost++;
		return NULL;
	}
	t->result = mem_grow(t->result, &t->result_cap, t->results + 1, sizeof *t->result);
	r = &t->result[t->results++];
	*r = (struct pytest_result){ .attempt = 1, .duration_ns = CLOCK_NONE,
		.setup_ns = CLOCK_NONE, .call_ns = CLOCK_NONE, .teardown_ns = CLOCK_NONE,
		.line = at->no, .byte = at->byte, .file = NAMES_NONE };
	if (id.n)
		pytest_table_name(t, r, id);
	return r;
}

static void
set_outcome(struct pytest_result *r, enum test_outcome outcome)
{
	r->outcome = outcome;
	r->phase = phase_of(outcome);
	if (r->child_failed && outcome == TEST_PASSED)
		r->outcome = TEST_FAILED;
}

/* the teardown of a test that had its result already went wrong */
static void
add_teardown_error(struct pytest_result *r)
{
	r->call_failed = r->outcome == TEST_FAILED;
	r->outcome = TEST_ERROR;
	r->phase = PHASE_TEARDOWN;
}

static void
fail_of_child(struct pytest_table *t, struct pytest_result *r, struct slice id,
    const struct line *at)
{
	if (!r) {
		r = pytest_table_add(t, id, at);
		if (!r)
			return;
		r->child_only = true;
	}
	r->child_failed = true;
	if (r->child_only || r->outcome == TEST_PASSED) {
		r->outcome = TEST_FAILED;
		r->phase = PHASE_CALL;
	}
}

void
pytest_table_row(struct pytest_table *t, const struct pytest_row *row, const struct line *at)
{
	struct slice id = pytest_table_id(t, row->id);
	struct pytest_result *r = last_of(t, id);
	unsigned attempt = 1;

	t->rows = true;
	t->seen[row->status]++;
	if (row->status == PYTEST_SUB_FAILED)
		fail_of_child(t, r, id, at);
	if (row->status >= PYTEST_SUB_PASSED)
		return;
	if (r && !r->rerun && !r->child_only && row->status == PYTEST_ERROR &&
	    r->outcome != TEST_ERROR) {
		add_teardown_error(r);
		return;
	}
	if (r && r->glued && row->status != PYTEST_RERUN)
		t->seen[r->status]--;
	else if (r && !r->child_only)
		attempt = r->attempt + 1;
	if (!r || attempt > 1)
		r = pytest_table_add(t, id, at);
	if (!r) {
		t->rows_lost++;
		return;
	}
	r->attempt = attempt;
	r->status = row->status;
	r->rerun = row->status == PYTEST_RERUN;
	r->glued = row->glued;
	r->child_only = false;
	r->line = at->no;
	r->byte = at->byte;
	r->duration_ns = row->duration_ns;
	r->why = arena_copy(&t->arena, slice_sub(row->why, 0, WHY_MAX));
	r->worker = arena_copy(&t->arena, row->worker);
	if (!slice_eq(r->id, row->id))
		r->printed = arena_copy(&t->arena, slice_sub(row->id, 0, ID_MAX));
	set_outcome(r, outcome_of[row->status]);
	/* run=False: it was not even set up */
	if (r->outcome == TEST_XFAILED && slice_starts(r->why, "[NOTRUN]"))
		r->phase = PHASE_SETUP;
}

void
pytest_table_reason(struct pytest_table *t, struct slice more)
{
	struct pytest_result *r = t->results ? &t->result[t->results - 1] : NULL;

	if (!r || r->why.n + more.n + 1 > WHY_MAX)
		return;
	r->why = slice_str(arena_printf(&t->arena, "%.*s %.*s", SLICE_ARG(r->why),
	    SLICE_ARG(more)));
}

struct pytest_result *
pytest_table_open(struct pytest_table *t, struct slice id, const struct line *at)
{
	struct pytest_result *before = last_of(t, id), *r;
	unsigned attempt = before ? before->attempt + 1 : 1;

	/* what looked like its result was printed by it, perhaps */
	if (before && before->glued)
		return before;
	r = pytest_table_add(t, id, at);
	if (r)
		r->attempt = attempt;
	return r;
}

/* one letter that stands for a result */
static void
add_letter(struct pytest_table *t, uint32_t file, enum pytest_status status,
    const struct line *at)
{
	struct pytest_result *before = t->results ? &t->result[t->results - 1] : NULL, *r;
	struct pytest_file *f = &t->file[file];
	unsigned attempt = 1;

	if (before && before->letter && before->rerun && before->file == file)
		attempt = before->attempt + 1;
	t->seen[status]++;
	r = pytest_table_add(t, (struct slice){ 0 }, at);
	if (!r) {
		t->rows_lost++;
		return;
	}
	r->letter = true;
	r->status = status;
	r->file = file;
	r->attempt = attempt;
	r->ordinal = attempt > 1 ? f->results : ++f->results;
	r->rerun = status == PYTEST_RERUN;
	set_outcome(r, outcome_of[status]);
	if (status == PYTEST_ERROR && f->last &&
	    t->result[f->last - 1].outcome == TEST_PASSED) {
		r->unsure = true;
		r->phase = PHASE_NONE;
	}
	if (f->last)
		t->result[f->last - 1].next_in_file = (uint32_t)t->results;
	else
		f->first = (uint32_t)t->results;
	f->last = (uint32_t)t->results;
}

void
pytest_table_letters(struct pytest_table *t, struct slice path, struct slice letters,
    const struct line *at)
{
	uint32_t file = file_number(t, pytest_table_id(t, path));

	t->letters = true;
	for (size_t i = 0; i < letters.n; i++) {
		enum pytest_status status = PYTEST_STATUSES;

		for (size_t k = 0; k < sizeof letter_status / sizeof letter_status[0]; k++)
			if (letters.p[i] == letter_status[k].letter)
				status = letter_status[k].status;
		if (status == PYTEST_STATUSES)
			t->sub_letters++;
		else
			add_letter(t, file, status, at);
	}
}

struct pytest_result *
pytest_table_unnamed(struct pytest_table *t, struct slice path, enum test_outcome outcome)
{
	uint32_t n = names_find(&t->files, path), *next;

	if (n == NAMES_NONE)
		n = names_find(&t->files, (struct slice){ 0 });
	if (n == NAMES_NONE)
		return NULL;
	/* every file is walked once per outcome, however many names are looked up */
	next = &t->file[n].next[outcome];
	if (*next == 0)
		*next = t->file[n].first;
	while (*next) {
		struct pytest_result *r = &t->result[*next - 1];

		if (!r->id.n && !r->rerun && !r->dropped && r->outcome == outcome)
			return r;
		if (!r->next_in_file)
			return NULL;
		*next = r->next_in_file;
	}
	return NULL;
}

/* the id at the start of "id - message": a known one if there is any */
static struct slice
split_known(struct pytest_table *t, struct slice rest, struct slice *message)
{
	struct slice id = pytest_rtrim(rest);
	size_t at = 0;

	*message = (struct slice){ 0 };
	if (pytest_table_known(t, id))
		return id;
	for (unsigned tries = 0; tries < 16; tries++) {
		at = slice_find(rest, at, SLICE(" - "));
		if (at == SIZE_MAX)
			break;
		id = slice_sub(rest, 0, at);
		if (pytest_table_known(t, id)) {
			*message = slice_sub(rest, at + 3, rest.n);
			return id;
		}
		at++;
	}
	pytest_summary_split(rest, &id, message);
	return id;
}

static struct slice
letters_path(const struct pytest_table *t, const struct pytest_result *r)
{
	return r->file == NAMES_NONE ? (struct slice){ 0 } : t->files.name[r->file];
}

static void
summary_of_known(struct pytest_table *t, struct pytest_result *r, const struct pytest_summary *s)
{
	struct pytest_result *letter;

	if (s->rerun)
		return;
	if (s->sub) {
		r->child_failed = true;
		if (r->outcome == TEST_PASSED)
			set_outcome(r, TEST_PASSED);
	} else if (s->outcome == TEST_ERROR && r->outcome != TEST_ERROR) {
		add_teardown_error(r);
		/* its letter came right behind that of the test itself */
		letter = pytest_table_unnamed(t, letters_path(t, r), TEST_ERROR);
		if (letter)
			letter->dropped = true;
	} else if (s->outcome == TEST_FAILED && r->outcome == TEST_PASSED) {
		set_outcome(r, TEST_FAILED);
	} else if (s->outcome == TEST_FAILED && r->outcome == TEST_ERROR && !r->call_failed) {
		letter = pytest_table_unnamed(t, letters_path(t, r), TEST_FAILED);
		if (letter)
			letter->dropped = true;
		r->call_failed = true;
		r->phase = PHASE_TEARDOWN;
	}
}

static void
add_sub(struct pytest_table *t, struct slice id, struct slice message, const struct line *at)
{
	if (t->subs >= PYTEST_RESULTS) {
		t->lost++;
		return;
	}
	t->sub = mem_grow(t->sub, &t->sub_cap, t->subs + 1, sizeof *t->sub);
	t->sub[t->subs++] = (struct pytest_sub){ arena_copy(&t->arena, id),
		arena_copy(&t->arena, slice_sub(message, 0, WHY_MAX)), t->said_last, at->no,
		at->byte };
}

static struct pytest_result *
say_new(struct pytest_table *t, const struct pytest_summary *s, struct slice id,
    const struct line *at)
{
	bool collect = s->outcome == TEST_ERROR && slice_find(id, 0, SLICE("::")) == SIZE_MAX;
	struct pytest_result *r = NULL;
	bool unsure;

	if (!collect)
		r = pytest_table_unnamed(t, slice_sub(id, 0, slice_find(id, 0, SLICE("::"))),
		    s->outcome);
	if (r)
		pytest_table_name(t, r, id);
	else
		r = pytest_table_add(t, id, at);
	if (!r)
		return NULL;
	unsure = r->unsure;
	set_outcome(r, s->outcome);
	if (s->phase != PHASE_NONE)
		r->phase = s->phase;
	else if (unsure)
		r->phase = PHASE_NONE;
	if (collect) {
		r->phase = PHASE_COLLECT;
		t->collect_errors++;
	}
	return r;
}

static void
say(struct pytest_table *t, const struct pytest_summary *s, const struct line *at)
{
	struct slice message, id = split_known(t, s->rest, &message), printed = id;
	struct pytest_result *r;

	id = pytest_table_id(t, id);
	r = last_of(t, id);
	t->sub_summary += s->sub;
	if (r) {
		summary_of_known(t, r, s);
	} else if (s->rerun || (!at->ended && !message.n)) {
		/* nothing says that the id ends where the input does */
		return;
	} else if (s->sub) {
		add_sub(t, id, message, at);
		return;
	} else {
		r = say_new(t, s, id, at);
		if (!r)
			return;
		if (!slice_eq(r->id, printed))
			r->printed = arena_copy(&t->arena, slice_sub(printed, 0, ID_MAX));
	}
	t->said_last = (uint32_t)(r - t->result) + 1;
	if (message.n && !r->why.n && (!s->sub || r->child_failed))
		r->why = arena_copy(&t->arena, slice_sub(message, 0, WHY_MAX));
}

void
pytest_table_summary(struct pytest_table *t, const struct pytest_summary *s,
    const struct line *at)
{
	size_t n = s->rest.n < ID_MAX + WHY_MAX ? s->rest.n : ID_MAX + WHY_MAX;
	struct pytest_said *said;

	if (t->saids >= PYTEST_RESULTS || t->said_kept + n > PYTEST_KEPT) {
		t->lost++;
		return;
	}
	t->said = mem_grow(t->said, &t->said_cap, t->saids + 1, sizeof *t->said);
	said = &t->said[t->saids++];
	*said = (struct pytest_said){ *s, at->no, at->byte, !at->ended };
	said->summary.rest = arena_copy(&t->said_arena, slice_sub(s->rest, 0, n));
	t->said_kept += n;
}

void
pytest_table_unsay(struct pytest_table *t)
{
	arena_reset(&t->said_arena);
	t->saids = t->said_kept = 0;
}

void
pytest_table_say(struct pytest_table *t)
{
	for (size_t i = 0; i < t->saids; i++)
		say(t, &t->said[i].summary, &(struct line){ .no = t->said[i].line,
		    .byte = t->said[i].byte, .ended = !t->said[i].cut });
	pytest_table_unsay(t);
}

static struct slice
keep(struct pytest_table *t, struct slice s)
{
	if (t->kept + s.n > PYTEST_KEPT) {
		t->cut++;
		return (struct slice){ 0 };
	}
	t->kept += s.n;
	return arena_copy(&t->arena, s);
}

uint32_t
pytest_table_block(struct pytest_table *t, const struct pytest_block *b)
{
	struct pytest_block *kept;

	if (t->blocks >= PYTEST_RESULTS) {
		t->cut++;
		return NAMES_NONE;
	}
	t->block = mem_grow(t->block, &t->block_cap, t->blocks + 1, sizeof *t->block);
	kept = &t->block[t->blocks];
	*kept = *b;
	kept->title = arena_copy(&t->arena, slice_sub(b->title, 0, ID_MAX));
	kept->file = arena_copy(&t->arena, pytest_table_id(t, b->file));
	kept->crashed = arena_copy(&t->arena, slice_sub(b->crashed, 0, ID_MAX));
	kept->message = arena_copy(&t->arena, slice_sub(b->message, 0, WHY_MAX));
	kept->detail = keep(t, b->detail);
	kept->result = NAMES_NONE;
	return (uint32_t)t->blocks++;
}

bool
pytest_table_capture(struct pytest_table *t, const struct pytest_capture *c)
{
	struct slice text = keep(t, c->text);
	struct pytest_capture *kept;

	if (text.n == 0 || t->captures >= 4 * (size_t)PYTEST_RESULTS)
		return false;
	t->capture = mem_grow(t->capture, &t->capture_cap, t->captures + 1, sizeof *t->capture);
	kept = &t->capture[t->captures++];
	*kept = *c;
	kept->section = arena_copy(&t->arena, slice_sub(c->section, 0, 200));
	kept->text = text;
	return true;
}
