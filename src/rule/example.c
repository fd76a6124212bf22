#include "config.h"

#include "rule/example.h"

#include "model/severity.h"

static bool
named(struct slice name, const char *field)
{
	return slice_eq_fold(name, slice_str(field));
}

static int
refuse(struct slice name, struct slice value, const char *want, struct err *e)
{
	err_set(e, ERR_RULES, "the example has `%.*s` as %.*s", SLICE_ARG(value), SLICE_ARG(name));
	err_note(e, "no record can have that");
	return err_help(e, "write %s", want);
}

struct slot {			/* a text field and where its value goes */
	const char *name;
	struct slice *value;
};

static bool
fill_slot(const struct slot *slot, size_t n, struct slice name, struct slice value)
{
	for (size_t i = 0; i < n; i++) {
		if (named(name, slot[i].name)) {
			*slot[i].value = value;
			return true;
		}
	}
	return false;
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* entries ------------------------------------------------------------------- */

static int
fill_request(struct request *q, struct slice name, struct slice value, struct err *e)
{
	const struct slot slot[] = {
		{ "httpRequest.method", &q->method }, { "httpRequest.requestMethod", &q->method },
		{ "httpRequest.url", &q->url }, { "httpRequest.requestUrl", &q->url },
		{ "httpRequest.path", &q->path }, { "httpRequest.userAgent", &q->user_agent },
		{ "httpRequest.remoteIp", &q->remote_ip },
		{ "httpRequest.protocol", &q->protocol },
	};
	int64_t number;

	if (fill_slot(slot, COUNT(slot), name, value))
		return 0;
	if (named(name, "httpRequest.latency")) {
		if (!clock_parse_duration(value, &q->latency_ns))
			return refuse(name, value, "seconds, like 0.25", e);
		return 0;
	}
	if (!slice_to_int64(value, &number) || number < 0)
		return refuse(name, value, "a whole number", e);
	if (named(name, "httpRequest.responseSize"))
		q->response_size = number;
	else if (number > 999)
		return refuse(name, value, "an HTTP status, like 503", e);
	else
		q->status = (int)number;
	return 0;
}

static int
fill_kind(struct entry *entry, struct slice value, struct err *e)
{
	if (named(value, "none"))
		entry->payload_kind = PAYLOAD_NONE;
	else if (named(value, "text"))
		entry->payload_kind = PAYLOAD_TEXT;
	else if (named(value, "json"))
		entry->payload_kind = PAYLOAD_JSON;
	else if (named(value, "proto"))
		entry->payload_kind = PAYLOAD_PROTO;
	else
		return refuse(SLICE("payload.kind"), value, "none, text, json or proto", e);
	return 0;
}

static int
fill_member(struct entry *entry, struct slice name, struct slice value, struct err *e)
{
	const struct slot slot[] = {
		{ "message", &entry->message }, { "textPayload", &entry->message },
		{ "log", &entry->log }, { "service", &entry->service },
		{ "revision", &entry->revision }, { "instance", &entry->instance },
		{ "location", &entry->location }, { "project", &entry->project },
		{ "insertId", &entry->insert_id }, { "trace", &entry->trace },
		{ "span", &entry->span }, { "resource.type", &entry->resource_type },
	};

	if (fill_slot(slot, COUNT(slot), name, value))
		return 0;
	if (named(name, "severity")) {
		if (!severity_of(value, &entry->severity))
			return refuse(name, value, "a word like ERROR", e);
		return 0;
	}
	if (named(name, "severity.inferred")) {
		entry->severity_inferred = named(value, "true");
		return 0;
	}
	return fill_kind(entry, value, e);
}

/* names that have a payload's prefix are its leaves, all others are members */
static bool
is_leaf(struct slice name, enum payload_kind *kind)
{
	if (named(slice_sub(name, 0, 12), "jsonPayload."))
		*kind = PAYLOAD_JSON;
	else if (named(slice_sub(name, 0, 13), "protoPayload."))
		*kind = PAYLOAD_PROTO;
	else
		return named(slice_sub(name, 0, 7), "labels.") ||
		    named(slice_sub(name, 0, 16), "resource.labels.");
	return true;
}

static int
build_entry(struct arena *a, const struct rule_example *x, struct example_subject *out,
    struct err *e)
{
	struct entry_field *leaf = arena_array(a, x->fields + 1, sizeof *leaf);
	enum payload_kind kind = PAYLOAD_TEXT;
	struct entry *entry = &out->entry;
	int rc = 0;

	entry->receive_ns = CLOCK_NONE;
	out->request.latency_ns = CLOCK_NONE;
	out->request.response_size = -1;
	for (size_t i = 0; i < x->fields && rc == 0; i++) {
		struct slice name = x->name[i], value = x->value[i];

		if (named(slice_sub(name, 0, 12), "httpRequest.")) {
			entry->request = &out->request;
			rc = fill_request(&out->request, name, value, e);
		} else if (is_leaf(name, &kind)) {
			leaf[entry->fields++] = (struct entry_field){ name, value };
		} else {
			rc = fill_member(entry, name, value, e);
		}
	}
	entry->field = leaf;
	if (entry->payload_kind == PAYLOAD_NONE && (entry->message.n || kind != PAYLOAD_TEXT))
		entry->payload_kind = kind;
	subject_of_entry(&out->subject, entry);
	return rc;
}

/* exceptions ---------------------------------------------------------------- */

static void
build_exception(const struct rule_example *x, struct example_subject *out)
{
	struct exception_subject *s = &out->exception_subject;
	struct link cause = { 0 }, last = { 0 };
	const struct slot slot[] = {
		{ "type", &last.type }, { "message", &last.message },
		{ "cause.type", &cause.type }, { "cause.message", &cause.message },
		{ "place", &s->place }, { "service", &s->service }, { "revision", &s->revision },
		{ "instance", &s->instance },
	};
	struct exception *ex = &out->exception;

	for (size_t i = 0; i < x->fields; i++)
		fill_slot(slot, COUNT(slot), x->name[i], x->value[i]);
	/* one exception alone is its own cause */
	if (cause.type.n || cause.message.n)
		ex->link[ex->links++] = cause;
	if (last.type.n || last.message.n || ex->links == 0)
		ex->link[ex->links++] = last;
	ex->link[ex->links - 1].relation = ex->links == 1 ? LINK_FIRST : LINK_DIRECT_CAUSE;
	s->exception = ex;
	subject_of_exception(&out->subject, s);
}

/* test output --------------------------------------------------------------- */

static int
fill_outcome(struct test *t, struct slice value, struct err *e)
{
	for (int i = 0; i <= TEST_NOT_RUN; i++) {
		if (named(value, test_outcome_name((enum test_outcome)i))) {
			t->outcome = (enum test_outcome)i;
			return 0;
		}
	}
	return refuse(SLICE("outcome"), value, "passed, failed, error, skipped, xfailed, xpassed "
	    "or not run", e);
}

static int
fill_phase(struct test *t, struct slice value, struct err *e)
{
	for (int i = PHASE_COLLECT; i <= PHASE_TEARDOWN; i++) {
		if (named(value, test_phase_name((enum test_phase)i))) {
			t->phase = (enum test_phase)i;
			return 0;
		}
	}
	return refuse(SLICE("phase"), value, "collect, setup, call or teardown", e);
}

/* `outcome`, `phase` or `file` make it the result of a test, else it is a printed line */
static int
build_test(const struct rule_example *x, struct example_subject *out, struct err *e)
{
	struct test *t = &out->test;
	const struct slot slot[] = {
		{ "message", &t->message }, { "nodeid", &t->nodeid }, { "file", &t->file },
		{ "section", &out->output.section },
	};
	bool result = false;
	int rc = 0;

	t->outcome = TEST_FAILED;
	for (size_t i = 0; i < x->fields && rc == 0; i++) {
		struct slice name = x->name[i], value = x->value[i];

		if (named(name, "outcome"))
			rc = fill_outcome(t, value, e);
		else if (named(name, "phase"))
			rc = fill_phase(t, value, e);
		else
			fill_slot(slot, COUNT(slot), name, value);
		result = result || named(name, "outcome") || named(name, "phase") ||
		    named(name, "file");
	}
	if (rc == 0 && result && out->output.section.n) {
		err_set(e, ERR_RULES, "the example has a section and an outcome, phase or file");
		err_note(e, "a section is of a printed line, the others are of a result");
		rc = err_help(e, "write two examples");
	}
	out->output.nodeid = t->nodeid;
	out->line = (struct line_subject){ t->message, &out->output, &out->run };
	if (result)
		subject_of_test(&out->subject, t, &out->run);
	else
		subject_of_line(&out->subject, &out->line);
	return rc;
}

int
example_subject(struct arena *a, enum rule_subject kind, const struct rule_example *x,
    struct example_subject *out, struct err *e)
{
	*out = (struct example_subject){ 0 };
	if (kind == SUBJECT_TEST)
		return build_test(x, out, e);
	if (kind == SUBJECT_EXCEPTION) {
		build_exception(x, out);
		return 0;
	}
	return build_entry(a, x, out, e);
}
