/*
 * text_access.c - requests as web servers log them: nginx, Apache, gunicorn, uvicorn.
 */
#include "config.h"

#include "read/text_line.h"

#define METHOD_MAX 16

struct request *
text_request_new(struct arena *a)
{
	struct request *r = arena_alloc(a, sizeof *r);

	r->latency_ns = CLOCK_NONE;
	r->response_size = -1;
	return r;
}

struct slice
text_url_path(struct slice url)
{
	size_t scheme = slice_find(url, 0, SLICE("://")), end = 0;

	if (scheme != SIZE_MAX && slice_find_byte(slice_sub(url, 0, scheme), 0, '/') == SIZE_MAX) {
		size_t slash = slice_find_byte(url, scheme + 3, '/');

		if (slash == SIZE_MAX)
			return SLICE("/");
		url = slice_sub(url, slash, url.n);
	}
	while (end < url.n && url.p[end] != '?' && url.p[end] != '#')
		end++;
	return slice_sub(url, 0, end);
}

/* "GET /x HTTP/1.1"; scanners send anything, and then there is no method */
bool
text_request_line(struct slice s, struct arena *a, struct request *r)
{
	struct slice method, url;
	size_t n = 0, last;

	(void)a;
	while (n < s.n && n <= METHOD_MAX && s.p[n] >= 'A' && s.p[n] <= 'Z')
		n++;
	if (n == 0 || n > METHOD_MAX || n >= s.n || s.p[n] != ' ')
		return false;
	method = slice_sub(s, 0, n);
	url = slice_sub(s, n + 1, s.n);
	last = slice_rfind_byte(url, ' ');
	if (last != SIZE_MAX && slice_starts(slice_sub(url, last + 1, url.n), "HTTP/")) {
		r->protocol = slice_sub(url, last + 1, url.n);
		url = slice_sub(url, 0, last);
	}
	r->method = method;
	r->url = url;
	r->path = text_url_path(url);
	return true;
}

struct slice
text_request_text(const struct request *r, struct arena *a)
{
	const char *blank = r->method.n ? " " : "";

	if (r->status == 0)
		return slice_str(arena_printf(a, "%.*s%s%.*s", SLICE_ARG(r->method), blank,
		    SLICE_ARG(r->path)));
	return slice_str(arena_printf(a, "%.*s%s%.*s %d", SLICE_ARG(r->method), blank,
	    SLICE_ARG(r->path), r->status));
}

/* "..." with \" inside; *out without the quotes */
static bool
take_quoted(struct slice *in, struct slice *out)
{
	struct slice s = *in;
	size_t i = 0;

	if (!slice_take_byte(&s, '"'))
		return false;
	while (i < s.n && s.p[i] != '"')
		i += s.p[i] == '\\' && i + 1 < s.n ? 2 : 1;
	if (i >= s.n)
		return false;
	*out = slice_sub(s, 0, i);
	*in = slice_sub(s, i + 1, s.n);
	return true;
}

static bool
take_token(struct slice *in, struct slice *out)
{
	return slice_take_until(in, ' ', out) && out->n > 0;
}

static bool
take_status(struct slice *in, struct request *r)
{
	struct slice s = *in;
	uint64_t status;

	if (!slice_take_digits(&s, 3, &status) || status < 100 || status > 599 ||
	    (s.n > 0 && s.p[0] != ' '))
		return false;
	r->status = (int)status;
	*in = s;
	return true;
}

static void
take_size(struct slice *in, struct request *r)
{
	struct slice s = *in;
	uint64_t size;

	if (!slice_take_byte(&s, ' '))
		return;
	if (!slice_take_byte(&s, '-')) {
		if (!slice_take_uint(&s, &size) || size > INT64_MAX)
			return;
		r->response_size = (int64_t)size;
	}
	*in = s;
}

/* "0.123" with a point, or rt=0.123, request_time=0.123: seconds, as nginx prints them */
static void
find_latency(struct slice s, struct request *r)
{
	while (s.n > 0 && r->latency_ns == CLOCK_NONE) {
		struct slice token, quoted;
		bool named;

		slice_take_byte(&s, ' ');
		if (!slice_take_until(&s, ' ', &token)) {
			token = s;
			s.n = 0;
		}
		named = slice_take_str(&token, "rt=") || slice_take_str(&token, "request_time=");
		if (take_quoted(&token, &quoted))
			token = quoted;
		if (named || slice_find_byte(token, 0, '.') != SIZE_MAX)
			clock_parse_duration(token, &r->latency_ns);
	}
}

/* what stands before the time: remote, ident, user; a virtual host in front of them */
static bool
take_client(struct slice *in, struct request *r)
{
	size_t bracket = slice_find(slice_sub(*in, 0, 512), 0, SLICE(" ["));
	struct slice s, token[4];
	size_t n = 0;

	if (bracket == SIZE_MAX)
		return false;
	s = slice_sub(*in, 0, bracket + 1);
	while (n < 4 && take_token(&s, &token[n]))
		n++;
	if (n < 3 || s.n > 0)
		return false;
	/* "host:port remote ident user" */
	r->remote_ip = token[n - 3];
	*in = slice_sub(*in, bracket + 2, in->n);
	return true;
}

bool
text_access(struct slice s, struct arena *a, struct text_line *l)
{
	struct request found = { .latency_ns = CLOCK_NONE, .response_size = -1 };
	struct slice quoted, referer, agent;
	struct text_time time;

	if (!take_client(&s, &found) || !text_time_take_access(&s, &time) ||
	    !slice_take_str(&s, "] ") || !take_quoted(&s, &quoted) ||
	    !slice_take_byte(&s, ' ') || !take_status(&s, &found))
		return false;
	if (!text_request_line(quoted, a, &found))
		found.path = quoted;
	take_size(&s, &found);
	if (slice_take_byte(&s, ' ') && take_quoted(&s, &referer) && slice_take_byte(&s, ' ') &&
	    take_quoted(&s, &agent)) {
		if (!slice_eqs(agent, "-"))
			found.user_agent = agent;
		if (!slice_eqs(referer, "-"))
			text_line_field(l, a, "httpRequest.referer", referer);
		find_latency(s, &found);
	}
	l->timed = true;
	l->time = time;
	l->request = arena_alloc(a, sizeof *l->request);
	*l->request = found;
	l->message = text_request_text(l->request, a);
	return true;
}
