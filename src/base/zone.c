/*
 * zone.c - TZif files, and the clock on a wall to UTC and back.
 */
#include "config.h"

#include "base/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/zone_rule.h"

#define ZONE_DIR "/usr/share/zoneinfo"
#define FILE_MAX (256 * 1024)	/* the largest of the database has 4 KiB */
#define NAME_MAX_LEN 100
#define CHANGES_MAX 10000	/* the largest of the database has 240 */
#define TYPES_MAX 256
#define ABBRS_MAX 4096		/* bytes of all abbreviations */

struct change {
	int64_t at;			/* UTC, seconds */
	uint8_t type;
};

struct zone {
	char *name;
	struct change *change;		/* by time */
	size_t changes;
	struct zone_type *type;		/* at least one; [0] before the first change */
	size_t types;
	bool has_rule;			/* after the last change */
	struct zone_rule rule;
};

/* ---- making ---- */

static struct zone *
new_zone(const char *name, size_t types)
{
	struct zone *z = mem_calloc(1, sizeof *z);

	z->name = mem_strdup(name);
	z->type = mem_calloc(types, sizeof *z->type);
	z->types = types;
	return z;
}

void
zone_free(struct zone *z)
{
	if (!z)
		return;
	free(z->name);
	free(z->change);
	free(z->type);
	free(z);
}

const char *
zone_name(const struct zone *z)
{
	return z ? z->name : "UTC";
}

bool
zone_is_utc(const struct zone *z)
{
	return !z || strcmp(z->name, "UTC") == 0;
}

/* ---- TZif ---- */

struct header {
	unsigned version;
	size_t isut, isstd, leap, time, type, chars;
};

