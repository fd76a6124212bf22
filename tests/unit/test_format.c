/*
 * test_format.c - formats that users describe: what a document must have, where a fault is
 * pointed at, how a record is taken apart, and which inputs a format fits.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "model/severity.h"
#include "read/format.h"
#include "read/format_match.h"

struct faults {
	size_t n;
	struct err first;
};

static void
on_fault(void *ctx, const struct err *e)
{
	struct faults *f = ctx;

	assert_int_equal(e->code, ERR_RULES);
	if (f->n++ == 0)
		f->first = *e;
}

static struct line_formats *
load(const char *text, struct faults *f)
{
	struct line_formats *set = formats_new();
	size_t n;

	memset(f, 0, sizeof *f);
	n = formats_load_text(set, "f.yaml", slice_str(text), on_fault, f);
	assert_int_equal(n, f->n);
	return set;
}

#define SCHEDULER \
	"name: shop-scheduler\n" \
	"about: log of the scheduler\n" \
	"pattern: '^(?<time>\\S+) <(?<severity>\\w)> job=(?<job>\\S+) (?<message>.*)'\n" \
	"time_format: rfc3339\n" \
	"severities: {E: ERROR, I: INFO}\n" \
	"samples:\n" \
	"  - line: '2025-10-02T09:14:25Z <E> job=reindex no space left'\n" \
	"    is: {time: '2025-10-02T09:14:25Z', severity: ERROR, job: reindex}\n" \
	"  - not: '2025-10-02T09:14:25Z job=reindex'\n"

static void
a_whole_format(void **state)
{
	struct faults f;
	struct line_formats *set = load("---\n" SCHEDULER, &f);
	const struct line_format *format = formats_find(set, "shop-scheduler");

	(void)state;
	assert_int_equal(f.n, 0);
	assert_non_null(format);
	assert_ptr_equal(formats_at(set, 0), format);
	assert_null(formats_at(set, 1));
	assert_null(formats_find(set, "other"));
	assert_string_equal(format_about(format), "log of the scheduler");
	assert_string_equal(format_path(format), "f.yaml");
	assert_int_equal(format_line(format), 2);
	assert_int_equal(format_samples(format), 2);
	formats_free(set);
}

/* one fault in an otherwise whole format: its text, and line and column */
static void
faults_are_pointed_at(void **state)
{
	static const struct {
		const char *from, *to, *text, *where;
	} is[] = {
		{ "name: shop-scheduler", "name: Shop", "is no name", "f.yaml:1:7" },
		{ "name: shop-scheduler", "name: pytest", "of the program itself", "f.yaml:1:7" },
		{ "name: shop-scheduler", "nmae: x", "unknown key `nmae`", "f.yaml:1:1" },
		{ "about: log of the scheduler\n", "", "about is missing", "f.yaml:1:1" },
		{ "(?<job>\\S+)", "(?<job>\\S+", "", "f.yaml:3:" },
		{ "<(?<severity>\\w)>", "<(?<severity>\\d)>", "does not match this sample",
		    "f.yaml:7:11" },
		{ "time_format: rfc3339", "time_format: '%Q'", "is no time format", "f.yaml:4:15" },
		{ "time_format: rfc3339", "time_format: '%Y-%m-%d'", "is no time format", "f.yaml:4:15" },
		{ "time_format: rfc3339", "time_format: unix", "the time of this sample", "f.yaml:7:11" },
		{ "{E: ERROR, I: INFO}", "{E: BAD, I: INFO}", "to no severity", "f.yaml:5:17" },
		{ "{E: ERROR, I: INFO}", "{I: INFO}", "the severity of this sample", "f.yaml:7:11" },
		{ "severity: ERROR", "severity: INFO", "severity is `ERROR`", "f.yaml:8:50" },
		{ "job: reindex}", "job: other}", "job is `reindex`", "f.yaml:8:62" },
		{ "job: reindex}", "jib: reindex}", "no group `jib`", "f.yaml:8:57" },
		{ "time: '2025-10-02T09:14:25Z', s", "time: '2025-10-02T09:14:26Z', s", "time is",
		    "f.yaml:8:16" },
		{ "  - not: '2025-10-02T09:14:25Z job=reindex'", "  - not: 'x <I> job=y '",
		    "must not match", "f.yaml:9:10" },
		{ "(?<time>\\S+) <(?<severity>\\w)> job=(?<job>\\S+) (?<message>.*)", ".*",
		    "no named group", "f.yaml:3:10" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof is / sizeof is[0]; i++) {
		const char *at = strstr(SCHEDULER, is[i].from);
		struct line_formats *set;
		struct faults f;
		struct buf b;

		assert_non_null(at);
		buf_init(&b, 1 << 16);
		buf_put(&b, SCHEDULER, (size_t)(at - SCHEDULER));
		buf_puts(&b, is[i].to);
		buf_puts(&b, at + strlen(is[i].from));
		set = load(b.p, &f);
		if (f.n == 0)
			fail_msg("no fault: %s", is[i].to);
		if (!strstr(f.first.text, is[i].text) ||
		    !strstr(f.first.where, is[i].where))
			fail_msg("%s: %s %s", is[i].to, f.first.where, f.first.text);
		assert_true(*f.first.snippet);
		assert_null(formats_at(set, 0));
		formats_free(set);
		buf_release(&b);
	}
}

static void
a_fault_holds_up_no_other_format(void **state)
{
	struct faults f;
	struct line_formats *set = load("name: a\nabout: b\n---\n" SCHEDULER "---\n" SCHEDULER
	    "---\n[1]\n---\nname: c\n  bad: indentation\n", &f);

	(void)state;
	assert_non_null(formats_find(set, "shop-scheduler"));
	assert_null(formats_at(set, 1));
	/* no pattern and no samples, a name twice, no mapping, no YAML */
	assert_true(f.n >= 4);
	/* the same name in another file is that of the first */
	assert_int_equal(formats_load_text(set, "g.yaml", SLICE(SCHEDULER), on_fault, &f), 0);
	assert_null(formats_at(set, 1));
	assert_string_equal(format_path(formats_at(set, 0)), "f.yaml");
	formats_free(set);
}

static void
samples_are_needed(void **state)
{
	struct faults f;
	struct line_formats *set = load("name: a\nabout: b\npattern: '(?<message>.*)'\n"
	    "samples:\n  - not: ''\n", &f);

	(void)state;
	assert_true(f.n > 0);
	assert_null(formats_at(set, 0));
	formats_free(set);
}

/* --- times --- */

static void
times_by_a_description(void **state)
{
	static const struct {
		const char *format, *text, *utc;
		enum text_date date;
	} is[] = {
		{ "%Y-%m-%d %H:%M:%S", "2025-10-02 09:14:25", "2025-10-02T09:14:25Z", TEXT_DATE_WHOLE },
		{ "%d/%m/%Y %H:%M:%S.%f", "02/10/2025 09:14:25.5", "2025-10-02T09:14:25.5Z",
		    TEXT_DATE_WHOLE },
		{ "%a %b %e %H:%M:%S %Y", "Thu Oct  2 09:14:25 2025", "2025-10-02T09:14:25Z",
		    TEXT_DATE_WHOLE },
		{ "%Y%m%dT%H%M%S%z", "20251002T111425+0200", "2025-10-02T09:14:25Z",
		    TEXT_DATE_WHOLE },
		{ "unix", "1759396465.25", "2025-10-02T09:14:25.25Z", TEXT_DATE_WHOLE },
		{ "unix_ms", "1759396465250.5", "2025-10-02T09:14:25.2505Z", TEXT_DATE_WHOLE },
		{ "rfc3339", "2025-10-02T09:14:25.5+02:00", "2025-10-02T07:14:25.5Z",
		    TEXT_DATE_WHOLE },
		{ "%H:%M", "00:01", "1970-01-01T00:01:00Z", TEXT_DATE_NONE },
		{ "%b %d %H:%M:%S", "Feb 29 00:00:01", "1970-01-01T00:00:01Z", TEXT_DATE_NO_YEAR },
		{ "at %H%%", "at 09%", "1970-01-01T09:00:00Z", TEXT_DATE_NONE },
	};
	static const struct {
		const char *format, *text;
	} none[] = {
		{ "%Y-%m-%d %H:%M:%S", "2025-10-02 09:14:25 " }, { "%Y-%m-%d %H:%M:%S", "2025-10-02" },
		{ "%Y-%m-%d %H:%M", "2025-13-02 09:14" }, { "%Y-%m-%d %H:%M", "2025-02-29 09:14" },
		{ "%Y-%m-%d %H:%M", "9999-02-02 09:14" }, { "%H:%M", "24:00" }, { "%H:%M:%S", "09:14:61" },
		{ "unix", "1e9" }, { "unix", "" }, { "unix", "99999999999" }, { "rfc3339", "yesterday" },
		{ "%b %d %H", "Foo 02 09" },
	};
	struct text_time t;
	int64_t ns;
	size_t offset;

	(void)state;
	for (size_t i = 0; i < sizeof is / sizeof is[0]; i++) {
		assert_true(format_time_valid(slice_str(is[i].format), &offset));
		if (!format_time_parse(slice_str(is[i].format), slice_str(is[i].text), &t))
			fail_msg("'%s' is not '%s'", is[i].text, is[i].format);
		assert_true(clock_parse(slice_str(is[i].utc), &ns, NULL));
		assert_int_equal(t.date, is[i].date);
		assert_int_equal(t.ns, ns);
	}
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		if (format_time_parse(slice_str(none[i].format), slice_str(none[i].text), &t))
			fail_msg("'%s' is '%s'", none[i].text, none[i].format);
	}
}

