/*
 * redact_list.c - every kind of redaction: its literals and shapes, and an example for both ways
 *
 * The unit tests and the manual read this table. A '~' in an example is left
 * out before it is used: code hosts refuse pushes with text that looks like a token.
 */
#include "config.h"

#include "sign/redact_kind.h"

#define F REDACT_FOLD

static const struct redact_literal jwt[] = {
	{ "eyJ", redact_jwt, 0, 0, 0, 0 },
	{ "ZXlK", redact_prefixed, RC_URL64 | RC_BASE64, 60, 0, REDACT_OPEN | REDACT_MIXED },
	{ 0 },
};

static const struct redact_literal bearer[] = {
	{ "bearer ", redact_bearer, 0, 0, 0, F },
	{ "bearer\t", redact_bearer, 0, 0, 0, F },
	{ "bearer:", redact_bearer, 0, 0, 0, F },
	{ 0 },
};

static const struct redact_literal basic[] = {
	{ "basic ", redact_basic, 0, 0, 0, F },
	{ 0 },
};

static const struct redact_literal authz[] = {
	{ "authorization", redact_key_value, 0, 0, 0, F },
	{ "x-api-key", redact_key_value, 0, 0, 0, F },
	{ "x-auth-token", redact_key_value, 0, 0, 0, F },
	{ "x-access-token", redact_key_value, 0, 0, 0, F },
	{ "x-goog-api-key", redact_key_value, 0, 0, 0, F },
	{ "x-amz-security-token", redact_key_value, 0, 0, 0, F },
	{ "x-vault-token", redact_key_value, 0, 0, 0, F },
	{ "x-csrf-token", redact_key_value, 0, 0, 0, F },
	{ "private-token", redact_key_value, 0, 0, 0, F },
	{ 0 },
};

static const struct redact_literal cookie[] = {
	{ "cookie:", redact_cookie, 0, 0, 0, F },
	{ "set-cookie:", redact_cookie, 0, 0, 0, F },
	{ 0 },
};

#define COOKIE_BODY (RC_URL64 | RC_DOT | RC_BASE64 | RC_PERCENT | RC_TILDE)
static const struct redact_literal session[] = {
	{ "jsessionid=", redact_session, COOKIE_BODY, 8, 1024, F | REDACT_MIXED },
	{ "phpsessid=", redact_session, COOKIE_BODY, 8, 1024, F | REDACT_MIXED },
	{ "asp.net_sessionid=", redact_session, COOKIE_BODY, 8, 1024, F | REDACT_MIXED },
	{ "connect.sid=", redact_session, COOKIE_BODY, 8, 1024, F | REDACT_MIXED },
	{ "sessionid=", redact_session, COOKIE_BODY, 16, 1024, F | REDACT_MIXED },
	{ "session=", redact_session, COOKIE_BODY, 16, 1024, F | REDACT_DIGIT },
	{ "_session=", redact_session, COOKIE_BODY, 16, 1024, F | REDACT_MIXED },
	{ "csrftoken=", redact_session, COOKIE_BODY, 16, 1024, F | REDACT_MIXED },
	{ "xsrf-token=", redact_session, COOKIE_BODY, 8, 1024, F | REDACT_MIXED },
	{ "session-token=", redact_session, COOKIE_BODY, 8, 1024, F | REDACT_MIXED },
	{ "remember_token=", redact_session, COOKIE_BODY, 8, 1024, F | REDACT_MIXED },
	{ 0 },
};

static const struct redact_literal gcp_api_key[] = {
	{ "AIza", redact_prefixed, RC_URL64, 33, 45, REDACT_MIXED },
	{ 0 },
};

static const struct redact_literal gcp_oauth[] = {
	{ "ya29.", redact_prefixed, RC_URL64 | RC_DOT, 16, 0, REDACT_OPEN | REDACT_MIXED },
	{ "ya29.c.", redact_prefixed, RC_URL64 | RC_DOT, 16, 0, REDACT_OPEN | REDACT_MIXED },
	{ 0 },
};

