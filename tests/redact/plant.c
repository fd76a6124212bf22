/*
 * plant.c - files full of secrets, for tests/t/2020-redaction.t.
 *
 * usage: plant DIR. Writes into DIR one file for each way in which a secret can
 * come, and lists of the secrets: canaries.txt, all of them as they may turn up,
 * and stored.txt, those that --redact=off must leave in the database. No secret is
 * real. Each has its place as two digits, so that a leak tells where it was.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

/*
 * "~" is left out (code hosts refuse text that looks like a token), "##" is the place,
 * "%" the check digit of a card; what "{" and "}" enclose must not be found.
 */
static const struct {
	const char *kind, *text;
} kinds[] = {
	{ "jwt", "auth ok tok=ey~JhbGciOiJIUzI1NiJ9.{ey~JzdWIiOiJjYW5hcnkifQ.ZmFrZXNpZ25hdHVyZS##VQ}"
	    " end" },
	{ "bearer", "authz=Bearer {tst0aZ91kfm30dk~Pq71x##} sent" },
	{ "basic-auth", "hdr Basic {bmV0cmE6ZmFrZS1w~##NzZmFr} used" },
	{ "authz-header", "X-Api-Key: {kq93-fake~-00aa-##}" },
	{ "cookie-header", "Cookie: theme=dark; uid={9f8e7d6c5b##}" },
	{ "session-cookie", "req JSESSIONID={0A1B2C3D4E5F60##} path=/" },
	{ "gcp-api-key", "key {AI~zaFAKEfakeFAKEfakeFAKEfakeFAKEfake0##} used" },
	{ "gcp-oauth-token", "tok {ya~29.a0FakeFakeFakeFakeFake-##} ok" },
	{ "gcp-refresh-token", "rt {1/~/0gFakeRefreshTokenFakeRefreshTok##} saved" },
	{ "gcp-client-secret", "cs={GOC~SPX-FakeFakeFakeFakeFakeFake01##}" },
	{ "gcp-sa-key-id", "\"private_key_id\": \"{0123456789abcdef0123456789abcdef012345##}\"" },
	{ "private-key", "-----BEGIN PRIV~ATE KEY-----\n{MIIFAKEfakeFAKE##}\n-----END PRIV~ATE KEY-----" },
	{ "aws-access-key-id", "id {AK~IAFAKEFAKEFAKE##AB} used" },
	{ "aws-secret-key", "aws_secret_access_key = {FakeFakeFake/~FakeFakeFake+FakeFakeFake##}" },
	{ "github-token", "using {gh~p_fakeFAKEfakeFAKEfakeFAKEfakeFAKE01##}" },
	{ "gitlab-token", "PAT {gl~pat-fakeFAKEfakeFAKEfa##}" },
	{ "slack-token", "slack {xo~xb-000000000000-FakeFakeFa##} sent" },
	{ "webhook-url", "POST https://hooks.sl~ack.com/services/{T0FAKE/B0FAKE/fakefakefakefa##}" },
	{ "stripe-key", "charge with {sk~_test_FakeFakeFakeFake00##}" },
	{ "openai-key", "OPENAI {sk~-proj-FakeFakeFakeFakeFakeFakeFakeFake##}" },
	{ "anthropic-key", "key {sk~-ant-api03-FakeFakeFakeFakeFake-##}" },
	{ "sendgrid-key", "mail {SG~.FakeFakeFakeFake##.FakeFakeFakeFakeFake02}" },
	{ "twilio-sid", "twilio {AC~0123456789abcdef0123456789abcd##} x" },
	{ "package-token", "{np~m_FakeFakeFakeFakeFakeFakeFakeFake01##}" },
	{ "url-password", "postgresql+asyncpg://app:{s3cr3t-p@ss##}@10.1.2.3:5432/db" },
	{ "jdbc-password", "jdbc:postgresql://h/db?user=u&password={fakepw##}" },
	{ "key-value-secret", "DB_PASSWORD={correct-horse-##} start" },
	{ "query-secret", "GET /cb?code={4FakeAuthCode##}&x=1" },
	{ "email", "login by {jane.doe+##@example.co.uk} ok" },
	{ "ipv4-public", "remoteIp {203.0.113.##} GET" },
	{ "ipv6", "peer {2001:db8::8a2e:370:73##} up" },
	{ "payment-card", "pan {4111 1111 11## 111%} declined" },
	{ "phone-e164", "sms to {+1 415-555-01##} sent" },
	{ "us-ssn", "ssn {078-05-11##} seen" },
};
#define KINDS (sizeof kinds / sizeof kinds[0])

