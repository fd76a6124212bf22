/*
 * test_redact.c - the examples of the table of kinds, the vectors of
 * tests/redact/vectors.tsv, and what the header promises.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/text.h"
#include "sign/redact.h"
#include "sign/redact_kind.h"

static const unsigned char key[REDACT_KEY] = "0123456789abcdef0123456789abcde";

struct kit {
	struct arena arena;
	struct redactor *r;
};

static int
setup(void **state)
{
	struct kit *k = calloc(1, sizeof *k);

	arena_init(&k->arena);
	k->r = redactor_new(REDACT_ALL, key);
	*state = k;
	return 0;
}

static int
teardown(void **state)
{
	struct kit *k = *state;

	arena_release(&k->arena);
	redactor_free(k->r);
	free(k);
	return 0;
}

/* the text of an example, without its '~' */
static struct slice
joined(struct arena *a, const char *text)
{
	char *p = arena_str(a, slice_str(text));
	size_t n = 0;

	for (const char *c = text; *c; c++) {
		if (*c != '~')
			p[n++] = *c;
	}
	p[n] = '\0';
	return slice_of(p, n);
}

static bool
has_token(struct slice s, const char *kind)
{
	for (size_t i = 0; i < s.n; i++) {
		struct slice name;
		size_t n;

		if (redact_token(slice_sub(s, i, SIZE_MAX), &name, &n) && slice_eqs(name, kind))
			return true;
	}
	return false;
}

static void
must_be_stable(struct kit *k, struct slice once)
{
	struct slice twice = redact_text(k->r, &k->arena, once);

	if (!slice_eq(once, twice))
		fail_msg("redacted again: `%.*s`, then `%.*s`", SLICE_ARG(once), SLICE_ARG(twice));
}

static void
test_examples_of_the_table_change_and_stay(void **state)
{
	struct kit *k = *state;

	for (size_t i = 0; redact_kind(i); i++) {
		const struct redact_kind *kind = &redact_kinds[i];
		struct slice in, out;

		assert_string_equal(redact_kind(i), kind->name);
		if (!kind->changes)
			continue;
		in = joined(&k->arena, kind->changes);
		out = redact_text(k->r, &k->arena, in);
		if (!has_token(out, kind->name))
			fail_msg("%s: `%.*s` gave `%.*s`", kind->name, SLICE_ARG(in), SLICE_ARG(out));
		must_be_stable(k, out);
		in = joined(&k->arena, kind->stays);
		out = redact_text(k->r, &k->arena, in);
		if (!slice_eq(in, out))
			fail_msg("%s: `%.*s` gave `%.*s`", kind->name, SLICE_ARG(in), SLICE_ARG(out));
	}
}

/* a vector's text: '~' out, "\n" a newline; what stands between two '^' is noted */
struct vector {
	struct slice text, secret[8];
	size_t secrets;
};

static struct vector
vector_of(struct arena *a, struct slice raw)
{
	char *p = arena_alloc(a, raw.n + 1);
	struct vector v = { .secrets = 0 };
	size_t n = 0, from = SIZE_MAX;

	for (size_t i = 0; i < raw.n; i++) {
		char c = raw.p[i];

		if (c == '~')
			continue;
		if (c == '^' && from == SIZE_MAX) {
			from = n;
		} else if (c == '^') {
			assert_true(v.secrets < 8);
			v.secret[v.secrets++] = slice_of(p + from, n - from);
			from = SIZE_MAX;
		} else if (c == '\\' && i + 1 < raw.n) {
			c = raw.p[++i];
			p[n++] = c == 'n' ? '\n' : c;
		} else {
			p[n++] = c;
		}
	}
	v.text = slice_of(p, n);
	return v;
}

/* 0 when the vector holds; what is wrong is printed */
static unsigned
run_vector(struct kit *k, struct slice kind, bool changes, struct slice raw)
{
	struct vector v = vector_of(&k->arena, raw);
	struct slice out = redact_text(k->r, &k->arena, v.text);
	char *name = arena_str(&k->arena, kind);
	bool good = changes ? has_token(out, name) : slice_eq(out, v.text);

	for (size_t i = 0; i < v.secrets; i++)
		good = good && slice_find(out, 0, v.secret[i]) == SIZE_MAX;
	must_be_stable(k, out);
	if (!good)
		print_error("%s %s: `%.*s` gave `%.*s`\n", name, changes ? "changes" : "stays",
		    SLICE_ARG(v.text), SLICE_ARG(out));
	return !good;
}

