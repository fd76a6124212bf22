/*
 * damage.c - random damage to a file of logs or tests, and what its reader must still do.
 *
 *	damage [-cjH] [-r READER] [-n COUNT] [-s SEED] [-w FOLDER] FILE
 *
 * Each mutation cuts the file, flips bytes, or repeats, removes or inserts a
 * range. The reader must not crash or hang, must report places inside the input,
 * in ascending order, and must still find every entry that the damage does not
 * touch. -j: records have no bounds of their own, so that a damaged line may join its
 * neighbours: the records of each stream on either side of the damage may be lost too.
 * -H: the text before the first record describes the others (a header row), so that
 * damage to it excuses everything. -w writes each damaged file to FOLDER
 * as READER=NUMBER-NAME and its number of records to FOLDER/seen, for a test of the whole program.
 *
 * -c is the control of the test itself: no entry counts as touched, so that lost ones must
 * be noticed. DAMAGE_KEEP=FOLDER keeps what failed there.
 *
 * Prints one line and exits 0, or says which mutation failed and exits 1.
 */
#include "config.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/mem.h"
#include "read/reader.h"

#define FILE_MAX (64 * 1024 * 1024)
#define HANG_SECONDS 20
#define PLACES 8		/* damaged places of one mutation */

struct found {			/* one entry */
	uint64_t byte, end;
	int64_t digest, stream;	/* what it says; who says it */
};

struct reading {
	struct found *entry;
	size_t entries, cap;
	uint64_t seen, last_byte;
	size_t size;		/* of the input */
	const char *fault;
};

struct place { uint64_t from, to; };	/* from == to: something was put in there */

struct mutant {
	char *p;
	size_t n;
	struct place place[PLACES];
	size_t places;
	const char *how;
};

struct trial {
	const struct reader *reader;
	struct slice whole;
	struct reading good;
	uint64_t random;
	bool header, joined, control;
	bool wide;		/* UTF-16: places are mapped to the text that readers see */
	const char *folder, *name;	/* name: of the file, without its folders */
};

/* --- randomness that is the same everywhere: splitmix64 --- */

