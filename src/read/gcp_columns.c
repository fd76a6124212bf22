/*
 * gcp_columns.c - places on the terminal to bytes of a line, and names to fields of LogEntry.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "read/gcp_columns.h"

/* --- places --- */

/* how many bytes the character at p has; a byte that begins none counts alone */
static size_t
char_bytes(struct slice s, size_t at)
{
	unsigned char c = (unsigned char)s.p[at];
	size_t n = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;

	for (size_t i = 1; i < n; i++)
		if (at + i >= s.n || ((unsigned char)s.p[at + i] & 0xC0) != 0x80)
			return 1;
	return n;
}

static uint32_t
char_code(struct slice s, size_t at, size_t n)
{
	static const unsigned char mask[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
	uint32_t code = (unsigned char)s.p[at] & mask[n];

	for (size_t i = 1; i < n; i++)
		code = code << 6 | ((unsigned char)s.p[at + i] & 0x3F);
	return code;
}

struct range { uint32_t from, to; };

/* combining marks and formats of the scripts that logs are written in */
static const struct range none[] = {
	{ 0x0300, 0x036F }, { 0x0483, 0x0487 }, { 0x0591, 0x05BD }, { 0x0610, 0x061A },
	{ 0x064B, 0x065F }, { 0x0900, 0x0902 }, { 0x093C, 0x093C }, { 0x0941, 0x0948 },
	{ 0x0E31, 0x0E31 }, { 0x0E34, 0x0E3A }, { 0x0E47, 0x0E4E }, { 0x1AB0, 0x1AFF },
	{ 0x1DC0, 0x1DFF }, { 0x200B, 0x200F }, { 0x202A, 0x202E }, { 0x2060, 0x2064 },
	{ 0x20D0, 0x20FF }, { 0xFE20, 0xFE2F }, { 0xFE00, 0xFE0F }, { 0xFEFF, 0xFEFF },
	{ 0xE0100, 0xE01EF }
};

/* East Asian Wide and Fullwidth */
static const struct range wide[] = {
	{ 0x1100, 0x115F }, { 0x231A, 0x231B }, { 0x2329, 0x232A }, { 0x23E9, 0x23EC },
	{ 0x23F0, 0x23F0 }, { 0x23F3, 0x23F3 }, { 0x25FD, 0x25FE }, { 0x2614, 0x2615 },
	{ 0x2648, 0x2653 }, { 0x267F, 0x267F }, { 0x2693, 0x2693 }, { 0x26A1, 0x26A1 },
	{ 0x26AA, 0x26AB }, { 0x26BD, 0x26BE }, { 0x26C4, 0x26C5 }, { 0x26CE, 0x26CE },
	{ 0x26D4, 0x26D4 }, { 0x26EA, 0x26EA }, { 0x26F2, 0x26F3 }, { 0x26F5, 0x26F5 },
	{ 0x26FA, 0x26FA }, { 0x26FD, 0x26FD }, { 0x2705, 0x2705 }, { 0x270A, 0x270B },
	{ 0x2728, 0x2728 }, { 0x274C, 0x274C }, { 0x274E, 0x274E }, { 0x2753, 0x2755 },
	{ 0x2757, 0x2757 }, { 0x2795, 0x2797 }, { 0x27B0, 0x27B0 }, { 0x27BF, 0x27BF },
	{ 0x2B1B, 0x2B1C }, { 0x2B50, 0x2B50 }, { 0x2B55, 0x2B55 }, { 0x2E80, 0x303E },
	{ 0x3041, 0x33FF }, { 0x3400, 0x4DBF }, { 0x4E00, 0x9FFF }, { 0xA000, 0xA4CF },
	{ 0xA960, 0xA97F }, { 0xAC00, 0xD7A3 }, { 0xF900, 0xFAFF }, { 0xFE10, 0xFE19 },
	{ 0xFE30, 0xFE6F }, { 0xFF00, 0xFF60 }, { 0xFFE0, 0xFFE6 }, { 0x16FE0, 0x18CFF },
	{ 0x1B000, 0x1B2FF }, { 0x1F004, 0x1F004 }, { 0x1F0CF, 0x1F0CF }, { 0x1F18E, 0x1F18E },
	{ 0x1F191, 0x1F19A }, { 0x1F200, 0x1F320 }, { 0x1F32D, 0x1F335 }, { 0x1F337, 0x1F37C },
	{ 0x1F37E, 0x1F393 }, { 0x1F3A0, 0x1F3CA }, { 0x1F3CF, 0x1F3D3 }, { 0x1F3E0, 0x1F3F0 },
	{ 0x1F3F4, 0x1F3F4 }, { 0x1F3F8, 0x1F43E }, { 0x1F440, 0x1F440 }, { 0x1F442, 0x1F4FC },
	{ 0x1F4FF, 0x1F53D }, { 0x1F54B, 0x1F54E }, { 0x1F550, 0x1F567 }, { 0x1F57A, 0x1F57A },
	{ 0x1F595, 0x1F596 }, { 0x1F5A4, 0x1F5A4 }, { 0x1F5FB, 0x1F64F }, { 0x1F680, 0x1F6C5 },
	{ 0x1F6CC, 0x1F6CC }, { 0x1F6D0, 0x1F6D2 }, { 0x1F6D5, 0x1F6D7 }, { 0x1F6DC, 0x1F6DF },
	{ 0x1F6EB, 0x1F6EC }, { 0x1F6F4, 0x1F6FC }, { 0x1F7E0, 0x1F7EB }, { 0x1F7F0, 0x1F7F0 },
	{ 0x1F90C, 0x1F93A }, { 0x1F93C, 0x1F945 }, { 0x1F947, 0x1F9FF }, { 0x1FA70, 0x1FAFF },
	{ 0x20000, 0x2FFFD }, { 0x30000, 0x3FFFD }
};

static bool
in_ranges(const struct range *r, size_t n, uint32_t code)
{
	for (size_t i = 0; i < n; i++)
		if (code >= r[i].from && code <= r[i].to)
			return true;
	return false;
}

static size_t
char_width(uint32_t code)
{
	if (code < 0x300)
		return 1;
	if (in_ranges(none, sizeof none / sizeof *none, code))
		return 0;
	return in_ranges(wide, sizeof wide / sizeof *wide, code) ? 2 : 1;
}

/* bytes of an escape sequence such as ESC [ 31 m, or 0 */
static size_t
escape_bytes(struct slice s, size_t at)
{
	size_t i = at + 2;

	if (s.p[at] != '\x1b' || i > s.n || s.p[at + 1] != '[')
		return 0;
	while (i < s.n && ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == ';'))
		i++;
	return i < s.n ? i + 1 - at : 0;
}

