/*
 * test_run_says.c - what a suite says of its world, and what only looks like it.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "read/run_says.h"

struct told {
	struct buf b;		/* "kind|name|value;" of each fact */
	uint64_t line, byte;	/* of the last one */
	unsigned n, stop_at;
};

static int
tell(void *ctx, const struct run_fact *f)
{
	struct told *t = ctx;

	assert_true(run_says_kind(f->kind) < RUN_SAYS_KINDS);
	assert_true(f->value.n > 0 && f->value.n <= RUN_SAYS_VALUE);
	buf_printf(&t->b, "%s%.*s|%.*s|%.*s", t->n++ ? ";" : "", SLICE_ARG(f->kind),
	    SLICE_ARG(f->name), SLICE_ARG(f->value));
	t->line = f->line;
	t->byte = f->byte;
	return t->stop_at && t->n == t->stop_at ? 7 : 0;
}

static struct told
scan(const char *text)
{
	struct told t = { .n = 0 };

	buf_init(&t.b, 1 << 20);
	assert_int_equal(run_says_scan(slice_str(text), 10, 1000, tell, &t), 0);
	return t;
}

static const struct {
	const char *text, *want;
} told[] = {
	/* status */
	{ "Infrastructure Status: UNAVAILABLE", "status|Infrastructure Status|UNAVAILABLE" },
	{ "Docker: not available", "status|Docker|not available" },
	{ "   \xE2\x9D\x8C Docker: \xE2\x9D\x8C not available (daemon is stopped)",
	    "status|Docker|not available (daemon is stopped)" },
	{ "Backend at https://api.staging.example unreachable",
	    "status|Backend at https://api.staging.example|unreachable" },
	{ "Docker is not available - skipping container tests",
	    "status|Docker|not available - skipping container tests" },
	{ "Redis: down", "status|Redis|down" },
	{ "PostgreSQL: connection refused", "status|PostgreSQL|connection refused" },
	{ "Auth service health: healthy", "status|Auth service health|healthy" },
	{ "  - Database: available", "status|Database|available" },
	{ "Services are unavailable", "status|Services|unavailable" },
	/* time */
	{ "Time: 2025-09-14 08:32:48", "time|Time|2025-09-14 08:32:48" },
	{ "Started at 2025-09-14T08:32:48Z", "time|Started at|2025-09-14T08:32:48Z" },
	{ "Test run started at 2025-09-14 08:32:48.123456.",
	    "time|Test run started at|2025-09-14 08:32:48.123456" },
	{ "Start time: 2025-09-14 08:32:48 UTC", "time|Start time|2025-09-14 08:32:48 UTC" },
	{ "Date: Sun Sep 14 08:32:48 UTC 2025", "time|Date|Sun Sep 14 08:32:48 UTC 2025" },
	{ "Timestamp: 2025-09-14T08:32:48+02:00", "time|Timestamp|2025-09-14T08:32:48+02:00" },
	/* URLs */
	{ "BASE_URL=https://api.example/v1", "url|BASE_URL|https://api.example/v1" },
	{ "Backend URL: https://api.staging.example", "url|Backend URL|https://api.staging.example" },
	{ "\xF0\x9F\x94\x97 Backend URL: https://api.example (from .env)",
	    "url|Backend URL|https://api.example" },
	{ "export API_BASE_URL=\"http://localhost:8000\"", "url|API_BASE_URL|http://localhost:8000" },
	{ "baseurl: https://shop.example", "url|baseurl|https://shop.example" },
	{ "WebSocket: wss://api.example/ws", "url|WebSocket|wss://api.example/ws" },
	{ "Running tests against https://api.example", "url|Running tests against|https://api.example" },
	/* environments */
	{ "Environment: staging", "environment|Environment|staging" },
	{ "ENV=staging", "environment|ENV|staging" },
	{ "Running against staging", "environment|against|staging" },
	{ "Running e2e tests against production...", "environment|against|production" },
	{ "Using staging environment", "environment|against|staging" },
	{ "Testing in the QA environment.", "environment|against|QA" },
	{ "NODE_ENV=test", "environment|NODE_ENV|test" },
	{ "Target environment: Staging (eu-west)", "environment|Target environment|Staging" },
	/* commands */
	{ "$ pytest tests -v", "command|$|pytest tests -v" },
	{ "+ python -m pytest -q", "command|+|python -m pytest -q" },
	{ "Running command: pytest -v --base-url https://x.example",
	    "command|Running command|pytest -v --base-url https://x.example;"
	    "url|--base-url|https://x.example" },
	{ "$ pytest --base-url=https://x.example/a", "command|$|pytest --base-url=https://x.example/a;"
	    "url|--base-url|https://x.example/a" },
	{ "Command: C:\\py\\python.exe -m pytest -v", "command|Command|C:\\py\\python.exe -m pytest -v" },
	{ "Command:\n  python run_all.py --ci", "command|command|python run_all.py --ci" },
	{ "Executing: npm test", "command|Executing|npm test" },
	{ "##[group]Run pytest -x", "command|##[group]Run|pytest -x" },
	{ "$ TZ=UTC npx jest --ci", "command|$|TZ=UTC npx jest --ci" },
	{ "+ go test -v ./...", "command|+|go test -v ./..." },
	/* exit codes */
	{ "exit code: 1", "exit|exit code|1" },
	{ "EXIT=1", "exit|EXIT|1" },
	{ "EXIT_CODE=137", "exit|EXIT_CODE|137" },
	{ "Exit status 1", "exit|Exit status|1" },
	{ "##[error]Process completed with exit code 1.", "exit|completed with exit code|1" },
	{ "error Command failed with exit code 1.", "exit|failed with exit code|1" },
	{ "##[error]Bash exited with code '1'.", "exit|exited with code|1" },
	{ "\xF0\x9F\x9A\xA8 Error: The command exited with status 1", "exit|exited with status|1" },
	{ "ERROR: Job failed: exit code 1", "exit|Job failed: exit code|1" },
	{ "[FAILURE] TESTS FAILED (exit code: 1)", "exit|exit code|1" },
	{ "The command \"pytest\" exited with 2.", "exit|exited with|2" },
	{ "Process finished with exit code -11", "exit|finished with exit code|-11" },
	{ "Return code: 5", "exit|Return code|5" },
	/* commits */
	{ "GITHUB_SHA=0123456789abcdef0123456789abcdef01234567",
	    "commit|GITHUB_SHA|0123456789abcdef0123456789abcdef01234567" },
	{ "  GITHUB_SHA: 0123456789abcdef0123456789abcdef01234567",
	    "commit|GITHUB_SHA|0123456789abcdef0123456789abcdef01234567" },
	{ "Commit: abc1234", "commit|Commit|abc1234" },
	{ "Git commit: abc1234 (main)", "commit|Git commit|abc1234" },
	{ "HEAD is now at 1a2b3c4 fix the cart", "commit|HEAD is now at|1a2b3c4" },
	{ "export CI_COMMIT_SHA=\"1a2b3c4d5e6f\"", "commit|CI_COMMIT_SHA|1a2b3c4d5e6f" },
	{ "BUILD_SOURCEVERSION=1a2b3c4d", "commit|BUILD_SOURCEVERSION|1a2b3c4d" },
	{ "Checking out 1a2b3c4d as main...", "commit|Checking out|1a2b3c4d" },
	/* CI and hosts */
	{ "GITHUB_RUN_ID=17432", "ci|GITHUB_RUN_ID|17432" },
	{ "BUILD_NUMBER: 3", "ci|BUILD_NUMBER|3" },
	{ "declare -x BUILDKITE_BUILD_NUMBER=\"88\"", "ci|BUILDKITE_BUILD_NUMBER|88" },
	{ "CI_JOB_ID=55", "ci|CI_JOB_ID|55" },
	{ "Hostname: runner-1", "host|Hostname|runner-1" },
	{ "Runner name: 'GitHub Actions 2'", "host|Runner name|GitHub Actions 2" },
	{ "Running on runner-ab-project-1 via build-host-2...", "host|Running on|runner-ab-project-1" },
};

