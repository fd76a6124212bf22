/* ingest_redact.c - everything that a reader hands over, without its secrets */
#include "config.h"

#include "cmd/ingest_redact.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/seen.h"
#include "base/token.h"
#include "sign/redact.h"

/*
 * Texts that readers clip may end in the first bytes of a secret, which no
 * scanner knows as one: at this length (or, for a record that is not whole, at
 * any) the last word is left out.
 */
#define CLIPPED_NAME 250	/* of a field */
#define CLIPPED_TEXT (64 * 1024 - 4)
#define CLEAN 4096		/* slots for texts that are known to be clean */

struct ingest_redact {
	struct redactor *redactor;
	enum redact_mode mode;
	struct hmac key;
	uint64_t source;		/* number of the source, part of its streams */
	struct arena scratch;		/* of texts that are copied elsewhere */
	/* short texts, and names with their values, in which nothing is to be replaced */
	struct seen *clean;
};

int
ingest_redact_new(struct app *app, const char *mode, struct ingest_redact **r, struct err *e)
{
	unsigned char key[STORE_KEY];
	enum redact_mode m = REDACT_ALL;
	struct ingest_redact *n;

	if (mode && !redact_mode_of(slice_str(mode), &m))
		return err_set(e, ERR_USAGE, "--redact takes off, pii, secrets or all, not `%s`",
		    mode);
	if (store_redact_key(app->store, key, e) == -1)
		return -1;
	n = mem_calloc(1, sizeof *n);
	n->mode = m;
	n->redactor = redactor_new(m, key);
	hmac_key(&n->key, key, sizeof key);
	arena_init(&n->scratch);
	n->clean = seen_new(CLEAN);
	*r = n;
	return 0;
}

void
ingest_redact_free(struct ingest_redact *r)
{
	if (!r)
		return;
	redactor_free(r->redactor);
	arena_release(&r->scratch);
	seen_free(r->clean);
	free(r);
}

const char *
ingest_redact_mode(const struct ingest_redact *r)
{
	return redact_mode_name(r->mode);
}

const struct hmac *
ingest_redact_key(const struct ingest_redact *r)
{
	return &r->key;
}

/* ---- counts ---- */

void
ingest_redact_source(struct ingest_redact *r)
{
	redact_counts_reset(r->redactor);
	r->source++;
}

int
ingest_redact_store(const struct ingest_redact *r, int64_t source_id, struct app *app,
    struct err *e)
{
	const char *kind;
	size_t i;

	for (i = 0; (kind = redact_kind(i)) != NULL; i++) {
		uint64_t n = redact_count(r->redactor, i);

		if (n && store_redaction_put(app->store, source_id, kind, n, e) == -1)
			return -1;
	}
	return 0;
}

uint64_t
ingest_redact_told(const struct ingest_redact *r, char *to, size_t room)
{
	const char *kind;
	uint64_t all = 0;
	struct buf b;
	size_t i;

	buf_init(&b, room - 1);
	for (i = 0; (kind = redact_kind(i)) != NULL; i++) {
		uint64_t n = redact_count(r->redactor, i);

		if (n)
			buf_printf(&b, "%s%s %" PRIu64, all ? ", " : "", kind, n);
		all += n;
	}
	memcpy(to, b.p, b.n + 1);
	buf_release(&b);
	return all;
}

/* ---- texts ---- */

struct slice
ingest_redact_text(struct ingest_redact *r, struct arena *a, struct slice text)
{
	struct seen_slot *slot;
	struct slice out;

	if (text.n == 0 || r->mode == REDACT_OFF || seen_find(r->clean, text, &slot))
		return text;
	out = redact_text(r->redactor, a, text);
	if (out.p == text.p)
		seen_keep(slot, text, true);
	return out;
}

static void
change(struct ingest_redact *r, struct arena *a, struct slice *text)
{
	*text = ingest_redact_text(r, a, *text);
}

/* s up to its last blank, quote or bracket, unless it ends with one */
static struct slice
without_last_word(struct slice s)
{
	while (s.n && s.p[s.n - 1] != '\0' && !strchr(" \t\r\n\"'`,;<>(){}[]", s.p[s.n - 1]))
		s.n--;
	return s;
}

static void
change_clipped(struct ingest_redact *r, struct arena *a, struct slice *text, size_t clipped)
{
	bool cut = r->mode != REDACT_OFF && text->n >= clipped;

	change(r, a, text);
	if (cut)
		*text = without_last_word(*text);
}

/* FNV-1a over the names of a stream: a collision only joins two of them */
static uint64_t
stream_of(uint64_t h, struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
	return (h ^ 0xff) * UINT64_C(1099511628211);
}

static uint64_t
stream_start(const struct ingest_redact *r, uint64_t part)
{
	return UINT64_C(14695981039346656037) ^ r->source * UINT64_C(0x9e3779b97f4a7c15) ^
	    part * UINT64_C(0xbf58476d1ce4e5b9);
}

/* ---- entries ---- */

/* the value of a member: its name counts too */
static struct slice
field_value(struct ingest_redact *r, struct arena *a, const struct entry_field *f)
{
	struct seen_slot *slot = NULL;
	char both[SEEN_TEXT];
	size_t n = f->name.n + 1 + f->value.n;
	struct slice out;

	if (f->value.n == 0)
		return f->value;
	if (n <= sizeof both) {
		memcpy(both, f->name.p, f->name.n);
		both[f->name.n] = '\0';
		memcpy(both + f->name.n + 1, f->value.p, f->value.n);
		if (seen_find(r->clean, slice_of(both, n), &slot))
			return f->value;
	}
	out = redact_value(r->redactor, a, f->name, f->value);
	if (out.p == f->value.p)
		seen_keep(slot, slice_of(both, n), true);
	return out;
}