static void
test_vectors(void **state)
{
	struct kit *k = *state;
	const char *src = getenv("NT_SRC");
	unsigned changes[REDACT_KINDS] = { 0 }, stays[REDACT_KINDS] = { 0 }, bad = 0;
	struct slice in, line, kind, what;
	struct buf path, file;
	struct err e;

	buf_init(&path, 4096);
	buf_init(&file, 1 << 20);
	buf_printf(&path, "%s/tests/redact/vectors.tsv", src ? src : ".");
	assert_int_equal(io_slurp(path.p, file.max, &file, &e), 0);
	for (in = buf_slice(&file); slice_take_line(&in, &line);) {
		size_t i = 0;

		if (line.n == 0 || line.p[0] == '#')
			continue;
		assert_true(slice_take_until(&line, '\t', &kind));
		assert_true(slice_take_until(&line, '\t', &what));
		while (redact_kind(i) && !slice_eqs(kind, redact_kind(i)))
			i++;
		assert_non_null(redact_kind(i));
		changes[i] += slice_eqs(what, "changes");
		stays[i] += slice_eqs(what, "stays");
		bad += run_vector(k, kind, slice_eqs(what, "changes"), line);
	}
	assert_int_equal(bad, 0);
	for (size_t i = 0; i < REDACT_FIELD; i++)
		assert_true(changes[i] >= 6 && stays[i] >= 6);
	buf_release(&path);
	buf_release(&file);
}

struct field {
	const char *name, *value;
	bool secret;
};

static void
test_names_that_say_secret(void **state)
{
	static const struct field cases[] = {
		{ "jsonPayload.db_password", "hunter22", true },
		{ "labels.token", "a b c d", true },
		{ "jsonPayload.headers.Authorization", "whatever it is", true },
		{ "jsonPayload.dbPassword", "12345678", true },
		{ "apiKey", "plain", true },
		{ "config.API_KEY", "plain", true },
		{ "oauth.clientSecret", "plain", true },
		{ "userpass", "plain", true },
		{ "x-auth", "plain", true },
		{ "cookies.theme", "dark", true },
		{ "secrets[0]", "plain", true },
		{ "secrets.db.value", "plain", true },
		{ "private_key", "plain", true },
		{ "password_reset_token", "plain", true },
		{ "jsonPayload.author", "Jane", false },
		{ "authority", "login.example", false },
		{ "authenticated", "true", false },
		{ "password", "None", false },
		{ "password", "abc", false },
		{ "password", "REDACTED", false },
		{ "token", "1757986969280", false },
		{ "token_count", "many", false },
		{ "max_tokens", "many", false },
		{ "has_token", "maybe", false },
		{ "password_changed_at", "2025-09-16T00:00:00Z", false },
		{ "secret_name", "projects/x/secrets/y", false },
		{ "auth_service", "up and running", false },
		{ "protoPayload.authenticationInfo.principalEmail", "x@y.iam.gserviceaccount.com", false },
		{ "protoPayload.authorizationInfo[0].permission", "run.services.get", false },
		{ "protoPayload.authorizationInfo[0].granted", "sure", false },
		{ "credentials.username", "jane", false },
		{ "bypass", "plain", false },
		{ "tokenizer", "bert", false },
		{ "services.auth", "unhealthy", false },
		{ "checks.auth", "timeout after 5s", false },
		{ "latency.auth", "350ms", false },
		{ "circuit.auth", "half-open", false },
		{ "auth_circuit_breaker", "opened", false },
		{ "auth", "Denied: no role (403)", false },
		{ "auth", "Bearer abcdefgh", true },
		{ "auth", "a1b2c3d4 and more", true },
		{ "password", "350ms", true },
		{ "secret", "timeout after it", true },
		{ "message", "plain", false },
		{ "trace", "projects/p/traces/4bf92f3577b34da6a3ce929d0e0e4736", false },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct slice name = slice_str(cases[i].name), value = slice_str(cases[i].value);
		struct slice out = redact_value(k->r, &k->arena, name, value);

		if (cases[i].secret != has_token(out, "field"))
			fail_msg("%s: `%s` gave `%.*s`", cases[i].name, cases[i].value,
			    SLICE_ARG(out));
		if (!cases[i].secret)
			assert_true(slice_eq(out, value));
		assert_true(slice_eq(redact_value(k->r, &k->arena, name, out), out));
	}
	assert_true(has_token(redact_value(k->r, &k->arena, SLICE("principalEmail"),
	    SLICE("jane@example.com")), "email"));
}