enum measure { BY_WIDTH, BY_CHARACTER, BY_BYTE, MEASURES };

/* at[i]: the byte of the line in column place[i], ascending; line.n when it ends before */
static void
find_places(struct slice line, enum measure by, const size_t *place, size_t n, size_t *at)
{
	size_t byte = 0, column = 0, i = 0;

	while (i < n && byte < line.n) {
		size_t bytes = by == BY_BYTE ? 1 : char_bytes(line, byte), escape = 0;

		if (by == BY_WIDTH && line.p[byte] == '\x1b')
			escape = escape_bytes(line, byte);
		while (i < n && column >= place[i])
			at[i++] = byte;
		if (escape)
			bytes = escape;
		else
			column += by == BY_WIDTH ? char_width(char_code(line, byte, bytes)) : 1;
		byte += bytes;
	}
	while (i < n)
		at[i++] = line.n;
}

/* --- headings and rules --- */

static void
find_roles(struct gcp_columns *c)
{
	c->time = c->severity = c->n;
	for (size_t i = c->n; i-- > 0;) {
		if (strcmp(c->column[i].name, "RECEIVE_TIMESTAMP") == 0 && c->time == c->n)
			c->time = i;
		if (strcmp(c->column[i].name, "SEVERITY") == 0)
			c->severity = i;
	}
	for (size_t i = c->n; i-- > 0;)
		if (strcmp(c->column[i].name, "TIMESTAMP") == 0)
			c->time = i;
}

