/* ingest_sink.c - where readers put their records: redact, sign, store, match, count */
#include "config.h"

#include "cmd/ingest_sink.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "cmd/exception_row.h"
#include "read/run_says.h"
#include "reason/reason.h"
#include "rule/rules.h"
#include "sign/sign.h"

#define BATCH_RECORDS 5000
#define BATCH_BYTES (8 * 1024 * 1024)
#define PROGRESS_RECORDS 512	/* look at the clock so often ... */
#define PROGRESS_NS (CLOCK_NS_PER_S / 10)	/* ... and draw at most so often */
#define SHOWN_PER_CODE 3	/* diagnostics of one kind shown for one source; all are stored */

struct ingest_sink {
	struct app *app;
	struct read_sink reader;
	struct source_new source;
	struct ingest_redact *redact;	/* borrowed */
	struct match_to to;
	struct arena arena;		/* masks of one record */
	struct source_totals totals;
	int64_t last_ts;		/* of the record before, for the order */
	uint64_t up, down;		/* steps forward and back in time */
	uint64_t batch_records, batch_bytes;
	bool in_batch, plain;
	int64_t run_id;
	struct run run;	/* of the run that is open, for its rules; texts in run_arena */
	struct arena run_arena;
	/* the first of their kinds that the open run told; in run_arena */
	struct slice said_command, said_env, said_commit, said_host;
	long said_exit;
	/* what its text says: an exit code counts when it stands behind all results */
	long printed_exit;
	uint64_t printed_exit_byte, last_test_byte;
	unsigned facts[RUN_SAYS_KINDS];	/* of its text, by kind */
	uint64_t runs, tests;
	bool run_assumed;		/* the clock of a run names no zone */
	uint64_t level[DIAG_DAMAGE + 1];
	unsigned shown[DIAG_CODES];
	const struct input *in;		/* for the progress line; or NULL */
	uint64_t in_bytes;
	struct timespec drawn;
	bool drew;
};

