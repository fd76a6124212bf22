/*
 * format_sample.c - each sample line is read, and each group compared with what it should be.
 */
#include "config.h"

#include <string.h>

#include "model/severity.h"
#include "read/format_sample.h"

struct sample {
	struct line_format *format;
	struct matcher *matcher;
	struct arena arena;
	struct text_line line;		/* as it was read */
};

/* the value of a group as a sample states it; false: there is none */
static bool
value_of(struct sample *s, const char *name, struct slice *out)
{
	const struct text_line *l = &s->line;
	const struct request *r = l->request;
	char *text = arena_alloc(&s->arena, CLOCK_TEXT);
	const char *label;

	*out = slice_of(NULL, 0);
	switch (format_role_of(name)) {
	case ROLE_TIME:
		if (!l->timed)
			return false;
		/* without a date or year it is the time since midnight */
		clock_format(l->time.ns, 9, text);
		*out = slice_str(text);
		if (l->time.date != TEXT_DATE_WHOLE)
			*out = slice_sub(*out, 11, out->n);
		return true;
	case ROLE_SEVERITY:
		*out = slice_str(severity_name(l->severity));
		return true;
	case ROLE_MESSAGE:
		*out = l->message;
		break;
	case ROLE_SERVICE:
		*out = l->service;
		break;
	case ROLE_REVISION:
		*out = l->revision;
		break;
	case ROLE_INSTANCE:
		*out = l->instance;
		break;
	case ROLE_TRACE:
		*out = l->trace;
		break;
	case ROLE_METHOD:
		*out = r ? r->method : *out;
		break;
	case ROLE_URL:
		*out = r ? r->url : *out;
		break;
	case ROLE_PATH:
		*out = r ? r->path : *out;
		break;
	case ROLE_USER_AGENT:
		*out = r ? r->user_agent : *out;
		break;
	case ROLE_REMOTE_IP:
		*out = r ? r->remote_ip : *out;
		break;
	case ROLE_PROTOCOL:
		*out = r ? r->protocol : *out;
		break;
	case ROLE_STATUS:
		if (r && r->status)
			*out = slice_str(arena_printf(&s->arena, "%d", r->status));
		break;
	case ROLE_SIZE:
		if (r && r->response_size >= 0)
			*out = slice_str(arena_printf(&s->arena, "%lld",
			    (long long)r->response_size));
		break;
	case ROLE_LATENCY:
		if (r && r->latency_ns != CLOCK_NONE)
			*out = slice_str(arena_printf(&s->arena, "%lld.%09llds",
			    (long long)(r->latency_ns / CLOCK_NS_PER_S),
			    (long long)(r->latency_ns % CLOCK_NS_PER_S)));
		break;
	default:
		label = arena_printf(&s->arena, "labels.%s", name);
		for (size_t i = 0; i < l->fields; i++) {
			if (slice_eqs(l->field[i].name, label))
				*out = l->field[i].value;
		}
		break;
	}
	return out->n > 0;
}

/* times and durations are compared as such, everything else as text */
static bool
is_equal(const char *name, struct slice got, struct slice want)
{
	enum format_role role = format_role_of(name);
	int64_t a, b;

	if (role == ROLE_TIME && clock_parse(got, &a, NULL) && clock_parse(want, &b, NULL))
		return a == b;
	if (role == ROLE_LATENCY && clock_parse_duration(got, &a) &&
	    clock_parse_duration(want, &b))
		return a == b;
	/* "09:14:25" is compared with "09:14:25.000000000Z" */
	if (role == ROLE_TIME && got.n >= want.n && want.n >= 8) {
		for (size_t i = want.n; i < got.n; i++) {
			if (got.p[i] != '0' && got.p[i] != '.' && got.p[i] != 'Z')
				return false;
		}
		return slice_eq(slice_sub(got, 0, want.n), want);
	}
	return slice_eq(got, want);
}

static bool
is_group(const struct line_format *f, const char *name)
{
	unsigned number;
	const char *group;

	if (strcmp(name, "message") == 0)
		return true;
	for (unsigned i = 0; pattern_name(f->pattern, i, &group, &number); i++) {
		if (strcmp(group, name) == 0)
			return true;
	}
	/* a path is what a url holds */
	return strcmp(name, "path") == 0 && is_group(f, "url");
}

static struct slice
want_of(struct sample *s, const struct fnode *n)
{
	if (json_is_integer(n->value))
		return slice_str(arena_printf(&s->arena, "%" JSON_INTEGER_FORMAT,
		    json_integer_value(n->value)));
	return fnode_text(n);
}