static uint32_t
be32(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static int64_t
be_time(const char *p, size_t size)
{
	if (size == 4)
		return (int32_t)be32(p);
	return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

static bool
take_header(struct slice *in, struct header *h)
{
	const char *p = in->p;

	if (in->n < 44 || memcmp(p, "TZif", 4) != 0)
		return false;
	h->version = p[4] >= '2' ? (unsigned)(p[4] - '0') : 1;
	h->isut = be32(p + 20);
	h->isstd = be32(p + 24);
	h->leap = be32(p + 28);
	h->time = be32(p + 32);
	h->type = be32(p + 36);
	h->chars = be32(p + 40);
	*in = slice_sub(*in, 44, in->n);
	return h->time <= CHANGES_MAX && h->type >= 1 && h->type <= TYPES_MAX && h->chars >= 1 &&
	    h->chars <= ABBRS_MAX && h->leap <= CHANGES_MAX && h->isut <= TYPES_MAX &&
	    h->isstd <= TYPES_MAX;
}

/* bytes of the block behind the header; cannot overflow after take_header */
static size_t
block_size(const struct header *h, size_t size)
{
	return h->time * size + h->time + h->type * 6 + h->chars + h->leap * (size + 4) + h->isstd +
	    h->isut;
}

static bool
read_types(struct zone *z, const struct header *h, const char *type, const char *chars)
{
	for (size_t i = 0; i < h->type; i++, type += 6) {
		struct zone_type *t = &z->type[i];
		size_t at = (unsigned char)type[5], n;

		t->offset = (int32_t)be32(type);
		if (!zone_offset_fits(t->offset) || at >= h->chars)
			return false;
		n = slice_find_byte(slice_of(chars, h->chars), at, '\0');
		if (n == SIZE_MAX || n - at >= ZONE_ABBR)
			return false;
		for (size_t k = at; k < n; k++)
			if (chars[k] <= ' ' || chars[k] > '~')
				return false;
		memcpy(t->abbr, chars + at, n - at);
	}
	return true;
}

static bool
read_changes(struct zone *z, const struct header *h, const char *time, size_t size)
{
	const char *type = time + h->time * size;

	z->change = mem_calloc(h->time + 1, sizeof *z->change);
	for (size_t i = 0; i < h->time; i++) {
		struct change *c = &z->change[z->changes++];

		c->at = be_time(time + i * size, size);
		c->type = (uint8_t)type[i];
		if (c->type >= h->type || (i && c->at <= c[-1].at))
			return false;
	}
	return true;
}

/* "\nPST8PDT,M3.2.0,M11.1.0\n"; empty when the future is not known */
static bool
read_footer(struct zone *z, struct slice s)
{
	struct slice text;

	if (!slice_take_byte(&s, '\n') || !slice_take_until(&s, '\n', &text))
		return false;
	if (text.n == 0)
		return true;
	z->has_rule = true;
	return zone_rule_parse(text, &z->rule);
}

/* NULL, or what is wrong */
static const char *
read_tzif(const char *name, struct slice in, struct zone **z)
{
	struct header h;
	size_t size = 4, n;
	const char *p;

	if (!take_header(&in, &h))
		return "it is no zone file (TZif)";
	if (h.version >= 2) {
		/* the same in 64 bits follows */
		size = 8;
		in = slice_sub(in, block_size(&h, 4), in.n);
		if (!take_header(&in, &h))
			return "its second header is damaged";
	}
	n = block_size(&h, size);
	if (in.n < n)
		return "it is cut short";
	if (h.leap)
		return "it counts leap seconds, which logs do not";
	*z = new_zone(name, h.type);
	p = in.p + h.time * size + h.time;
	if (!read_changes(*z, &h, in.p, size) || !read_types(*z, &h, p, p + h.type * 6))
		return "its tables are damaged";
	if (size == 8 && !read_footer(*z, slice_sub(in, n, in.n)))
		return "the rule at its end is damaged";
	return NULL;
}

int
zone_parse(const char *name, struct slice tzif, struct zone **z, struct err *e)
{
	const char *wrong;

	*z = NULL;
	wrong = read_tzif(name, tzif, z);
	if (!wrong)
		return 0;
	zone_free(*z);
	*z = NULL;
	return err_set(e, ERR_INPUT, "the file of the time zone '%s' cannot be used: %s", name,
	    wrong);
}

/* ---- opening ---- */

/* "+02:00", "-0700", "+02": 1 yes, 0 no */
static bool
fixed_offset(const char *name, int32_t *offset)
{
	struct slice s = slice_str(name);
	uint64_t hours, minutes = 0;
	bool west = slice_take_byte(&s, '-');

	if (!west && !slice_take_byte(&s, '+'))
		return false;
	if (!slice_take_digits(&s, 2, &hours))
		return false;
	if (s.n) {
		slice_take_byte(&s, ':');
		if (!slice_take_digits(&s, 2, &minutes) || s.n)
			return false;
	}
	*offset = (int32_t)(hours * 3600 + minutes * 60) * (west ? -1 : 1);
	return hours <= 23 && minutes <= 59;
}

static struct zone *
open_fixed(const char *name, int32_t offset)
{
	struct zone *z = new_zone(name, 1);

	z->type[0].offset = offset;
	snprintf(z->type[0].abbr, ZONE_ABBR, "%s", name);
	return z;
}

/* a file below the folder: with no dot in it, a name cannot climb out */
static bool
is_name(const char *name)
{
	size_t n = strlen(name);

	/* "localtime" is a link to the zone of this machine, which is not the one of a log */
	if (n == 0 || n > NAME_MAX_LEN || name[0] == '/' || strcmp(name, "localtime") == 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = name[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    c == '/' || c == '_' || c == '-' || c == '+'))
			return false;
	}
	return true;
}

static int
unknown(const char *name, const char *note, struct err *e)
{
	err_set(e, ERR_USAGE, "there is no time zone '%s'", name);
	if (*note)
		err_note(e, "%s", note);
	return err_help(e, "write a name as America/Los_Angeles, an offset as -07:00, or UTC; "
	    "abbreviations such as PDT stand for several zones");
}

static int
open_file(const char *name, struct zone **z, struct err *e)
{
	const char *dir = getenv("TZDIR");
	struct buf path, text;
	struct err why;
	int rc;

	if (!dir || !*dir)
		dir = ZONE_DIR;
	err_clear(&why);
	buf_init(&path, 4096);
	buf_init(&text, FILE_MAX);
	buf_printf(&path, "%s/%s", dir, name);
	rc = path.over ? -1 : io_slurp(path.p, FILE_MAX, &text, &why);
	if (rc == 0)
		rc = zone_parse(name, buf_slice(&text), z, &why);
	if (rc != 0)
		unknown(name, why.text, e);
	buf_release(&text);
	buf_release(&path);
	return rc;
}

int
zone_open(const char *name, struct zone **z, struct err *e)
{
	int32_t offset;

	*z = NULL;
	if (strcmp(name, "UTC") == 0 || strcmp(name, "Z") == 0) {
		*z = open_fixed("UTC", 0);
		return 0;
	}
	if (fixed_offset(name, &offset)) {
		*z = open_fixed(name, offset);
		return 0;
	}
	if (!is_name(name))
		return unknown(name, "", e);
	return open_file(name, z, e);
}

/* ---- times ---- */

static const struct zone_type *
type_at(const struct zone *z, int64_t t)
{
	size_t low = 0, high = z->changes;

	/* the number of changes at or before t */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (z->change[middle].at <= t)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == z->changes && z->has_rule)
		return zone_rule_at(&z->rule, t);
	return low ? &z->type[z->change[low - 1].type] : &z->type[0];
}