static uint64_t
draw(struct trial *t)
{
	uint64_t z = t->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint64_t
below(struct trial *t, uint64_t n)
{
	return n ? draw(t) % n : 0;
}

/* --- reading --- */

static void
check_place(struct reading *g, uint64_t line, uint64_t byte, uint64_t bytes)
{
	g->seen++;
	if (line == 0 || byte > g->size || bytes > g->size - byte)
		g->fault = "a record stands outside of the input";
}

static int
on_entry(void *ctx, const struct entry *entry, struct err *e)
{
	struct reading *g = ctx;
	struct found *f;
	struct buf b;

	(void)e;
	check_place(g, entry->line, entry->byte, entry->bytes);
	if (entry->ts_ns == CLOCK_NONE)
		g->fault = "an entry has no time";
	buf_init(&b, SIZE_MAX / 2);
	buf_printf(&b, "%" PRId64 " %d ", entry->ts_ns, entry->severity);
	buf_put_slice(&b, entry->insert_id);
	buf_put_slice(&b, entry->payload);
	buf_put_slice(&b, entry->message);
	g->entry = mem_grow(g->entry, &g->cap, g->entries + 1, sizeof *g->entry);
	f = &g->entry[g->entries++];
	*f = (struct found){ entry->byte, entry->byte + entry->bytes, digest63(buf_slice(&b)), 0 };
	buf_reset(&b);
	buf_printf(&b, "%.*s/%.*s/%.*s", SLICE_ARG(entry->service), SLICE_ARG(entry->instance),
	    SLICE_ARG(entry->log));
	f->stream = digest63(buf_slice(&b));
	buf_release(&b);
	return 0;
}

static int
on_bad(void *ctx, const struct bad_record *bad, struct err *e)
{
	(void)e;
	check_place(ctx, bad->line, bad->byte, bad->bytes);
	return 0;
}

static int
on_run(void *ctx, const struct run *run, struct err *e)
{
	(void)ctx, (void)run, (void)e;
	return 0;
}

static int
on_test(void *ctx, const struct test *test, struct err *e)
{
	struct reading *g = ctx;

	(void)e;
	check_place(g, test->line, test->byte, 0);
	return 0;
}

static int
on_output(void *ctx, const struct printed *output, struct err *e)
{
	(void)ctx, (void)output, (void)e;
	return 0;
}

/* bytes of text that a reader sees of the first n bytes of the file */
static uint64_t
seen_of(struct slice file, uint64_t n)
{
	struct input *in = input_from_memory(file.p, (size_t)n);
	char block[4096];
	size_t got = 1;
	struct err e;

	err_clear(&e);
	while (got && input_read(in, block, sizeof block, &got, NULL, &e) == 0)
		;
	n = input_offset(in);
	input_close(in);
	return n;
}

static void
read_all(const struct reader *reader, struct slice text, struct reading *g)
{
	const struct read_sink sink = { .ctx = g, .entry = on_entry, .run_begin = on_run,
		.test = on_test, .output = on_output, .run_end = on_run, .bad = on_bad };
	struct read_job job = { .limits = &read_limits_default, .sink = &sink };
	struct err e;

	*g = (struct reading){ .size = (size_t)seen_of(text, text.n) };
	err_clear(&e);
	job.in = input_from_memory(text.p, text.n);
	if (reader->read(&job, &e) != 0)
		g->fault = "the reader gave up";
	input_close(job.in);
}

/* --- damage --- */

static void
add_place(struct mutant *m, uint64_t from, uint64_t to)
{
	m->place[m->places++] = (struct place){ from, to };
}

/* the whole with [from, to) replaced by `with` */
static void
splice(struct mutant *m, struct slice whole, size_t from, size_t to, struct slice with)
{
	m->n = whole.n - (to - from) + with.n;
	m->p = mem_alloc(m->n + 1);
	memcpy(m->p, whole.p, from);
	if (with.n)
		memcpy(m->p + from, with.p, with.n);
	memcpy(m->p + from + with.n, whole.p + to, whole.n - to);
}

/* ranges are short mostly, and long now and then */
static size_t
length(struct trial *t, size_t most)
{
	size_t n = 1 + (size_t)below(t, below(t, 4) ? 64 : 16384);

	return n < most ? n : most;
}

static void
flip(struct trial *t, struct mutant *m)
{
	size_t n = 1 + (size_t)below(t, 4);

	m->how = "flipped bytes";
	splice(m, t->whole, 0, 0, slice_of(NULL, 0));
	for (size_t i = 0; i < n; i++) {
		size_t at = (size_t)below(t, t->whole.n);

		m->p[at] = (char)(m->p[at] ^ (1 + below(t, 255)));
		add_place(m, at, at + 1);
	}
}

static void
mutate(struct trial *t, struct mutant *m)
{
	static const char *const odd[] = { "\"", "\n", "{", "}", "[", "]", ",", "\\", "\0\0", "\r\n",
		"---\n", "\x1b[0m", "\xff\xfe" };
	size_t n = t->whole.n, at = (size_t)below(t, n), size = length(t, n - at);
	const char *put = odd[below(t, sizeof odd / sizeof odd[0])];

	*m = (struct mutant){ .places = 0 };
	switch (below(t, 5)) {
	case 0:
		m->how = "cut short";
		splice(m, t->whole, at, n, slice_of(NULL, 0));
		add_place(m, at, n);
		break;
	case 1:
		m->how = "a repeated range";
		splice(m, t->whole, at + size, at + size, slice_sub(t->whole, at, size));
		add_place(m, at + size, at + size);
		break;
	case 2:
		m->how = "a range taken out";
		splice(m, t->whole, at, at + size, slice_of(NULL, 0));
		add_place(m, at, at + size);
		break;
	case 3:
		m->how = "bytes put in";
		splice(m, t->whole, at, at, slice_of(put, put[0] ? strlen(put) : 2));
		add_place(m, at, at);
		break;
	default:
		flip(t, m);
	}
}

/* --- what must still be there --- */

/* an odd number of bytes more or less shifts all that follows in UTF-16: that is all damage */
static void
map_places(const struct trial *t, struct mutant *m)
{
	bool shifted = (m->n ^ t->whole.n) & 1;

	for (size_t i = 0; i < m->places; i++) {
		struct place *p = &m->place[i];

		p->to = shifted ? t->whole.n : p->to + (p->to & 1 && p->to != p->from);
		p->from = seen_of(t->whole, p->from & ~UINT64_C(1));
		p->to = seen_of(t->whole, p->to);
	}
}

/* from the record before to the record behind, of the same stream; the file's ends if none */
static struct place
with_neighbours(const struct reading *g, size_t i)
{
	struct place p = { 0, g->size };
	uint64_t before = 0, behind = UINT64_MAX;

	for (size_t k = 0; k < g->entries; k++) {
		const struct found *f = &g->entry[k];

		if (k == i || f->stream != g->entry[i].stream)
			continue;
		if (f->byte < g->entry[i].byte && f->byte >= before) {
			before = f->byte;
			p.from = f->byte;
		}
		if (f->byte > g->entry[i].byte && f->byte < behind) {
			behind = f->byte;
			p.to = f->end;
		}
	}
	return p;
}

/* is record i touched by the damage, or the one before or behind it where records join? */
static bool
is_touched(const struct trial *t, const struct mutant *m, size_t i)
{
	struct place r = { t->good.entry[i].byte, t->good.entry[i].end };

	if (t->control)
		return false;
	if (t->joined)
		r = with_neighbours(&t->good, i);
	for (size_t k = 0; k < m->places; k++) {
		const struct place *p = &m->place[k];

		if (t->header && p->from <= t->good.entry[0].byte)
			return true;
		if (t->joined ? p->from <= r.to && p->to >= r.from :
		    p->from == p->to ? p->from > r.from && p->from < r.to :
		    p->from < r.to && p->to > r.from)
			return true;
	}
	return false;
}

static int
compare(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return (x->digest > y->digest) - (x->digest < y->digest);
}

/* NULL, or what went wrong; *lost is the place of an entry that is missing */
static const char *
judge(const struct trial *t, const struct mutant *m, struct reading *g, uint64_t *lost)
{
	struct found *want = mem_alloc(t->good.entries * sizeof *want + 1);
	size_t wanted = 0, k = 0;
	const char *fault = g->fault;

	for (size_t i = 0; i < t->good.entries; i++)
		if (!is_touched(t, m, i))
			want[wanted++] = t->good.entry[i];
	if (wanted)
		qsort(want, wanted, sizeof *want, compare);
	if (g->entries)
		qsort(g->entry, g->entries, sizeof *g->entry, compare);
	for (size_t i = 0; i < wanted && !fault; i++) {
		while (k < g->entries && g->entry[k].digest < want[i].digest)
			k++;
		if (k == g->entries || g->entry[k].digest != want[i].digest) {
			fault = "an entry that was not touched is lost";
			*lost = want[i].byte;
		}
		k++;
	}
	free(want);
	return fault;
}

static int
keep(const struct trial *t, const struct mutant *m, uint64_t number, const char *folder,
    const struct reading *g)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s=%06" PRIu64 "-%s", folder, t->reader->name, number,
	    t->name);
	f = fopen(path, "wb");
	if (!f || fwrite(m->p, 1, m->n, f) != m->n || fclose(f) != 0) {
		fprintf(stderr, "damage: cannot write %s\n", path);
		return -1;
	}
	snprintf(path, sizeof path, "%s/seen", folder);
	f = fopen(path, "a");
	if (!f || fprintf(f, "%s=%06" PRIu64 "-%s\t%" PRIu64 "\n", t->reader->name, number, t->name,
	    g->seen) < 0 || fclose(f) != 0) {
		fprintf(stderr, "damage: cannot write %s\n", path);
		return -1;
	}
	return 0;
}

