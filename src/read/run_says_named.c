/*
 * run_says_named.c - statements by name, "name: value" and "NAME=value", and those of a state.
 */
#include "config.h"

#include "read/run_says_part.h"

#include <string.h>

/* ---- exit codes ---- */

static bool
exit_named(struct says_scan *c, const struct said *d)
{
	static const char *const names[] = { "exit code", "exit status", "exitcode", "exit",
		"return code", "returncode", "pytest exit code", "test exit code", "exit value",
		"process exit code", "final exit code", "tests exit code", "rc" };
	struct slice n;

	if (!ONE_OF(d->norm_s, names) || (slice_eqs(d->norm_s, "rc") && !d->assigned))
		return false;
	if ((n = says_number(says_without_quotes(d->value))).n)
		says_put(c, SAYS_EXIT, d->name, n);
	return true;
}

/* ---- names with a value ---- */

static bool
commit_named(struct says_scan *c, const struct said *d)
{
	static const char *const names[] = { "github sha", "ci commit sha", "ci commit short sha",
		"build sourceversion", "git commit", "buildkite commit", "circle sha1",
		"travis commit", "commit sha", "commit", "git sha", "git commit hash",
		"commit hash", "commit id", "git revision", "vcs ref", "bitbucket commit",
		"drone commit sha", "head sha", "source version", "git hash", "git rev",
		"heroku test run commit version", "vercel git commit sha", "appveyor repo commit" };
	struct slice hash;

	if (!ONE_OF(d->norm_s, names))
		return false;
	if ((hash = says_hash(says_without_quotes(d->value))).n)
		says_put(c, SAYS_COMMIT, d->name, hash);
	return true;
}

/* variables of CI systems that say which run this is; those that hold tokens are not here */
static bool
ci_named(struct says_scan *c, const struct said *d)
{
	static const char *const names[] = { "GITHUB_RUN_ID", "GITHUB_RUN_NUMBER",
		"GITHUB_RUN_ATTEMPT", "GITHUB_JOB", "GITHUB_REF", "GITHUB_REF_NAME",
		"GITHUB_HEAD_REF", "GITHUB_BASE_REF", "GITHUB_REPOSITORY", "GITHUB_WORKFLOW",
		"GITHUB_EVENT_NAME", "CI_JOB_ID", "CI_JOB_NAME", "CI_JOB_STAGE", "CI_JOB_URL",
		"CI_PIPELINE_ID", "CI_PIPELINE_IID", "CI_PIPELINE_URL", "CI_PROJECT_PATH",
		"CI_PROJECT_NAME", "CI_COMMIT_BRANCH", "CI_COMMIT_REF_NAME", "CI_COMMIT_TAG",
		"BUILD_NUMBER", "BUILD_ID", "BUILD_URL", "BUILD_TAG", "JOB_NAME", "JOB_URL",
		"BUILD_BUILDID", "BUILD_BUILDNUMBER", "BUILD_SOURCEBRANCH",
		"BUILD_SOURCEBRANCHNAME", "BUILD_DEFINITIONNAME", "SYSTEM_JOBID",
		"SYSTEM_TEAMPROJECT", "BUILDKITE_BUILD_ID", "BUILDKITE_BUILD_NUMBER",
		"BUILDKITE_BUILD_URL", "BUILDKITE_BRANCH", "BUILDKITE_JOB_ID", "BUILDKITE_LABEL",
		"BUILDKITE_PIPELINE_SLUG", "CIRCLE_BUILD_NUM", "CIRCLE_BUILD_URL", "CIRCLE_JOB",
		"CIRCLE_BRANCH", "CIRCLE_WORKFLOW_ID", "CIRCLE_PROJECT_REPONAME",
		"TRAVIS_BUILD_ID", "TRAVIS_BUILD_NUMBER", "TRAVIS_BUILD_WEB_URL",
		"TRAVIS_JOB_ID", "TRAVIS_JOB_NUMBER", "TRAVIS_BRANCH", "TRAVIS_REPO_SLUG",
		"GIT_BRANCH", "DRONE_BUILD_NUMBER", "DRONE_BRANCH", "BITBUCKET_BUILD_NUMBER",
		"BITBUCKET_BRANCH", "BITBUCKET_PIPELINE_UUID", "TEAMCITY_VERSION",
		"APPVEYOR_BUILD_NUMBER", "CODEBUILD_BUILD_ID" };
	struct slice v = says_without_quotes(d->value);

	if (!ONE_OF(d->name, names))
		return false;
	if (v.n && !strchr("${", v.p[0]))
		says_put(c, SAYS_CI, d->name, v);
	return true;
}

