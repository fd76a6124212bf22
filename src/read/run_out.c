/*
 * run_out.c - what the readers of go, jest and TAP do alike.
 */
#include "config.h"

#include "read/run_out.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BITS 8

void
run_out_init(struct run_out *o, const struct read_job *job, const char *framework,
    const char *format, unsigned fidelity)
{
	*o = (struct run_out){ .sink = job->sink, .bits = FIRST_BITS };
	o->run = run_none;
	o->run.format = slice_str(format);
	o->run.fidelity = fidelity;
	buf_init(&o->framework, 200);
	buf_puts(&o->framework, framework);
	buf_init(&o->command, RUN_OUT_MESSAGE);
	buf_init(&o->why, 1000);
	buf_init(&o->reconciled, 1000);
	buf_init(&o->name, RUN_OUT_NAME + 32);
	buf_init(&o->text, RUN_OUT_TEXT);
	buf_init(&o->of, RUN_OUT_NAME);
	buf_init(&o->section, 200);
	buf_puts(&o->section, "stdout");
	o->id = mem_calloc((size_t)1 << o->bits, sizeof *o->id);
}

void
run_out_release(struct run_out *o)
{
	free(o->id);
	buf_release(&o->section);
	buf_release(&o->of);
	buf_release(&o->text);
	buf_release(&o->name);
	buf_release(&o->reconciled);
	buf_release(&o->why);
	buf_release(&o->command);
	buf_release(&o->framework);
}

void
run_out_add(struct buf *b, struct slice s)
{
	buf_put_slice(b, slice_sub(s, 0, text_utf8_floor(s, b->max - b->n)));
}

void
run_out_set(struct buf *b, struct slice s)
{
	buf_reset(b);
	run_out_add(b, s);
}

/* ---- ids ---- */

static uint64_t
hash_of(struct slice s)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
	return h ^ (h >> 32);
}

static struct run_id *
slot_of(struct run_id *id, unsigned bits, uint64_t hash)
{
	size_t mask = ((size_t)1 << bits) - 1, i = (size_t)hash & mask;

	while (id[i].times > 0 && id[i].hash != hash)
		i = (i + 1) & mask;
	return &id[i];
}

static void
grow_ids(struct run_out *o)
{
	unsigned bits = o->bits + 1;
	struct run_id *id = mem_calloc((size_t)1 << bits, sizeof *id);

	for (size_t i = 0; i < (size_t)1 << o->bits; i++)
		if (o->id[i].times > 0)
			*slot_of(id, bits, o->id[i].hash) = o->id[i];
	free(o->id);
	o->id = id;
	o->bits = bits;
}

bool
run_out_seen(const struct run_out *o, struct slice text)
{
	return slot_of(o->id, o->bits, hash_of(text))->times > 0;
}

uint32_t
run_out_times(struct run_out *o, struct slice text)
{
	uint64_t hash = hash_of(text);
	struct run_id *slot = slot_of(o->id, o->bits, hash);

	if (slot->times == 0) {
		if (o->ids >= RUN_OUT_IDS) {
			if (!o->ids_full)
				diag_put(&o->sink->diag, DIAG_RUN_LIMIT, o->run.line, 0,
				    o->run.byte, "more than %u names: repeated ones are not told "
				    "apart", RUN_OUT_IDS);
			o->ids_full = true;
			return 1;
		}
		if (++o->ids * 2 > (size_t)1 << o->bits) {
			grow_ids(o);
			slot = slot_of(o->id, o->bits, hash);
		}
		slot->hash = hash;
	}
	if (slot->times < UINT32_MAX)
		slot->times++;
	return slot->times;
}

static void
forget_ids(struct run_out *o)
{
	free(o->id);
	o->bits = FIRST_BITS;
	o->id = mem_calloc((size_t)1 << o->bits, sizeof *o->id);
	o->ids = 0;
	o->ids_full = false;
}

/* ---- the run ---- */

bool
run_out_command(struct run_out *o, struct slice line, const char *word)
{
	struct slice s = line;

	while (slice_take_byte(&s, '+'))
		;
	if (s.n == line.n && !slice_take_str(&s, "$") && !slice_take_str(&s, ">"))
		return false;
	if (!slice_take_byte(&s, ' ') || slice_find(s, 0, slice_str(word)) == SIZE_MAX)
		return false;
	if (!o->begun)
		run_out_set(&o->command, slice_trim(s));
	return true;
}

