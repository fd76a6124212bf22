/* cmd_ingest.c - read exports and test output into the database */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/evaluate.h"
#include "cmd/ingest_sink.h"
#include "cmd/present.h"
#include "cmd/walk.h"

struct args {
	const char *as, *redact, *max_record, *max_depth, *max_expand;
	bool no_scan;
};

static const struct opt opts[] = {
	{ 0, "as", OPT_STRING, offsetof(struct args, as), "FORMAT",
	    "read as this format instead of detecting it", "gcp-json junit pytest" },
	{ 0, "redact", OPT_STRING, offsetof(struct args, redact), "WHAT",
	    "leave out before storing: off, pii, secrets or all (all)", "off pii secrets all" },
	{ 0, "no-scan", OPT_FLAG, offsetof(struct args, no_scan), NULL,
	    "only store; conclude later with `scan`", NULL },
	{ 0, "max-record", OPT_STRING, offsetof(struct args, max_record), "BYTES",
	    "longest entry or line that is read (4194304)", NULL },
	{ 0, "max-depth", OPT_STRING, offsetof(struct args, max_depth), "N",
	    "deepest nesting of JSON and XML (64)", NULL },
	{ 0, "max-expand", OPT_STRING, offsetof(struct args, max_expand), "N",
	    "how far compressed input may expand beyond 64 MiB (500)", NULL },
	{ 0, NULL, OPT_FLAG, 0, NULL, NULL, NULL }
};

struct ingest {
	struct app *app;
	struct present *present;
	struct read_limits limits;
	struct input_limits expand;
	const struct reader *as;
	struct ingest_redact *redact;
	struct arena arena;		/* of one file: its path as it may be shown */
	int64_t *source;		/* ids of all sources of this call */
	size_t sources, cap;
	bool damage;			/* exit 3 */
	bool unreadable;	/* exit 6: a file could not be opened; the others were read */
	bool rows;			/* one row per source on stdout */
};

static int
number(const char *text, const char *name, int64_t min, int64_t max, int64_t *to, struct err *e)
{
	if (!text)
		return 0;
	if (slice_to_int64(slice_str(text), to) && *to >= min && *to <= max)
		return 0;
	return err_set(e, ERR_USAGE, "--%s takes a number from %" PRId64 " to %" PRId64
	    ", not `%s`", name, min, max, text);
}

static int
set_limits(struct ingest *in, const struct args *args, struct err *e)
{
	int64_t record = (int64_t)read_limits_default.record;
	int64_t depth = read_limits_default.depth, expand = 500;

	if (number(args->max_record, "max-record", 1024, INT64_C(1) << 30, &record, e) == -1 ||
	    number(args->max_depth, "max-depth", 4, 1000, &depth, e) == -1 ||
	    number(args->max_expand, "max-expand", 1, 100000, &expand, e) == -1)
		return -1;
	in->limits = (struct read_limits){ (size_t)record, (unsigned)depth };
	in->expand = (struct input_limits){ 64 * 1024 * 1024, (uint64_t)expand };
	if (!args->as)
		return 0;
	in->as = reader_by_name(args->as);
	if (in->as)
		return 0;
	err_set(e, ERR_USAGE, "unknown format `%s`", args->as);
	return err_help(e, "--as takes gcp-json, junit or pytest");
}

/* "2025-09-16T01:40:53.087197Z .. 2025-09-16T01:42:58.995733Z (125.908 s), newest first" */
static void
span_text(const struct source_totals *t, char *to, size_t room)
{
	char a[CLOCK_TEXT], b[CLOCK_TEXT];
	int64_t ms = t->first_ns == CLOCK_NONE ? 0 : (t->last_ns - t->first_ns + 500000) / 1000000;

	to[0] = '\0';
	if (t->first_ns == CLOCK_NONE)
		return;
	snprintf(to, room, "%s .. %s (%" PRId64 ".%03" PRId64 " s)%s%s",
	    clock_format(t->first_ns, 6, a), clock_format(t->last_ns, 6, b), ms / 1000, ms % 1000,
	    t->order == ORDER_NEWEST_FIRST ? ", newest first" : "",
	    t->ts_assumed ? ", zone assumed UTC" : "");
}

/* the records that are known keep the text that they were stored with */
static void
tell_kept(struct ingest *in, const char *path, const struct source_done *done,
    const struct ingest_result *r)
{
	struct err w;

	if (!done->kept_redact[0])
		return;
	err_clear(&w);
	err_set(&w, ERR_INPUT, "records of %s that are known keep their text of --redact=%s", path,
	    done->kept_redact);
	err_note(&w, "the text that was stored first stays");
	if (r->totals.added + r->totals.filled + r->totals.conflicts == 0)
		err_help(&w, "to store it anew, remove it with `netra-triage forget s%" PRId64
		    "` and ingest again", r->source_id);
	else
		err_help(&w, "to store it anew, `netra-triage forget` the sources that had it "
		    "before, and ingest again");
	msg_warn_err(&in->app->msg, &w);
}