/* --- reading --- */

struct read {
	struct buf messages;		/* "message|" for each entry */
	size_t entries, bad, assumed;
	int severity;			/* of the last */
	char service[32];
	int64_t first_ns;
	unsigned diag[DIAG_CODES];
};

static int
on_entry(void *ctx, const struct entry *en, struct err *e)
{
	struct read *r = ctx;

	(void)e;
	if (r->entries++ == 0)
		r->first_ns = en->ts_ns;
	r->assumed += en->ts_assumed;
	r->severity = en->severity;
	buf_put_slice(&r->messages, en->message);
	buf_putc(&r->messages, '|');
	memcpy(r->service, en->service.p ? en->service.p : "", en->service.n);
	r->service[en->service.n] = '\0';
	return 0;
}

static int
on_bad(void *ctx, const struct bad_record *bad, struct err *e)
{
	struct read *r = ctx;

	(void)bad;
	(void)e;
	r->bad++;
	return 0;
}

static void
on_diag(void *ctx, const struct diag *d)
{
	struct read *r = ctx;

	r->diag[d->code]++;
}

static void
read_by(const struct line_format *f, const char *text, struct read *r)
{
	const struct read_sink sink = { .ctx = r, .entry = on_entry, .bad = on_bad,
		.diag = { on_diag, r } };
	struct read_job job = { .limits = &read_limits_default, .sink = &sink };
	struct err e;

	memset(r, 0, sizeof *r);
	buf_init(&r->messages, 1 << 20);
	job.in = input_from_memory(text, strlen(text));
	assert_int_equal(format_read(f, &job, &e), 0);
	assert_string_equal(job.shape, format_name(f));
	input_close(job.in);
}

