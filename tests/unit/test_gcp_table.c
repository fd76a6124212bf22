/*
 * test_gcp_table.c - what gcloud prints for people: which rows are read, where they stand, and what
 * is left alone; and the dumps that scripts write.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/severity.h"
#include "read/gcp_columns.h"
#include "read/reader.h"

extern const struct reader reader_gcp_table, reader_log_dump;

#define TIME "2025-10-02T09:14:25.104233Z"
#define HEADING "TIMESTAMP                    SEVERITY  TEXT_PAYLOAD\n"

/* what came out: "line:SEVERITY:message;" for an entry, "line!reason;" for a bad record */
struct got {
	struct buf b;
	const char *input;
	size_t n;
	unsigned diag[DIAG_CODES];
	const char *shape;
	bool lossy, sha;
	int status;
	uint64_t end;
};

static void
check_place(struct got *g, uint64_t byte, uint64_t bytes)
{
	assert_true(bytes > 0 && byte >= g->end && byte + bytes <= g->n);
	assert_int_not_equal(g->input[byte + bytes - 1], '\n');
	g->end = byte + bytes;
}

static int
on_entry(void *ctx, const struct entry *entry, struct err *e)
{
	struct got *g = ctx;

	(void)e;
	check_place(g, entry->byte, entry->bytes);
	assert_true(entry->ts_ns != CLOCK_NONE);
	buf_printf(&g->b, "%llu:%s%s:%.*s;", (unsigned long long)entry->line,
	    severity_name(entry->severity), entry->ts_assumed ? "?" : "",
	    SLICE_ARG(entry->message));
	g->status = entry->request ? entry->request->status : 0;
	return 0;
}

static int
on_bad(void *ctx, const struct bad_record *bad, struct err *e)
{
	struct got *g = ctx;

	(void)e;
	check_place(g, bad->byte, bad->bytes);
	assert_memory_equal(bad->head.p, g->input + bad->byte, bad->head.n);
	g->sha |= bad->sha256 != NULL;
	buf_printf(&g->b, "%llu!%.*s;", (unsigned long long)bad->line, 40, bad->reason.p);
	return 0;
}

static void
on_diag(void *ctx, const struct diag *d)
{
	struct got *g = ctx;

	g->diag[d->code]++;
}

static void
read_with(struct got *g, const struct reader *reader, const char *text, size_t record)
{
	const struct read_limits limits = { .record = record, .depth = 64 };
	const struct read_sink sink = { .ctx = g, .entry = on_entry, .bad = on_bad,
		.diag = { on_diag, g } };
	struct read_job job = { .limits = &limits, .sink = &sink };
	struct err e;

	*g = (struct got){ .input = text, .n = strlen(text) };
	buf_init(&g->b, 1 << 20);
	err_clear(&e);
	job.in = input_from_memory(text, g->n);
	assert_int_equal(reader->read(&job, &e), 0);
	input_close(job.in);
	g->shape = job.shape;
	g->lossy = job.lossy;
	assert_true(job.lossy);
}

static void
check(const char *text, const char *want)
{
	struct got g;

	read_with(&g, &reader_gcp_table, text, 4096);
	assert_string_equal(g.b.p, want);
	buf_release(&g.b);
}

static int
score(const struct reader *reader, const char *text)
{
	return reader->sniff(slice_str(text), true);
}

static void
test_rows_of_a_table(void **state)
{
	(void)state;
	check(HEADING
	    TIME "  INFO      ready\n"
	    TIME "  NOTICE\n"
	    TIME "            [ERROR] pool\n"
	    TIME "\n",
	    "2:INFO:ready;3:NOTICE:;4:ERROR:[ERROR] pool;5:DEFAULT:;");
	/* another column in front of the time, and a second table behind the first */
	check("SEVERITY  TIMESTAMP                    MESSAGE\n"
	    "INFO      " TIME "  one\n"
	    "TIMESTAMP                    MESSAGE\n"
	    TIME "  two\n",
	    "2:INFO:one;4:DEFAULT:two;");
	/* a cell that runs over, as in tables made by hand */
	check("TIMESTAMP             SEVERITY  TEXT_PAYLOAD\n"
	    "2025-10-02T09:14:25.104233123Z  INFO  long\n"
	    "2025-10-02T09:14:25Z  INFO      short\n",
	    "2:DEFAULT:INFO  long;3:INFO:short;");
}