static void
tell_source(struct ingest *in, const char *path, const char *shape,
    const struct ingest_result *r)
{
	const struct source_totals *t = &r->totals;
	char span[160], more[200] = "", redacted[440] = "";
	size_t n = 0;
	struct err w;

	if (t->filled)
		n += (size_t)snprintf(more + n, sizeof more - n, ", %" PRIu64 " filled", t->filled);
	if (t->conflicts)
		n += (size_t)snprintf(more + n, sizeof more - n, ", %" PRIu64 " in conflict",
		    t->conflicts);
	if (t->damaged)
		n += (size_t)snprintf(more + n, sizeof more - n, ", %" PRIu64 " damaged",
		    t->damaged);
	if (t->not_evidence)
		snprintf(more + n, sizeof more - n, ", %" PRIu64 " not evidence", t->not_evidence);
	span_text(t, span, sizeof span);
	if (r->redacted)
		snprintf(redacted, sizeof redacted, "  %" PRIu64 " text%s redacted (%s)",
		    r->redacted, r->redacted == 1 ? "" : "s", r->redacted_kinds);
	msg_info(&in->app->msg, "s%" PRId64 "  %s  %s  %" PRIu64 " added, %" PRIu64
	    " known%s%s%s%s", r->source_id, path, shape, t->added, t->known, more,
	    span[0] ? "  " : "", span, redacted);
	if (!t->truncated)
		return;
	err_clear(&w);
	err_set(&w, ERR_INPUT, "%s looks cut by a limit", path);
	err_note(&w, "%s", t->note);
	err_help(&w, "ask for a time range instead: gcloud logging read "
	    "'timestamp>=\"...\" AND timestamp<\"...\"' --order=asc --format=json");
	msg_warn_err(&in->app->msg, &w);
}

static void
row_source(struct ingest *in, const char *path, const char *shape, const struct ingest_result *r)
{
	const struct source_totals *t = &r->totals;
	char a[CLOCK_TEXT], b[CLOCK_TEXT], id[24];
	struct value v[14];

	snprintf(id, sizeof id, "s%" PRId64, r->source_id);
	v[0] = value_str(id);
	v[1] = value_str(path);
	v[2] = value_str(shape);
	v[3] = value_int((int64_t)t->seen);
	v[4] = value_int((int64_t)t->added);
	v[5] = value_int((int64_t)t->known);
	v[6] = value_int((int64_t)t->filled);
	v[7] = value_int((int64_t)t->conflicts);
	v[8] = value_int((int64_t)t->damaged);
	v[9] = value_int((int64_t)t->not_evidence);
	v[10] = value_str(t->first_ns == CLOCK_NONE ? NULL : clock_format(t->first_ns, 9, a));
	v[11] = value_str(t->last_ns == CLOCK_NONE ? NULL : clock_format(t->last_ns, 9, b));
	v[12] = value_str(t->note[0] ? t->note : NULL);
	v[13] = value_str(r->redacted ? r->redacted_kinds : NULL);
	present_row(in->present, v);
}

static int
remember(struct ingest *in, int64_t id)
{
	in->source = mem_grow(in->source, &in->cap, in->sources + 1, sizeof *in->source);
	in->source[in->sources++] = id;
	return 0;
}

/* path opens it, shown is what may be stored of that */
static int
read_input(struct ingest *in, const char *path, const char *shown, struct input *input,
    const struct reader *reader, struct err *e)
{
	struct source_new source = { shown, reader->kind, reader->name };
	struct ingest_sink *sink = NULL;
	struct read_job job = { .in = input, .limits = &in->limits };
	struct source_done done = { .shape = NULL };
	struct ingest_result result;
	char sha256[65];
	struct stat sb;
	int rc = -1;

	if (ingest_sink_new(in->app, &source, in->redact, &sink, e) == -1)
		return -1;
	ingest_sink_progress(sink, input, stat(path, &sb) == 0 && S_ISREG(sb.st_mode) ?
	    (uint64_t)sb.st_size : 0);
	job.sink = ingest_sink_reader(sink);
	if (reader->read(&job, e) == -1 || input_sha256(input, sha256, e) == -1)
		goto out;
	done.shape = job.shape ? job.shape : reader->name;
	done.compression = input_compression(input);
	done.lossy = job.lossy;
	done.sha256 = sha256;
	done.bytes = input_bytes(input);
	if (ingest_sink_finish(sink, &done, &result, e) == -1)
		goto out;
	in->damage |= result.damage || result.limits;
	remember(in, result.source_id);
	tell_source(in, shown, done.shape, &result);
	tell_kept(in, shown, &done, &result);
	if (in->rows)
		row_source(in, shown, done.shape, &result);
	rc = 0;
out:
	ingest_sink_free(sink);
	return rc;
}