/* digits from 2 to 7 only: some kinds know no others */
enum place { MESSAGE = 22, NESTED, KEY, LABEL, URL, REFERER, AGENT = 32, OUTPUT, ATTRIBUTE,
	NAME, PERCENT, ENCODED, PARTS = 42, BAD, CARET, CUT };

struct canary {
	char text[200], secret[100];
};

static FILE *canaries, *stored;

static void
fail(const char *what)
{
	perror(what);
	exit(1);
}

static FILE *
create(const char *name)
{
	FILE *f = fopen(name, "w");

	if (!f)
		fail(name);
	return f;
}

static char
check_digit(const char *digits)
{
	int sum = 0, n = 0;

	for (size_t i = strlen(digits); i-- > 0;) {
		int d = digits[i] - '0';

		if (d < 0 || d > 9)
			continue;
		if (n++ % 2 == 0)
			d = d > 4 ? 2 * d - 9 : 2 * d;
		sum += d;
	}
	return (char)('0' + (10 - sum % 10) % 10);
}

static struct canary
canary_of(size_t kind, enum place place)
{
	struct canary c = { "", "" };
	size_t n = 0, from = 0;

	for (const char *p = kinds[kind].text; *p; p++) {
		if (*p == '{') {
			from = n;
		} else if (*p == '}') {
			memcpy(c.secret, c.text + from, n - from);
		} else if (*p == '#') {
			c.text[n++] = (char)('0' + place / 10);
			c.text[n++] = (char)('0' + place % 10);
			p++;
		} else if (*p == '%') {
			c.text[n] = '\0';
			c.text[n] = check_digit(c.text + from);
			n++;
		} else if (*p != '~') {
			c.text[n++] = *p;
		}
	}
	return c;
}

/* everything but letters and digits as %XX */
static void
percent(const char *text, char *to)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
			*to++ = (char)c;
		else
			to += snprintf(to, 4, "%%%02X", c);
	}
	*to = '\0';
}

/* the secret goes on the lists; so does the way it is written where it is encoded */
static void
note(const struct canary *c, bool is_stored)
{
	char coded[400];

	fprintf(canaries, "%s\n", c->secret);
	percent(c->secret, coded);
	if (strcmp(coded, c->secret) != 0)
		fprintf(canaries, "%s\n", coded);
	if (is_stored)
		fprintf(stored, "%s\n", c->secret);
}

/* ---- logs ---- */

static json_t *
entry(size_t number)
{
	char id[24], ts[64];

	snprintf(id, sizeof id, "c%06zu", number);
	snprintf(ts, sizeof ts, "2025-10-02T09:%02zu:%02zu.%06zuZ", number / 60 % 60, number % 60,
	    number);
	return json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:{s:s, s:s}}}", "insertId", id, "timestamp", ts,
	    "severity", "ERROR", "logName", "projects/shop-prod-1/logs/run.googleapis.com%2Fstderr",
	    "resource", "type", "cloud_run_revision", "labels", "service_name", "checkout-api",
	    "revision_name", "checkout-api-00001-abc");
}

static void
put_entry(FILE *f, json_t *e)
{
	char *text = json_dumps(e, JSON_COMPACT);

	if (!text)
		fail("json_dumps");
	fprintf(f, "%s\n", text);
	free(text);
	json_decref(e);
}