static void
test_lines_that_begin_no_row_belong_to_the_row_before(void **state)
{
	(void)state;
	check(HEADING
	    TIME "  INFO      one\n"
	    "                                       two\n"
	    "\n"
	    "                                         three\n"
	    "four\n"
	    "\n"
	    TIME "  INFO      next\n\n\n",
	    "2:INFO:one\ntwo\n\n  three\nfour;8:INFO:next;");
	/* a text in the middle of the table */
	check("TIMESTAMP                    TEXT_PAYLOAD      SEVERITY\n"
	    TIME "  one               INFO\n"
	    "                             two\n",
	    "2:INFO:one\ntwo;");
}

static void
test_places_count_columns_of_the_terminal(void **state)
{
	(void)state;
	/* two wide characters, one combining mark, colours, and an older count by characters */
	check("TIMESTAMP                    SERVICE_NAME  SEVERITY  TEXT_PAYLOAD\n"
	    TIME "  日本          INFO      wide\n"
	    TIME "  e\xcc\x81" "a            INFO      combined\n"
	    TIME "  \x1b[31mab\x1b[0m            INFO      coloured\n"
	    TIME "  日本日本日本        INFO      counted by characters\n",
	    "2:INFO:wide;3:INFO:combined;4:INFO:coloured;5:INFO:counted by characters;");
}

static void
test_a_box(void **state)
{
	static const char box[] =
	    "+-----------------------------+----------+--------------+\n"
	    "|          TIMESTAMP          | SEVERITY | TEXT_PAYLOAD |\n"
	    "+-----------------------------+----------+--------------+\n"
	    "| " TIME " | INFO     | a | b        |\n"
	    "|                             |          |   c          |\n"
	    "+-----------------------------+----------+--------------+\n"
	    "| " TIME " |          | 日本         |\n"
	    "+-----------------------------+----------+--------------+\n";
	static const char titled[] =
	    "+-----------------------------------------+\n"
	    "|                 Errors                  |\n"
	    "+-----------------------------+-----------+\n"
	    "|          TIMESTAMP          |  MESSAGE  |\n"
	    "+-----------------------------+-----------+\n"
	    "| " TIME " | boom      |\n"
	    "+-----------------------------+-----------+\n";

	(void)state;
	check(box, "4:INFO:a | b\n  c;7:DEFAULT:日本;");
	check(titled, "6:DEFAULT:boom;");
	assert_int_equal(score(&reader_gcp_table, box), 70);
	assert_int_equal(score(&reader_gcp_table, "+---+---+\n| a | b |\n+---+---+\n"), 0);
}

static void
test_values(void **state)
{
	(void)state;
	check(TIME "\tERROR\tone\n" TIME "\t\ttwo\twith a tab\nand a line\n" TIME "\tINFO\t\n"
	    TIME "\ttext alone\n" TIME "\n" TIME "\tNOTICE\n",
	    "1:ERROR:one;2:DEFAULT:two\twith a tab\nand a line;4:INFO:;5:DEFAULT:text alone;"
	    "6:DEFAULT:;7:NOTICE:;");
	/* a table whose heading was left out */
	check(TIME "  ERROR     one\n" TIME "            two\n",
	    "1:ERROR:one;2:DEFAULT:two;");
	check(TIME "\none\n" TIME "\tINFO\n", "1:DEFAULT:\none;3:INFO:;");
	check("one\ntwo\n", "1!this entry has no readable timestamp: no;");
	check("", "");
}

static void
test_service_logs(void **state)
{
	struct got g;

	(void)state;
	check("2025-10-02 09:14:25 a\n b\nc\n2025-10-02 09:14:26 GET 200 x\n2025-10-02 09:14:27\n",
	    "1:DEFAULT?:a\n b\nc;4:DEFAULT?:GET 200 x;5:DEFAULT?:;");
	check("2025-10-02 09:14:25\r\na\r\n", "1:DEFAULT?:\na;");
	read_with(&g, &reader_gcp_table, "2025-10-02 09:14:25 POST 503 https://a.example/pay\n",
	    4096);
	assert_string_equal(g.b.p, "1:DEFAULT?:POST /pay 503;");
	assert_int_equal(g.status, 503);
	assert_int_equal(g.diag[DIAG_LOST_FIELDS], 1);
	assert_string_equal(g.shape, "Cloud Run service logs");
	buf_release(&g.b);
}