static void
not_recognised(struct ingest *in, const char *path, bool named, struct slice head)
{
	struct err w;

	if (!named) {
		msg_info(&in->app->msg, "-   %s  not recognised, skipped", path);
		return;
	}
	in->damage = true;
	err_clear(&w);
	err_set(&w, ERR_INPUT, "%s is in no format this version reads", path);
	err_where(&w, "%s:1:1", path);
	if (head.n)
		err_caret(&w, ingest_redact_text(in->redact, &in->arena, slice_sub(head, 0,
		    slice_find_byte(head, 0, '\n'))), 1, "");
	err_note(&w, head.n ? "formats are recognised by content: Cloud Logging JSON, JUnit XML, "
	    "pytest console output" : "the file is empty");
	err_help(&w, "export with --format=json; name a format with --as");
	msg_err(&in->app->msg, &w);
}

/* one file or stdin; a file that cannot be opened is named, and the others are read */
static int
ingest_file(void *ctx, const char *path, bool named, struct err *e)
{
	struct ingest *in = ctx;
	const struct reader *reader = in->as;
	struct input *input = NULL;
	struct slice head;
	const char *shown;
	int rc = -1;

	arena_reset(&in->arena);
	ingest_redact_source(in->redact);
	shown = arena_str(&in->arena, ingest_redact_text(in->redact, &in->arena, slice_str(path)));
	if (input_open(path, &in->expand, &input, e) == -1) {
		ingest_redact_err(in->redact, e);
		msg_err(&in->app->msg, e);
		err_clear(e);
		in->unreadable = true;
		return 0;
	}
	if (input_head(input, &head, e) == -1)
		goto out;
	if (!reader)
		reader = reader_detect(head, head.n < INPUT_HEAD);
	if (reader) {
		rc = read_input(in, path, shown, input, reader, e);
	} else {
		not_recognised(in, shown, named, head);
		rc = 0;
	}
out:
	input_close(input);
	return rc;
}

static int
ingest_all(struct ingest *in, int argc, char **argv, struct err *e)
{
	int i;

	if (argc == 0)
		return ingest_file(in, "-", true, e);
	for (i = 0; i < argc; i++)
		if (walk(argv[i], ingest_file, in, e) == -1)
			return -1;
	return 0;
}

static int
open_rows(struct ingest *in, struct err *e)
{
	static const char *const head[] = { "source", "path", "shape", "seen", "added", "known",
		"filled", "conflicts", "damaged", "not_evidence", "first_ts", "last_ts", "note",
		"redacted" };

	in->rows = in->app->common.format || !isatty(STDOUT_FILENO);
	if (!in->rows)
		return 0;
	if (present_open(in->app, NULL, NULL, &in->present, e) == -1)
		return -1;
	present_head(in->present, head, sizeof head / sizeof head[0]);
	return 0;
}

static int
run(struct app *app, void *argp, int argc, char **argv, struct err *e)
{
	struct args *args = argp;
	struct ingest in = { .app = app };
	int rc = -1;

	if (argc == 0 && isatty(STDIN_FILENO)) {
		err_set(e, ERR_USAGE, "ingest needs a file, a folder, or - for standard input");
		return err_help(e, "netra-triage ingest export.json pytest.log");
	}
	if (set_limits(&in, args, e) == -1 ||
	    ingest_redact_new(app, args->redact, &in.redact, e) == -1)
		return -1;
	arena_init(&in.arena);
	if (open_rows(&in, e) == -1 || ingest_all(&in, argc, argv, e) == -1)
		goto out;
	if (in.sources && store_ingest_note(app->store, in.source, in.sources, e) == -1)
		goto out;
	if (in.sources && !args->no_scan && evaluate(app, e) == -1)
		goto out;
	rc = in.unreadable ? EXIT_IO : in.damage ? EXIT_DAMAGE : 0;
	if (in.present && present_close(in.present, NULL, e) == -1)
		rc = -1;
	in.present = NULL;
	if (rc != -1 && in.sources && !args->no_scan && evaluate_tell(app, e) == -1)
		rc = -1;
out:
	if (in.present)
		present_abort(in.present);
	if (rc == -1)
		ingest_redact_err(in.redact, e);
	ingest_redact_free(in.redact);
	arena_release(&in.arena);
	free(in.source);
	return rc;
}

const struct cmd cmd_ingest = {
	.name = "ingest", .about = "Read log exports and test output into the database",
	.operands = "[PATH...]", .need = CMD_STORE_CREATE | CMD_RULES,
	.opts = opts, .args_size = sizeof(struct args), .run = run,
};