static void
test_equal_values_have_equal_tokens_under_one_key(void **state)
{
	struct kit *k = *state;
	unsigned char other_key[REDACT_KEY] = { 1 };
	struct redactor *other = redactor_new(REDACT_ALL, other_key);
	struct slice a = redact_text(k->r, &k->arena, SLICE("jane@example.com"));
	struct slice b = redact_text(k->r, &k->arena, SLICE("jane%40example.com"));
	struct slice c = redact_text(k->r, &k->arena, SLICE("joan@example.com"));
	struct slice d = redact_text(other, &k->arena, SLICE("jane@example.com"));

	assert_true(slice_eq(a, b));
	assert_false(slice_eq(a, c));
	assert_false(slice_eq(a, d));
	redactor_free(other);
}

static void
test_modes_ask_for_their_kinds_only(void **state)
{
	struct kit *k = *state;
	struct slice in = SLICE("password=hunter2 jane@example.com");

	for (enum redact_mode m = REDACT_OFF; m <= REDACT_ALL; m++) {
		struct redactor *r = redactor_new(m, key);
		struct slice out = redact_text(r, &k->arena, in);
		enum redact_mode again;

		assert_int_equal(has_token(out, "email"), m == REDACT_PII || m == REDACT_ALL);
		assert_int_equal(has_token(out, "key-value-secret"),
		    m == REDACT_SECRETS || m == REDACT_ALL);
		assert_int_equal(redact_count(r, REDACT_EMAIL), has_token(out, "email"));
		assert_true(redact_mode_of(slice_str(redact_mode_name(m)), &again) && again == m);
		if (m == REDACT_OFF)
			assert_ptr_equal(out.p, in.p);
		redactor_free(r);
	}
}

static struct slice
part(struct kit *k, uint64_t stream, const char *text)
{
	return redact_part(k->r, &k->arena, stream, joined(&k->arena, text));
}

static void
test_private_keys_over_several_texts(void **state)
{
	struct kit *k = *state;
	static const char begin[] = "-----BEGIN PRI~VATE KEY-----", end[] = "-----END PRI~VATE KEY-----";

	part(k, 1, begin);
	assert_true(has_token(part(k, 1, "MIIEfakeFAKEfake"), "private-key"));
	assert_true(slice_eqs(part(k, 2, "MIIEfakeFAKEfake"), "MIIEfakeFAKEfake"));
	assert_true(slice_eqs(part(k, 1, "GET /health 200"), "GET /health 200"));
	assert_true(has_token(part(k, 1, "ab=="), "private-key"));
	part(k, 1, end);
	assert_true(slice_eqs(part(k, 1, "MIIEfakeFAKEfake"), "MIIEfakeFAKEfake"));
	/* newest first */
	part(k, 3, end);
	assert_true(has_token(part(k, 3, "MIIEfakeFAKEfake"), "private-key"));
	part(k, 3, begin);
	assert_true(slice_eqs(part(k, 3, "MIIEfakeFAKEfake"), "MIIEfakeFAKEfake"));
	/* an END that never comes */
	part(k, 4, begin);
	for (unsigned i = 0; i < 99; i++)
		part(k, 4, "MIIEfakeFAKEfake");
	assert_true(has_token(part(k, 4, "MIIEfakeFAKEfake"), "private-key"));
	assert_true(slice_eqs(part(k, 4, "MIIEfakeFAKEfake"), "MIIEfakeFAKEfake"));
}

static void
test_tokens_are_recognised(void **state)
{
	struct slice kind;
	size_t n;

	(void)state;
	assert_true(redact_token(SLICE("[email:0a1b2c] x"), &kind, &n));
	assert_int_equal(n, 14);
	assert_true(slice_eqs(kind, "email"));
	assert_true(redact_token(SLICE("[us-ssn:12]"), &kind, &n));
	assert_false(redact_token(SLICE("[email:0a1b2]"), &kind, &n));
	assert_false(redact_token(SLICE("[email:0A1B2C]"), &kind, &n));
	assert_false(redact_token(SLICE("[mail:0a1b2c]"), &kind, &n));
	assert_false(redact_token(SLICE("[email:0a1b2c"), &kind, &n));
	assert_false(redact_token(SLICE("[email:]"), &kind, &n));
	assert_false(redact_token(slice_of(NULL, 0), &kind, &n));
}

