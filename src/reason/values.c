/* values.c - what the ${names} in the texts of a rule stand for */
#include "config.h"

#include "reason/build.h"

#include <inttypes.h>

#include "base/buf.h"

#define DISTINCT 3		/* different values of one capture that a sentence lists */
#define DISTINCT_BYTES (16 * 1024)
#define SHELL_PAD_NS (300 * CLOCK_NS_PER_S)	/* a command asks for so much around the incident */

/*
 * Log text may hold anything; a command that people copy may not. A leading dash
 * would be read as an option.
 */
bool
value_is_shell_safe(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    c == '.' || c == '_' || c == '-' || c == ':' || c == '/'))
			return false;
	}
	return s.n > 0 && s.p[0] != '-';
}

static struct slice
number(struct arena *a, int64_t n)
{
	return slice_str(arena_printf(a, "%" PRId64, n));
}

static struct slice
when(struct arena *a, int64_t ns)
{
	char text[CLOCK_TEXT];

	return slice_str(arena_printf(a, "%s", clock_format(ns, 0, text)));
}

static struct slice
capture_of(const struct fact_hit *h, struct slice name)
{
	size_t i;

	for (i = 0; i < h->captures; i++)
		if (slice_eq(h->capture[i].name, name))
			return h->capture[i].value;
	return (struct slice){ NULL, 0 };
}

/* as the rules see an exception: `type` and `message` were printed last, the cause first */
static struct slice
link_value(const struct fact_exception *x, struct slice name)
{
	const struct fact_link *cause = &x->link[0], *last = &x->link[x->links - 1];

	if (slice_eqs(name, "type"))
		return last->type;
	if (slice_eqs(name, "message"))
		return last->message;
	if (slice_eqs(name, "cause.type"))
		return cause->type;
	if (slice_eqs(name, "cause.message"))
		return cause->message;
	return slice_eqs(name, "place") ? cause->place : (struct slice){ NULL, 0 };
}

static struct slice
event_value(const struct fact_event *ev, struct slice name)
{
	if (slice_eqs(name, "service"))
		return ev->service;
	if (slice_eqs(name, "revision"))
		return ev->revision;
	if (slice_eqs(name, "instance"))
		return ev->instance;
	if (slice_eqs(name, "project"))
		return ev->project;
	return slice_eqs(name, "message") ? ev->message : (struct slice){ NULL, 0 };
}

static struct slice
test_value(const struct fact_test *t, struct slice name)
{
	if (slice_eqs(name, "nodeid"))
		return t->nodeid;
	return slice_eqs(name, "message") ? t->message : (struct slice){ NULL, 0 };
}

static struct slice
hit_value(const struct fact_hit *h, struct slice name)
{
	const struct fact_event *ev = h->event ? h->event :
	    h->exception ? h->exception->event : NULL;
	struct slice s = capture_of(h, name);

	if (s.n == 0 && h->exception && h->exception->links)
		s = link_value(h->exception, name);
	if (s.n == 0 && ev)
		s = event_value(ev, name);
	if (s.n == 0 && h->test)
		s = test_value(h->test, name);
	return s;
}

/* "a", "a, b, c" or "a, b, c and others" over the hits of a finding */
static struct slice
distinct(const struct value_of *v, struct slice name)
{
	struct slice seen[DISTINCT], text;
	size_t n = 0, i, j;
	bool more = false;
	struct buf b;

	for (i = 0; i < v->finding->hits && !more; i++) {
		struct slice x = hit_value(v->finding->hit[i], name);

		for (j = 0; j < n && !slice_eq(seen[j], x); j++)
			;
		if (j < n || x.n == 0)
			continue;
		if (n < DISTINCT)
			seen[n++] = x;
		else
			more = true;
	}
	buf_init(&b, DISTINCT_BYTES);
	for (i = 0; i < n; i++) {
		buf_puts(&b, i ? ", " : "");
		buf_put_slice(&b, seen[i]);
	}
	if (more)
		buf_puts(&b, " and others");
	text = arena_copy(v->arena, buf_slice(&b));
	buf_release(&b);
	return text;
}

/* first, last, and the window that a command should ask for */
static struct slice
time_value(struct arena *a, int64_t first_ns, int64_t last_ns, struct slice name)
{
	if (first_ns == CLOCK_NONE)
		return (struct slice){ NULL, 0 };
	if (slice_eqs(name, "first"))
		return when(a, first_ns);
	if (slice_eqs(name, "last"))
		return when(a, last_ns);
	if (slice_eqs(name, "from"))
		return when(a, clock_add(first_ns, -SHELL_PAD_NS));
	if (slice_eqs(name, "to"))
		return when(a, clock_add(last_ns, SHELL_PAD_NS));
	return (struct slice){ NULL, 0 };
}

static struct slice
finding_value(const struct value_of *v, struct slice name)
{
	const struct finding *f = v->finding;
	struct slice s = time_value(v->arena, f->first_ns, f->last_ns, name);

	if (slice_eqs(name, "count"))
		return number(v->arena, f->count);
	return s.n ? s : distinct(v, name);
}

static struct slice
draft_value(const struct value_of *v, struct slice name)
{
	const struct draft *d = v->draft;
	struct slice s = time_value(v->arena, d->i.first_ns, d->i.last_ns, name);

	if (s.n)
		return s;
	if (slice_eqs(name, "service"))
		return d->i.service;
	if (slice_eqs(name, "revision"))
		return d->i.revision;
	if (slice_eqs(name, "project"))
		return d->project;
	if (slice_eqs(name, "count"))
		return number(v->arena, d->i.occurrences);
	if (d->cause)
		s = link_value(d->cause, name);
	if (s.n == 0 && d->test)
		s = test_value(d->test, name);
	return s.n || !v->hit ? s : hit_value(v->hit, name);
}

struct slice
value_of(void *ctx, struct slice name)
{
	const struct value_of *v = ctx;
	struct slice s = v->finding ? finding_value(v, name) : draft_value(v, name);

	if (v->shell && s.n && !value_is_shell_safe(s))
		return SLICE("VALUE-LEFT-OUT");
	return s;
}

static struct slice
expand(struct build *b, struct value_of *v, struct slice text)
{
	return text.n ? b->r->texts->expand(b->r->arena, text, value_of, v) : text;
}

struct slice
text_expand(struct build *b, const struct draft *d, struct slice text, bool shell)
{
	struct value_of v = { .arena = b->r->arena, .draft = d, .hit = d->named ? d->named : d->hit,
	    .shell = shell };

	return expand(b, &v, text);
}

struct slice
text_expand_hit(struct build *b, const struct draft *d, const struct fact_hit *h,
    struct slice text)
{
	struct value_of v = { .arena = b->r->arena, .draft = d, .hit = h };

	return expand(b, &v, text);
}