static void
change_fields(struct ingest_redact *r, struct arena *a, struct entry *en)
{
	struct entry_field *field;
	size_t i;

	if (en->fields == 0)
		return;
	field = arena_array(a, en->fields, sizeof *field);
	for (i = 0; i < en->fields; i++) {
		const struct entry_field *f = &en->field[i];

		field[i].value = field_value(r, a, f);
		field[i].name = f->name;
		change_clipped(r, a, &field[i].name, CLIPPED_NAME);
	}
	en->field = field;
}

static void
change_request(struct ingest_redact *r, struct arena *a, struct entry *en)
{
	struct request *q;

	if (!en->request)
		return;
	q = arena_alloc(a, sizeof *q);
	*q = *en->request;
	change(r, a, &q->method);
	change(r, a, &q->url);
	change(r, a, &q->path);
	change(r, a, &q->user_agent);
	change(r, a, &q->remote_ip);
	change(r, a, &q->protocol);
	en->request = q;
}

static void
change_audit(struct ingest_redact *r, struct arena *a, struct entry *en)
{
	struct audit *u;

	if (!en->audit)
		return;
	u = arena_alloc(a, sizeof *u);
	*u = *en->audit;
	change(r, a, &u->method);
	change(r, a, &u->principal);
	change(r, a, &u->status);
	change(r, a, &u->agent);
	en->audit = u;
}

void
ingest_redact_entry(struct ingest_redact *r, struct arena *a, struct entry *en)
{
	en->payload = (struct slice){ NULL, 0 };	/* its hash was taken; nobody needs more */
	if (r->mode == REDACT_OFF)
		return;
	en->message = redact_part(r->redactor, a, stream_of(stream_of(stream_start(r, 0),
	    en->instance), en->log), en->message);
	change_fields(r, a, en);
	change_request(r, a, en);
	change_audit(r, a, en);
	change(r, a, &en->project);
	change(r, a, &en->location);
	change(r, a, &en->resource_type);
	change(r, a, &en->log);
	change(r, a, &en->service);
	change(r, a, &en->revision);
	change(r, a, &en->instance);
}

/* ---- tests ---- */

void
ingest_redact_run(struct ingest_redact *r, struct arena *a, struct run *run)
{
	change(r, a, &run->framework);
	change(r, a, &run->command);
	change(r, a, &run->env);
	change(r, a, &run->commit);
	change(r, a, &run->host);
	change(r, a, &run->wrapper_why);
	change(r, a, &run->state_why);
	change(r, a, &run->reconciled_why);
}

void
ingest_redact_test(struct ingest_redact *r, struct arena *a, struct test *t)
{
	change(r, a, &t->nodeid);
	change(r, a, &t->printed);
	change(r, a, &t->file);
	change(r, a, &t->suite);
	change(r, a, &t->params);
	change(r, a, &t->message);
	change_clipped(r, a, &t->detail, CLIPPED_TEXT);
	change(r, a, &t->worker);
}

/* "DB_PASSWORD" = "..." of a report's properties: the name tells what the value is */
void
ingest_redact_fact(struct ingest_redact *r, struct arena *a, struct run_fact *f)
{
	change(r, a, &f->name);
	f->value = redact_value(r->redactor, a, f->name, f->value);
}

void
ingest_redact_printed(struct ingest_redact *r, struct arena *a, int64_t run_id,
    struct printed *p)
{
	uint64_t stream = stream_of(stream_of(stream_start(r, (uint64_t)run_id), p->nodeid),
	    p->section);

	change(r, a, &p->nodeid);
	change(r, a, &p->section);
	p->text = redact_part(r->redactor, a, stream, p->text);
}

/* ---- what is wrong with the input ---- */

void
ingest_redact_bad(struct ingest_redact *r, struct arena *a, struct bad_record *bad)
{
	bool whole = bad->bytes == bad->head.n && bad->kind != BAD_DAMAGED;

	change(r, a, &bad->reason);
	change_clipped(r, a, &bad->head, whole ? SIZE_MAX : 0);
}

/* a text of fixed room; longer ones were cut when they were put there */
static void
change_fixed(struct ingest_redact *r, char *text, size_t room)
{
	struct slice s = slice_str(text);

	if (s.n == 0 || r->mode == REDACT_OFF)
		return;
	change_clipped(r, &r->scratch, &s, room - 4);
	s.n = token_floor(s, room - 1);
	if (s.n)
		memmove(text, s.p, s.n);
	text[s.n] = '\0';
	arena_reset(&r->scratch);
}

void
ingest_redact_diag(struct ingest_redact *r, struct diag *d)
{
	change_fixed(r, d->detail, sizeof d->detail);
}

void
ingest_redact_err(struct ingest_redact *r, struct err *e)
{
	/* before it is there, no input was read that an error could quote */
	if (!r)
		return;
	change_fixed(r, e->text, sizeof e->text);
	change_fixed(r, e->where, sizeof e->where);
	change_fixed(r, e->snippet, sizeof e->snippet);
	change_fixed(r, e->note, sizeof e->note);
	change_fixed(r, e->help, sizeof e->help);
}