static const struct redact_literal gcp_refresh[] = {
	{ "1//0", redact_prefixed, RC_URL64, 20, 512, REDACT_MIXED },
	{ "4/0A", redact_prefixed, RC_URL64, 20, 512, REDACT_MIXED },
	{ 0 },
};

static const struct redact_literal gcp_client[] = {
	{ "GOCSPX-", redact_prefixed, RC_URL64, 20, 64, REDACT_MIXED },
	{ 0 },
};

static const struct redact_literal gcp_sa_key_id[] = {
	{ "private_key_id", redact_sa_key_id, 0, 0, 0, F },
	{ "privatekeyid", redact_sa_key_id, 0, 0, 0, F },
	{ 0 },
};

static const struct redact_literal private_key[] = {
	{ "-----BEGIN ", redact_prefixed, 0, 0, 0, 0 },
	{ "-----END ", redact_prefixed, 0, 0, 0, 0 },
	{ 0 },
};

#define AWS_ID RC_UPPER | RC_DIGIT, 16, 16, 0
static const struct redact_literal aws_id[] = {
	{ "AKIA", redact_prefixed, AWS_ID },
	{ "ASIA", redact_prefixed, AWS_ID },
	{ "ABIA", redact_prefixed, AWS_ID },
	{ "ACCA", redact_prefixed, AWS_ID },
	{ "AROA", redact_prefixed, AWS_ID },
	{ "AIDA", redact_prefixed, AWS_ID },
	{ "AGPA", redact_prefixed, AWS_ID },
	{ "ANPA", redact_prefixed, AWS_ID },
	{ "ASCA", redact_prefixed, AWS_ID },
	{ 0 },
};

static const struct redact_literal aws_secret[] = {
	{ "secret_access_key", redact_aws_secret, 0, 0, 0, F },
	{ "secretaccesskey", redact_aws_secret, 0, 0, 0, F },
	{ "secret-access-key", redact_aws_secret, 0, 0, 0, F },
	{ "aws_secret_key", redact_aws_secret, 0, 0, 0, F },
	{ "aws_secret", redact_aws_secret, 0, 0, 0, F },
	{ "awssecretkey", redact_aws_secret, 0, 0, 0, F },
	{ 0 },
};

static const struct redact_literal github[] = {
	{ "ghp_", redact_prefixed, RC_ALNUM, 30, 255, 0 },
	{ "gho_", redact_prefixed, RC_ALNUM, 30, 255, 0 },
	{ "ghu_", redact_prefixed, RC_ALNUM, 30, 255, 0 },
	{ "ghs_", redact_prefixed, RC_ALNUM, 30, 255, 0 },
	{ "ghr_", redact_prefixed, RC_ALNUM, 30, 255, 0 },
	{ "github_pat_", redact_prefixed, RC_WORD, 40, 255, REDACT_MIXED },
	{ 0 },
};

#define GITLAB(min) redact_prefixed, RC_URL64, min, 300, REDACT_MIXED
static const struct redact_literal gitlab[] = {
	{ "glpat-", redact_prefixed, RC_NAME, 20, 300, REDACT_MIXED },
	{ "gldt-", GITLAB(20) }, { "glrt-", redact_prefixed, RC_NAME, 20, 300, REDACT_MIXED },
	{ "glptt-", GITLAB(20) }, { "glcbt-", GITLAB(20) }, { "glft-", GITLAB(20) },
	{ "glimt-", GITLAB(20) }, { "glagent-", GITLAB(20) }, { "gloas-", GITLAB(20) },
	{ "glsoat-", GITLAB(20) }, { "glffct-", GITLAB(20) },
	{ "GR1348941", GITLAB(20) },
	{ "_gitlab_session=", redact_session, RC_ALNUM, 20, 300, REDACT_DIGIT },
	{ 0 },
};