static int
try(struct trial *t, uint64_t number)
{
	struct reading g = { .entry = NULL };
	const char *fault;
	struct mutant m;
	uint64_t lost = 0;
	int rc = 0;

	mutate(t, &m);
	if (t->wide)
		map_places(t, &m);
	alarm(HANG_SECONDS);
	read_all(t->reader, slice_of(m.p, m.n), &g);
	alarm(0);
	fault = judge(t, &m, &g, &lost);
	if (fault) {
		fprintf(stderr, "mutation %" PRIu64 ", %s at byte %" PRIu64 " to %" PRIu64
		    ": %s (byte %" PRIu64 ")\n", number, m.how, m.place[0].from, m.place[0].to,
		    fault, lost);
		rc = -1;
		if (getenv("DAMAGE_KEEP"))
			keep(t, &m, number, getenv("DAMAGE_KEEP"), &g);
	} else if (t->folder) {
		rc = keep(t, &m, number, t->folder, &g);
	}
	free(g.entry);
	free(m.p);
	return rc;
}

static void
on_alarm(int signal_number)
{
	static const char text[] = "damage: the reader hangs\n";

	(void)signal_number;
	if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
		_exit(2);
	_exit(1);
}

static bool
number_of(const char *text, uint64_t *n)
{
	struct slice s = slice_str(text);

	return slice_take_uint(&s, n) && s.n == 0;
}