int
run_out_begin(struct run_out *o, uint64_t line, uint64_t byte, struct err *e)
{
	struct slice format = o->run.format;
	unsigned fidelity = o->run.fidelity;

	if (o->begun)
		return 0;
	o->begun = true;
	o->run = run_none;
	o->run.format = format;
	o->run.fidelity = fidelity;
	o->run.framework = buf_slice(&o->framework);
	o->run.command = buf_slice(&o->command);
	o->run.state_why = SLICE("still being read");
	o->run.line = line;
	o->run.byte = byte;
	memset(o->count, 0, sizeof o->count);
	o->tests = 0;
	buf_reset(&o->why);
	buf_reset(&o->reconciled);
	return o->sink->run_begin(o->sink->ctx, &o->run, e);
}

struct slice
run_out_apart(struct run_out *o, struct slice id, struct buf *name)
{
	uint64_t times = run_out_times(o, id), step = 1;

	if (times < 2)
		return id;
	/* a test may be called "x #2" as well; in few steps past all that are */
	do {
		buf_reset(name);
		buf_put_slice(name, slice_sub(id, 0, text_utf8_floor(id, name->max - 24)));
		buf_printf(name, " #%" PRIu64, times);
		times += step;
		step *= 2;
	} while (!o->ids_full && run_out_times(o, buf_slice(name)) > 1);
	return buf_slice(name);
}

int
run_out_test(struct run_out *o, const struct test *read, struct err *e)
{
	struct test test = *read;
	if (test.nodeid.n > RUN_OUT_NAME)
		test.nodeid.n = text_utf8_floor(test.nodeid, RUN_OUT_NAME);
	if (o->apart == RUN_APART_ATTEMPT) {
		test.attempt = run_out_times(o, test.nodeid);
	} else if (o->apart == RUN_APART_TEST) {
		if (test.printed.n == 0)
			test.printed = test.nodeid;
		test.nodeid = run_out_apart(o, test.nodeid, &o->name);
	}
	if (slice_eq(test.printed, test.nodeid))
		test.printed = (struct slice){ 0 };
	test.message.n = text_utf8_floor(test.message, RUN_OUT_MESSAGE);
	test.detail.n = text_utf8_floor(test.detail, RUN_OUT_TEXT);
	if (test.detail.n == 0)
		test.detail_line = test.detail_byte = 0;
	o->count[test.outcome]++;
	o->tests++;
	return o->sink->test(o->sink->ctx, &test, e);
}

int
run_out_flush(struct run_out *o, struct err *e)
{
	struct printed out = { .nodeid = buf_slice(&o->of), .section = buf_slice(&o->section),
		.text = buf_slice(&o->text), .line = o->text_line, .byte = o->text_byte };
	int rc = 0;

	if (o->begun && slice_trim(out.text).n)
		rc = o->sink->output(o->sink->ctx, &out, e);
	buf_reset(&o->text);
	return rc;
}

int
run_out_text(struct run_out *o, struct slice nodeid, struct slice text, const struct line *at,
    struct err *e)
{
	uint64_t byte = at->byte;

	nodeid.n = text_utf8_floor(nodeid, RUN_OUT_NAME);
	if (o->text.n && (at->no != o->next || o->text.n + text.n + 1 > o->text.max ||
	    !slice_eq(nodeid, buf_slice(&o->of))) && run_out_flush(o, e) != 0)
		return -1;
	if (o->text.n == 0 && slice_trim(text).n == 0)
		return 0;
	run_out_set(&o->of, nodeid);
	do {
		size_t n = text_utf8_floor(text, o->text.max - 1);

		if (o->text.n == 0) {
			o->text_line = at->no;
			o->text_byte = byte;
		}
		buf_put_slice(&o->text, slice_sub(text, 0, n));
		buf_putc(&o->text, '\n');
		text = slice_sub(text, n, text.n);
		byte += n;
		if (text.n && run_out_flush(o, e) != 0)
			return -1;
	} while (text.n);
	o->next = at->no + 1;
	return 0;
}

int
run_out_end(struct run_out *o, struct err *e)
{
	const struct diag_sink *d = &o->sink->diag;
	struct run *run = &o->run;

	if (!o->begun)
		return 0;
	if (run_out_flush(o, e) != 0)
		return -1;
	run->framework = buf_slice(&o->framework);
	run->state_why = buf_slice(&o->why);
	run->reconciled_why = buf_slice(&o->reconciled);
	if (run->state == RUN_TRUNCATED)
		diag_put(d, DIAG_RUN_NO_END, run->line, 0, run->byte, "%s", o->why.p);
	if (run->reconciled == RUN_RECONCILED_NO)
		diag_put(d, DIAG_RUN_COUNTS, run->line, 0, run->byte, "%s", o->reconciled.p);
	o->begun = false;
	o->runs++;
	forget_ids(o);
	if (o->sink->run_end(o->sink->ctx, run, e) != 0)
		return -1;
	buf_reset(&o->command);
	return 0;
}
