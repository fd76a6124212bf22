/*
 * subject.c - entries, exceptions and test output as fields looked up by name.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "model/severity.h"
#include "rule/rules.h"

/* places in subject.number */
enum { NUMBER_STATUS, NUMBER_LATENCY, NUMBER_SIZE, NUMBER_SEVERITY };

static bool
named(struct slice name, const char *field)
{
	return slice_eq_fold(name, slice_str(field));
}

static size_t
one(struct slice value, struct slice v[SUBJECT_FIELD_VALUES])
{
	v[0] = value;
	return value.n ? 1 : 0;
}

/* entries ------------------------------------------------------------------ */

static size_t
request_field(const struct subject *s, const struct request *q, struct slice name,
    struct slice v[SUBJECT_FIELD_VALUES])
{
	name = slice_sub(name, sizeof "httpRequest." - 1, name.n);
	if (named(name, "status"))
		return one(slice_str(s->number[NUMBER_STATUS]), v);
	if (named(name, "method") || named(name, "requestMethod"))
		return one(q->method, v);
	if (named(name, "url") || named(name, "requestUrl"))
		return one(q->url, v);
	if (named(name, "path"))
		return one(q->path, v);
	if (named(name, "userAgent"))
		return one(q->user_agent, v);
	if (named(name, "latency"))
		return one(slice_str(s->number[NUMBER_LATENCY]), v);
	if (named(name, "responseSize"))
		return one(slice_str(s->number[NUMBER_SIZE]), v);
	if (named(name, "remoteIp"))
		return one(q->remote_ip, v);
	if (named(name, "protocol"))
		return one(q->protocol, v);
	return 0;
}

static const char *
payload_kind_name(enum payload_kind kind)
{
	switch (kind) {
	case PAYLOAD_NONE:
		return "none";
	case PAYLOAD_TEXT:
		return "text";
	case PAYLOAD_JSON:
		return "json";
	case PAYLOAD_PROTO:
		return "proto";
	}
	return "unknown";
}

/* names that GCP writes in places the reader has turned into members of the entry */
static size_t
moved_field(const struct entry *e, struct slice name, struct slice v[SUBJECT_FIELD_VALUES])
{
	if (named(name, "textPayload") && e->payload_kind == PAYLOAD_TEXT)
		return one(e->message, v);
	if (named(name, "labels.instanceId"))
		return one(e->instance, v);
	if (named(name, "resource.labels.service_name"))
		return one(e->service, v);
	if (named(name, "resource.labels.revision_name"))
		return one(e->revision, v);
	if (named(name, "resource.labels.location"))
		return one(e->location, v);
	if (named(name, "resource.labels.project_id"))
		return one(e->project, v);
	if (!e->audit)
		return 0;
	if (named(name, "protoPayload.methodName"))
		return one(e->audit->method, v);
	if (named(name, "protoPayload.authenticationInfo.principalEmail"))
		return one(e->audit->principal, v);
	if (named(name, "protoPayload.status.message"))
		return one(e->audit->status, v);
	if (named(name, "protoPayload.requestMetadata.callerSuppliedUserAgent"))
		return one(e->audit->agent, v);
	return 0;
}

static size_t
payload_field(const struct entry *e, struct slice name, struct slice v[SUBJECT_FIELD_VALUES])
{
	size_t n = 0;

	for (size_t i = 0; i < e->fields && n < SUBJECT_FIELD_VALUES; i++) {
		if (slice_eq_fold(e->field[i].name, name))
			v[n++] = e->field[i].value;
	}
	return n ? n : moved_field(e, name, v);
}

static size_t
entry_member(const struct entry *e, struct slice name, struct slice v[SUBJECT_FIELD_VALUES])
{
	if (named(name, "service"))
		return one(e->service, v);
	if (named(name, "revision"))
		return one(e->revision, v);
	if (named(name, "instance"))
		return one(e->instance, v);
	if (named(name, "log"))
		return one(e->log, v);
	if (named(name, "location"))
		return one(e->location, v);
	if (named(name, "project"))
		return one(e->project, v);
	if (named(name, "insertId"))
		return one(e->insert_id, v);
	if (named(name, "trace"))
		return one(e->trace, v);
	if (named(name, "span"))
		return one(e->span, v);
	if (named(name, "resource.type"))
		return one(e->resource_type, v);
	if (named(name, "payload.kind"))
		return one(slice_str(payload_kind_name(e->payload_kind)), v);
	if (named(name, "severity.inferred"))
		return one(slice_str(e->severity_inferred ? "true" : "false"), v);
	return payload_field(e, name, v);
}