/* each of these says nothing, whatever words it has */
static const char *const silent[] = {
	/* prose */
	"The tests expect that the backend is unreachable when the cable is cut",
	"Docker should be not available in this test",
	"If Docker is not available, install it",
	"Make sure that the database is running",
	"Running the tests against a mock is faster",
	"Running against time",
	"returns exit code 2 when nothing was found",
	"the script should have exited with code 1",
	"expected exit code 0, got 1",
	"Environment: see the manual for all settings",
	"Commit: the change that broke it",
	"Commit: feedbac",
	"commit 1a2b3c4",
	"HEAD is now at the front of the queue",
	"Time: 12.3s",
	"Time: about two hours",
	"Execution Time: 2025",
	"Started at noon",
	"Docs: https://docs.example/how-to",
	"-- Docs: https://docs.pytest.org/en/stable/how-to/capture-warnings.html",
	"Report URL: https://report.example/1",
	"see https://api.example/health",
	"Running: 5 tests",
	"Running: the pytest suite of the shop",
	"Command: none",
	"$ 5.00",
	"+ a line of a diff",
	"Note: not available",
	"Tests: passed",
	"Login: ok",
	"Direction: up",
	"Order state: unknown colour",
	"a backend is what serves requests",
	"HOSTNAME=",
	/* lines of loggers */
	"2025-09-14 08:32:48 INFO Environment: staging",
	"2025-09-14T08:32:48Z backend is unreachable",
	"[2025-09-14 08:32:48] Docker: not available",
	"[INFO] Environment: staging",
	"WARNING  app.db:db.py:35 Docker: not available",
	"INFO: Backend URL: https://api.example",
	"ERROR exit code: 1",
	"08:32:48 exit code: 1",
	/* assertions, diffs, tracebacks */
	"assert exit code: 1",
	"E       assert exit code: 1",
	"E     exit code: 1",
	">       exit code: 1",
	"    assert result.exit_code == 1",
	"exit_code == 1",
	"AssertionError: exit code: 1",
	"- Environment: staging\n+ Environment: production",
	"- exit code: 0\n? ^\n+ exit code: 1",
	"raise SystemExit(1)",
	"File \"x.py\", line 3, in f",
	/* JSON, reprs, code */
	"{\"exit_code\": 1}",
	"\"exit_code\": 1,",
	"'environment': 'staging',",
	"{'Infrastructure Status': 'UNAVAILABLE'}",
	"  \"BASE_URL\": \"https://api.example\",",
	"Environment: {'Python': '3.12'}",
	"exit code: 1 of the child \"a\",",
	"url = https://api.example/?q={\"a\": 1}\",",
	"GITHUB_TOKEN=abc",
	"CI_JOB_TOKEN=1a2b3c4d",
	"GITHUB_RUN_ID=$RUN",
	"GITHUB_RUN_ID=${{ github.run_id }}",
	"GITHUB_SHA=$SHA",
	"exit code: one",
	"exit code: 1234567890123",
	"exit code: 1x",
	"Environment::staging",
	"status: 200",
	"",
	"::",
	"= = =",
};

