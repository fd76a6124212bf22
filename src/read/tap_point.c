/*
 * tap_point.c - a point, what stands behind it, and the subtest that it closes.
 */
#include "config.h"

#include "read/tap_run.h"

static size_t
indent_of(struct slice line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == ' ')
		n++;
	return n;
}

/* ---- the point begins ---- */

/* "t/a.t::suite > inner > name" */
static void
set_id(struct tap_run *r, const struct tap_point *p, unsigned level)
{
	struct tap_open *o = &r->point;
	size_t from;

	buf_reset(&o->id);
	run_out_set(&o->file, buf_slice(&r->file.name));
	if (r->prove && r->file.open) {
		run_out_add(&o->id, buf_slice(&r->file.name));
		run_out_add(&o->id, SLICE("::"));
	}
	o->suite_at = from = o->id.n;
	o->suite_n = 0;
	for (unsigned i = 1; i <= level; i++) {
		if (r->level[i].name.n > 0) {
			run_out_add(&o->id, buf_slice(&r->level[i].name));
		} else {
			buf_reset(&r->scratch);
			buf_printf(&r->scratch, "test %ld", r->level[i - 1].points + 1);
			run_out_add(&o->id, buf_slice(&r->scratch));
		}
		if (i == level)
			o->suite_n = o->id.n - from;
		run_out_add(&o->id, SLICE(" > "));
	}
	buf_reset(&r->scratch);
	tap_name(&r->scratch, p->name);
	if (slice_trim(buf_slice(&r->scratch)).n == 0) {
		buf_reset(&r->scratch);
		buf_printf(&r->scratch, "test %llu", p->numbered ? (unsigned long long)p->number :
		    (unsigned long long)r->level[level].points);
	}
	from = o->id.n;
	run_out_add(&o->id, slice_trim(buf_slice(&r->scratch)));
	o->name_n = o->id.n - from;
}

/* the subtest below it: does it let the point be ok? NULL, or what is wrong, in scratch */
static const char *
judge_below(struct tap_run *r, unsigned level)
{
	const struct tap_level *below = level < TAP_DEPTH ? &r->level[level + 1] : NULL;

	if (!below || !below->seen)
		return NULL;
	/* it failed of the same: one cause, one message */
	run_out_set(&r->message, buf_slice(&below->bad));
	if (below->failed > 0)
		return r->message.p;
	if (below->plan >= 0 && below->plan != below->points) {
		buf_printf(&r->message, "its plan says %ld, %ld were told", below->plan,
		    below->points);
		return r->message.p;
	}
	return NULL;
}

static enum test_outcome
outcome_of(const struct tap_point *p)
{
	if (p->directive == TAP_TODO)
		return p->ok ? TEST_XPASSED : TEST_XFAILED;
	if (!p->ok)
		return TEST_FAILED;
	return p->directive == TAP_SKIP ? TEST_SKIPPED : TEST_PASSED;
}

int
tap_point_begin(struct tap_run *r, const struct tap_point *p, unsigned level,
    const struct line *at, struct err *e)
{
	struct tap_open *o = &r->point;
	struct tap_level *l = &r->level[level];
	const char *wrong;

	if (tap_point_end(r, e) != 0)
		return -1;
	o->open = true;
	o->level = level;
	o->indent = 4 * (size_t)level;
	o->yaml = TAP_NO_YAML;
	o->todo = p->directive == TAP_TODO;
	o->test = test_none;
	o->test.line = at->no;
	o->test.byte = at->byte;
	o->text_line = at->no;
	o->test.outcome = outcome_of(p);
	o->test.phase = o->test.outcome == TEST_SKIPPED ? PHASE_NONE : PHASE_CALL;
	o->test.duration_ns = p->duration_ns;
	/* "# SKIP -" of mocha */
	run_out_set(&o->reason, slice_eqs(p->reason, "-") ? (struct slice){ 0 } : p->reason);
	buf_reset(&o->detail);
	l->seen = true;
	l->points++;
	if (level == 0)
		r->points++;
	set_id(r, p, level);
	wrong = judge_below(r, level);
	if (wrong && o->test.outcome == TEST_PASSED) {
		o->test.outcome = TEST_FAILED;
		run_out_set(&o->reason, slice_str(wrong));
	} else if (wrong && o->test.outcome == TEST_FAILED) {
		run_out_set(&o->reason, slice_str(wrong));
	}
	buf_reset(&l->next);
	tap_levels_reset(r, level + 1);
	tap_comments_move(&r->before, &r->prior);
	return 0;
}

