/*
 * run_members.c - names of members, and what they mean.
 */
#include "config.h"

#include "read/run_members.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/zone.h"

void
run_members_init(struct run_members *o)
{
	o->n = 0;
	o->odd[0] = '\0';
	pytest_wrapper_init(&o->totals);
}

void
run_members_release(struct run_members *o)
{
	free(o->m);
	o->m = NULL;
	o->n = o->cap = 0;
}

/* ---- names ---- */

/* lower case, "-" and blanks as "_", and "numPassedTests" as "num_passed_tests" */
static struct slice
normal(struct slice name, char to[RUN_MEMBER_NAME])
{
	size_t n = 0;

	for (size_t i = 0; i < name.n && n + 2 < RUN_MEMBER_NAME; i++) {
		char c = name.p[i];
		bool upper = c >= 'A' && c <= 'Z';

		if (upper && i && name.p[i - 1] >= 'a' && name.p[i - 1] <= 'z')
			to[n++] = '_';
		to[n++] = upper ? (char)(c - 'A' + 'a') : c == '-' || c == ' ' ? '_' : c;
	}
	return slice_of(to, n);
}

static bool
is_one_of(struct slice s, const char *const *list)
{
	for (; *list; list++)
		if (slice_eqs(s, *list))
			return true;
	return false;
}

static long *
total_of(struct pytest_wrapper *w, struct slice name)
{
	static const char *const total[] = { "total", "total_tests", "tests", "test_count",
		"num_tests", "tests_run", "tests_total", "num_total_tests", "total_count", NULL };
	static const char *const passed[] = { "passed", "pass", "passes", "tests_passed",
		"passed_tests", "num_passed", "num_passed_tests", "passed_count", "pass_count",
		"total_passed", NULL };
	static const char *const failed[] = { "failed", "failures", "fail", "tests_failed",
		"failed_tests", "num_failed", "num_failed_tests", "failed_count", "fail_count",
		"failure_count", "total_failed", NULL };
	static const char *const errors[] = { "errors", "error", "error_count", "num_errors",
		"errored", "total_errors", NULL };
	static const char *const skipped[] = { "skipped", "skip", "tests_skipped",
		"skipped_tests", "num_skipped", "skipped_count", "skip_count", "total_skipped",
		NULL };
	static const char *const exits[] = { "exit_code", "exitcode", "returncode", "return_code",
		"exit_status", "exit", "rc", "exit_value", NULL };

	return is_one_of(name, total) ? &w->total : is_one_of(name, passed) ? &w->passed :
	    is_one_of(name, failed) ? &w->failed : is_one_of(name, errors) ? &w->errors :
	    is_one_of(name, skipped) ? &w->skipped : is_one_of(name, exits) ? &w->exit_code : NULL;
}