static int64_t
floor_seconds(int64_t ns)
{
	return ns / CLOCK_NS_PER_S - (ns % CLOCK_NS_PER_S < 0);
}

/* the offset that turns the local time into UTC */
static int32_t
offset_of_local(const struct zone *z, int64_t local, bool *unclear)
{
	/* no clock is off by a day: these lie before and after the moment that is meant */
	int32_t before = type_at(z, local - ZONE_DAY_S)->offset;
	int32_t after = type_at(z, local + ZONE_DAY_S)->offset;
	bool is_before = type_at(z, local - before)->offset == before;
	bool is_after = type_at(z, local - after)->offset == after;

	/* shown twice: the first of the two; skipped: as the clock before the gap goes on */
	*unclear = before == after ? !is_before : is_before == is_after;
	return is_after && !is_before ? after : before;
}

int64_t
zone_to_utc(const struct zone *z, int64_t local_ns, bool *unclear)
{
	bool doubt = false;
	int64_t ns = local_ns;

	if (z && local_ns != CLOCK_NONE) {
		int32_t offset = offset_of_local(z, floor_seconds(local_ns), &doubt);

		if (__builtin_sub_overflow(local_ns, offset * CLOCK_NS_PER_S, &ns))
			ns = CLOCK_NONE;
	}
	if (unclear)
		*unclear = doubt;
	return ns;
}

int32_t
zone_of_utc(const struct zone *z, int64_t ns, char abbr[ZONE_ABBR])
{
	static const struct zone_type utc = { 0, "UTC" };
	const struct zone_type *t = z ? type_at(z, floor_seconds(ns)) : &utc;

	if (abbr)
		memcpy(abbr, t->abbr, ZONE_ABBR);
	return t->offset;
}

bool
zone_parse_clock(const struct zone *z, struct slice s, int64_t *ns, enum clock_zone *zone)
{
	enum clock_zone found;
	int64_t t;

	if (!clock_parse(s, &t, &found))
		return false;
	if (found == CLOCK_ZONE_ASSUMED)
		t = zone_to_utc(z, t, NULL);
	if (t == CLOCK_NONE)
		return false;
	*ns = t;
	if (zone)
		*zone = found;
	return true;
}

char *
zone_format(const struct zone *z, int64_t ns, unsigned digits, char out[CLOCK_TEXT])
{
	int32_t offset = ns == CLOCK_NONE ? 0 : zone_of_utc(z, ns, NULL) / 60;
	int32_t size = offset < 0 ? -offset : offset;
	int64_t local;
	size_t n;

	/* at the edge of what is covered it is told in UTC */
	if (__builtin_add_overflow(ns, offset * 60 * CLOCK_NS_PER_S, &local) ||
	    ns == CLOCK_NONE || local == CLOCK_NONE)
		return clock_format(ns, digits, out);
	clock_format(local, digits, out);
	n = strlen(out) - 1;		/* the "Z" */
	snprintf(out + n, CLOCK_TEXT - n, "%c%02d:%02d", offset < 0 ? '-' : '+', (int)(size / 60),
	    (int)(size % 60));
	return out;
}
