/*
 * redact_bench.c - how fast redaction reads a file, and how slow hostile texts make it
 *
 *	make bench && bench/redact FILE [ROUNDS]
 *
 * prints, for the lines of FILE, MB/s of the whole engine and of the literal pass
 * alone, and what was replaced. Without a file it prints the time for 64 KiB of
 * each of some hundred texts that repeat a piece, slowest first.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/io.h"
#include "base/literal.h"
#include "base/mem.h"
#include "sign/redact.h"
#include "sign/redact_kind.h"

#define HOSTILE (64 * 1024)

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);	/* other work does not count */
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool
ignore(void *ctx, size_t id, size_t end)
{
	*(size_t *)ctx += id + end;
	return true;
}

static void
bench_literals(struct slice text, unsigned rounds)
{
	struct slice list[512];
	size_t n = 0, sum = 0;
	struct literals *l;
	struct err e;
	double t;

	for (size_t i = 0; i < REDACT_KINDS; i++) {
		const struct redact_literal *r = redact_kinds[i].literal;

		for (; r && r->text && n < 512; r++)
			list[n++] = slice_str(r->text);
	}
	if (literals_new(list, n, LITERAL_CASELESS, &l, &e) == -1)
		return;
	t = seconds();
	for (unsigned i = 0; i < rounds; i++)
		literals_each(l, text, ignore, &sum);
	t = seconds() - t;
	printf("literals\t%.0f MB/s\t(%zu literals, %zu KiB)\n",
	    (double)text.n * rounds / t / 1e6, n, literals_bytes(l) / 1024);
	literals_free(l);
}

static void
bench_file(struct slice text, unsigned rounds)
{
	unsigned char key[REDACT_KEY] = { 1 };
	struct redactor *r = redactor_new(REDACT_ALL, key);
	struct slice in, line;
	struct arena a;
	double t = seconds();

	arena_init(&a);
	for (unsigned i = 0; i < rounds; i++) {
		for (in = text; slice_take_line(&in, &line);) {
			redact_text(r, &a, line);
			arena_reset(&a);
		}
	}
	t = seconds() - t;
	printf("redact\t%.0f MB/s\n", (double)text.n * rounds / t / 1e6);
	for (size_t i = 0; redact_kind(i); i++) {
		if (redact_count(r, i))
			printf("%s\t%llu\n", redact_kind(i),
			    (unsigned long long)redact_count(r, i) / rounds);
	}
	arena_release(&a);
	redactor_free(r);
}

struct hostile {
	char piece[64];
	double ms;
};

static int
slower(const void *a, const void *b)
{
	double x = ((const struct hostile *)a)->ms, y = ((const struct hostile *)b)->ms;

	return x < y ? 1 : x > y ? -1 : 0;
}

static double
time_hostile(struct redactor *r, const char *piece)
{
	char *text = mem_alloc(HOSTILE);
	struct arena a;
	double t;

	for (size_t i = 0, n = strlen(piece); i < HOSTILE; i++)
		text[i] = piece[i % n];
	arena_init(&a);
	t = seconds();
	redact_text(r, &a, slice_of(text, HOSTILE));
	t = seconds() - t;
	arena_release(&a);
	free(text);
	return t * 1000;
}

static void
bench_hostile(void)
{
	static const char *const shapes[] = {
		"%s", "%s ", "%s=", "%s:", "%sa", "%s1", "%s\"", "%s: ", "a%s", "1%s", " %s=a1",
		"%s\\n", "%%3D%s", "&%s", "?%s", "%sA1b2C3d4", "%s/", "%s@", "%s-", "%s_", "%s.",
	};
	static const char *const more[] = {
		"1.", "1:", "a:", "::", "2001:", "+1 ", "+", "4 ", "4111-", "123-45-", "@", "a@b.", "[",
		"[email:", "[email:123456]", "\\", "\\\\", "\\u0041", "%41", "%", " ", "=", "\"", "'",
		"pass=pass", "-u curl", "://a:", "://a:@", "x://:/", "jdbc:password=", "a.b-c_d@", "\n",
		"-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\n", "AAAA\n", "pass\":\"",
	};
	unsigned char key[REDACT_KEY] = { 1 };
	struct redactor *r = redactor_new(REDACT_ALL, key);
	struct hostile *h = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < REDACT_KINDS; i++) {
		const struct redact_literal *l = redact_kinds[i].literal;

		for (; l && l->text; l++) {
			for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
				const char *p = strstr(shapes[k], "%s");

				h = mem_grow(h, &cap, n + 1, sizeof *h);
				snprintf(h[n].piece, sizeof h->piece, "%.*s%s%s",
				    (int)(p - shapes[k]), shapes[k], l->text, p + 2);
				n++;
			}
		}
	}
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		h = mem_grow(h, &cap, n + 1, sizeof *h);
		snprintf(h[n++].piece, sizeof h->piece, "%s", more[i]);
	}
	for (size_t i = 0; i < n; i++)
		h[i].ms = time_hostile(r, h[i].piece);
	qsort(h, n, sizeof *h, slower);
	for (size_t i = 0; i < n && i < 20; i++)
		printf("%.1f ms\t%s\n", h[i].ms, h[i].piece);
	free(h);
	redactor_free(r);
}

int
main(int argc, char **argv)
{
	unsigned rounds = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 5;
	struct buf b;
	struct err e;

	if (argc < 2) {
		bench_hostile();
		return 0;
	}
	buf_init(&b, (size_t)1 << 30);
	if (io_slurp(argv[1], b.max, &b, &e) == -1) {
		fprintf(stderr, "redact_bench: %s\n", e.text);
		return 1;
	}
	bench_literals(buf_slice(&b), rounds ? rounds : 1);
	bench_file(buf_slice(&b), rounds ? rounds : 1);
	buf_release(&b);
	return 0;
}