static void
draw_progress(struct ingest_sink *k)
{
	struct timespec now;
	int64_t ns;
	double mb;

	if (!k->in || !k->app->msg.tty || k->batch_records % PROGRESS_RECORDS != 0 ||
	    clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return;
	ns = (now.tv_sec - k->drawn.tv_sec) * CLOCK_NS_PER_S + (now.tv_nsec - k->drawn.tv_nsec);
	if (ns < PROGRESS_NS)
		return;
	k->drawn = now;
	k->drew = true;
	mb = (double)input_bytes(k->in) / 1e6;
	if (k->in_bytes)
		msg_progress(&k->app->msg, "%s  %.1f of %.1f MB  %" PRIu64 " records",
		    k->source.path, mb, (double)k->in_bytes / 1e6, k->totals.seen);
	else
		msg_progress(&k->app->msg, "%s  %.1f MB  %" PRIu64 " records", k->source.path, mb,
		    k->totals.seen);
}

static void
end_progress(struct ingest_sink *k)
{
	if (k->drew)
		msg_progress_end(&k->app->msg);
	k->drew = false;
}

/* after every record: whole batches only, so that a kill leaves nothing half */
static int
step(struct ingest_sink *k, uint64_t bytes, struct err *e)
{
	arena_reset(&k->arena);
	k->batch_records++;
	k->batch_bytes += bytes;
	draw_progress(k);
	if (k->batch_records < BATCH_RECORDS && k->batch_bytes < BATCH_BYTES)
		return 0;
	k->batch_records = k->batch_bytes = 0;
	k->in_batch = false;
	if (store_batch_commit(k->app->store, e) == -1 ||
	    store_batch_begin(k->app->store, e) == -1)
		return -1;
	k->in_batch = true;
	return 0;
}

/*
 * A traceback, a piece of one, or a sentence that ties two together. The rest of a
 * traceback that was cut inside a source line begins with that line's blanks.
 */
static bool
is_trace_part(struct slice message)
{
	enum link_relation relation;

	return slice_find(message, 0, SLICE("Traceback (most recent call last)")) != SIZE_MAX ||
	    slice_starts(message, "    ") ||
	    slice_starts(message, "  File \"") || sign_connector(message, &relation);
}

static void
count_time(struct ingest_sink *k, const struct entry *entry)
{
	struct source_totals *t = &k->totals;

	t->ts_assumed |= entry->ts_assumed;
	if (t->first_ns == CLOCK_NONE || entry->ts_ns < t->first_ns)
		t->first_ns = entry->ts_ns;
	if (t->last_ns == CLOCK_NONE || entry->ts_ns > t->last_ns)
		t->last_ns = entry->ts_ns;
	if (k->last_ts != CLOCK_NONE) {
		k->up += entry->ts_ns > k->last_ts;
		k->down += entry->ts_ns < k->last_ts;
	}
	k->last_ts = entry->ts_ns;
}

static void
count_outcome(struct source_totals *t, enum put_outcome outcome)
{
	t->seen++;
	t->added += outcome == PUT_ADDED;
	t->known += outcome == PUT_KNOWN;
	t->filled += outcome == PUT_FILLED || outcome == PUT_LACKED;
	t->lacked += outcome == PUT_LACKED;
	t->conflicts += outcome == PUT_CONFLICT;
}

static bool
is_empty(const struct entry *entry)
{
	return entry->payload_kind == PAYLOAD_NONE && !entry->request;
}

/* structured text escapes its line breaks; without an instance nothing can be joined */
static bool
may_be_cut(const struct entry *entry)
{
	const struct join_text text = { entry->message, entry->tag_open, entry->tag_closed };

	return entry->payload_kind == PAYLOAD_TEXT && entry->instance.n > 0 &&
	    sign_leaves_open(&text);
}

static int
on_entry(void *ctx, const struct entry *read, struct err *e)
{
	struct ingest_sink *k = ctx;
	struct entry entry = *read;
	struct event_sign sign = { .open_end = may_be_cut(read) };
	enum put_outcome outcome;

	/* the identity is that of what was read, all else of what may be kept */
	sign.identity = sign_identity(ingest_redact_key(k->redact), read);
	ingest_redact_entry(k->redact, &k->arena, &entry);
	sign.trace_part = is_trace_part(entry.message);
	sign.template = sign_template(&k->arena, entry.message);
	sign.template_id = sign.template.n ? sign_template_id(sign.template) : 0;
	if (store_event_put(k->app->store, k->to.source_id, &entry, &sign, &outcome,
	    &k->to.event_id, e) == -1)
		return -1;
	count_time(k, &entry);
	count_outcome(&k->totals, outcome);
	k->totals.empty += is_empty(&entry);
	k->plain |= entry.plain;
	if (entry.message.n > PATTERN_HEAD + PATTERN_TAIL)
		diag_put(&k->reader.diag, DIAG_PATTERN_CLIP, entry.line, 1, entry.byte,
		    "a message of %zu bytes", entry.message.n);
	if ((outcome == PUT_ADDED || outcome == PUT_FILLED) &&
	    match_entry(&k->to, &entry, e) == -1)
		return -1;
	return step(k, entry.bytes, e);
}

/* the texts of a run are needed until it ends */
static void
keep_run(struct ingest_sink *k, const struct run *run)
{
	arena_reset(&k->run_arena);
	k->run = *run;
	k->run.framework = arena_copy(&k->run_arena, run->framework);
	k->run.command = arena_copy(&k->run_arena, run->command);
	k->run.env = arena_copy(&k->run_arena, run->env);
	k->run.commit = arena_copy(&k->run_arena, run->commit);
	k->run.format = arena_copy(&k->run_arena, run->format);
	k->run.host = arena_copy(&k->run_arena, run->host);
	k->run.state_why = k->run.reconciled_why = k->run.wrapper_why = (struct slice){ NULL, 0 };
	k->said_command = k->said_env = k->said_commit = k->said_host = (struct slice){ NULL, 0 };
	k->said_exit = k->printed_exit = -1;
	k->printed_exit_byte = k->last_test_byte = 0;
	memset(k->facts, 0, sizeof k->facts);
}

static int
on_run_begin(void *ctx, const struct run *read, struct err *e)
{
	struct ingest_sink *k = ctx;
	struct run run = *read;

	ingest_redact_run(k->redact, &k->arena, &run);
	keep_run(k, &run);
	k->runs++;
	if (store_run_begin(k->app->store, k->to.source_id, &run, &k->run_id, e) == -1)
		return -1;
	return step(k, 0, e);
}

/*
 * A failure that is stored with its exception; its signature is that of the exception,
 * because reports and styles print other messages for it. A detail that was cut
 * lacks the last link, which only the message has then.
 */
static int
put_failure(struct ingest_sink *k, const struct test *test, struct err *e)
{
	struct slice signature, message = test->message;
	struct exception_row row;
	struct exception x;
	bool thrown = sign_test_exception(&k->arena, test->detail, &x);
	int rc;

	if (thrown) {
		sign_from_root(&x, test->file);
		exception_row_init(&row, &x, &k->arena);
	}
	if (thrown && !(x.cut && message.n))
		message = sign_test_message(&k->arena, &x);
	signature = sign_test_failure(&k->arena, message, test->file);
	rc = store_test_put(k->app->store, k->run_id, test, signature, sign_id("test", signature),
	    &k->to.test_id, e);
	if (rc)
		return rc == -1 ? -1 : 0;
	return thrown ? store_test_exception_put(k->app->store, k->to.test_id, &row, e) : 0;
}

static int
on_test(void *ctx, const struct test *read, struct err *e)
{
	struct ingest_sink *k = ctx;
	struct test test = *read;
	int rc;

	ingest_redact_test(k->redact, &k->arena, &test);
	if (test.outcome == TEST_FAILED || test.outcome == TEST_ERROR)
		rc = put_failure(k, &test, e);
	else
		rc = store_test_put(k->app->store, k->run_id, &test, (struct slice){ NULL, 0 }, 0,
		    &k->to.test_id, e);
	if (rc == -1)
		return -1;
	k->tests++;
	k->last_test_byte = test.byte > k->last_test_byte ? test.byte : k->last_test_byte;
	count_outcome(&k->totals, PUT_ADDED);
	if (match_test(&k->to, &test, &k->run, e) == -1)
		return -1;
	return step(k, test.detail.n, e);
}

static void
first_of(struct ingest_sink *k, struct slice *to, struct slice value)
{
	if (to->n == 0)
		*to = arena_copy(&k->run_arena, value);
}

/* false when it is of a kind that says who runs something: a test runs other things */
static bool
is_of_world(const struct run_fact *fact)
{
	return !slice_eqs(fact->kind, "exit") && !slice_eqs(fact->kind, "command") &&
	    !slice_eqs(fact->kind, "commit") && !slice_eqs(fact->kind, "ci");
}

static void
first_said(struct ingest_sink *k, const struct run_fact *fact)
{
	if (slice_eqs(fact->kind, "command"))
		first_of(k, &k->said_command, fact->value);
	else if (slice_eqs(fact->kind, "environment"))
		first_of(k, &k->said_env, fact->value);
	else if (slice_eqs(fact->kind, "commit"))
		first_of(k, &k->said_commit, fact->value);
	else if (slice_eqs(fact->kind, "host"))
		first_of(k, &k->said_host, fact->value);
}

struct saying {			/* one printed text that is looked through */
	struct ingest_sink *k;
	const struct printed *output;
	struct err *e;
};

static int
on_said(void *ctx, const struct run_fact *fact)
{
	struct saying *s = ctx;
	struct ingest_sink *k = s->k;
	unsigned kind = run_says_kind(fact->kind);
	int64_t code;

	if (s->output->nodeid.n && !is_of_world(fact))
		return 0;
	if (k->facts[kind]++ == RUN_SAYS_FACTS)
		diag_put(&k->reader.diag, DIAG_RUN_FACTS, fact->line, 0, fact->byte,
		    "more than %d of kind %.*s", RUN_SAYS_FACTS, SLICE_ARG(fact->kind));
	if (k->facts[kind] > RUN_SAYS_FACTS)
		return 0;
	/* the last one is that of the whole: a script may print those of its steps */
	if (slice_eqs(fact->kind, "exit") && slice_to_int64(fact->value, &code) && code >= 0) {
		k->printed_exit = (long)code;
		k->printed_exit_byte = fact->byte;
	}
	if (!s->output->nodeid.n)
		first_said(k, fact);
	return store_run_fact_put(k->app->store, k->run_id, fact, s->e);
}

static int
on_output(void *ctx, const struct printed *read, struct err *e)
{
	struct ingest_sink *k = ctx;
	struct printed output = *read;
	struct saying saying = { k, &output, e };

	ingest_redact_printed(k->redact, &k->arena, k->run_id, &output);
	if (store_output_put(k->app->store, k->run_id, &output, &k->to.output_id, e) == -1)
		return -1;
	/* of what may be kept: values are redacted already */
	if (run_says_scan(output.text, output.line, output.byte, on_said, &saying) != 0)
		return -1;
	k->to.test_id = 0;
	if (match_output(&k->to, &output, &k->run, e) == -1)
		return -1;
	return step(k, output.text.n, e);
}

static int
on_fact(void *ctx, const struct run_fact *read, struct err *e)
{
	struct ingest_sink *k = ctx;
	struct run_fact fact = *read;
	int64_t code;

	ingest_redact_fact(k->redact, &k->arena, &fact);
	first_said(k, &fact);
	if (slice_eqs(fact.kind, "exit") && slice_to_int64(fact.value, &code) && code >= 0)
		k->said_exit = (long)code;
	if (store_run_fact_put(k->app->store, k->run_id, &fact, e) == -1)
		return -1;
	return step(k, fact.value.n, e);
}

/* what the report itself has no field for, as the run told it */
static void
fill_run(const struct ingest_sink *k, struct run *run)
{
	if (run->command.n == 0)
		run->command = k->said_command;
	if (run->env.n == 0)
		run->env = k->said_env;
	if (run->commit.n == 0)
		run->commit = k->said_commit;
	if (run->host.n == 0)
		run->host = k->said_host;
	if (run->exit_code < 0)
		run->exit_code = k->said_exit;
	if (run->exit_code < 0 && k->printed_exit_byte >= k->last_test_byte)
		run->exit_code = k->printed_exit;
}

static int
on_run_end(void *ctx, const struct run *read, struct err *e)
{
	struct ingest_sink *k = ctx;
	struct run run = *read;

	k->run_assumed |= run.clock == RUN_CLOCK_ASSUMED;
	ingest_redact_run(k->redact, &k->arena, &run);
	fill_run(k, &run);
	if (store_run_end(k->app->store, k->run_id, &run, e) == -1)
		return -1;
	return step(k, 0, e);
}

static int
on_bad(void *ctx, const struct bad_record *read, struct err *e)
{
	struct ingest_sink *k = ctx;
	struct bad_record bad = *read;

	ingest_redact_bad(k->redact, &k->arena, &bad);
	k->totals.seen++;
	if (bad.kind == BAD_DAMAGED)
		k->totals.damaged++;
	else
		k->totals.not_evidence++;
	if (store_bad_put(k->app->store, k->to.source_id, &bad, e) == -1)
		return -1;
	return step(k, bad.head.n, e);
}

static void
show_diag(struct ingest_sink *k, const struct diag *d)
{
	struct err w;

	if (diag_level(d->code) == DIAG_NOTE && k->app->msg.verbosity < 1)
		return;
	if (++k->shown[d->code] > SHOWN_PER_CODE)
		return;
	end_progress(k);
	err_clear(&w);
	err_set(&w, ERR_INPUT, "%s", diag_text(d->code));
	err_where(&w, "%s:%" PRIu64 ":%" PRIu64 " (byte %" PRIu64 ")", k->source.path, d->line,
	    d->col, d->byte);
	if (d->detail[0])
		err_note(&w, "%s", d->detail);
	if (k->shown[d->code] == SHOWN_PER_CODE)
		err_help(&w, "more of this kind are counted, not shown: netra-triage query "
		    "\"select * from diagnostics where name = '%s'\"", diag_name(d->code));
	msg_warn_err(&k->app->msg, &w);
}

/* a sink cannot fail; a diagnostic that cannot be stored is still shown and counted */
static void
on_diag(void *ctx, const struct diag *read)
{
	struct ingest_sink *k = ctx;
	struct diag d = *read;
	struct err e;

	err_clear(&e);
	ingest_redact_diag(k->redact, &d);
	k->level[diag_level(d.code)]++;
	if (store_diag_put(k->app->store, k->to.source_id, &d, &e) == -1)
		msg_err(&k->app->msg, &e);
	show_diag(k, &d);
}

int
ingest_sink_new(struct app *app, const struct source_new *source, struct ingest_redact *redact,
    struct ingest_sink **sink, struct err *e)
{
	struct ingest_sink *k = mem_calloc(1, sizeof *k);

	k->app = app;
	k->source = *source;
	k->redact = redact;
	k->to.app = app;
	k->to.matcher = rule_matcher_new(app->rules);
	k->last_ts = k->totals.first_ns = k->totals.last_ns = CLOCK_NONE;
	arena_init(&k->arena);
	arena_init(&k->run_arena);
	k->reader = (struct read_sink){ .ctx = k, .entry = on_entry, .run_begin = on_run_begin,
	    .test = on_test, .output = on_output, .fact = on_fact, .run_end = on_run_end,
	    .bad = on_bad, .diag = { on_diag, k } };
	if (store_source_begin(app->store, source, &k->to.source_id, e) == -1 ||
	    store_batch_begin(app->store, e) == -1) {
		ingest_sink_free(k);
		return -1;
	}
	k->in_batch = true;
	*sink = k;
	return 0;
}

void
ingest_sink_progress(struct ingest_sink *k, const struct input *in, uint64_t bytes)
{
	k->in = in;
	k->in_bytes = bytes;
	clock_gettime(CLOCK_MONOTONIC, &k->drawn);
}

const struct read_sink *
ingest_sink_reader(struct ingest_sink *k)
{
	return &k->reader;
}

static void
judge(struct ingest_sink *k)
{
	struct source_totals *t = &k->totals;
	uint64_t entries = t->added + t->known + t->filled + t->conflicts;
	struct diag d = { .code = DIAG_TRUNCATED };

	t->order = entries < 2 || (!k->up && !k->down) ? ORDER_NONE :
	    !k->down ? ORDER_OLDEST_FIRST : !k->up ? ORDER_NEWEST_FIRST : ORDER_MIXED;
	if (t->seen == 0 && k->runs == 0 && k->source.kind == SOURCE_TESTS)
		diag_put(&k->reader.diag, DIAG_EMPTY, 1, 1, 0, "0 records");
	/* no --limit made a text log, and its records are not the lines that a `tail` counts */
	if (k->source.kind != SOURCE_LOGS || entries == 0 || k->plain)
		return;
	t->truncated = reason_truncated(slice_str(k->source.path), entries, t->order, t->first_ns,
	    t->last_ns, t->note, sizeof t->note);
	if (t->truncated) {
		snprintf(d.detail, sizeof d.detail, "%.239s", t->note);
		/* ingest says it in its own words */
		k->shown[DIAG_TRUNCATED] = SHOWN_PER_CODE;
		on_diag(k, &d);
	}
}

int
ingest_sink_finish(struct ingest_sink *k, struct source_done *done, struct ingest_result *result,
    struct err *e)
{
	if (k->to.limits)
		diag_put(&k->reader.diag, DIAG_MATCH_LIMIT, 0, 0, 0, "%" PRIu64
		    " pairs of rule and record: netra-triage query \"select * from findings "
		    "where outcome = 'inconclusive'\"", k->to.limits);
	judge(k);
	if (ingest_redact_store(k->redact, k->to.source_id, k->app, e) == -1)
		return -1;
	k->in_batch = false;
	if (store_batch_commit(k->app->store, e) == -1)
		return -1;
	k->totals.lossy = done->lossy;
	if (!k->totals.ts_assumed && !k->run_assumed)
		done->zone = NULL;	/* there was no time that it says anything of */
	done->plain = k->plain;
	done->redact = ingest_redact_mode(k->redact);
	done->totals = k->totals;
	done->damaged = k->level[DIAG_DAMAGE] || k->level[DIAG_LIMIT];
	if (store_source_end(k->app->store, &k->to.source_id, done, e) == -1)
		return -1;
	end_progress(k);
	*result = (struct ingest_result){ k->to.source_id, done->totals, k->level[DIAG_DAMAGE],
	    k->level[DIAG_LIMIT], k->runs, k->tests, .redacted = 0 };
	result->redacted = ingest_redact_told(k->redact, result->redacted_kinds,
	    sizeof result->redacted_kinds);
	return 0;
}

void
ingest_sink_free(struct ingest_sink *k)
{
	if (!k)
		return;
	end_progress(k);
	if (k->in_batch)
		store_batch_rollback(k->app->store);
	rule_matcher_free(k->to.matcher);
	arena_release(&k->arena);
	arena_release(&k->run_arena);
	free(k);
}