#define SLACK redact_prefixed, RC_ALNUM | RC_DASH, 10, 512, REDACT_DIGIT
static const struct redact_literal slack[] = {
	{ "xoxb-", SLACK }, { "xoxp-", SLACK }, { "xoxa-", SLACK }, { "xoxr-", SLACK },
	{ "xoxs-", SLACK }, { "xoxe-", SLACK }, { "xoxc-", SLACK },
	{ "xoxo-", SLACK | REDACT_NUMBERED },
	{ "xoxd-", redact_prefixed, RC_TOKEN68 | RC_PERCENT, 10, 512, REDACT_MIXED },
	{ "xoxe.xoxb-", SLACK }, { "xoxe.xoxp-", SLACK }, { "xapp-", SLACK }, { "xwfp-", SLACK },
	{ 0 },
};

static const struct redact_literal webhook[] = {
	{ "hooks.slack.com/services/", redact_webhook, 0, 8, 0, F },
	{ "hooks.slack.com/workflows/", redact_webhook, 0, 8, 0, F },
	{ "hooks.slack.com/triggers/", redact_webhook, 0, 8, 0, F },
	{ "discord.com/api/webhooks/", redact_webhook, 0, 8, 0, F },
	{ "discordapp.com/api/webhooks/", redact_webhook, 0, 8, 0, F },
	{ "webhook.office.com/webhookb2/", redact_webhook, 0, 8, 0, F },
	{ "outlook.office.com/webhook/", redact_webhook, 0, 8, 0, F },
	{ "chat.googleapis.com/v1/spaces/", redact_webhook, 0, 8, 0, F },
	{ "hooks.zapier.com/hooks/catch/", redact_webhook, 0, 6, 0, F },
	{ "events.pagerduty.com/integration/", redact_webhook, 0, 8, 0, F },
	{ "hooks.chime.aws/incomingwebhooks/", redact_webhook, 0, 8, 0, F },
	{ "open.feishu.cn/open-apis/bot/v2/hook/", redact_webhook, 0, 8, 0, F },
	{ "api.telegram.org/bot", redact_webhook, 0, 20, 0, F },
	{ "maker.ifttt.com/use/", redact_webhook, 0, 8, 0, F },
	{ 0 },
};

#define STRIPE redact_prefixed, RC_ALNUM, 10, 255, REDACT_MIXED
static const struct redact_literal stripe[] = {
	{ "sk_live_", STRIPE }, { "sk_test_", STRIPE }, { "sk_prod_", STRIPE },
	{ "rk_live_", STRIPE }, { "rk_test_", STRIPE }, { "rk_prod_", STRIPE },
	{ "pk_live_", STRIPE }, { "pk_test_", STRIPE }, { "whsec_", redact_prefixed,
	    RC_BASE64, 16, 255, REDACT_MIXED },
	{ 0 },
};

static const struct redact_literal openai[] = {
	{ "sk-", redact_prefixed, RC_URL64, 20, 255, REDACT_DIGIT },
	{ 0 },
};

static const struct redact_literal anthropic[] = {
	{ "sk-ant-", redact_prefixed, RC_URL64, 16, 255, REDACT_DIGIT },
	{ 0 },
};

static const struct redact_literal sendgrid[] = {
	{ "SG.", redact_prefixed, RC_NAME, 30, 100, REDACT_DIGIT },
	{ 0 },
};

static const struct redact_literal twilio[] = {
	{ "AC", redact_prefixed, RC_HEX, 32, 32, 0 },
	{ "SK", redact_prefixed, RC_HEX, 32, 32, 0 },
	{ 0 },
};