/* characters are never cut: valid UTF-8 stays valid */
static void
test_text_stays_utf8(void **state)
{
	struct kit *k = *state;
	struct slice out = redact_text(k->r, &k->arena,
	    SLICE("password=gehe\xC3\xADm\xE2\x82\xAC caf\xC3\xA9@example.com \xF0\x9F\x98\x80"));

	assert_true(text_is_utf8(out));
	assert_true(has_token(out, "key-value-secret") && has_token(out, "email"));
	assert_true(slice_eqs(redact_text(k->r, &k->arena, SLICE("")), ""));
}

/* what does not settle is replaced as a whole, and stays so */
static void
test_what_does_not_settle_is_unjudged(void **state)
{
	struct kit *k = *state;
	struct buf b;

	buf_init(&b, 1 << 16);
	for (unsigned i = 0; i < 40; i++)
		buf_puts(&b, "%2525252525252525252525252525252540");
	must_be_stable(k, redact_text(k->r, &k->arena, buf_slice(&b)));
	buf_release(&b);
}

/* 64 KiB of a repeated piece: generous, since the machine may be busy; no quadratic text fits */
static void
test_hostile_texts_are_linear(void **state)
{
	static const char *const piece[] = {
		"eyJ", "eyJ-", "bearer ", "password=", "password:\"", "token ", "a://", "://a:@", "jdbc:=",
		"key-", "sk-", "A3-", "_session=", "cookie:a=b;", "@", "a@", "a.b@c.d", "1.", "1.1.", ":",
		"a:a:", "2001::", "+1", "+1 ", "4 ", "4111 ", "-----BEGIN PRIVATE KEY-----", "%41", "\\n",
		"[email:1]", "-u curl ", "&code=", "authorization:x ", "AC", "\\\"password\\\":\\\"",
		"1//0", "xoxb-1", "\xC3\xA9", "AAAAAAAAAAAAAAAAAAAAA",
	};
	struct kit *k = *state;
	char *text = malloc(65536);

	for (size_t i = 0; i < sizeof piece / sizeof *piece; i++) {
		clock_t t = clock();

		for (size_t b = 0, n = strlen(piece[i]); b < 65536; b++)
			text[b] = piece[i][b % n];
		must_be_stable(k, redact_text(k->r, &k->arena, slice_of(text, 65536)));
		t = clock() - t;
		if (t > CLOCKS_PER_SEC * 2)
			fail_msg("`%s` took %.1f s", piece[i], (double)t / CLOCKS_PER_SEC);
		arena_reset(&k->arena);
	}
	free(text);
}

/* a mark behind which nothing ends the line: each must not look at all that follows */
static void
test_marks_in_one_line_are_linear(void **state)
{
	static const char mark[] = "-----END PRIV" "ATE KEY-----";
	struct kit *k = *state;
	const size_t n = 1 << 20;
	char *text = malloc(n);
	clock_t t = clock();

	for (size_t b = 0; b < n; b++)
		text[b] = mark[b % (sizeof mark - 1)];
	must_be_stable(k, redact_text(k->r, &k->arena, slice_of(text, n)));
	t = clock() - t;
	if (t > CLOCKS_PER_SEC * 4)
		fail_msg("%.1f s", (double)t / CLOCKS_PER_SEC);
	free(text);
}

#define KIT_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_examples_of_the_table_change_and_stay),
		KIT_TEST(test_vectors),
		KIT_TEST(test_names_that_say_secret),
		KIT_TEST(test_equal_values_have_equal_tokens_under_one_key),
		KIT_TEST(test_modes_ask_for_their_kinds_only),
		KIT_TEST(test_private_keys_over_several_texts),
		KIT_TEST(test_tokens_are_recognised),
		KIT_TEST(test_text_stays_utf8),
		KIT_TEST(test_what_does_not_settle_is_unjudged),
		KIT_TEST(test_hostile_texts_are_linear),
		KIT_TEST(test_marks_in_one_line_are_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