static void
put_place(FILE *f, size_t kind, enum place place, size_t number)
{
	struct canary c = canary_of(kind, place);
	json_t *e = entry(number);
	char text[800], coded[600], *inner;

	switch (place) {
	case NESTED:
		json_object_set_new(e, "jsonPayload", json_pack("{s:s, s:{s:[{s:s}]}}", "message",
		    "it failed", "a", "b", "c", c.text));
		break;
	case KEY:
		json_object_set_new(e, "jsonPayload", json_pack("{s:s, s:{s:i}}", "message",
		    "it failed", "by", c.text, 1));
		break;
	case LABEL:
		json_object_set_new(e, "labels", json_pack("{s:s}", "note", c.text));
		json_object_set_new(e, "textPayload", json_string("labelled"));
		break;
	case URL:
		snprintf(text, sizeof text, "https://shop.example.com/q?x=%s", c.text);
		json_object_set_new(e, "httpRequest", json_pack("{s:s, s:s, s:i}", "requestMethod",
		    "GET", "requestUrl", text, "status", 503));
		break;
	case REFERER:
	case AGENT:
		json_object_set_new(e, "httpRequest", json_pack("{s:s, s:s, s:i, s:s}",
		    "requestMethod", "GET", "requestUrl", "https://shop.example.com/cart", "status",
		    503, place == AGENT ? "userAgent" : "referer", c.text));
		break;
	case PERCENT:
		percent(c.text, coded);
		snprintf(text, sizeof text, "callback with %s failed", coded);
		json_object_set_new(e, "textPayload", json_string(text));
		break;
	case ENCODED: {
		json_t *o = json_pack("{s:s}", "m", c.text);

		inner = json_dumps(o, JSON_COMPACT);
		snprintf(text, sizeof text, "body was %s", inner ? inner : "");
		free(inner);
		json_decref(o);
		json_object_set_new(e, "textPayload", json_string(text));
		break;
	}
	default:
		json_object_set_new(e, "textPayload", json_string(c.text));
		break;
	}
	note(&c, place != REFERER && place != PERCENT);
	put_entry(f, e);
}

static void
write_logs(const char *name)
{
	static const enum place places[] = { MESSAGE, NESTED, KEY, LABEL, URL, REFERER, AGENT,
		PERCENT, ENCODED };
	FILE *f = create(name);
	size_t number = 0;

	for (size_t p = 0; p < sizeof places / sizeof places[0]; p++)
		for (size_t k = 0; k < KINDS; k++)
			put_place(f, k, places[p], number++);
	fclose(f);
}

/* a key that was printed to stderr: each line is an entry */
static void
write_parts(const char *name)
{
	static const char *const lines[] = { "-----BEGIN RSA PRIV" "ATE KEY-----",
		"MIIEFakeKeyLine42aFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfa",
		"FakeKeyLine42bFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFA",
		"FakeKeyLine42c==", "-----END RSA PRIV" "ATE KEY-----", "and goes on" };
	FILE *f = create(name);

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		json_t *e = entry(100000 + i);

		json_object_set_new(e, "textPayload", json_string(lines[i]));
		put_entry(f, e);
		if (i < 1 || i > 3)
			continue;
		fprintf(canaries, "FakeKeyLine42%c\n", 'a' + (int)i - 1);
		fprintf(stored, "FakeKeyLine42%c\n", 'a' + (int)i - 1);
	}
	fclose(f);
}

/* every other record is broken behind its secret */
static void
write_bad(const char *name)
{
	FILE *f = create(name);

	for (size_t k = 0; k < KINDS; k++) {
		struct canary c = canary_of(k, BAD);
		json_t *e = entry(200000 + k);
		char *text;

		put_entry(f, entry(300000 + k));
		json_object_set_new(e, "textPayload", json_string(c.text));
		text = json_dumps(e, JSON_COMPACT);
		if (!text)
			fail("json_dumps");
		text[strlen(text) - 1] = '\0';
		fprintf(f, "%s,\"x\":tru}\n", text);
		note(&c, false);
		free(text);
		json_decref(e);
	}
	fclose(f);
}

/* the input ends inside a secret: its first half must not be kept */
static void
write_cut(const char *folder)
{
	char name[100];

	for (size_t k = 0; k < KINDS; k++) {
		struct canary c = canary_of(k, CUT);
		size_t half = strlen(c.secret) * 3 / 4;
		char *at = strstr(c.text, c.secret);
		FILE *f;

		if (strpbrk(c.text, "\n\"") || !at)
			continue;
		snprintf(name, sizeof name, "%s/cut-%zu.json", folder, k);
		f = create(name);
		at[half] = '\0';
		fprintf(f, "[{\"insertId\":\"d%zu\",\"timestamp\":\"2025-10-02T09:00:00Z\",\"logName\":"
		    "\"projects/shop-prod-1/logs/x\",\"textPayload\":\"whole\"},\n{\"insertId\":\"f\","
		    "\"timestamp\":\"2025-10-02T09:00:01Z\",\"textPayload\":\"%s", k, c.text);
		fprintf(canaries, "%.*s\n", (int)half, c.secret);
		fclose(f);
	}
}