/* ---- what follows it ---- */

static void
add_detail(struct tap_run *r, struct slice line, const struct line *at)
{
	struct tap_open *o = &r->point;

	if (o->test.outcome == TEST_PASSED && o->yaml == TAP_NO_YAML)
		return;
	if (o->detail.n == 0) {
		o->test.detail_line = at->no;
		o->test.detail_byte = at->byte;
	}
	if (o->detail.n + line.n + 1 > o->detail.max && !o->detail.over) {
		diag_put(&r->out.sink->diag, DIAG_RUN_LIMIT, at->no, 0, at->byte,
		    "what is told of a point is longer than %d bytes", RUN_OUT_TEXT);
		o->detail.over = true;
	}
	if (o->detail.over)
		return;
	buf_put_slice(&o->detail, line);
	buf_putc(&o->detail, '\n');
}

/* comments at its own place, up to the next point, where no YAML tells of it; they are text, too */
static bool
is_own_comment(const struct tap_open *o, struct slice s, size_t indent)
{
	struct slice word, number;

	return o->yaml == TAP_NO_YAML && slice_starts(s, "#") && indent == o->indent &&
	    !slice_starts(s, "# Subtest:") && !tap_count(s, &word, &number);
}

/* what mocha prints below a point that failed: neither YAML nor a comment, but further right */
static bool
is_indented_text(struct tap_run *r, struct slice s, size_t indent, const struct line *at)
{
	struct tap_open *o = &r->point;
	struct tap_point p;

	if (o->yaml != TAP_NO_YAML || at->no != o->text_line + 1 || (s.n > 0 &&
	    (indent <= o->indent || slice_starts(s, "#") || tap_point(s, &p))))
		return false;
	o->text_line = at->no;
	return true;
}

bool
tap_point_line(struct tap_run *r, struct slice line, const struct line *at)
{
	struct tap_open *o = &r->point;
	size_t indent = indent_of(line);
	struct slice s = slice_trim(line);

	if (!o->open)
		return false;
	if (o->yaml == TAP_IN_YAML) {
		if (indent == o->yaml_indent && slice_eqs(s, "...")) {
			o->yaml = TAP_AFTER_YAML;
			return true;
		}
		/* a block that was cut off: the stream goes on further left */
		if (s.n > 0 && indent < o->yaml_indent) {
			o->yaml = TAP_AFTER_YAML;
			return false;
		}
		add_detail(r, line, at);
		return true;
	}
	if (o->yaml == TAP_NO_YAML && slice_eqs(s, "---") && indent > o->indent &&
	    indent <= o->indent + 4 && at->no == o->test.line + 1) {
		o->yaml = TAP_IN_YAML;
		o->yaml_indent = indent;
		return true;
	}
	if (o->test.outcome != TEST_PASSED && o->test.outcome != TEST_SKIPPED &&
	    (is_indented_text(r, s, indent, at) || is_own_comment(o, s, indent)))
		add_detail(r, line, at);
	return false;
}

/* ---- the point ends ---- */

/* milliseconds as a runner writes them: "5.840792" */
static int64_t
ms_of(struct slice s)
{
	int64_t ns;

	return s.n > 0 && s.n < 20 && s.p[s.n - 1] != 's' && clock_parse_duration(s, &ns) &&
	    ns < INT64_C(1000000000) * 100000000 ? ns / 1000 + (ns % 1000 >= 500) : CLOCK_NONE;
}

