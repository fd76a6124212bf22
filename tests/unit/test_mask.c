#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "sign/sign.h"

struct mask_case {
	const char *in, *out;
};

static void
check(const struct mask_case *c, size_t n)
{
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < n; i++) {
		struct slice t = sign_template(&a, slice_str(c[i].in));

		assert_string_equal(t.p, c[i].out);
		assert_string_equal(sign_template(&a, t).p, c[i].out);
	}
	arena_release(&a);
}

#define CHECK(cases) check(cases, sizeof(cases) / sizeof *(cases))

static void
test_masks_times(void **state)
{
	static const struct mask_case cases[] = {
		{ "[2025-09-16 01:42:33 +0000] [13] [ERROR] boom", "[<time>] [<n>] [ERROR] boom" },
		{ "at 2025-09-16T01:42:33.123456Z end", "at <time> end" },
		{ "2025-09-16 00:42:53,123 INFO up", "<time> INFO up" },
		{ "2025-09-03 17:00 PDT", "<time>" },
		{ "due 2025/09/16.", "due <time>." },
		{ "log-20250915-143847.txt", "log-<time>.txt" },
		{ "Tue Sep 16 01:42:33 2025 start", "<time> start" },
		{ "Sep  6 01:42:33 host", "<time> host" },
		{ "Tue, 16 Sep 2025 01:42:33 GMT", "<time>" },
		{ "- - [16/Sep/2025:01:42:33 +0000] x", "- - [<time>] x" },
		{ "on Sep 16, 2025", "on <time>" },
		{ "expired at 01:42:33.5 today", "expired at <time> today" },
		{ "main.py:12:34 bad", "main.py:<n>:<n> bad" },
		{ "May 5 attempts fail", "May <n> attempts fail" },
		{ "2025-09-16abc", "<n>-<n>-16abc" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_masks_addresses(void **state)
{
	static const struct mask_case cases[] = {
		{ "Redis 10.166.204.83:6379 refused", "Redis <ip> refused" },
		{ "from 10.0.0.1, port 80", "from <ip>, port <n>" },
		{ "256.1.1.1 is none", "<n> is none" },
		{ "to fe80::1:2 and [::1]:8080 and ::1", "to <ip> and <ip> and <ip>" },
		{ "2001:db8:0:0:0:0:2:1", "<ip>" },
		{ "std::vector and a::b", "std::vector and a::b" },
		{ "GET https://api.example.com/v1/x?y=1.", "GET <url>." },
		{ "postgresql+asyncpg://***@/db?host=/cloudsql/p:r:i", "<url>" },
		{ "see (http://a.b/c)", "see (<url>)" },
		{ "mail to ann.lee+x@mail.example.org, please", "mail to <email>, please" },
		{ "user@localhost", "user@localhost" },
		{ "login of [email:a1b2c3] failed", "login of <email> failed" },
		{ "login of [email:3f] failed", "login of [email:3f] failed" },
		{ "from [ipv4-public:000000] to <ip>", "from <ip> to <ip>" },
		{ "GET https://h/cb?code=[query-secret:a1b2c3]&x=1 ok", "GET <url> ok" },
		{ "GET https://h/cb?code=[query-secret:a1b2c3], ok", "GET <url>, ok" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_masks_ids(void **state)
{
	static const struct mask_case cases[] = {
		{ "run 550e8400-e29b-41d4-a716-446655440000 done", "run <uuid> done" },
		{ "run_550e8400-e29b-41d4-a716-446655440000", "run_<uuid>" },
		{ "object at 0x7f3e12ab>", "object at <hex>>" },
		{ "revision backend-00742-b95 is not ready",
		    "revision backend-<rev> is not ready" },
		{ "00742-b95", "<rev>" },
		{ "instance 0069c7a9880f1e2d3c4b5a69788766554433221100", "instance <hex>" },
		{ "commit 3f2c1ab9.", "commit <hex>." },
		{ "user_12345 of thread_17_1726450000_8f3a2b1c",
		    "user_<n> of thread_17_<n>_<hex>" },
		{ "key usr_4F9S8D7F6S9D8F7S9D8G", "key usr_<id>" },
		{ "id 'demo-user-123' and \"42\"", "id 'demo-user-<n>' and \"<n>\"" },
		{ "utf_8 api_v2 sha256 ec2 s3", "utf_8 api_v2 sha256 ec2 s3" },
		{ "deadbeef decade", "deadbeef decade" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_masks_paths_but_not_names(void **state)
{
	static const struct mask_case cases[] = {
		{ "open /app/src/main.py:23 failed", "open <path>:<n> failed" },
		{ "read pkg/sub/mod.py.", "read <path>." },
		{ "read docs/readme.md, then", "read <path>, then" },
		{ "C:\\Users\\x\\a.py and D:/a/b", "<path> and <path>" },
		{ "GET /health and /ws", "GET /health and /ws" },
		{ "TCP/IP and/or application/json", "TCP/IP and/or application/json" },
		{ "No module named 'a.b.c'", "No module named 'a.b.c'" },
		{ "pkg.mod.v1 v1.2.3 gunicorn 23.0.0", "pkg.mod.v1 v1.2.3 gunicorn <n>" },
		{ "python/3.11", "python/<n>" },
		{ "1/2/3 of 4", "<n>/<n>/<n> of <n>" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_masks_numbers(void **state)
{
	static const struct mask_case cases[] = {
		{ "timeout after 25.0s", "timeout after <dur>" },
		{ "took 5 seconds, 1h2m3s or 12 ms", "took <dur> or <dur>" },
		{ "5 such 3 things", "<n> such <n> things" },
		{ "12KB of 1.5 GiB", "<size> of <size>" },
		{ "x -5 +7 a-5 5-6", "x <n> <n> a-<n> <n>-<n>" },
		{ "1,000 and 1e-05 and 95.5%", "<n> and <n> and <n>" },
		{ "ids [1, 2, 3, 4] and (5,6)", "ids [<n>] and (<n>)" },
		{ "h2 3x v2", "h2 3x v2" },
		{ "length: 51", "length: <n>" },
		{ "(Issue #449)", "(Issue #<n>)" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_keeps_numbers_that_change_the_meaning(void **state)
{
	static const struct mask_case cases[] = {
		{ "HTTP 503 on /x", "HTTP <status:503> on /x" },
		{ "\"GET /x HTTP/1.1\" 404 17", "\"GET /x HTTP/<n>\" <status:404> <n>" },
		{ "status code 502 after 3", "status code <status:502> after <n>" },
		{ "status=401, status_code: '403'",
		    "status=<status:401>, status_code: '<status:403>'" },
		{ "\"status\": 500", "\"status\": <status:500>" },
		{ "503 Service Unavailable", "<status:503> Service Unavailable" },
		{ "Client error '404 Not Found' for url",
		    "Client error '<status:404> Not Found' for url" },
		{ "401, message='x'", "<status:401>, message='x'" },
		{ "status 7", "status <n>" },
		{ "Container called exit(3).", "Container called exit(<exit:3>)." },
		{ "Worker (pid:14) exited with code 3",
		    "Worker (pid:<n>) exited with code <exit:3>" },
		{ "exit code: -9", "exit code: <exit:-9>" },
		{ "exit status 1", "exit status <exit:1>" },
		{ "returncode=2", "returncode=<exit:2>" },
		{ "killed by signal 9", "killed by signal <signal:9>" },
		{ "[Errno 111] Connection refused", "[Errno <errno:111>] Connection refused" },
		{ "close code 1011", "close code <code:1011>" },
		{ "received 1011 (internal error)", "received <code:1011> (internal error)" },
		{ "<status:503> <exit:-9>", "<status:503> <exit:-9>" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_leaves_words_alone(void **state)
{
	static const struct mask_case cases[] = {
		{ "CRITICAL ModuleNotFoundError: key=value",
		    "CRITICAL ModuleNotFoundError: key=value" },
		{ "OAuth=REDACTED URI mismatch", "OAuth=REDACTED URI mismatch" },
		{ "  padded \t", "padded" },
		{ "first\nsecond 5", "first" },
		{ "\n\n later", "later" },
		{ "", "" },
		{ "sanitized from 'x\\n' to 'x'", "sanitized from 'x\\n' to 'x'" },
		{ "Traceback (most recent call last):\\n  File \\\"x\\\", line 5",
		    "Traceback (most recent call last):" },
		{ "caf\xc3\xa9 5", "caf\xc3\xa9 <n>" },
		{ "<red>x</red> <5>", "<red>x</red> <<n>>" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_clips_to_one_kibibyte(void **state)
{
	char text[4000];
	struct arena a;
	struct slice t;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = i % 2 ? ' ' : '7';
	t = sign_template(&a, slice_of(text, sizeof text));
	assert_true(t.n <= 1024);
	assert_true(slice_ends(t, "<n>"));
	assert_true(slice_eq(sign_template(&a, t), t));
	memset(text, 'x', sizeof text);
	t = sign_template(&a, slice_of(text, sizeof text));
	assert_int_equal(t.n, 1024);
	arena_release(&a);
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* format with each "%s" replaced */
static void
fill(char *to, size_t room, const char *format, const char *token)
{
	size_t n = 0;

	for (; *format && n + 1 < room; format++) {
		if (format[0] == '%' && format[1] == 's') {
			n += (size_t)snprintf(to + n, room - n, "%s", token);
			format++;
		} else {
			to[n++] = *format;
		}
	}
	to[n] = '\0';
}

/* what stands around a token must not make the digits of its hash count */
static void
test_the_hash_of_a_token_never_matters(void **state)
{
	static const char *const around[] = {
		"%s", "x%s", "%sx", "7%s", "%s7", "/%s", "%s/", "/a/b/%s/c.py", "a/%s", "http://%s",
		"http://h/%s?a=%s", "postgresql://app:%s@10.1.2.3:5432/db", "k=%s&l=%s", ":%s", "%s:",
		"::%s", "%s::1", "-%s-", "_%s_", ".%s.", "a.%s.b", "[%s]", "'%s'", "\"%s\"", "<%s>", "@%s",
		"%s@x.org", "0x%s", "C:\\%s\\x", "%s%s", "at %s ms", "status %s", "2025-09-16T01:42:33%s",
		"1.2.3.4%s", "user_%s_id", "assert %s == %s", "f00dcafe%s", "%sf00dcafe", "12%s34",
	};
	static const char *const hash[] = { "000000", "123456", "abcdef", "a1b2c3", "9e9999", "1e1000" };
	char token[6][24], text[400];
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t h = 0; h < 6; h++)
		snprintf(token[h], sizeof token[h], "[email:%s]", hash[h]);
	for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
		for (size_t pad = 0; pad <= 1030; pad += pad < 960 ? 960 : 1) {
			struct slice first = { NULL, 0 };

			for (size_t h = 0; h < 6; h++) {
				char line[1700];
				struct slice t;

				fill(text, sizeof text, around[i], token[h]);
				memset(line, 'w', pad);
				snprintf(line + pad, sizeof line - pad, " %s tail", text);
				t = sign_template(&a, slice_str(line));
				if (h == 0)
					first = t;
				else if (!slice_eq(t, first))
					fail_msg("%s behind %zu bytes: %s, not %s", text, pad, t.p,
					    first.p);
			}
			arena_reset(&a);
		}
	}
	arena_release(&a);
}

/* all sorts of pieces side by side, where one token may look like the start of the next */
static void
test_a_template_is_its_own_template(void **state)
{
	static const char *const piece[] = {
		" ", " ", ".", ",", ", ", ":", "::", "/", "-", "_", "@", "<", ">", "[", "]",
		    "(", ")",
		"'", "\"", "=", "%", "+", "\\", "5", "12", "503", "12345", "2025", "09", "16",
		"2025-09-16", "T01:42:33Z", "01:42", "Sep", "Tue", "a", "co", "py", "fe80", "::1",
		"abc", "HTTP", "status", "exit", "code", "http://", "://", "x.py", "b95",
		    "00742-b95",
		"10.0.0.1", "0x1f", "8f3a2b1c", "deadbeef", "ms", "s", "h", "KB", "C:\\", "n", "e5",
		"<n>", "<status:503>", "\xc3\xa9", "\xff", "550e8400-e29b-41d4-a716-446655440000",
		"foo@bar.co", "/a/b", "~/", "../", "[email:a1b2c3]", "Z", "UTC", "GMT",
		    "aaaaaaaaaaaaaaaaaaaaaa"
	};
	uint32_t seed = 1;
	char text[1500];
	struct arena a;

	(void)state;
	arena_init(&a);
	for (int round = 0; round < 200000; round++) {
		unsigned count = 1 + next_random(&seed) % (round % 100 ? 14 : 300);
		struct slice once, twice;
		size_t n = 0;

		for (unsigned i = 0; i < count; i++) {
			const char *p = piece[next_random(&seed) % (sizeof piece / sizeof *piece)];

			if (strlen(p) > sizeof text - n)
				break;
			memcpy(text + n, p, strlen(p));
			n += strlen(p);
		}
		once = sign_template(&a, slice_of(text, n));
		twice = sign_template(&a, once);
		if (!slice_eq(once, twice))
			fail_msg("%.*s -> %.*s -> %.*s", (int)n, text, SLICE_ARG(once),
			    SLICE_ARG(twice));
		assert_true(once.n <= 1024);
		arena_reset(&a);
	}
	arena_release(&a);
}

static void
test_ids_tell_kinds_and_texts_apart(void **state)
{
	int64_t id = sign_id("cause", SLICE("a"));

	(void)state;
	assert_true(id > 0);
	assert_true(id == sign_id("cause", SLICE("a")));
	assert_true(id != sign_id("test", SLICE("a")));
	assert_true(id != sign_id("cause", SLICE("b")));
	assert_true(sign_template_id(SLICE("")) > 0);
	assert_true(sign_template_id(SLICE("x")) != sign_template_id(SLICE("y")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_masks_times),
		cmocka_unit_test(test_masks_addresses),
		cmocka_unit_test(test_masks_ids),
		cmocka_unit_test(test_masks_paths_but_not_names),
		cmocka_unit_test(test_masks_numbers),
		cmocka_unit_test(test_keeps_numbers_that_change_the_meaning),
		cmocka_unit_test(test_leaves_words_alone),
		cmocka_unit_test(test_clips_to_one_kibibyte),
		cmocka_unit_test(test_a_template_is_its_own_template),
		cmocka_unit_test(test_ids_tell_kinds_and_texts_apart),
		cmocka_unit_test(test_the_hash_of_a_token_never_matters),
	};

	return cmocka_run_group_tests_name("mask", tests, NULL, NULL);
}
