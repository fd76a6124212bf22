/*
 * run_wrapper.c - totals of a wrapper beside those of the output in it.
 */
#include "config.h"

#include "read/run_wrapper.h"

struct figure {
	long n;
	const char *name;
	bool plural;		/* takes an s */
};

/* "60 total, 50 passed" of those that are known, and more than zero or `zeros` */
static unsigned
put_figures(struct buf *why, const struct figure *f, size_t n, bool zeros)
{
	unsigned put = 0;

	for (size_t i = 0; i < n; i++)
		if (f[i].n > 0 || (f[i].n == 0 && zeros))
			buf_printf(why, "%s%ld %s%s", put++ ? ", " : "", f[i].n, f[i].name,
			    f[i].n != 1 && f[i].plural ? "s" : "");
	return put;
}

static long
known(long n)
{
	return n > 0 ? n : 0;
}

bool
run_wrapper_impossible(const struct pytest_wrapper *w, struct buf *why)
{
	const struct figure parts[] = { { w->passed, "passed", false },
		{ w->failed, "failed", false }, { w->errors, "error", true },
		{ w->skipped, "skipped", false } };
	long sum = 0;

	if (w->total < 0)
		return false;
	for (size_t i = 0; i < 4; i++) {
		if (parts[i].n <= w->total)
			continue;
		buf_printf(why, "the wrapper's figures cannot be, and are not used: %ld %s of %ld",
		    parts[i].n, i == 2 ? "errors" : parts[i].name, w->total);
		return true;
	}
	/* errors may be among the failures */
	sum = known(w->passed) + known(w->failed) + known(w->skipped);
	if (sum <= w->total)
		return false;
	buf_printf(why, "the wrapper's figures cannot be, and are not used: ");
	put_figures(why, parts, 4, false);
	buf_printf(why, " of %ld", w->total);
	return true;
}

/* a wrapper counts the failures, with or without the errors */
static bool
failures_agree(const struct pytest_wrapper *w, const struct run_inside *in)
{
	long failed = known(in->failed), errors = known(in->errors);

	if (w->failed < 0)
		return w->errors < 0 || w->errors == errors;
	if (w->errors >= 0)
		return w->failed == failed && w->errors == errors;
	return w->failed == failed + errors;
}

bool
run_wrapper_why(const struct pytest_wrapper *w, const struct run_inside *in, struct buf *why)
{
	const struct figure says[] = { { w->total, "total", false },
		{ w->passed, "passed", false }, { w->failed, "failed", false },
		{ w->errors, "error", true }, { w->skipped, "skipped", false } };
	const struct figure holds[] = { { in->passed, "passed", false },
		{ in->failed, "failed", false }, { in->errors, "error", true },
		{ in->skipped, "skipped", false } };
	bool differ = false, exits;

	if (run_wrapper_impossible(w, why))
		return true;
	/* a wrapper may count tests, or add up what the runner counts */
	differ |= w->total >= 0 && in->results >= 0 && w->total != in->results &&
	    w->total != known(in->passed) + known(in->failed) + known(in->errors) +
	    known(in->skipped);
	differ |= w->passed >= 0 && w->passed != known(in->passed);
	differ |= w->skipped >= 0 && w->skipped != known(in->skipped);
	differ |= !failures_agree(w, in);
	exits = w->exit_code >= 0 && in->exit_code >= 0 && w->exit_code != in->exit_code;
	if (!differ && !exits)
		return false;
	buf_puts(why, "the wrapper says ");
	if (!differ) {
		buf_printf(why, "exit code %ld; the output says %ld", w->exit_code, in->exit_code);
		return true;
	}
	put_figures(why, says, 5, true);
	if (exits)
		buf_printf(why, ", exit code %ld", w->exit_code);
	buf_printf(why, "; the output holds %ld result%s", known(in->results),
	    in->results == 1 ? "" : "s");
	if (known(in->results)) {
		buf_puts(why, ": ");
		put_figures(why, holds, 4, false);
	}
	if (exits)
		buf_printf(why, ", exit code %ld", in->exit_code);
	return true;
}