static bool
host_named(struct says_scan *c, const struct said *d)
{
	static const char *const names[] = { "hostname", "host name", "runner name", "machine name",
		"agent name", "agent machine name", "computer name", "computername",
		"node name", "test host" };
	struct slice v = says_without_quotes(d->value);

	if (!ONE_OF(d->norm_s, names))
		return false;
	if (v.n && v.n <= 100 && says_count_words(v) <= 4 && !says_url(v).n &&
	    (says_is_alpha(v.p[0]) || says_is_digit(v.p[0])))
		says_put(c, SAYS_HOST, d->name, v);
	return true;
}

static bool
environment_named(struct says_scan *c, const struct said *d)
{
	static const char *const names[] = { "environment", "env", "test environment", "test env",
		"target environment", "target env", "deployment environment", "deploy env",
		"environment name", "env name", "app env", "node env", "django env", "flask env",
		"rails env", "app environment", "current environment", "active environment",
		"runtime environment", "ci environment name", "testing environment", "tier",
		"aspnetcore environment", "detected environment", "using environment" };
	struct slice v;

	if (!ONE_OF(d->norm_s, names))
		return false;
	if ((v = says_environment(d->value)).n)
		says_put(c, SAYS_ENVIRONMENT, d->name, v);
	return true;
}

/* one of the words of a name is about an address: "BASE_URL", "baseURL", "API endpoint" */
static bool
is_url_name(struct slice norm)
{
	static const char *const words[] = { "url", "uri", "endpoint", "host", "server", "target",
		"backend", "frontend", "api", "base", "site", "origin", "against", "service",
		"gateway", "connecting", "websocket" };
	/* where to read on, not what was tested */
	static const char *const others[] = { "docs", "documentation", "report", "see", "help",
		"dashboard", "trace", "repo", "repository", "download", "download", "issue" };
	struct slice s = norm, word;

	if (HAS_ONE_OF(norm, others))
		return false;
	if (HAS_ONE_OF(norm, words))
		return true;
	while (says_take_word(&s, &word))
		if (slice_ends(word, "url") || slice_ends(word, "uri"))
			return true;
	return false;
}

static bool
url_named(struct says_scan *c, const struct said *d)
{
	struct slice url = says_url(d->value);

	if (url.n == 0 || !is_url_name(d->norm_s))
		return false;
	/* a remark may follow, another sentence not */
	if (!says_is_remark(slice_sub(d->value, (size_t)(url.p + url.n - d->value.p) +
	    (url.p != d->value.p), d->value.n)))
		return false;
	says_put(c, SAYS_URL, d->name, url);
	return true;
}

static bool
time_named(struct says_scan *c, const struct said *d)
{
	static const char *const names[] = { "time", "started", "started at", "start time", "date",
		"start", "timestamp", "run at", "executed at", "execution date", "test time",
		"test date", "test started", "tests started", "test run started", "run started",
		"finished", "finished at", "end time", "ended", "ended at", "completed at",
		"completed", "generated", "generated at", "current time", "session started",
		"test run started at", "run date", "run time", "began", "test start time",
		"test end time", "end", "date and time", "test run" };
	struct slice v = says_without_quotes(d->value);

	if (!ONE_OF(d->norm_s, names))
		return false;
	if (says_is_clock(v)) {
		says_put(c, SAYS_TIME, d->name, v);
		return true;
	}
	return false;
}

static bool
command_named(struct says_scan *c, const struct said *d)
{
	static const char *const surely[] = { "command", "running command", "test command", "cmd",
		"executing command", "command line", "pytest command", "full command" };
	static const char *const perhaps[] = { "running", "executing", "run", "launching",
		"starting", "executed" };

	if (d->assigned)
		return false;
	if (ONE_OF(d->norm_s, surely)) {
		c->command_follows = d->value.n == 0;
		if (d->value.n && says_is_command(d->value))
			says_put_command(c, d->name, says_without_quotes(d->value));
		return true;
	}
	if (ONE_OF(d->norm_s, perhaps) && run_says_is_test_command(d->value)) {
		says_put_command(c, d->name, d->value);
		return true;
	}
	return false;
}

/* ---- status ---- */

