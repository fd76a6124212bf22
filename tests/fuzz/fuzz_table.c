/*
 * fuzz_table.c - the readers of gcloud's tables and of dumps, on any bytes.
 *
 * Invariants: every entry has a time and valid UTF-8, every record lies inside the
 * input, behind the one before, and begins and ends with what it is made of; what is
 * read twice is the same. Oracle: cells of plain ASCII are what their bytes are.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "read/gcp_columns.h"
#include "read/reader.h"

extern const struct reader reader_gcp_table, reader_log_dump;
#include "plain_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct checked {
	const char *p;
	size_t size;
	uint64_t end;		/* of the record before */
	uint64_t records;
	struct arena arena;
};

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
check_text(struct checked *c, struct slice s)
{
	size_t fixed = 0;

	text_utf8(&c->arena, s, &fixed);
	require(fixed == 0);
	arena_reset(&c->arena);
}

static void
check_place(struct checked *c, uint64_t line, uint64_t byte, uint64_t bytes)
{
	uint64_t lines = 1;

	require(line >= 1 && bytes > 0);
	require(byte >= c->end && byte <= c->size && bytes <= c->size - byte);
	for (uint64_t i = 0; i < byte && c->size < 4096; i++)
		lines += c->p[i] == '\n';
	require(c->size >= 4096 || lines == line);
	c->end = byte + bytes;
	c->records++;
}

static int
on_entry(void *ctx, const struct entry *entry, struct err *e)
{
	struct checked *c = ctx;

	(void)e;
	check_place(c, entry->line, entry->byte, entry->bytes);
	require(entry->ts_ns != CLOCK_NONE);
	require(entry->severity >= 0 && entry->severity <= 800);
	require(entry->severity_inferred == (entry->severity_by != NULL));
	check_text(c, entry->message);
	check_text(c, entry->payload);
	check_text(c, entry->service);
	for (size_t i = 0; i < entry->fields; i++) {
		check_text(c, entry->field[i].name);
		check_text(c, entry->field[i].value);
	}
	return 0;
}

static int
on_bad(void *ctx, const struct bad_record *bad, struct err *e)
{
	struct checked *c = ctx;

	(void)e;
	check_place(c, bad->line, bad->byte, bad->bytes);
	require(bad->reason.n > 0 && bad->head.n <= bad->bytes);
	require(bad->head.n == 0 || memcmp(bad->head.p, c->p + bad->byte, bad->head.n) == 0);
	return 0;
}

static void
on_diag(void *ctx, const struct diag *d)
{
	const struct checked *c = ctx;

	require(d->byte <= c->size);
}

static uint64_t
run_reader(const struct reader *reader, const char *p, size_t n)
{
	/* low, so that small inputs go over them */
	const struct read_limits limits = { .record = 2048, .depth = 16 };
	struct checked c = { .p = p, .size = n };
	const struct read_sink sink = { .ctx = &c, .entry = on_entry, .bad = on_bad,
		.diag = { on_diag, &c } };
	struct read_job job = { .limits = &limits, .sink = &sink };
	struct err e;

	if (!is_plain_text(p, n))
		return 0;
	arena_init(&c.arena);
	reader->sniff(slice_of(p, n < INPUT_HEAD ? n : INPUT_HEAD), n <= INPUT_HEAD);
	job.in = input_from_memory(p, n);
	require(reader->read(&job, &e) == 0);
	require(job.shape != NULL && job.lossy);
	input_close(job.in);
	arena_release(&c.arena);
	return c.records;
}

/* the first line as a heading, the second as a row */
static void
check_cells(struct slice text)
{
	struct slice heading, row, cell[GCP_COLUMNS];
	struct gcp_columns c;
	bool ascii = true;

	if (!slice_take_line(&text, &heading) || !slice_take_line(&text, &row) ||
	    (!gcp_columns_heading(&c, heading) && !gcp_columns_rule(&c, heading)))
		return;
	for (size_t i = 0; i < row.n; i++)
		ascii &= row.p[i] >= ' ' && row.p[i] < 0x7F;
	require(c.n >= 1 && c.n <= GCP_COLUMNS);
	if (!gcp_columns_cut(&c, row, cell))
		ascii = false;
	for (size_t i = 0; i < c.n; i++) {
		size_t from = c.column[i].from < row.n ? c.column[i].from : row.n;
		size_t to = c.column[i].to < row.n ? c.column[i].to : row.n;

		require(cell[i].n == 0 || (cell[i].p >= row.p &&
		    cell[i].p + cell[i].n <= row.p + row.n));
		while (to > from && (row.p[to - 1] == ' ' || row.p[to - 1] == '\t'))
			to--;
		require(!ascii || slice_eq(cell[i], slice_sub(row, from, to - from)));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data;

	require(run_reader(&reader_gcp_table, p, size) == run_reader(&reader_gcp_table, p, size));
	run_reader(&reader_log_dump, p, size);
	check_cells(slice_of(p, size));
	return 0;
}