static bool
set_name(struct gcp_column *column, struct slice name)
{
	if (name.n == 0 || name.n >= sizeof column->name || name.p[0] < 'A' || name.p[0] > 'Z')
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char ch = name.p[i];

		if ((ch < 'A' || ch > 'Z') && (ch < '0' || ch > '9') && ch != '_')
			return false;
	}
	memcpy(column->name, name.p, name.n);
	column->name[name.n] = '\0';
	return true;
}

bool
gcp_columns_heading(struct gcp_columns *c, struct slice line)
{
	size_t at = 0;

	if (line.n == 0 || line.p[0] < 'A' || line.p[0] > 'Z')
		return false;
	memset(c, 0, sizeof *c);
	while (line.n > 0 && (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\t'))
		line.n--;
	while (at < line.n) {
		size_t end = slice_find_byte(line, at, ' ');

		end = end == SIZE_MAX ? line.n : end;
		if (c->n == GCP_COLUMNS ||
		    !set_name(&c->column[c->n], slice_sub(line, at, end - at)))
			return false;
		c->column[c->n].from = at;
		c->column[c->n].to = SIZE_MAX;
		if (c->n > 0)
			c->column[c->n - 1].to = at;
		c->n++;
		for (at = end; at < line.n && line.p[at] == ' '; at++)
			;
		if (at < line.n && at - end < 2)
			return false;
	}
	find_roles(c);
	return c->time < c->n;
}

bool
gcp_columns_of_log(const struct gcp_columns *c)
{
	static const char *const own[] = { "SEVERITY", "TEXT_PAYLOAD", "JSON_PAYLOAD", "LOG_NAME",
		"INSERT_ID", "RECEIVE_TIMESTAMP", "REQUEST_URL" };

	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < sizeof own / sizeof *own; k++)
			if (strcmp(c->column[i].name, own[k]) == 0)
				return true;
	return false;
}

/* the character of a box at p: its length, and whether it is a corner; 0 when it is none */
static size_t
take_rule(struct slice s, size_t at, bool *corner)
{
	static const char *const corners[] = { "+", "\xe2\x94\x8c", "\xe2\x94\xac", "\xe2\x94\x90",
		"\xe2\x94\x9c", "\xe2\x94\xbc", "\xe2\x94\xa4", "\xe2\x94\x94", "\xe2\x94\xb4",
		"\xe2\x94\x98" };
	struct slice rest = slice_sub(s, at, s.n);

	*corner = false;
	if (slice_starts(rest, "-"))
		return 1;
	if (slice_starts(rest, "\xe2\x94\x80"))
		return 3;
	*corner = true;
	for (size_t i = 0; i < sizeof corners / sizeof *corners; i++)
		if (slice_starts(rest, corners[i]))
			return strlen(corners[i]);
	return 0;
}

bool
gcp_columns_rule(struct gcp_columns *c, struct slice line)
{
	size_t byte = 0, column = 0, last = 0, n;
	bool corner;

	memset(c, 0, sizeof *c);
	line = slice_trim(line);
	c->box = true;
	for (; byte < line.n; byte += n, column++) {
		n = take_rule(line, byte, &corner);
		if (n == 0 || (byte == 0 && !corner))
			return false;
		if (!corner)
			continue;
		if (column > 0) {
			/* "+-" is left of a cell, "-" right of it */
			if (column - last < 4 || c->n == GCP_COLUMNS)
				return false;
			c->column[c->n].from = last + 2;
			c->column[c->n].to = column - 1;
			c->n++;
		}
		last = column;
	}
	c->time = c->severity = c->n;
	return c->n > 0 && last + 1 == column;
}

bool
gcp_columns_same_rule(const struct gcp_columns *a, const struct gcp_columns *b)
{
	if (a->n != b->n || !a->box || !b->box)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->column[i].from != b->column[i].from || a->column[i].to != b->column[i].to)
			return false;
	return true;
}