static const char *const world[] = { "status", "health", "availability", "infrastructure",
	"service", "services", "backend", "frontend", "server", "servers", "database", "db",
	"redis", "postgres", "postgresql", "mysql", "mongodb", "mongo", "kafka", "rabbitmq",
	"elasticsearch", "docker", "daemon", "api", "gateway", "network", "internet", "cluster",
	"kubernetes", "container", "containers", "environment", "staging", "production", "vault",
	"proxy", "queue", "broker", "cache", "clickhouse", "websocket", "auth", "host",
	"selenium", "browser", "grid", "emulator", "vpn", "dns", "s3", "minio", "endpoint",
	"connectivity", "dependency", "dependencies", "nginx", "celery", "worker", "workers",
	"node", "gpu", "llm", "podman" };

static const struct state {
	const char *words;
	bool strong;		/* says so of anything; others only of what is in `world` */
} states[] = {
	{ "unavailable", true }, { "not available", true }, { "unreachable", true },
	{ "not reachable", true }, { "offline", true }, { "unhealthy", true },
	{ "not healthy", true }, { "not running", true }, { "disconnected", true },
	{ "not connected", true }, { "connection refused", true }, { "not responding", true },
	{ "not ready", true }, { "degraded", true }, { "available", true },
	{ "reachable", true }, { "healthy", true }, { "operational", true }, { "online", true },
	{ "partially available", true }, { "not accessible", true }, { "inaccessible", true },
	{ "accessible", true }, { "running", false }, { "up", false }, { "down", false },
	{ "ready", false }, { "ok", false }, { "connected", false }, { "stopped", false },
	{ "missing", false }, { "not found", false }, { "not installed", false },
	{ "active", false }, { "inactive", false }, { "unknown", false }, { "timeout", false },
	{ "timed out", false }, { "not configured", false }, { "not started", false },
};

/* the state that s begins with, and nothing but a remark behind it; the longest one */
static const struct state *
state_of(struct slice low)
{
	const struct state *best = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
		size_t n = strlen(states[i].words);

		if (n > longest && slice_starts(low, states[i].words) &&
		    says_is_remark(slice_sub(low, n, low.n))) {
			best = &states[i];
			longest = n;
		}
	}
	return best;
}

static bool
status_named(struct says_scan *c, const struct said *d)
{
	static const char *const talk[] = { "note", "warning", "error", "info", "reason", "message",
		"result", "hint", "tip", "todo", "debug", "skipped", "fix", "step", "test" };
	struct slice value = says_without_symbols(d->value), low;
	size_t at = (size_t)(value.p - d->s.p);
	const struct state *state;

	if (d->assigned || value.n == 0 || at >= d->low_s.n)
		return false;
	low = slice_sub(d->low_s, at, d->low_s.n);
	state = state_of(says_without_quotes(low));
	if (!state || HAS_ONE_OF(d->norm_s, talk) || says_is_prose(d->norm_s))
		return false;
	if (!state->strong && !HAS_ONE_OF(d->norm_s, world))
		return false;
	says_put(c, SAYS_STATUS, d->name, value);
	return true;
}

/* "Docker is not available", "Backend at https://x unreachable - skipped" */
bool
says_status_sentence(struct says_scan *c, const struct said *d)
{
	struct slice low = d->low_s, rest = low, word, name;
	size_t words = 0;
	bool known = false;

	if (d->s.n > SAYS_SENTENCE / 2)
		return false;
	while (says_take_word(&rest, &word) && words++ < SAYS_WORDS) {
		size_t at = (size_t)(word.p - low.p);
		bool is = slice_eqs(word, "is") || slice_eqs(word, "are");
		struct slice state = is ? slice_trim(rest) : slice_sub(low, at, low.n);
		const struct state *st = known && words > 1 ? state_of(state) : NULL;

		slice_take_str(&state, "currently ");
		if (st && (st->strong || is)) {
			name = slice_trim(slice_sub(d->s, 0, at));
			if (says_is_prose(slice_sub(low, 0, at)))
				return false;
			says_put(c, SAYS_STATUS, name, slice_sub(d->s, (size_t)(state.p - low.p),
			    d->s.n));
			return true;
		}
		if (is || slice_ends(word, ":") || slice_ends(word, ",") || slice_ends(word, "."))
			return false;
		known |= says_is_one_of(word, world, sizeof world / sizeof world[0]);
	}
	return false;
}

bool
says_named(struct says_scan *c, const struct said *d)
{
	static bool (*const looks[])(struct says_scan *, const struct said *) = { exit_named,
		commit_named, ci_named, host_named, environment_named, url_named, time_named,
		command_named, status_named };

	for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++)
		if (looks[i](c, d))
			return true;
	return false;
}