static size_t
entry_field(const struct subject *s, struct slice name, struct slice v[SUBJECT_FIELD_VALUES])
{
	const struct entry *e = s->of;

	if (named(name, "message")) {
		v[0] = e->message;
		return 1;
	}
	/* both ways to say it, so that `ERROR` and `gte: 500` work */
	if (named(name, "severity")) {
		v[0] = slice_str(severity_name(e->severity));
		v[1] = slice_str(s->number[NUMBER_SEVERITY]);
		return 2;
	}
	if (name.n > 12 && named(slice_sub(name, 0, 12), "httpRequest."))
		return e->request ? request_field(s, e->request, name, v) : 0;
	return entry_member(e, name, v);
}

static void
number_requests(struct subject *s, const struct request *q)
{
	if (q->status)
		snprintf(s->number[NUMBER_STATUS], sizeof s->number[0], "%d", q->status);
	if (q->latency_ns != CLOCK_NONE && q->latency_ns >= 0)
		snprintf(s->number[NUMBER_LATENCY], sizeof s->number[0], "%" PRId64 ".%09" PRId64,
		    q->latency_ns / CLOCK_NS_PER_S, q->latency_ns % CLOCK_NS_PER_S);
	if (q->response_size >= 0)
		snprintf(s->number[NUMBER_SIZE], sizeof s->number[0], "%" PRId64,
		    q->response_size);
}

static void
subject_init(struct subject *s, enum rule_subject kind, struct slice message, const void *of)
{
	s->kind = kind;
	s->message = message;
	s->of = of;
	for (size_t i = 0; i < sizeof s->number / sizeof s->number[0]; i++)
		s->number[i][0] = '\0';
}

void
subject_of_entry(struct subject *s, const struct entry *e)
{
	subject_init(s, e->request ? SUBJECT_REQUEST : SUBJECT_ENTRY, e->message, e);
	s->field = entry_field;
	snprintf(s->number[NUMBER_SEVERITY], sizeof s->number[0], "%d", e->severity);
	if (e->request)
		number_requests(s, e->request);
}

/* exceptions --------------------------------------------------------------- */

static size_t
exception_field(const struct subject *s, struct slice name, struct slice v[SUBJECT_FIELD_VALUES])
{
	const struct exception_subject *x = s->of;
	const struct link *cause = &x->exception->link[0];
	const struct link *last = &x->exception->link[x->exception->links - 1];

	if (named(name, "message")) {
		v[0] = s->message;
		return 1;
	}
	if (named(name, "type"))
		return one(last->type, v);
	if (named(name, "cause.type"))
		return one(cause->type, v);
	if (named(name, "cause.message"))
		return one(cause->message, v);
	if (named(name, "place"))
		return one(x->place, v);
	if (named(name, "service"))
		return one(x->service, v);
	if (named(name, "revision"))
		return one(x->revision, v);
	if (named(name, "instance"))
		return one(x->instance, v);
	return 0;
}

void
subject_of_exception(struct subject *s, const struct exception_subject *x)
{
	subject_init(s, SUBJECT_EXCEPTION, x->exception->link[x->exception->links - 1].message, x);
	s->field = exception_field;
}

/* test output -------------------------------------------------------------- */

static size_t
test_field(const struct subject *s, struct slice name, struct slice v[SUBJECT_FIELD_VALUES])
{
	const struct test *t = s->of;

	if (named(name, "message")) {
		v[0] = t->message;
		return 1;
	}
	if (named(name, "nodeid"))
		return one(t->nodeid, v);
	if (named(name, "outcome"))
		return one(slice_str(test_outcome_name(t->outcome)), v);
	if (named(name, "phase"))
		return one(slice_str(test_phase_name(t->phase)), v);
	if (named(name, "file"))
		return one(t->file, v);
	return 0;
}

static size_t
line_field(const struct subject *s, struct slice name, struct slice v[SUBJECT_FIELD_VALUES])
{
	const struct line_subject *l = s->of;

	if (named(name, "message")) {
		v[0] = l->text;
		return 1;
	}
	if (named(name, "nodeid"))
		return l->output ? one(l->output->nodeid, v) : 0;
	if (named(name, "section"))
		return l->output ? one(l->output->section, v) : 0;
	return 0;
}

void
subject_of_test(struct subject *s, const struct test *t, const struct run *r)
{
	(void)r;	/* no field of the run is offered to rules yet */
	subject_init(s, SUBJECT_TEST, t->message, t);
	s->field = test_field;
}

void
subject_of_line(struct subject *s, const struct line_subject *l)
{
	subject_init(s, SUBJECT_TEST, l->text, l);
	s->field = line_field;
}