bool
gcp_columns_is_box_line(struct slice line)
{
	return slice_starts(line, "|") || slice_starts(line, "\xe2\x94\x82");
}

bool
gcp_columns_box_heading(struct gcp_columns *c, struct slice line)
{
	struct slice cell[GCP_COLUMNS];

	if (!gcp_columns_is_box_line(line))
		return false;
	gcp_columns_cut(c, line, cell);
	for (size_t i = 0; i < c->n; i++) {
		if (set_name(&c->column[i], slice_trim(cell[i])))
			continue;
		for (size_t k = 0; k < c->n; k++)
			c->column[k].name[0] = '\0';
		return false;
	}
	find_roles(c);
	return true;
}

/* --- cells --- */

static struct slice
trim_end(struct slice s)
{
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

/* two blanks, the start or the end of the line stand before every column */
static bool
clean(struct slice line, const size_t *start, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		size_t at = start[i];

		if (at < line.n && (at < 2 || line.p[at - 1] != ' ' || line.p[at - 2] != ' '))
			return false;
	}
	return true;
}

/* a cell that runs over the start of the next one goes on to the next gap */
static void
move_starts(struct slice line, size_t *start, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		size_t at = start[i] < start[i - 1] ? start[i - 1] : start[i];

		if (at >= 2 && at < line.n && (line.p[at - 1] != ' ' || line.p[at - 2] != ' ')) {
			at = slice_find(line, at, SLICE("  "));
			at = at == SIZE_MAX ? line.n : at;
			while (at < line.n && line.p[at] == ' ')
				at++;
		}
		start[i] = at;
	}
}

bool
gcp_columns_cut(const struct gcp_columns *c, struct slice line, struct slice *cell)
{
	size_t place[2 * GCP_COLUMNS], start[2 * GCP_COLUMNS], n = 0;
	bool is_clean = true;

	for (size_t i = 0; i < c->n; i++) {
		place[n++] = c->column[i].from;
		if (c->box)
			place[n++] = c->column[i].to;
	}
	find_places(line, BY_WIDTH, place, n, start);
	if (c->box) {
		for (size_t i = 0; i < c->n; i++)
			cell[i] = trim_end(slice_sub(line, start[2 * i],
			    start[2 * i + 1] - start[2 * i]));
		return true;
	}
	/* what else may have been counted: a terminal knows other widths than we do */
	for (enum measure by = BY_CHARACTER; !clean(line, start, n) && by < MEASURES; by++)
		find_places(line, by, place, n, start);
	if (!clean(line, start, n)) {
		is_clean = false;
		find_places(line, BY_WIDTH, place, n, start);
		move_starts(line, start, n);
	}
	for (size_t i = 0; i < n; i++) {
		size_t end = i + 1 < n ? start[i + 1] : line.n;

		cell[i] = trim_end(slice_sub(line, start[i], end - start[i]));
	}
	return is_clean;
}

/* --- names --- */

/* how gcloud names a column: the last words of its path */
static const struct {
	const char *name, *path;
} fields[] = {
	{ "TIMESTAMP", "timestamp" },
	{ "RECEIVE_TIMESTAMP", "receiveTimestamp" },
	{ "SEVERITY", "severity" },
	{ "TEXT_PAYLOAD", "textPayload" },
	{ "JSON_PAYLOAD", "jsonPayload" },
	{ "MESSAGE", "jsonPayload.message" },
	{ "LOG_NAME", "logName" },
	{ "INSERT_ID", "insertId" },
	{ "TRACE", "trace" },
	{ "SPAN_ID", "spanId" },
	{ "TYPE", "resource.type" },
	{ "SERVICE_NAME", "resource.labels.service_name" },
	{ "REVISION_NAME", "resource.labels.revision_name" },
	{ "CONFIGURATION_NAME", "resource.labels.configuration_name" },
	{ "JOB_NAME", "resource.labels.job_name" },
	{ "LOCATION", "resource.labels.location" },
	{ "PROJECT_ID", "resource.labels.project_id" },
	{ "INSTANCE_ID", "labels.instanceId" },
	{ "CONTAINER_NAME", "labels.container_name" },
	{ "STATUS", "httpRequest.status" },
	{ "REQUEST_METHOD", "httpRequest.requestMethod" },
	{ "REQUEST_URL", "httpRequest.requestUrl" },
	{ "USER_AGENT", "httpRequest.userAgent" },
	{ "REMOTE_IP", "httpRequest.remoteIp" },
	{ "PROTOCOL", "httpRequest.protocol" },
	{ "LATENCY", "httpRequest.latency" },
	{ "RESPONSE_SIZE", "httpRequest.responseSize" },
	{ "METHOD_NAME", "protoPayload.methodName" },
	{ "PRINCIPAL_EMAIL", "protoPayload.authenticationInfo.principalEmail" }
};

