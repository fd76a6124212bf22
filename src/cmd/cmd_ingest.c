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
#include "cmd/ingest_label.h"
#include "cmd/ingest_sink.h"
#include "cmd/local.h"
#include "cmd/paths.h"
#include "cmd/present.h"
#include "cmd/walk.h"
#include "reason/reason.h"

#define GAPS_TOLD 3		/* of a source; its page has all */

struct args {
	const char *as, *redact, *max_record, *max_depth, *max_expand, *tz;
	struct opt_list labels;
	bool no_scan;
};

/* each with a blank behind it */
static const char format_names[] =
#define READER(id, name) name " "
#include "read/reader_list.h"
#undef READER
	;

static const struct opt opts[] = {
	{ 0, "as", OPT_STRING, offsetof(struct args, as), "FORMAT",
	    "read as this format instead of detecting it",
	    format_names },
	LOCAL_OPT(struct args, "times that name no zone are of this one; tell all times in it too"),
	{ 0, "redact", OPT_STRING, offsetof(struct args, redact), "WHAT",
	    "leave out before storing: off, pii, secrets or all (all)", "off pii secrets all" },
	{ 0, "label", OPT_STRINGS, offsetof(struct args, labels), "NAME=VALUE",
	    "what is known of the runs: commit, env, command or any name (repeatable)", NULL },
	{ 0, "no-scan", OPT_FLAG, offsetof(struct args, no_scan), NULL,
	    "only store; conclude later with `scan`", NULL },
	{ 0, "max-record", OPT_STRING, offsetof(struct args, max_record), "BYTES",
	    "longest entry or line that is read (4194304)", NULL },
	{ 0, "max-depth", OPT_STRING, offsetof(struct args, max_depth), "N",
	    "deepest nesting of JSON, YAML and XML (64)", NULL },
	{ 0, "max-expand", OPT_STRING, offsetof(struct args, max_expand), "N",
	    "how far compressed input may expand beyond 64 MiB (500)", NULL },
	{ 0, NULL, OPT_FLAG, 0, NULL, NULL, NULL }
};

/* what reads an input: a reader, or a format that a user describes */
struct how {
	const struct reader *reader;
	const struct line_format *format;
};

struct ingest {
	struct app *app;
	struct present *present;
	struct read_limits limits;
	struct input_limits expand;
	struct line_formats *formats;	/* that users describe */
	struct how as;			/* by --as; nothing set: by content */
	struct zone *zone;		/* of --tz, or NULL */
	struct ingest_redact *redact;
	struct labels labels;
	struct arena arena;		/* of one file: its path as it may be shown */
	int64_t *source;		/* ids of all sources of this call */
	size_t sources, cap;
	struct file_set files;		/* of this call */
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
	return 0;
}

/* a format with a fault is named and left out: the others are not held up by it */
static void
show_fault(void *ctx, const struct err *fault)
{
	struct err w = *fault;

	err_note(&w, "this format is left out%s%s", fault->note[0] ? "; " : "", fault->note);
	msg_warn_err(ctx, &w);
}

static int
set_formats(struct ingest *in, const char *as, struct err *e)
{
	in->formats = formats_new();
	formats_open(NULL, 0, show_fault, &in->app->msg, in->formats);
	if (!as)
		return 0;
	in->as.reader = reader_by_name(as);
	if (!in->as.reader)
		in->as.format = formats_find(in->formats, as);
	if (in->as.reader || in->as.format)
		return 0;
	err_set(e, ERR_USAGE, "unknown format `%s`", as);
	return err_help(e, "--as takes %sor a name that `netra-triage formats` lists",
	    format_names);
}

static struct how
detect(const struct ingest *in, struct slice head)
{
	bool whole = head.n < INPUT_HEAD;
	struct how how = { .reader = reader_detect(head, whole) };

	if (!how.reader || how.reader->sniff(head, whole) < FORMAT_SCORE)
		how.format = formats_detect(in->formats, head, whole);
	if (how.format)
		how.reader = NULL;
	return how;
}