static void
records_by_a_format(void **state)
{
	static const char text[] =
	    "a banner\n"
	    "2025-10-02T09:14:25Z <I> job=reindex started\n"
	    "2025-10-02T09:14:26Z <E> job=reindex failed:\n"
	    "no space left\n"
	    "  on /srv\n"
	    "yesterday <E> job=reindex no time\n";
	struct faults f;
	struct line_formats *set = load(SCHEDULER, &f);
	struct read r;

	(void)state;
	read_by(formats_at(set, 0), text, &r);
	assert_int_equal(r.entries, 2);
	assert_int_equal(r.bad, 2);
	assert_string_equal(r.messages.p, "started|failed:\nno space left\n  on /srv|");
	assert_int_equal(r.severity, SEVERITY_ERROR);
	assert_int_equal(r.assumed, 0);
	/* one for the banner, one for the time that is none */
	assert_int_equal(r.diag[DIAG_ENTRY_NO_TIME], 2);
	buf_release(&r.messages);
	/* under the prefix of docker compose */
	read_by(formats_at(set, 0), "jobs-1  | 2025-10-02T09:14:25Z <I> job=reindex started\n"
	    "jobs-1  | more of it\njobs-1  | 2025-10-02T09:14:26Z <I> job=reindex done\n", &r);
	assert_string_equal(r.messages.p, "started\nmore of it|done|");
	assert_string_equal(r.service, "jobs");
	buf_release(&r.messages);
	formats_free(set);
}