static void
says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
		struct told t = scan(told[i].text);

		if (strcmp(t.b.p, told[i].want) != 0)
			fail_msg("\"%s\" gives \"%s\", not \"%s\"", told[i].text, t.b.p,
			    told[i].want);
		buf_release(&t.b);
	}
}

static void
says_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++) {
		struct told t = scan(silent[i]);

		if (t.n)
			fail_msg("\"%s\" gives \"%s\"", silent[i], t.b.p);
		buf_release(&t.b);
	}
}

/* every statement stands where its line does, whatever is around it */
static void
places(void **state)
{
	struct told t = scan("a word\n\nDocker: not available\nlast");

	(void)state;
	assert_int_equal(t.n, 1);
	assert_int_equal(t.line, 12);
	assert_int_equal(t.byte, 1008);
	buf_release(&t.b);
}

static void
ends_when_told(void **state)
{
	struct told t = { .stop_at = 2 };

	(void)state;
	buf_init(&t.b, 1000);
	assert_int_equal(run_says_scan(SLICE("EXIT=1\nEXIT=2\nEXIT=3\n"), 1, 0, tell, &t), 7);
	assert_string_equal(t.b.p, "exit|EXIT|1;exit|EXIT|2");
	buf_release(&t.b);
}

/* a value is cut at 400 bytes and never inside a character; a long line says nothing */
static void
long_lines(void **state)
{
	struct buf b;
	struct told t;

	(void)state;
	buf_init(&b, 1 << 20);
	buf_puts(&b, "$ pytest -k ");
	while (b.n < 405)
		buf_puts(&b, "\xC3\xA9");
	t = scan(b.p);
	assert_int_equal(t.n, 1);
	assert_true(slice_starts(buf_slice(&t.b), "command|$|pytest -k "));
	assert_int_equal(t.b.n - strlen("command|$|"), 400 - (400 - strlen("pytest -k ")) % 2);
	buf_release(&t.b);
	buf_reset(&b);
	buf_puts(&b, "Environment: ");
	while (b.n < 100000)
		buf_puts(&b, "a b c ");
	t = scan(b.p);
	assert_int_equal(t.n, 0);
	buf_release(&t.b);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says),
		cmocka_unit_test(says_nothing),
		cmocka_unit_test(places),
		cmocka_unit_test(ends_when_told),
		cmocka_unit_test(long_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