#define TOKEN(text, class, min) { text, redact_prefixed, class, min, 256, REDACT_MIXED }
static const struct redact_literal package[] = {
	TOKEN("npm_", RC_ALNUM, 30), TOKEN("pypi-", RC_URL64, 50), TOKEN("rubygems_", RC_HEX, 40),
	TOKEN("dckr_pat_", RC_URL64, 20), TOKEN("dckr_oat_", RC_URL64, 20),
	{ "hf_", redact_prefixed, RC_ALNUM, 30, 40, REDACT_MIXED },
	TOKEN("api_org_", RC_ALNUM, 30), TOKEN("dop_v1_", RC_HEX, 40),
	TOKEN("doo_v1_", RC_HEX, 40), TOKEN("dor_v1_", RC_HEX, 40), TOKEN("shpat_", RC_HEX, 32),
	TOKEN("shpca_", RC_HEX, 32), TOKEN("shppa_", RC_HEX, 32), TOKEN("shpss_", RC_HEX, 32),
	TOKEN("lin_api_", RC_ALNUM, 32), TOKEN("pul-", RC_HEX, 40), TOKEN("sq0atp-", RC_URL64, 20),
	TOKEN("sq0csp-", RC_URL64, 20), TOKEN("EAAA", RC_URL64, 56), TOKEN("glc_", RC_BASE64, 32),
	TOKEN("glsa_", RC_WORD, 32), TOKEN("hvs.", RC_URL64, 24), TOKEN("hvb.", RC_URL64, 60),
	TOKEN("hvp.", RC_URL64, 60), TOKEN("dp.pt.", RC_ALNUM, 40), TOKEN("dp.st.", RC_NAME, 40),
	TOKEN("PMAK-", RC_HEX | RC_DASH, 40), TOKEN("NRAK-", RC_ALNUM, 24),
	TOKEN("NRJS-", RC_ALNUM, 16), TOKEN("NRII-", RC_URL64, 30), TOKEN("NRRA-", RC_ALNUM, 40),
	TOKEN("sntrys_", RC_BASE64 | RC_SCORE, 40), TOKEN("sntryu_", RC_HEX, 60),
	TOKEN("xkeysib-", RC_HEX | RC_DASH | RC_ALNUM, 60), TOKEN("pscale_tkn_", RC_NAME, 30),
	TOKEN("pscale_pw_", RC_NAME, 30), TOKEN("pscale_oauth_", RC_NAME, 30),
	TOKEN("sgp_", RC_HEX | RC_SCORE, 40), TOKEN("figd_", RC_URL64, 30),
	TOKEN("ntn_", RC_ALNUM, 40), TOKEN("secret_", RC_ALNUM, 40), TOKEN("rdme_", RC_ALNUM, 60),
	TOKEN("sl.", RC_URL64, 100), TOKEN("duffel_test_", RC_URL64 | RC_EQUALS, 40),
	TOKEN("duffel_live_", RC_URL64 | RC_EQUALS, 40), TOKEN("ion_", RC_ALNUM, 40),
	TOKEN("AGE-SECRET-KEY-1", RC_UPPER | RC_DIGIT, 50), TOKEN("cmVmd", RC_ALNUM, 55),
	TOKEN("AKCp", RC_ALNUM, 60), TOKEN("ATATT3", RC_TOKEN68, 60),
	TOKEN("ATCTT3", RC_TOKEN68, 60),
	TOKEN("ATBB", RC_ALNUM, 28), TOKEN("tfp_", RC_NAME, 40), TOKEN("ops_eyJ", RC_BASE64, 100),
	TOKEN("A3-", RC_UPPER | RC_DIGIT | RC_DASH, 30), TOKEN("pat-na1-", RC_HEX | RC_DASH, 30),
	TOKEN("pat-eu1-", RC_HEX | RC_DASH, 30), TOKEN("key-", RC_HEX, 32),
	TOKEN("CCIPAT_", RC_WORD, 40), TOKEN("cio_", RC_ALNUM, 20), TOKEN("vercel_", RC_ALNUM, 24),
	TOKEN("xau_", RC_ALNUM, 24), TOKEN("gsk_", RC_ALNUM, 40), TOKEN("r8_", RC_ALNUM, 36),
	TOKEN("pplx-", RC_ALNUM, 40), TOKEN("xai-", RC_ALNUM, 60), TOKEN("fo1_", RC_URL64, 40),
	TOKEN("fm1r_", RC_BASE64, 60), TOKEN("fm2_", RC_BASE64, 60),
	TOKEN("CLOJARS_", RC_ALNUM, 50),
	TOKEN("EZAK", RC_ALNUM, 50), TOKEN("EZTK", RC_ALNUM, 50),
	TOKEN("FLWSECK_TEST-", RC_ALNUM, 12),
	TOKEN("FLWPUBK_TEST-", RC_ALNUM, 12), TOKEN("shippo_live_", RC_HEX, 40),
	TOKEN("shippo_test_", RC_HEX, 40), TOKEN("p8e-", RC_ALNUM, 32),
	TOKEN("tk-us-", RC_URL64, 48),
	TOKEN("live_", RC_HEX, 32), TOKEN("test_", RC_HEX, 32), TOKEN("sbp_", RC_HEX, 40),
	TOKEN("phc_", RC_ALNUM, 40), TOKEN("phx_", RC_ALNUM, 40),
	TOKEN("dapi", RC_HEX | RC_DASH, 32),
	TOKEN("HRKU-", RC_URL64, 30), TOKEN("AAAAAAAAAAAAAAAAAAAAA", RC_ALNUM | RC_PERCENT, 50),
	TOKEN("SWMTKN-1-", RC_ALNUM | RC_DASH, 50), TOKEN("v1.0-", RC_HEX | RC_DASH, 140),
	TOKEN("LTAI", RC_ALNUM, 16), TOKEN("t1.", RC_URL64 | RC_DOT, 86),
	TOKEN("YCAJ", RC_URL64, 20),
	TOKEN("AQVN", RC_URL64, 35), TOKEN("q3~", RC_URL64, 31),
	{ "Q~", redact_entra, RC_NAME | RC_TILDE, 31, 34, REDACT_MIXED },
	{ "EAA", redact_prefixed, RC_ALNUM, 100, 512, REDACT_DIGIT },
	TOKEN("ABSK", RC_BASE64, 100), TOKEN("bedrock-api-key-", RC_BASE64, 20),
	TOKEN("sgp_local_", RC_HEX, 40), TOKEN("s-s4t2ud-", RC_HEX, 64),
	TOKEN("s-s4t2af-", RC_HEX, 64),
	{ 0 },
};

