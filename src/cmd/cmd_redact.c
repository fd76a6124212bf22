/* cmd_redact.c - any file without its secrets, as ingest would store it */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "base/io.h"
#include "cmd/cmd.h"
#include "cmd/present.h"
#include "cmd/redact_stream.h"

#define BLOCK (64 * 1024)

struct args {
	const char *redact;
	bool check;
};

static const struct opt opts[] = {
	{ 0, "check", OPT_FLAG, offsetof(struct args, check), NULL,
	    "write nothing but counts; exit 1 if anything is found", NULL },
	{ 0, "redact", OPT_STRING, offsetof(struct args, redact), "WHAT",
	    "pii, secrets or all (the default)", "pii secrets all" },
	{ 0 },
};

struct job {
	struct app *app;
	struct redactor *r;
	struct output *out;		/* NULL with --check */
	struct present *present;	/* with --check */
	const char *path;
	bool damage, found;
};

static void
on_diag(void *ctx, const struct diag *d)
{
	struct job *j = ctx;
	struct err w;

	err_clear(&w);
	err_set(&w, ERR_INPUT, "%s", diag_text(d->code));
	err_where(&w, "%s", j->path);
	err_note(&w, "%s", d->detail);
	msg_warn_err(&j->app->msg, &w);
	j->damage = true;
}

static void
put(void *ctx, struct slice text)
{
	struct job *j = ctx;

	if (j->out)
		output_put(j->out, text);
}

static void
put_counts(struct job *j, uint64_t unjudged)
{
	for (size_t i = 0; redact_kind(i); i++) {
		uint64_t n = redact_count(j->r, i);

		if (strcmp(redact_kind(i), "unjudged") == 0)
			n += unjudged;
		if (n == 0)
			continue;
		j->found = true;
		if (j->present) {
			struct value v[3] = { value_str(j->path), value_str(redact_kind(i)),
				value_int((int64_t)n) };

			present_row(j->present, v);
		}
	}
}

static int
redact_file(struct job *j, enum redact_mode mode, struct err *e)
{
	/*
	 * Hashes never leave the process: numbers are printed. With a key that is the
	 * same each time, even two values of one hash are numbered the same each time.
	 */
	static const unsigned char key[REDACT_KEY] = "numbers are printed, no hashes";
	const struct diag_sink diag = { on_diag, j };
	struct redact_stream *s;
	struct input *in;
	char block[BLOCK];
	size_t got = 0;
	int rc;

	if (input_open(j->path, NULL, &in, e) == -1)
		return -1;
	j->r = redactor_new(mode, key);
	s = redact_stream_new(j->r, put, j);
	while ((rc = input_read(in, block, sizeof block, &got, &diag, e)) == 0 && got)
		redact_stream_feed(s, slice_of(block, got));
	redact_stream_end(s);
	put_counts(j, redact_stream_unjudged(s));
	redact_stream_free(s);
	redactor_free(j->r);
	input_close(in);
	return rc;
}

static int
mode_of(const char *name, enum redact_mode *mode, struct err *e)
{
	*mode = REDACT_ALL;
	if (!name || (redact_mode_of(slice_str(name), mode) && *mode != REDACT_OFF))
		return 0;
	err_set(e, ERR_USAGE, "unknown value `%s` of --redact", name);
	return err_help(e, "--redact takes pii, secrets or all");
}

static int
run(struct app *app, void *to, int argc, char **argv, struct err *e)
{
	static const char *const head[] = { "file", "kind", "count" };
	char dash[] = "-", *stdin_only[] = { dash };
	const struct args *args = to;
	struct job j = { .app = app };
	enum redact_mode mode;
	int rc = 0;

	if (mode_of(args->redact, &mode, e) == -1)
		return -1;
	if (argc == 0) {
		argc = 1;
		argv = stdin_only;
	}
	if (args->check ? present_open(app, NULL, NULL, &j.present, e) == -1 :
	    output_open(NULL, &j.out, e) == -1)
		return -1;
	if (j.present)
		present_head(j.present, head, 3);
	for (int i = 0; i < argc && rc == 0; i++) {
		j.path = argv[i];
		rc = redact_file(&j, mode, e);
	}
	if (rc == -1) {
		if (j.present)
			present_abort(j.present);
		else
			output_abort(j.out);
		return -1;
	}
	rc = j.present ? present_close(j.present, NULL, e) : output_commit(j.out, e);
	if (rc == -1)
		return -1;
	return j.damage ? EXIT_DAMAGE : args->check && j.found ? EXIT_FOUND : 0;
}

const struct cmd cmd_redact = {
	.name = "redact", .about = "Write files without their secrets and personal data",
	.operands = "[FILE...]", .opts = opts, .args_size = sizeof(struct args), .run = run,
};