/* by name, or by content as `ingest` does */
static bool
choose(struct trial *t, const char *name)
{
	struct input *in = input_from_memory(t->whole.p, t->whole.n);
	struct slice head;
	struct err e;

	err_clear(&e);
	if (input_head(in, &head, &e) == 0)
		t->reader = name ? reader_by_name(name) : reader_detect(head, head.n < INPUT_HEAD);
	t->wide = *input_encoding(in) != '\0';
	input_close(in);
	return t->reader != NULL;
}

int
main(int argc, char **argv)
{
	struct trial t = { .random = 1 };
	uint64_t count = 1000, seed = 1, bad = 0;
	const char *name = NULL;
	struct buf whole;
	struct err e;
	int c;

	while ((c = getopt(argc, argv, "cjHr:n:s:w:")) != -1) {
		if (c == 'r')
			name = optarg;
		else if (c == 'w')
			t.folder = optarg;
		else if (c == 'H')
			t.header = true;
		else if (c == 'j')
			t.joined = true;
		else if (c == 'c')
			t.control = true;
		else if (c == '?' || !number_of(optarg, c == 'n' ? &count : &seed))
			return 2;
	}
	if (optind + 1 != argc)
		return 2;
	buf_init(&whole, FILE_MAX);
	err_clear(&e);
	if (io_slurp(argv[optind], FILE_MAX, &whole, &e) != 0 || whole.n == 0) {
		fprintf(stderr, "damage: cannot read %s\n", argv[optind]);
		return 2;
	}
	t.whole = buf_slice(&whole);
	t.name = strrchr(argv[optind], '/') ? strrchr(argv[optind], '/') + 1 : argv[optind];
	t.random = seed;
	if (!choose(&t, name)) {
		fprintf(stderr, "damage: no reader for %s\n", argv[optind]);
		return 2;
	}
	signal(SIGALRM, on_alarm);
	read_all(t.reader, t.whole, &t.good);
	for (uint64_t i = 1; i <= count; i++)
		bad += try(&t, i) != 0;
	printf("%" PRIu64 " mutations as %s, seed %" PRIu64 ", %zu entries: %" PRIu64 " bad\n", count,
	    t.reader->name, seed, t.good.entries, bad);
	free(t.good.entry);
	buf_release(&whole);
	return bad || t.good.fault ? 1 : 0;
}