static const struct redact_literal url_password[] = {
	{ "://", redact_url, 0, 0, 0, F },
	{ 0 },
};

static const struct redact_literal jdbc[] = {
	{ "jdbc:", redact_jdbc, 0, 0, 0, F },
	{ 0 },
};

static const struct redact_literal query[] = {
	{ "code=", redact_query, 0, 0, 0, F },
	{ "sig=", redact_query, 0, 0, 0, F },
	{ "signature=", redact_query, 0, 0, 0, F },
	{ "key=", redact_query, 0, 0, 0, F },
	{ "token=", redact_query, 0, 0, 0, F },
	{ "password=", redact_query, 0, 0, 0, F },
	{ "passwd=", redact_query, 0, 0, 0, F },
	{ "pass=", redact_query, 0, 0, 0, F },
	{ "pwd=", redact_query, 0, 0, 0, F },
	{ "secret=", redact_query, 0, 0, 0, F },
	{ "auth=", redact_query, 0, 0, 0, F },
	{ "session=", redact_query, 0, 0, 0, F },
	{ "sessionid=", redact_query, 0, 0, 0, F },
	{ "sid=", redact_query, 0, 0, 0, F },
	{ "ticket=", redact_query, 0, 0, 0, F },
	{ "jwt=", redact_query, 0, 0, 0, F },
	{ "assertion=", redact_query, 0, 0, 0, F },
	{ "credential=", redact_query, 0, 0, 0, F },
	{ "otp=", redact_query, 0, 0, 0, F },
	{ "hmac=", redact_query, 0, 0, 0, F },
	{ "samlresponse=", redact_query, 0, 0, 0, F },
	{ 0 },
};