/* "2025-09-16T01:40:53.087197Z .. 2025-09-16T01:42:58.995733Z (125.908 s), newest first" */
static void
span_text(const struct source_totals *t, const struct zone *zone, char *to, size_t room)
{
	char a[CLOCK_TEXT], b[CLOCK_TEXT], local[LOCAL_SPAN];
	int64_t ms = t->first_ns == CLOCK_NONE ? 0 : clock_add(clock_gap(t->last_ns,
	    t->first_ns), 500000) / 1000000;

	to[0] = '\0';
	if (t->first_ns == CLOCK_NONE)
		return;
	snprintf(to, room, "%s .. %s (%" PRId64 ".%03" PRId64 " s)%s%s%s%s%s",
	    clock_format(t->first_ns, 6, a), clock_format(t->last_ns, 6, b), ms / 1000, ms % 1000,
	    zone ? " = " : "", zone ? local_span(zone, t->first_ns, t->last_ns, local) : "",
	    t->order == ORDER_NEWEST_FIRST ? ", newest first" : "",
	    t->ts_assumed ? ", zone assumed " : "", t->ts_assumed ? zone_name(zone) : "");
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
	char span[160 + LOCAL_SPAN], more[200] = "", redacted[440] = "";
	size_t n = 0;

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
	span_text(t, in->zone, span, sizeof span);
	if (r->redacted)
		snprintf(redacted, sizeof redacted, "  %" PRIu64 " text%s redacted (%s)",
		    r->redacted, r->redacted == 1 ? "" : "s", r->redacted_kinds);
	msg_info(&in->app->msg, "s%" PRId64 "  %s  %s  %" PRIu64 " added, %" PRIu64
	    " known%s%s%s%s", r->source_id, path, shape, t->added, t->known, more,
	    span[0] ? "  " : "", span, redacted);
}

/* R33 */
static void
tell_conflicts(const struct msg *msg, int64_t id, uint64_t n)
{
	if (n)
		msg_warn(msg, "s%" PRId64 ": %" PRIu64 " %s from what is stored (evidence changed "
		    "after capture): netra-triage query \"select * from conflicts where "
		    "source_id = %" PRId64 "\"", id, n, n == 1 ? "record differs" :
		    "records differ", id);
}

/* what it is not worth, in a few lines; the rest and the commands are on its page */
static int
tell_gaps(struct ingest *in, int64_t id, struct err *e)
{
	const struct msg *msg = &in->app->msg;
	struct case_file c;
	struct arena a;
	struct gap *gap = NULL;
	size_t i, n = 0, told = 0;
	int rc;

	arena_init(&a);
	rc = store_sources_load(in->app->store, id, SOURCES_PAGE, &a, &c, e);
	if (rc == 0)
		reason_judge(&c.source[0], NULL, &a, &gap, &n);
	for (i = 0; i < n && told < GAPS_TOLD; i++) {
		if (!gap_kind_warns(gap[i].kind))
			continue;
		msg_warn(msg, "s%" PRId64 ": %.*s", id, SLICE_ARG(gap[i].says));
		told++;
	}
	if (rc == 0)
		tell_conflicts(msg, id, c.source[0].totals.conflicts);
	if (told)
		msg_help(msg, "the rest, and what to ask for: netra-triage show s%" PRId64, id);
	arena_release(&a);
	return rc;
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
    const struct how *how, struct err *e)
{
	const char *name = how->format ? format_name(how->format) : how->reader->name;
	struct source_new source = { shown, how->format ? SOURCE_LOGS : how->reader->kind, name };
	struct ingest_sink *sink = NULL;
	struct read_job job = { .in = input, .limits = &in->limits,
		.zone = in->zone };
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
	if ((how->format ? format_read(how->format, &job, e) : how->reader->read(&job, e)) == -1 ||
	    input_sha256(input, sha256, e) == -1)
		goto out;
	done.shape = job.shape ? job.shape : name;
	done.compression = input_compression(input);
	done.encoding = input_encoding(input);
	done.zone = zone_is_utc(in->zone) ? NULL : zone_name(in->zone);
	done.lossy = job.lossy;
	done.sha256 = sha256;
	done.bytes = input_bytes(input);
	if (ingest_sink_finish(sink, &done, &result, e) == -1 ||
	    labels_put(&in->labels, in->app, in->redact, result.source_id, e) == -1)
		goto out;
	in->damage |= result.damage || result.limits;
	remember(in, result.source_id);
	tell_source(in, shown, done.shape, &result);
	tell_kept(in, shown, &done, &result);
	if (in->rows)
		row_source(in, shown, done.shape, &result);
	rc = tell_gaps(in, result.source_id, e);
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
	err_note(&w, head.n ? "formats are recognised by content: Cloud Logging as JSON, CSV, YAML "
	    "or tables, logs as text; of tests: JUnit XML, TAP, console and reports of pytest, "
	    "go test with or without -json, jest --json" : "the file is empty");
	err_help(&w, "export logs with --format=json, tests as JUnit XML; name a format with "
	    "--as; describe one in netra-triage-formats(5)");
	msg_err(&in->app->msg, &w);
}