static void
test_damage_costs_only_itself(void **state)
{
	struct got g;

	(void)state;
	check(HEADING TIME "  INFO      one\n" "2025-1x" "-02T09:14:25.104233Z  INFO      two\n"
	    TIME "  INFO      three\n",
	    "2:INFO:one;3!this entry has no readable timestamp: it;4:INFO:three;");
	check(HEADING "stray\n" TIME "  INFO      one\n",
	    "2!text between records was skipped (5 byte;3:INFO:one;");
	check("what is this\n" HEADING TIME "  INFO      one\n",
	    "1!text between records was skipped (12 byt;3:INFO:one;");
	check("$ gcloud logging read x \\\n  --format=y\n" HEADING TIME "  INFO      one\n",
	    "4:INFO:one;");
	check("\xef\xbb\xbf" HEADING TIME "  INFO      a\xff\n", "2:INFO:a\xef\xbf\xbd;");
	/* a row over the limit is quarantined with its hash */
	read_with(&g, &reader_gcp_table, HEADING TIME "  INFO      one\r\nand a line that is "
	    "too long for the limit\r\nand more\r\n" TIME "  INFO      two\n", 80);
	assert_string_equal(g.b.p, "2!this record is longer than the limit (95;5:INFO:two;");
	assert_true(g.sha);
	buf_release(&g.b);
}

static void
test_what_is_taken_by_content(void **state)
{
	(void)state;
	assert_int_equal(score(&reader_gcp_table, HEADING TIME "  INFO      one\n"), 70);
	assert_int_equal(score(&reader_gcp_table, "\n$ gcloud logging read\n" HEADING TIME "\n"), 70);
	assert_int_equal(score(&reader_gcp_table, HEADING "no row\n"), 0);
	assert_int_equal(score(&reader_gcp_table, "As we see:\n" HEADING TIME "\n"), 0);
	assert_int_equal(score(&reader_gcp_table, "TIMESTAMP  STATUS\n" TIME "  Running\n"), 0);
	assert_int_equal(score(&reader_gcp_table, TIME "\tERROR\tone\n"), 70);
	assert_int_equal(score(&reader_gcp_table, TIME "\tERROR\tcart/pay.go:41\tone\n"), 0);
	assert_int_equal(score(&reader_gcp_table, "2025-10-02T09:14:25.104Z\tERROR\tone\n"), 0);
	assert_int_equal(score(&reader_gcp_table, TIME "\t42\tone\n"), 0);
	assert_int_equal(score(&reader_gcp_table, "2025-10-02 09:14:25 one\n"), 0);
	assert_int_equal(score(&reader_gcp_table,
	    "2025-10-02 09:14:25 one\n2025-10-02 09:14:26 GET 200 https://a/b\n"), 70);
	assert_int_equal(score(&reader_gcp_table, "2025-10-02 09:14:26 GET 200 /b\n"), 0);
	assert_int_equal(score(&reader_gcp_table, ""), 0);
}

#define BLOCK(severity, more) "=== " severity " - " TIME " ===\n" more

static void
test_dumps(void **state)
{
	static const char two[] = BLOCK("ERROR", "Insert ID: a\nText Payload: one\ntwo\nService: x\n\n")
	    BLOCK("INFO", "Insert ID: b\nJSON Payload:\n  message: m\n    and more\nline\n"
	    "  n: 1\n");
	struct got g;

	(void)state;
	read_with(&g, &reader_log_dump, two, 4096);
	assert_string_equal(g.b.p, "1:ERROR:one\ntwo;7:INFO:m\n    and more\nline;");
	buf_release(&g.b);
	read_with(&g, &reader_log_dump, "Title\n\n" BLOCK("WARN", "Service: s\n"), 4096);
	assert_string_equal(g.b.p, "1!this is not a log entry: text before the;3:WARNING:;");
	buf_release(&g.b);
	assert_int_equal(score(&reader_log_dump, two), 70);
	assert_int_equal(score(&reader_log_dump, BLOCK("ERROR", "Insert ID: a\n")), 0);
	assert_int_equal(score(&reader_log_dump,
	    BLOCK("ERROR", "Insert ID: a\n") BLOCK("ERROR", "prose\n")), 0);
	assert_int_equal(score(&reader_log_dump,
	    BLOCK("ERROR", "Insert ID: a\n") "## Why\n" BLOCK("ERROR", "Insert ID: b\n")), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_of_a_table),
		cmocka_unit_test(test_lines_that_begin_no_row_belong_to_the_row_before),
		cmocka_unit_test(test_places_count_columns_of_the_terminal),
		cmocka_unit_test(test_a_box),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_service_logs),
		cmocka_unit_test(test_damage_costs_only_itself),
		cmocka_unit_test(test_what_is_taken_by_content),
		cmocka_unit_test(test_dumps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