static const struct redact_literal key_value[] = {
	{ "pass", redact_key_value, 0, 0, 0, F },
	{ "pwd", redact_key_value, 0, 0, 0, F },
	{ "secret", redact_key_value, 0, 0, 0, F },
	{ "token", redact_key_value, 0, 0, 0, F },
	{ "api_key", redact_key_value, 0, 0, 0, F },
	{ "api-key", redact_key_value, 0, 0, 0, F },
	{ "apikey", redact_key_value, 0, 0, 0, F },
	{ "auth", redact_key_value, 0, 0, 0, F },
	{ "cookie", redact_key_value, 0, 0, 0, F },
	{ "credential", redact_key_value, 0, 0, 0, F },
	{ "creds", redact_key_value, 0, 0, 0, F },
	{ "_key", redact_key_value, 0, 0, 0, F },
	{ "-key", redact_key_value, 0, 0, 0, F },
	{ "accesskey", redact_key_value, 0, 0, 0, F },
	{ "accountkey", redact_key_value, 0, 0, 0, F },
	{ "privatekey", redact_key_value, 0, 0, 0, F },
	{ "signingkey", redact_key_value, 0, 0, 0, F },
	{ "encryptionkey", redact_key_value, 0, 0, 0, F },
	{ "jwt", redact_key_value, 0, 0, 0, F },
	{ "sessionid", redact_key_value, 0, 0, 0, F },
	{ "-u ", redact_curl_user, 0, 0, 0, 0 },
	{ "--user ", redact_curl_user, 0, 0, 0, 0 },
	{ "--user=", redact_curl_user, 0, 0, 0, 0 },
	{ "--proxy-user ", redact_curl_user, 0, 0, 0, 0 },
	{ 0 },
};

static const struct redact_literal email[] = {
	{ "@", redact_email, 0, 0, 0, F },
	{ 0 },
};

