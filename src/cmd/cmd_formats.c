/* cmd_formats.c - list and check the formats of text logs that users describe */
#include "config.h"

#include <string.h>

#include "cmd/cmd.h"
#include "cmd/paths.h"
#include "cmd/present.h"

static void
show_fault(void *ctx, const struct err *fault)
{
	msg_err(ctx, fault);
}

static int
list(struct app *app, const struct line_formats *set, size_t faults, struct err *e)
{
	static const char *const head[] = { "format", "about", "samples", "file" };
	const struct line_format *f;
	struct present *p;

	if (present_open(app, NULL, NULL, &p, e) == -1)
		return -1;
	present_head(p, head, sizeof head / sizeof head[0]);
	for (size_t i = 0; (f = formats_at(set, i)) != NULL; i++) {
		char where[600];
		struct value v[] = { value_str(format_name(f)), value_str(format_about(f)),
			value_int((int64_t)format_samples(f)), value_str(where) };

		snprintf(where, sizeof where, "%s:%u", format_path(f), format_line(f));
		v[3] = value_str(where);
		present_row(p, v);
	}
	if (present_close(p, NULL, e) == -1)
		return -1;
	return faults ? EXIT_FOUND : 0;
}

static int
check(struct app *app, const struct line_formats *set, size_t faults)
{
	size_t n = 0, samples = 0;

	for (const struct line_format *f; (f = formats_at(set, n)) != NULL; n++)
		samples += format_samples(f);
	msg_info(&app->msg, "%zu format%s with %zu samples load%s, %zu fault%s", n,
	    n == 1 ? "" : "s", samples, n == 1 ? "s" : "", faults, faults == 1 ? "" : "s");
	return faults ? EXIT_FOUND : 0;
}

static int
run(struct app *app, void *args, int argc, char **argv, struct err *e)
{
	bool checking = argc > 0 && strcmp(argv[0], "check") == 0;
	struct line_formats *set;
	size_t faults;
	int rc;

	(void)args;
	if (argc > 0 && !checking && strcmp(argv[0], "list") != 0) {
		err_set(e, ERR_USAGE, "unknown word `%s` behind formats", argv[0]);
		return err_help(e, "it takes list, or check [PATH...]");
	}
	if (argc > 1 && !checking)
		return err_set(e, ERR_USAGE, "formats list takes no operand");
	set = formats_new();
	faults = formats_open((const char *const *)argv + (argc > 0), argc > 0 ?
	    (size_t)argc - 1 : 0, show_fault, &app->msg, set);
	rc = checking ? check(app, set, faults) : list(app, set, faults, e);
	formats_free(set);
	return rc;
}

const struct cmd cmd_formats = {
	.name = "formats", .about = "List and check the formats of text logs that you describe",
	.operands = "[list | check [PATH...]]", .words = "list check", .run = run,
};