/* the kind of fact that a member of this name is, beside a property */
static const char *
kind_of(struct slice name)
{
	static const struct {
		const char *kind;
		const char *names[16];
	} kinds[] = {
		{ "command", { "command", "cmd", "test_command", "command_line",
		    "pytest_command", NULL } },
		{ "environment", { "environment", "env", "test_env", "target_env",
		    "target_environment", "test_environment", "env_name", NULL } },
		{ "commit", { "commit", "commit_sha", "git_commit", "sha", "git_sha",
		    "commit_hash", "commit_id", "github_sha", "git_hash", "head_sha", NULL } },
		{ "url", { "base_url", "backend_url", "target_url", "api_url", "frontend_url",
		    "service_url", "url", NULL } },
		{ "host", { "hostname", "host", "runner_name", "machine", NULL } },
		{ "time", { "timestamp", "started_at", "start_time", "started", "time", "date",
		    "created_at", "finished_at", "end_time", NULL } },
		{ "exit", { "exit_code", "exitcode", "returncode", "return_code", "exit_status",
		    "rc", NULL } },
		{ "ci", { "run_id", "job_id", "build_number", "build_id", "pipeline_id",
		    "github_run_id", "workflow", "job_name", NULL } },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (is_one_of(name, kinds[i].names))
			return kinds[i].kind;
	return NULL;
}

bool
run_members_is_summary(struct slice key)
{
	static const char *const keys[] = { "summary", "totals", "counts", "stats", "statistics",
		"results", "result", "test_results", "metrics", "tests", "report", NULL };
	char low[RUN_MEMBER_NAME];

	return is_one_of(normal(key, low), keys);
}

/* ---- figures ---- */

static bool
is_rate(struct slice name)
{
	return slice_ends(name, "_rate") || slice_ends(name, "percent") ||
	    slice_ends(name, "percentage") || slice_ends(name, "_pct") ||
	    slice_eqs(name, "coverage");
}

static void
take_figure(struct run_members *o, struct slice name, struct slice value)
{
	char low[RUN_MEMBER_NAME];
	struct slice norm = normal(name, low);
	long *total = total_of(&o->totals, norm);
	int64_t n;
	double d;

	if (total && slice_to_int64(value, &n) && (n >= 0 || total == &o->totals.exit_code)) {
		/* a process that a signal ended has a negative one; -1 means "not known" here */
		if (n >= 0 && n <= INT_MAX)
			*total = (long)n;
		return;
	}
	if (!slice_to_double(value, &d) || o->odd[0])
		return;
	if ((total && d < 0) || (is_rate(norm) && (d < 0 || d > 100)))
		snprintf(o->odd, sizeof o->odd, "%.*s is %.*s", (int)(name.n < 60 ? name.n : 60),
		    name.p, SLICE_ARG(slice_sub(value, 0, 30)));
}

void
run_members_add(struct run_members *o, struct slice name, struct slice value, bool number,
    uint64_t line, uint64_t byte)
{
	struct run_member *m;

	if (name.n == 0 || name.n > RUN_MEMBER_NAME || value.n == 0 || value.n > RUN_MEMBER_VALUE)
		return;
	if (number)
		take_figure(o, name, value);
	if (o->n == RUN_MEMBERS)
		return;
	o->m = mem_grow(o->m, &o->cap, o->n + 1, sizeof *o->m);
	m = &o->m[o->n++];
	memcpy(m->name, name.p, name.n);
	memcpy(m->value, value.p, value.n);
	m->name_n = name.n;
	m->value_n = value.n;
	m->line = line;
	m->byte = byte;
	m->number = number;
}

static void
fill_totals(struct pytest_wrapper *to, const struct pytest_wrapper *from)
{
	long *const t[] = { &to->total, &to->passed, &to->failed, &to->errors, &to->skipped,
		&to->exit_code };
	const long f[] = { from->total, from->passed, from->failed, from->errors, from->skipped,
		from->exit_code };

	for (size_t i = 0; i < 6; i++)
		if (*t[i] < 0)
			*t[i] = f[i];
}

void
run_members_join(struct run_members *o, struct slice key, const struct run_members *sub)
{
	for (size_t i = 0; i < sub->n; i++) {
		const struct run_member *m = &sub->m[i];
		char name[RUN_MEMBER_NAME * 2 + 2];
		int n = snprintf(name, sizeof name, "%.*s.%.*s", SLICE_ARG(key), (int)m->name_n,
		    m->name);

		run_members_add(o, slice_of(name, (size_t)n), slice_of(m->value, m->value_n), false,
		    m->line, m->byte);
	}
	fill_totals(&o->totals, &sub->totals);
	if (!o->odd[0])
		memcpy(o->odd, sub->odd, sizeof o->odd);
}

/* ---- to the run ---- */

static void
fill(struct embed *m, struct slice *to, struct slice value)
{
	if (!to->n)
		*to = arena_copy(&m->arena, value);
}

static void
fill_run(struct embed *m, const char *kind, struct slice norm, struct slice value,
    const struct zone *zone)
{
	enum clock_zone known;
	struct run *run = &m->run;
	int64_t ns;

	if (strcmp(kind, "command") == 0)
		fill(m, &run->command, value);
	else if (strcmp(kind, "environment") == 0)
		fill(m, &run->env, value);
	else if (strcmp(kind, "commit") == 0)
		fill(m, &run->commit, value);
	else if (strcmp(kind, "host") == 0)
		fill(m, &run->host, value);
	/* a mere "timestamp" may be that of the end; one with a zone is better than one without */
	if (slice_starts(norm, "start") && zone_parse_clock(zone, value, &ns, &known) &&
	    (run->started_ns == CLOCK_NONE || (run->clock == RUN_CLOCK_ASSUMED &&
	    known == CLOCK_ZONE_KNOWN))) {
		run->started_ns = ns;
		run->clock = known == CLOCK_ZONE_KNOWN ? RUN_CLOCK_DERIVED : RUN_CLOCK_ASSUMED;
	}
}

static int
tell(struct embed *m, const char *kind, const struct run_member *r, struct err *e)
{
	struct run_fact fact = { .kind = slice_str(kind), .name = slice_of(r->name, r->name_n),
		.value = slice_of(r->value, r->value_n), .line = r->line, .byte = r->byte };

	return m->out->fact ? m->out->fact(m->out->ctx, &fact, e) : 0;
}

int
run_members_apply(const struct run_members *o, struct embed *m, const struct zone *zone,
    struct pytest_wrapper *w, struct err *e)
{
	for (size_t i = 0; i < o->n; i++) {
		const struct run_member *r = &o->m[i];
		char low[RUN_MEMBER_NAME];
		struct slice norm = normal(slice_of(r->name, r->name_n), low);
		const char *kind = kind_of(norm);

		/* a state, a time or a rate is a property; what has a meaning of its own is told
		 * under its kind too */
		if (tell(m, "property", r, e) != 0 || (kind && tell(m, kind, r, e) != 0))
			return -1;
		if (kind && m->held && !r->number)
			fill_run(m, kind, norm, slice_of(r->value, r->value_n), zone);
	}
	fill_totals(w, &o->totals);
	return 0;
}