static void
check_group(struct sample *s, const struct fnode *is, const char *name)
{
	struct fnode n = fnode_key(is, name);
	struct slice got, want = want_of(s, &n);
	struct err e;

	if (!is_group(s->format, name)) {
		err_set(&e, ERR_RULES, "the pattern has no group `%s`", name);
		err_note(&e, "a sample states values of groups");
		err_help(&e, "write (?<%s>...) in the pattern, or leave it out here", name);
		fnode_fault_key(&n, NULL, &e);
		return;
	}
	if (value_of(s, name, &got) && is_equal(name, got, want))
		return;
	err_set(&e, ERR_RULES, "the sample is read otherwise: %s is `%.*s`", name,
	    (int)(got.n > 200 ? 200 : got.n), got.p ? got.p : "");
	err_note(&e, "the sample says that it is `%.*s`", (int)(want.n > 200 ? 200 : want.n),
	    want.p ? want.p : "");
	err_help(&e, "mend the pattern, the time_format, or the sample");
	fnode_fault(&n, NULL, &e);
}

static void
fault_match(const struct fnode *n, enum match_outcome outcome, const char *otherwise)
{
	struct err e;

	err_set(&e, ERR_RULES, "%s", outcome == MATCH_LIMIT ?
	    "the pattern gave up on this sample" : otherwise);
	err_note(&e, "%s", outcome == MATCH_LIMIT ? "it takes too many steps" :
	    "a pattern counts where it matches from the first byte of the line on");
	err_help(&e, "mend the pattern or the sample");
	fnode_fault(n, NULL, &e);
}

static void
check_line(struct sample *s, const struct fnode *item)
{
	static const char *const keys[] = { "line", "is", NULL };
	struct fnode line = fnode_key(item, "line"), is = fnode_key(item, "is");
	enum match_outcome outcome;
	struct slice text, first;
	const char *unread, *key;
	json_t *value;
	struct err e;

	fnode_check_keys(item, keys, "a sample");
	if (!fnode_want_text(&line, "line", &text))
		return;
	/* the last newline of a block scalar is no part of the record */
	while (text.n > 0 && text.p[text.n - 1] == '\n')
		text.n--;
	first = slice_sub(text, 0, slice_find_byte(text, 0, '\n'));
	outcome = format_begins(s->format, s->matcher, first);
	if (outcome == MATCH_YES)
		outcome = format_parse(s->format, s->matcher, text, &s->arena, &s->line, &unread);
	if (outcome != MATCH_YES) {
		fault_match(&line, outcome, "the pattern does not match this sample");
		return;
	}
	if (unread) {
		err_set(&e, ERR_RULES, "the %s of this sample cannot be read", unread);
		err_note(&e, "records like this would have none");
		err_help(&e, "state it with `time_format` or `severities`");
		fnode_fault(&line, NULL, &e);
	}
	json_object_foreach(is.value, key, value)
		check_group(s, &is, key);
}

/* - not: a line that must not begin a record */
static void
check_not(struct sample *s, const struct fnode *item)
{
	static const char *const keys[] = { "not", NULL };
	struct fnode line = fnode_key(item, "not");
	enum match_outcome outcome;
	struct slice text;

	fnode_check_keys(item, keys, "a sample");
	if (!fnode_want_text(&line, "not", &text))
		return;
	outcome = format_begins(s->format, s->matcher, text);
	if (outcome != MATCH_NO)
		fault_match(&line, outcome, "this line must not match, and does");
}

void
format_check_samples(const struct fnode *doc, struct line_format *f)
{
	struct fnode list = fnode_key(doc, "samples");
	struct sample s = { .format = f, .matcher = matcher_new() };
	size_t lines = 0;
	struct err e;

	for (size_t i = 0; i < json_array_size(list.value); i++) {
		struct fnode item = fnode_item(&list, i);

		arena_init(&s.arena);
		if (fnode_key(&item, "not").value) {
			check_not(&s, &item);
		} else {
			check_line(&s, &item);
			lines++;
		}
		arena_release(&s.arena);
		f->samples++;
	}
	matcher_free(s.matcher);
	if (lines > 0)
		return;
	err_set(&e, ERR_RULES, "a format needs a sample");
	err_note(&e, "samples are its tests, and show what it is for");
	err_help(&e, "write `samples:` with `- line: '...'` and `is: {severity: ERROR}`");
	fnode_fault(&list, NULL, &e);
}