static void
a_record_that_begins_otherwise(void **state)
{
	static const char document[] =
	    "name: blocks\nabout: x\nstart: '^== '\n"
	    "pattern: '^== (?<time>[\\d :-]+)\\nlevel (?<severity>\\w+)\\n(?<message>[^\\n]*)'\n"
	    "samples:\n  - line: |\n      == 2025-10-02 09:14:25\n      level warn\n      hello\n"
	    "    is: {severity: WARNING, message: hello}\n";
	struct faults f;
	struct line_formats *set = load(document, &f);
	struct read r;

	(void)state;
	assert_int_equal(f.n, 0);
	read_by(formats_at(set, 0), "== 2025-10-02 09:14:25\nlevel error\none\ntwo\n"
	    "== 2025-10-02 09:14:26\nsomething else\n", &r);
	assert_string_equal(r.messages.p, "one\ntwo|== 2025-10-02 09:14:26\nsomething else|");
	assert_int_equal(r.entries, 2);
	buf_release(&r.messages);
	formats_free(set);
}

static const struct line_format *
detect(const struct line_formats *set, const char *text)
{
	return formats_detect(set, slice_str(text), true);
}

static void
inputs_that_a_format_fits(void **state)
{
	struct faults f;
	struct line_formats *set = load(SCHEDULER, &f), *empty = formats_new();

	(void)state;
#define L "2025-10-02T09:14:25Z <I> job=reindex x\n"
	assert_non_null(detect(set, L));
	assert_non_null(detect(set, L "other\n"));
	assert_non_null(detect(set, L "  indented\n\n  lines do not count\n"));
	assert_non_null(detect(set, "a-1 | " L "a-1 | " L));
	assert_null(detect(set, L "two\nothers\n"));
	assert_null(detect(set, "x " L));
	assert_null(detect(set, ""));
	assert_null(detect(set, "\n\n"));
	assert_null(detect(empty, L));
	formats_free(empty);
	formats_free(set);
}

/* a pattern that never ends by itself costs a bounded time, and is told */
static void
a_hostile_pattern(void **state)
{
	struct faults f;
	struct line_formats *set = load("name: slow\nabout: x\npattern: '^(?<message>(a|aa|a?)+)+b$'\n"
	    "samples:\n  - line: 'ab'\n", &f);
	struct read r;

	(void)state;
	assert_int_equal(f.n, 0);
	read_by(formats_at(set, 0), "ab\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaacb\nab\n", &r);
	assert_int_equal(r.diag[DIAG_MATCH_LIMIT], 1);
	buf_release(&r.messages);
	formats_free(set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_format),
		cmocka_unit_test(faults_are_pointed_at),
		cmocka_unit_test(a_fault_holds_up_no_other_format),
		cmocka_unit_test(samples_are_needed),
		cmocka_unit_test(times_by_a_description),
		cmocka_unit_test(records_by_a_format),
		cmocka_unit_test(a_record_that_begins_otherwise),
		cmocka_unit_test(inputs_that_a_format_fits),
		cmocka_unit_test(a_hostile_pattern),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
