/*
 * text_prefix.c - one scanner per prefix.
 */
#include "config.h"

#include "read/text_prefix.h"

#define NAME_MAX_BYTES 128	/* of a container, pod, host or tag */
#define STAMP_DIGITS 7		/* of a fraction that no logger prints */

void
text_prefix_init(struct text_prefix *p)
{
	*p = (struct text_prefix){ .severity = -1 };
}

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    c == '-' || c == '_' || c == '.';
}

static bool
take_name(struct slice *in, struct slice *name)
{
	size_t n = 0;

	while (n < in->n && n < NAME_MAX_BYTES && is_name_byte(in->p[n]))
		n++;
	if (n == 0)
		return false;
	*name = slice_sub(*in, 0, n);
	*in = slice_sub(*in, n, in->n);
	return true;
}

/* "api-1" and "api_1" are containers of the service api */
static struct slice
without_number(struct slice name)
{
	size_t n = name.n;

	while (n > 0 && name.p[n - 1] >= '0' && name.p[n - 1] <= '9')
		n--;
	if (n > 1 && n < name.n && (name.p[n - 1] == '-' || name.p[n - 1] == '_'))
		return slice_sub(name, 0, n - 1);
	return name;
}

static bool
take_compose(struct slice *in, struct text_prefix *p)
{
	struct slice s = *in, name;

	if (!take_name(&s, &name) || !slice_take_byte(&s, ' '))
		return false;
	while (slice_take_byte(&s, ' '))
		;
	if (!slice_take_byte(&s, '|') || (s.n > 0 && !slice_take_byte(&s, ' ')))
		return false;
	p->service = without_number(name);
	p->instance = name;
	p->key = name;
	*in = s;
	return true;
}

static bool
take_kube(struct slice *in, struct text_prefix *p)
{
	struct slice s = *in, pod, container;
	const char *from;

	if (!slice_take_str(&s, "[pod/"))
		return false;
	from = s.p;
	if (!take_name(&s, &pod) || !slice_take_byte(&s, '/') || !take_name(&s, &container) ||
	    !slice_take_byte(&s, ']') || (s.n > 0 && !slice_take_byte(&s, ' ')))
		return false;
	p->service = container;
	p->instance = pod;
	p->key = slice_of(from, (size_t)(container.p + container.n - from));
	*in = s;
	return true;
}

/* "2025-10-02T09:14:25.1234567Z ", with fewer digits only before GitLab's "00O " */
static bool
take_stamp(struct slice *in, struct text_prefix *p)
{
	struct slice s = *in, t;
	size_t used;
	uint64_t stream;
	bool gitlab;

	if (s.n < 20 || s.p[10] != 'T' || !text_time_take_iso(&s, &p->time) || !p->time.zoned)
		return false;
	used = in->n - s.n;
	t = s;
	gitlab = slice_take_byte(&t, ' ') && slice_take_digits(&t, 2, &stream) &&
	    (slice_take_byte(&t, 'O') || slice_take_byte(&t, 'E')) &&
	    (slice_take_byte(&t, ' ') || slice_take_byte(&t, '+'));
	if (gitlab)
		s = t;
	else if (used < 21 + STAMP_DIGITS || (s.n > 0 && !slice_take_byte(&s, ' ')))
		return false;
	p->timed = true;
	*in = s;
	return true;
}

/* gh run view --log: job, step, and the stamp, with tabs between them */
static bool
take_job(struct slice *in, struct text_prefix *p)
{
	struct slice s = *in, job, step;

	if (!slice_take_until(&s, '\t', &job) || !slice_take_until(&s, '\t', &step) ||
	    job.n == 0 || job.n > NAME_MAX_BYTES || step.n > NAME_MAX_BYTES)
		return false;
	slice_take_str(&s, "\xEF\xBB\xBF");
	if (!take_stamp(&s, p))
		return false;
	p->job = job;
	p->step = step;
	p->key = slice_sub(*in, 0, job.n + 1 + step.n);
	*in = s;
	return true;
}

/* <14>: facility * 8 + severity, 0 emergency to 7 debug */
static void
take_priority(struct slice *in, struct text_prefix *p)
{
	static const int severities[] = { 800, 700, 600, 500, 400, 300, 200, 100 };
	struct slice s = *in;
	uint64_t n;

	if (slice_take_byte(&s, '<') && slice_take_uint(&s, &n) && n < 192 &&
	    slice_take_byte(&s, '>')) {
		p->severity = severities[n % 8];
		*in = s;
	}
}

static bool
take_syslog(struct slice *in, struct text_prefix *p)
{
	struct slice s = *in, host, tag, pid = { NULL, 0 };
	struct text_time time;
	bool iso;

	take_priority(&s, p);
	iso = !text_time_take_syslog(&s, &time);
	if (iso && (!text_time_take_iso(&s, &time) || !time.zoned))
		return false;
	if (!slice_take_byte(&s, ' ') || !take_name(&s, &host) || !slice_take_byte(&s, ' ') ||
	    !take_name(&s, &tag))
		return false;
	p->key = tag;
	if (slice_take_byte(&s, '[')) {
		if (!slice_take_until(&s, ']', &pid) || pid.n > 20)
			return false;
		p->key.n += pid.n + 2;
	} else if (iso) {
		/* "2025-10-02T09:14:25Z INFO app: text" is no line of syslog */
		return false;
	}
	if (!slice_take_byte(&s, ':') || (s.n > 0 && !slice_take_byte(&s, ' ')))
		return false;
	p->service = tag;
	p->host = host;
	p->pid = pid;
	p->timed = true;
	p->time = time;
	*in = s;
	return true;
}

static bool
take_bracket(struct slice *in, struct text_prefix *p)
{
	struct slice s = *in;

	if (!slice_take_byte(&s, '[') || !text_time_take(&s, &p->time) ||
	    !slice_take_byte(&s, ']') || (s.n > 0 && !slice_take_byte(&s, ' ')))
		return false;
	p->timed = true;
	*in = s;
	return true;
}

bool
text_prefix_take(enum text_prefix_kind kind, struct slice *in, struct text_prefix *p)
{
	static bool (*const take[TEXT_PREFIX_KINDS])(struct slice *, struct text_prefix *) = {
		[TEXT_PREFIX_COMPOSE] = take_compose, [TEXT_PREFIX_KUBE] = take_kube,
		[TEXT_PREFIX_JOB] = take_job, [TEXT_PREFIX_STAMP] = take_stamp,
		[TEXT_PREFIX_SYSLOG] = take_syslog, [TEXT_PREFIX_BRACKET] = take_bracket,
	};
	struct text_prefix with = *p;

	if (!take[kind] || !take[kind](in, &with))
		return false;
	if (with.key.n == 0)
		with.key = p->key;
	*p = with;
	return true;
}