/* "Error: Cannot find module './x'" among the comments before a file that could not run */
static void
comment_error(struct slice before, struct buf *b)
{
	struct slice line;

	buf_reset(b);
	while (b->n == 0 && slice_take_line(&before, &line)) {
		struct slice s = slice_trim(line), type;

		if (!slice_take_byte(&s, '#'))
			continue;
		s = slice_trim(s);
		type = slice_sub(s, 0, slice_find_byte(s, 0, ':'));
		type = slice_sub(type, 0, slice_find_byte(type, 0, ' '));
		if (type.n < s.n && slice_ends(type, "Error"))
			run_out_set(b, s);
	}
}

/* what node's runner says of a test in its YAML */
static void
take_yaml(struct tap_run *r)
{
	struct tap_open *o = &r->point;
	struct slice detail = buf_slice(&o->detail);
	struct buf *v = &r->scratch;

	if (tap_yaml(detail, "duration_ms", v) && ms_of(buf_slice(v)) != CLOCK_NONE)
		o->test.duration_ns = ms_of(buf_slice(v));
	if (tap_yaml(detail, "type", v) && slice_eqs(buf_slice(v), "suite"))
		r->suites++;
	if (o->file.n == 0 && (tap_yaml(detail, "location", v) || tap_yaml(detail, "file", v)))
		run_out_set(&o->file, tap_path(buf_slice(v)));
	if (o->test.outcome != TEST_FAILED || !tap_yaml(detail, "failureType", v))
		return;
	if (slice_eqs(buf_slice(v), "cancelledByParent") || slice_eqs(buf_slice(v), "testAborted"))
		o->test.outcome = TEST_ERROR;
	if (slice_eqs(buf_slice(v), "hookFailed")) {
		o->test.outcome = TEST_ERROR;
		o->test.phase = PHASE_SETUP;
	}
	/* a file whose process ended in failure, without a test that says why */
	if (tap_yaml(detail, "exitCode", v) && o->file.n > 0 &&
	    slice_eq(buf_slice(&o->id), buf_slice(&o->file))) {
		o->test.outcome = TEST_ERROR;
		o->test.phase = PHASE_COLLECT;
		comment_error(buf_slice(&r->prior.text), &r->message);
		if (r->message.n > 0) {
			run_out_set(&o->reason, buf_slice(&r->message));
			run_out_set(&o->detail, buf_slice(&r->prior.text));
			o->test.detail_line = r->prior.line;
			o->test.detail_byte = r->prior.byte;
		}
	}
}

static void
count(struct tap_run *r, const struct tap_open *o)
{
	struct tap_level *l = &r->level[o->level];
	bool bad = o->test.outcome == TEST_FAILED || o->test.outcome == TEST_ERROR;

	l->failed += bad;
	if (bad && l->bad.n == 0)
		run_out_set(&l->bad, o->test.message);
	r->file.failed += bad;
	r->todo += o->todo;
}

int
tap_point_end(struct tap_run *r, struct err *e)
{
	struct tap_open *o = &r->point;
	struct test *t = &o->test;

	if (!o->open)
		return 0;
	o->open = false;
	if (o->yaml != TAP_NO_YAML)
		take_yaml(r);
	t->nodeid = buf_slice(&o->id);
	t->suite = slice_sub(t->nodeid, o->suite_at, o->suite_n);
	t->file = buf_slice(&o->file);
	t->duration_from = t->duration_ns == CLOCK_NONE ? DURATION_NONE : DURATION_FIELD;
	t->message = buf_slice(&o->reason);
	if (t->outcome == TEST_FAILED || t->outcome == TEST_ERROR ||
	    (t->outcome == TEST_XFAILED && t->message.n == 0)) {
		t->detail = buf_slice(&o->detail);
		if (t->message.n == 0) {
			tap_message(t->detail, o->yaml != TAP_NO_YAML, &r->message);
			t->message = buf_slice(&r->message);
		}
		if (t->message.n == 0) {
			run_out_set(&r->message, SLICE("not ok: "));
			run_out_add(&r->message, slice_sub(buf_slice(&o->id),
			    o->id.n - o->name_n, o->name_n));
			t->message = buf_slice(&r->message);
		}
	}
	count(r, o);
	return run_out_test(&r->out, t, e);
}