/* a file that cannot be opened or is in a way that cannot be read: the others are read */
static int
cannot_read(struct ingest *in, struct err *e)
{
	ingest_redact_err(in->redact, e);
	msg_err(&in->app->msg, e);
	in->unreadable |= e->code != ERR_INPUT;
	in->damage |= e->code == ERR_INPUT;
	err_clear(e);
	return 0;
}

/* the same file under two names, or one that two patterns match */
static bool
is_repeat(struct ingest *in, const char *path, const char *shown, bool named)
{
	const char *before = file_set_add(&in->files, path);

	if (before && (named || strcmp(before, path) != 0))
		msg_info(&in->app->msg, "-   %s  is the same file as %s, read once", shown,
		    arena_str(&in->arena, ingest_redact_text(in->redact, &in->arena,
		    slice_str(before))));
	return before != NULL;
}

/* one file or stdin */
static int
ingest_file(void *ctx, const char *path, bool named, struct err *e)
{
	struct ingest *in = ctx;
	struct how how = in->as;
	struct input *input = NULL;
	struct slice head;
	const char *shown;
	int rc = -1;

	arena_reset(&in->arena);
	ingest_redact_source(in->redact);
	shown = arena_str(&in->arena, ingest_redact_text(in->redact, &in->arena, slice_str(path)));
	if (is_repeat(in, path, shown, named))
		return 0;
	if (input_open(path, &in->expand, &input, e) == -1)
		return cannot_read(in, e);
	if (input_head(input, &head, e) == -1) {
		rc = cannot_read(in, e);
		goto out;
	}
	if (!how.reader && !how.format)
		how = detect(in, head);
	if (how.reader || how.format) {
		rc = read_input(in, path, shown, input, &how, e);
	} else {
		not_recognised(in, shown, named, head);
		rc = 0;
	}
out:
	input_close(input);
	return rc;
}

static int
ingest_path(struct ingest *in, const char *path, struct err *e)
{
	int rc = walk(path, ingest_file, in, e);

	if (rc != WALK_NOTHING)
		return rc;
	err_set(e, ERR_IO, "no file matches '%s'", path);
	err_note(e, "* and ? stand for no slash and no dot at the start of a name, ** for folders");
	return cannot_read(in, e);
}

static int
ingest_all(struct ingest *in, int argc, char **argv, struct err *e)
{
	int i;

	if (argc == 0)
		return ingest_file(in, "-", true, e);
	for (i = 0; i < argc; i++)
		if (ingest_path(in, argv[i], e) == -1)
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
	present_zone(in->present, in->zone);
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
	arena_init(&in.arena);
	if (labels_read(&in.labels, &args->labels, &argc, argv, e) == -1 ||
	    set_limits(&in, args, e) == -1 || set_formats(&in, args->as, e) == -1 ||
	    local_zone(args->tz, &in.zone, e) == -1 ||
	    ingest_redact_new(app, args->redact, &in.redact, e) == -1 ||
	    open_rows(&in, e) == -1)
		goto out;
	if (ingest_all(&in, argc, argv, e) == -1)
		goto out;
	if (in.sources && store_ingest_note(app->store, in.source, in.sources, e) == -1)
		goto out;
	if (in.sources && !args->no_scan && evaluate(app, e) == -1)
		goto out;
	rc = in.unreadable ? EXIT_IO : in.damage ? EXIT_DAMAGE : 0;
	if (in.present && present_close(in.present, NULL, e) == -1)
		rc = -1;
	in.present = NULL;
	if (rc != -1 && in.sources && !args->no_scan &&
	    evaluate_tell(app, in.source, in.sources, e) == -1)
		rc = -1;
out:
	if (in.present)
		present_abort(in.present);
	zone_free(in.zone);
	file_set_release(&in.files);
	if (rc == -1)
		ingest_redact_err(in.redact, e);
	ingest_redact_free(in.redact);
	arena_release(&in.arena);
	free(in.source);
	formats_free(in.formats);
	return rc;
}

const struct cmd cmd_ingest = {
	.name = "ingest", .about = "Read log exports and test output into the database",
	.operands = "[PATH...]", .need = CMD_STORE_CREATE | CMD_RULES,
	.opts = opts, .args_size = sizeof(struct args), .run = run,
};
