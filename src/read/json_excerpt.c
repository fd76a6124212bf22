/*
 * json_excerpt.c - names of counts and of samples, and a look at a summary as a whole.
 */
#include "config.h"

#include <string.h>

#include <jansson.h>

#include "read/json_excerpt.h"

#define NAME_MAX_BYTES 32

/* in lower case, without _ and -; "" when it is too long to be a name of ours */
static void
plain_name(struct slice key, char out[NAME_MAX_BYTES])
{
	size_t n = 0;

	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];

		if (c == '_' || c == '-' || c == ' ')
			continue;
		if (n == NAME_MAX_BYTES - 1) {
			n = 0;
			break;
		}
		out[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	out[n] = '\0';
}

/* *exact: it counts entries and nothing else */
static bool
is_count(struct slice key, bool *exact)
{
	static const char *const names[] = { "total", "count", "totalcount", "totallogs",
		"totalentries", "totallogentries", "logcount", "logscount", "entrycount",
		"entriescount", "numlogs", "numentries" };
	char name[NAME_MAX_BYTES];

	plain_name(key, name);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strcmp(name, names[i]) == 0) {
			*exact = i > 2;
			return true;
		}
	}
	return false;
}

bool
excerpt_mark(void *ctx, struct slice key)
{
	char name[NAME_MAX_BYTES];

	(void)ctx;
	plain_name(key, name);
	return strncmp(name, "sample", 6) == 0 || strncmp(name, "example", 7) == 0;
}

/* elements of a list, or of the lists that are members of an object */
static uint64_t
listed(const json_t *v)
{
	const char *key;
	json_t *member;
	uint64_t n = 0;

	if (json_is_array(v))
		return json_array_size(v);
	json_object_foreach((json_t *)v, key, member)
		n += json_array_size(member);
	return n;
}

static void
judge(struct json_excerpt *x, const json_t *v)
{
	uint64_t count = 0, samples = 0;
	const char *key;
	json_t *member;
	size_t i;
	bool exact;

	json_array_foreach(v, i, member)
		judge(x, member);
	if (!json_is_object(v))
		return;
	json_object_foreach((json_t *)v, key, member) {
		json_int_t number = json_integer_value(member);

		if (number > 0 && is_count(slice_str(key), &exact) && (uint64_t)number > count)
			count = (uint64_t)number;
		if (excerpt_mark(NULL, slice_str(key)))
			samples += listed(member);
		judge(x, member);
	}
	if (samples > 0 && count > samples)
		x->found = true;
	if (count > x->of)
		x->of = count;
}

void
excerpt_enter(void *ctx, struct slice text, uint64_t byte, bool whole)
{
	struct json_excerpt *x = ctx;
	json_t *v;

	if (!whole || byte < x->judged_to)
		return;
	x->judged_to = byte + text.n;
	if (slice_find(text, 0, SLICE("ample")) == SIZE_MAX &&
	    slice_find(text, 0, SLICE("AMPLE")) == SIZE_MAX)
		return;
	v = json_loadb(text.p, text.n, JSON_ALLOW_NUL, NULL);
	judge(x, v);
	json_decref(v);
}

void
excerpt_number(void *ctx, struct slice key, struct slice value, unsigned level)
{
	struct json_excerpt *x = ctx;
	uint64_t number;
	bool exact;

	if (!is_count(key, &exact) || (level > 1 && !exact) || !slice_take_uint(&value, &number) ||
	    value.n > 0)
		return;
	if (number > x->of)
		x->of = number;
	if (x->stated && x->exact && !exact)
		return;
	x->total = !x->stated || exact > x->exact || number > x->total ? number : x->total;
	x->stated = true;
	x->exact = exact;
}

bool
excerpt_differs(const struct json_excerpt *x, uint64_t held)
{
	return x->stated && (x->exact ? x->total != held : x->total > held);
}