/* shapes stand in redact.c; `about` is the manual's text */
const struct redact_kind redact_kinds[REDACT_KINDS] = {
	[REDACT_JWT] = { "jwt", REDACT_SECRET, jwt, "JSON Web Tokens, signed or not",
	    "auth ok tok=ey~JhbGciOiJIUzI1NiJ9.ey~JzdWIiOiJuZXRyYS10ZXN0In0.ZmFrZXNpZ25hdHVyZQ end",
	    "module eyJ.loader.config imported" },
	[REDACT_BEARER] = { "bearer", REDACT_SECRET, bearer, "what follows Bearer",
	    "authz=Bearer ts~t0aZ91kfm30dkPq71xx sent", "Bearer token missing in request" },
	[REDACT_BASIC] = { "basic-auth", REDACT_SECRET, basic, "what follows Basic, in base64",
	    "hdr Basic bmV0~cmE6ZmFrZS1wYXNz0 used", "Basic authentication is disabled" },
	[REDACT_AUTHZ] = { "authz-header", REDACT_SECRET, authz,
	    "values of Authorization, X-Api-Key and headers like them",
	    "X-Api-Key: kq93-fa~ke-00aa-zz", "authorization failed for user 42" },
	[REDACT_COOKIE] = { "cookie-header", REDACT_SECRET, cookie,
	    "the cookies of Cookie and Set-Cookie",
	    "Cookie: theme=dark; uid=9f8e~7d6c5b", "cookie banner shown: yes" },
	[REDACT_SESSION] = { "session-cookie", REDACT_SECRET, session,
	    "JSESSIONID and other cookies of sessions, by name",
	    "req JSESSIONID=0A1B2C~3D4E5F6071 path=/", "session_id=7 closed" },
	[REDACT_GCP_API_KEY] = { "gcp-api-key", REDACT_SECRET, gcp_api_key, "API keys of Google",
	    "key AI~zaFAKEfakeFAKEfakeFAKEfakeFAKEfake012 used", "AIzaShortValue is not a key" },
	[REDACT_GCP_OAUTH] = { "gcp-oauth-token", REDACT_SECRET, gcp_oauth,
	    "access tokens of Google", "tok ya~29.a0FakeFakeFakeFakeFake-12 ok",
	    "see file ya29.txt" },
	[REDACT_GCP_REFRESH] = { "gcp-refresh-token", REDACT_SECRET, gcp_refresh,
	    "refresh tokens and codes of Google",
	    "rt 1~//0gFakeRefreshTokenFakeRefreshToken1 saved",
	    "ratio 1//0 is undefined" },
	[REDACT_GCP_CLIENT] = { "gcp-client-secret", REDACT_SECRET, gcp_client,
	    "client secrets of Google", "cs=GOC~SPX-FakeFakeFakeFakeFakeFake0123",
	    "prefix GOCSPX- expected" },
	[REDACT_GCP_SA_KEY_ID] = { "gcp-sa-key-id", REDACT_SECRET, gcp_sa_key_id,
	    "ids of service account keys, by name",
	    "\"private_key_id\": \"0123456789abcdef~0123456789abcdef01234567\"",
	    "commit 0123456789abcdef0123456789abcdef01234567 deployed" },
	[REDACT_PRIVATE_KEY] = { "private-key", REDACT_SECRET, private_key,
	    "what stands between BEGIN and END PRIVATE KEY",
	    "-----BEGIN PRI~VATE KEY-----\nMIIFAKEfakeFAKE\n-----END PRI~VATE KEY-----",
	    "-----BEGIN CERTIFICATE-----\nMIIBfake\n-----END CERTIFICATE-----" },
	[REDACT_AWS_ID] = { "aws-access-key-id", REDACT_SECRET, aws_id, "access key ids of AWS",
	    "id AK~IAFAKEFAKEFAKE2345 used", "AKIAFAKE is too short" },
	[REDACT_AWS_SECRET] = { "aws-secret-key", REDACT_SECRET, aws_secret,
	    "secret access keys of AWS, by name",
	    "aws_secret_access_key = FakeFake~Fake/FakeFakeFake+FakeFakeFake01",
	    "aws_secret_access_key is not set" },
	[REDACT_GITHUB] = { "github-token", REDACT_SECRET, github, "tokens of GitHub",
	    "using gh~p_fakeFAKEfakeFAKEfakeFAKEfakeFAKE0123", "ghp_ prefix expected" },
	[REDACT_GITLAB] = { "gitlab-token", REDACT_SECRET, gitlab, "tokens of GitLab",
	    "PAT glp~at-fakeFAKEfakeFAKEfake", "glpat-docs page" },
	[REDACT_SLACK] = { "slack-token", REDACT_SECRET, slack, "tokens of Slack",
	    "slack xo~xb-000000000000-FakeFakeFake sent", "xoxb- prefix missing" },
	[REDACT_WEBHOOK] = { "webhook-url", REDACT_SECRET, webhook,
	    "the path of hooks of Slack, Discord, Teams and others",
	    "POST https://hooks.slack.com/servi~ces/T0FAKE/B0FAKE/fakefakefakefake",
	    "see https://hooks.slack.com/ docs" },
	[REDACT_STRIPE] = { "stripe-key", REDACT_SECRET, stripe, "keys of Stripe",
	    "charge with sk_~test_FakeFakeFakeFake0001", "sk_test_ keys only" },
	[REDACT_OPENAI] = { "openai-key", REDACT_SECRET, openai, "keys that begin with sk-",
	    "OPENAI sk-p~roj-FakeFakeFakeFakeFakeFakeFakeFake01", "pip install sk-learn-extra" },
	[REDACT_ANTHROPIC] = { "anthropic-key", REDACT_SECRET, anthropic,
	    "keys that begin with sk-ant-",
	    "key sk-a~nt-api03-FakeFakeFakeFakeFake-01", "the sk-ant- prefix" },
	[REDACT_SENDGRID] = { "sendgrid-key", REDACT_SECRET, sendgrid, "keys of SendGrid",
	    "mail S~G.FakeFakeFakeFake01.FakeFakeFakeFakeFake02", "SG.region.city" },
	[REDACT_TWILIO] = { "twilio-sid", REDACT_SECRET, twilio, "account and key ids of Twilio",
	    "twilio AC00000000000000000000000000fake00 x AC~0123456789abcdef0123456789abcdef",
	    "AC0123 too short" },
	[REDACT_PACKAGE] = { "package-token", REDACT_SECRET, package,
	    "tokens of registries and of about a hundred other services, by prefix",
	    "np~m_FakeFakeFakeFakeFakeFakeFakeFake0123", "npm_config_cache=/tmp" },
	[REDACT_URL_PASSWORD] = { "url-password", REDACT_SECRET, url_password,
	    "the password in scheme://user:password@host",
	    "postgresql+asyncpg://app:s3cr3t-p@ss@10.1.2.3:5432/db",
	    "GET http://host:8080/a@b" },
	[REDACT_JDBC] = { "jdbc-password", REDACT_SECRET, jdbc, "the password in a JDBC URL",
	    "jdbc:postgresql://h/db?user=u&password=fakepw1", "jdbc:postgresql://h/db?user=u" },
	[REDACT_QUERY] = { "query-secret", REDACT_SECRET, query,
	    "code, sig, token, key and the like among the parameters of a URL",
	    "GET /cb?code=4FakeAuthCode&x=1", "GET /list?page=20250915" },
	[REDACT_KEY_VALUE] = { "key-value-secret", REDACT_SECRET, key_value,
	    "the value behind a name that says secret, in free text",
	    "DB_PASSWORD=correct-horse-9 start", "Service Secret=REDACTED True" },
	[REDACT_EMAIL] = { "email", REDACT_PERSONAL, email, "addresses of mail",
	    "login by jane.doe+x@example.co.uk ok", "npm i left-pad@1.3.0 @app.route" },
	[REDACT_IPV4] = { "ipv4-public", REDACT_PERSONAL, NULL,
	    "IPv4 addresses that are routed in public",
	    "remoteIp 203.0.113.77 GET", "Chrome/120.0.6099.71 from 10.0.0.8 v1.2.3.4.5" },
	[REDACT_IPV6] = { "ipv6", REDACT_PERSONAL, NULL, "IPv6 addresses of 2000::/3",
	    "peer 2001:db8::8a2e:370:7334 up", "at 12:34:56 std::vector<int>" },
	[REDACT_CARD] = { "payment-card", REDACT_PERSONAL, NULL,
	    "numbers of cards: issuer, length and check digit are right",
	    "pan 4111 1111 1111 1111 declined",
	    "ts_ns 1757986969280488000 trace 4111111111111112" },
	[REDACT_PHONE] = { "phone-e164", REDACT_PERSONAL, NULL,
	    "phone numbers with + and 8 to 15 digits",
	    "sms to +1 415-555-0100 sent", "offset +00:00 delta +1234" },
	[REDACT_SSN] = { "us-ssn", REDACT_PERSONAL, NULL, "US social security numbers",
	    "ssn 078-05-1120 seen", "date 2025-09-15 id 123-45-67890" },
	[REDACT_FIELD] = { "field", REDACT_SECRET, NULL,
	    "the whole value of a member whose name says secret", NULL, NULL },
	[REDACT_UNJUDGED] = { "unjudged", REDACT_SECRET, NULL,
	    "a whole text that did not settle within 12 passes", NULL, NULL },
};