bool
gcp_columns_is_text(const struct gcp_columns *c, size_t i)
{
	const char *name = c->column[i].name;

	return i + 1 == c->n || strcmp(name, "TEXT_PAYLOAD") == 0 || strcmp(name, "MESSAGE") == 0;
}

bool
gcp_is_severity(struct slice word)
{
	static const char *const known[] = { "DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING",
		"ERROR", "CRITICAL", "ALERT", "EMERGENCY" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (slice_eqs(word, known[i]))
			return true;
	return false;
}

/* a JSON string of any bytes */
static json_t *
text_value(struct slice s)
{
	size_t fixed;
	struct arena a;
	struct slice clean_text;
	struct buf b;
	json_t *v;

	arena_init(&a);
	clean_text = text_utf8(&a, s, &fixed);
	if (memchr(clean_text.n ? clean_text.p : "", 0, clean_text.n) == NULL) {
		v = json_stringn(clean_text.n ? clean_text.p : "", clean_text.n);
		arena_release(&a);
		return v;
	}
	buf_init(&b, clean_text.n * 3 + 1);
	for (size_t i = 0; i < clean_text.n; i++) {
		if (clean_text.p[i] == '\0')
			buf_puts(&b, "\xef\xbf\xbd");
		else
			buf_putc(&b, clean_text.p[i]);
	}
	v = json_stringn(b.p, b.n);
	buf_release(&b);
	arena_release(&a);
	return v;
}

void
gcp_object_put(json_t *object, const char *path, struct slice value)
{
	const char *dot;
	char key[80];

	if (value.n == 0 && strcmp(path, "textPayload") != 0)
		return;
	while ((dot = strchr(path, '.')) != NULL) {
		size_t n = (size_t)(dot - path);
		json_t *inner;

		n = n < sizeof key ? n : sizeof key - 1;
		memcpy(key, path, n);
		key[n] = '\0';
		inner = json_object_get(object, key);
		if (!json_is_object(inner)) {
			/* jsonPayload may be text already: its members have no place then */
			if (inner)
				return;
			inner = json_object();
			json_object_set_new(object, key, inner);
		}
		object = inner;
		path = dot + 1;
	}
	json_object_set_new(object, path, text_value(value));
}

json_t *
gcp_columns_object(const struct gcp_columns *c, const struct slice *cell)
{
	json_t *object = json_object();

	for (size_t i = 0; i < c->n; i++) {
		const char *path = NULL;
		char other[80] = "jsonPayload.";
		size_t at = strlen(other);

		for (size_t k = 0; k < sizeof fields / sizeof *fields && !path; k++)
			if (strcmp(fields[k].name, c->column[i].name) == 0)
				path = fields[k].path;
		for (const char *p = c->column[i].name; !path && *p; p++)
			other[at++] = (char)(*p >= 'A' && *p <= 'Z' ? *p + ('a' - 'A') : *p);
		gcp_object_put(object, path ? path : other,
		    gcp_columns_is_text(c, i) ? cell[i] : slice_trim(cell[i]));
	}
	/* a row that has a time only is an entry as well: one without payload */
	if (!json_object_get(object, "textPayload"))
		gcp_object_put(object, "textPayload", slice_of("", 0));
	return object;
}