/* ---- tests ---- */

static void
put_xml(FILE *f, const char *s)
{
	for (; *s; s++) {
		if (*s == '&')
			fputs("&amp;", f);
		else if (*s == '"')
			fputs("&quot;", f);
		else if (*s == '<')
			fputs("&lt;", f);
		else if (*s == '\n')
			fputs("&#10;", f);
		else
			fputc(*s, f);
	}
}

static void
write_junit(const char *name)
{
	FILE *f = create(name);

	fprintf(f, "<?xml version=\"1.0\"?>\n<testsuite name=\"shop\" tests=\"%zu\" failures=\"%zu\""
	    " timestamp=\"2025-10-02T09:00:00Z\">\n", KINDS, KINDS);
	for (size_t k = 0; k < KINDS; k++) {
		struct canary c = canary_of(k, ATTRIBUTE);

		fprintf(f, "<testcase classname=\"tests.test_shop\" name=\"test_%zu\" time=\"0.1\">"
		    "<failure message=\"", k);
		put_xml(f, c.text);
		fprintf(f, "\">it failed</failure></testcase>\n");
		note(&c, !strchr(c.text, '\n'));	/* of a message the first line is kept */
	}
	fputs("</testsuite>\n", f);
	fclose(f);
}

static void
write_pytest(const char *name)
{
	FILE *f = create(name);

	fputs("============================= test session starts ==============================\n"
	    "platform linux -- Python 3.11.4, pytest-8.4.1, pluggy-1.5.0\n"
	    "rootdir: /app\ncollected 1 item\n\n"
	    "tests/test_shop.py::test_pay FAILED                                      [100%]\n\n"
	    "=================================== FAILURES ===================================\n"
	    "___________________________________ test_pay ___________________________________\n\n"
	    "    def test_pay():\n>       assert pay()\nE       assert False\n\n"
	    "tests/test_shop.py:3: AssertionError\n"
	    "----------------------------- Captured stdout call -----------------------------\n", f);
	for (size_t k = 0; k < KINDS; k++) {
		struct canary c = canary_of(k, OUTPUT);

		fprintf(f, "%s\n", c.text);
		note(&c, true);
	}
	fputs("=========================== short test summary info ============================\n"
	    "FAILED tests/test_shop.py::test_pay - assert False\n"
	    "============================== 1 failed in 0.12s ===============================\n", f);
	fclose(f);
}

/* ---- names and messages ---- */

static void
write_names(const char *folder)
{
	char name[400];

	for (size_t k = 0; k < KINDS; k++) {
		struct canary c = canary_of(k, NAME);
		FILE *f;

		if (strpbrk(c.text, "/\n"))
			continue;
		snprintf(name, sizeof name, "%s/%s", folder, c.text);
		f = create(name);
		put_entry(f, entry(400000 + k));
		fclose(f);
		note(&c, true);
	}
}

/* in no known format: the first line is shown, with a caret below */
static void
write_carets(const char *folder)
{
	char name[100];

	for (size_t k = 0; k < KINDS; k++) {
		struct canary c = canary_of(k, CARET);
		FILE *f;

		snprintf(name, sizeof name, "%s/caret-%zu.bin", folder, k);
		f = create(name);
		fprintf(f, "%s\n", c.text);
		fclose(f);
		note(&c, false);
	}
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: plant DIR\n", stderr);
		return 2;
	}
	if (chdir(argv[1]) != 0)
		fail(argv[1]);
	canaries = create("canaries.txt");
	stored = create("stored.txt");
	write_logs("logs.ndjson");
	write_parts("parts.ndjson");
	write_bad("bad.ndjson");
	write_cut("cut");
	write_junit("junit.xml");
	write_pytest("pytest.log");
	write_names("names");
	write_carets("carets");
	if (fclose(canaries) != 0 || fclose(stored) != 0)
		fail("canaries.txt");
	return 0;
}
