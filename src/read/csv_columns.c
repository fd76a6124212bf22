/*
 * csv_columns.c - header cells to paths, row cells to values.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "read/csv_columns.h"
#include "read/json_lenient.h"

/* gcloud's csv(...) names a column by the last part of its path */
static const struct {
	const char *name, *path;
	enum logentry_kind kind;
} aliases[] = {
	{ "cluster_name", "resource.labels.cluster_name", LOGENTRY_TEXT },
	{ "configuration_name", "resource.labels.configuration_name", LOGENTRY_TEXT },
	{ "container_name", "resource.labels.container_name", LOGENTRY_TEXT },
	{ "execution_name", "labels.run.googleapis.com/execution_name", LOGENTRY_TEXT },
	{ "function_name", "resource.labels.function_name", LOGENTRY_TEXT },
	{ "instance_id", "labels.instanceId", LOGENTRY_TEXT },
	{ "job_name", "resource.labels.job_name", LOGENTRY_TEXT },
	{ "latency", "httpRequest.latency", LOGENTRY_TEXT },
	{ "level", "jsonPayload.level", LOGENTRY_PAYLOAD },
	{ "location", "resource.labels.location", LOGENTRY_TEXT },
	{ "log_id", "logName", LOGENTRY_TEXT },
	{ "message", "jsonPayload.message", LOGENTRY_PAYLOAD },
	{ "method_name", "protoPayload.methodName", LOGENTRY_TEXT },
	{ "msg", "jsonPayload.msg", LOGENTRY_PAYLOAD },
	{ "namespace_name", "resource.labels.namespace_name", LOGENTRY_TEXT },
	{ "pod_name", "resource.labels.pod_name", LOGENTRY_TEXT },
	{ "principal_email", "protoPayload.authenticationInfo.principalEmail", LOGENTRY_TEXT },
	{ "project_id", "resource.labels.project_id", LOGENTRY_TEXT },
	{ "remote_ip", "httpRequest.remoteIp", LOGENTRY_TEXT },
	{ "request_method", "httpRequest.requestMethod", LOGENTRY_TEXT },
	{ "request_url", "httpRequest.requestUrl", LOGENTRY_TEXT },
	{ "response_size", "httpRequest.responseSize", LOGENTRY_TEXT },
	{ "revision_name", "resource.labels.revision_name", LOGENTRY_TEXT },
	{ "service_name", "resource.labels.service_name", LOGENTRY_TEXT },
	{ "severity_number", "severity", LOGENTRY_NUMBER },
	{ "status", "httpRequest.status", LOGENTRY_NUMBER },
	{ "type", "resource.type", LOGENTRY_TEXT },
	{ "user_agent", "httpRequest.userAgent", LOGENTRY_TEXT },
	{ "worker_pool_name", "resource.labels.worker_pool_name", LOGENTRY_TEXT }
};

#define ALIASES (sizeof aliases / sizeof aliases[0])

/* --- the header --- */

static struct slice
unquoted(struct slice s)
{
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		return slice_sub(s, 1, s.n - 2);
	return s;
}

static void
add_key(struct csv_columns *c, struct csv_column *to, struct slice key)
{
	to->key[to->keys++] = arena_str(&c->arena, unquoted(key));
}

/* a.b."c.d" from its first dot on */
static void
add_path(struct csv_columns *c, struct csv_column *to, struct slice path)
{
	while (to->keys < CSV_KEYS) {
		size_t dot = slice_find_byte(path, 0, '.');

		if (path.n && path.p[0] == '"') {
			dot = slice_find_byte(path, 1, '"');
			dot = dot != SIZE_MAX && dot + 1 < path.n && path.p[dot + 1] == '.' ?
			    dot + 1 : SIZE_MAX;
		}
		if (dot == SIZE_MAX || to->keys + 1 == CSV_KEYS)
			break;
		add_key(c, to, slice_sub(path, 0, dot));
		path = slice_sub(path, dot + 1, path.n);
	}
	add_key(c, to, path);
}

/* what follows "resource." or "httpRequest." and the like */
static void
member_of(struct csv_columns *c, struct csv_column *to, const char *parent, struct slice rest)
{
	size_t dot = slice_find_byte(rest, 0, '.');
	struct slice name = slice_sub(rest, 0, dot == SIZE_MAX ? rest.n : dot);
	const struct logentry_name *n = logentry_find(parent, name);

	to->kind = LOGENTRY_TEXT;
	if (!n) {
		add_path(c, to, rest);
		return;
	}
	to->key[to->keys++] = n->name;
	if (dot != SIZE_MAX)
		add_key(c, to, slice_sub(rest, dot + 1, rest.n));
	else
		to->kind = n->kind;
}

static bool
is_message(const struct csv_column *of)
{
	return of->keys == 2 && strcmp(of->key[0], "jsonPayload") == 0 &&
	    (strcmp(of->key[1], "message") == 0 || strcmp(of->key[1], "msg") == 0 ||
	    strcmp(of->key[1], "textPayload") == 0);
}

static void
dotted(struct csv_columns *c, struct csv_column *to, const struct logentry_name *n,
    struct slice rest)
{
	to->key[to->keys++] = n->name;
	to->own = logentry_is_own(n) || strcmp(n->name, "resource") == 0;
	to->kind = LOGENTRY_TEXT;
	if (n->kind == LOGENTRY_PAYLOAD) {
		add_path(c, to, rest);
		to->kind = is_message(to) ? LOGENTRY_TEXT : LOGENTRY_PAYLOAD;
	} else if (strcmp(n->name, "labels") == 0) {
		add_key(c, to, rest);
	} else {
		member_of(c, to, n->name, rest);
	}
}

static void
unknown(struct csv_columns *c, struct csv_column *to, struct slice name)
{
	*to = (struct csv_column){ .kind = LOGENTRY_NONE };
	to->key[to->keys++] = arena_str(&c->arena, name);
}

static bool
is_alias(const char *alias, struct slice name)
{
	if (name.n && name.p[0] >= 'A' && name.p[0] <= 'Z')
		return slice_eq_fold(name, slice_str(alias));
	return slice_eqs(name, alias);
}

static void
map_column(struct csv_columns *c, struct csv_column *to, struct slice name)
{
	size_t dot = slice_find_byte(name, 0, '.');
	struct slice first = slice_sub(name, 0, dot == SIZE_MAX ? name.n : dot);
	const struct logentry_name *n = logentry_find(NULL, first);

	*to = (struct csv_column){ .kind = LOGENTRY_NONE };
	if (n && dot != SIZE_MAX && n->kind != LOGENTRY_TEXT && n->kind != LOGENTRY_TIME) {
		dotted(c, to, n, slice_sub(name, dot + 1, name.n));
	} else if (n && dot == SIZE_MAX) {
		to->key[to->keys++] = n->name;
		to->kind = n->kind;
		to->own = logentry_is_own(n);
	} else {
		unknown(c, to, name);
	}
}

static bool
has_column(const struct csv_columns *c, const char *name)
{
	for (size_t i = 0; i < c->columns; i++) {
		if (c->column[i].keys == 1 && c->column[i].kind != LOGENTRY_NONE &&
		    strcmp(c->column[i].key[0], name) == 0)
			return true;
	}
	return false;
}

/* the short names that are left, unless the whole of what they are part of is there too */
static void
map_alias(struct csv_columns *c, struct csv_column *to)
{
	struct slice name = slice_str(to->key[0]);
	struct csv_column of;

	for (size_t i = 0; i < ALIASES; i++) {
		if (!is_alias(aliases[i].name, name))
			continue;
		map_column(c, &of, slice_str(aliases[i].path));
		if (has_column(c, of.key[0]))
			return;
		*to = of;
		to->own = false;
		if (to->kind != LOGENTRY_TEXT || aliases[i].kind == LOGENTRY_NUMBER)
			to->kind = aliases[i].kind;
		return;
	}
}

/*
 * A time and a column that only entries have. With no more than a severity, as
 * gcloud's csv(timestamp,severity,jsonPayload.message) gives, no column may be foreign.
 */
static bool
is_entry(const struct csv_columns *c, const struct csv_row *header)
{
	bool own = false, severity = false, foreign = false;

	for (size_t i = 0; i < c->columns; i++) {
		const struct csv_column *of = &c->column[i];

		own |= of->own && i != c->time;
		severity |= slice_eqs(header->cell[i].text, "severity");
		foreign |= of->kind == LOGENTRY_NONE;
	}
	if (c->time == SIZE_MAX)
		return false;
	return own || (severity && !foreign &&
	    slice_eqs(header->cell[c->time].text, "timestamp"));
}

void
csv_columns_init(struct csv_columns *c, const struct csv_row *header)
{
	size_t fixed = 0;

	*c = (struct csv_columns){ .time = SIZE_MAX };
	arena_init(&c->arena);
	c->column = mem_calloc(header->kept ? header->kept : 1, sizeof *c->column);
	c->columns = header->kept;
	for (size_t i = 0; i < header->kept; i++) {
		struct slice name = csv_cell_text(&header->cell[i], &c->arena, &fixed);

		map_column(c, &c->column[i], slice_trim(name));
	}
	for (size_t i = 0; i < c->columns; i++) {
		if (c->column[i].kind == LOGENTRY_NONE)
			map_alias(c, &c->column[i]);
	}
	for (size_t i = 0; i < c->columns; i++) {
		if (c->column[i].kind != LOGENTRY_TIME)
			continue;
		if (c->time == SIZE_MAX || (strcmp(c->column[i].key[0], "timestamp") == 0 &&
		    strcmp(c->column[c->time].key[0], "timestamp") != 0))
			c->time = i;
	}
	c->entry = is_entry(c, header);
	c->complete = c->time != SIZE_MAX && has_column(c, "insertId") && has_column(c, "logName");
}

void
csv_columns_release(struct csv_columns *c)
{
	free(c->column);
	arena_release(&c->arena);
	*c = (struct csv_columns){ .column = NULL };
}

char
csv_separator(struct slice line)
{
	static const char separators[] = ",;\t";
	struct csv_row row = { .cell = NULL };
	struct csv_columns c;
	size_t most = 0;
	char best = ',';

	for (const char *s = separators; *s; s++) {
		size_t known = 0;

		csv_row_read(&row, line, *s, true, false);
		csv_columns_init(&c, &row);
		for (size_t i = 0; i < c.columns; i++)
			known += c.column[i].kind != LOGENTRY_NONE;
		csv_columns_release(&c);
		if (known > most) {
			most = known;
			best = *s;
		}
	}
	csv_row_release(&row);
	return best;
}

/* --- a row --- */

struct values {
	struct arena *a;
	struct buf *scratch;
	unsigned depth;		/* nesting that is followed */
};

static json_t *
text_value(struct slice s)
{
	json_t *v = json_stringn_nocheck(s.p ? s.p : "", s.n);

	if (!v)
		mem_fail();
	return v;
}

/* brackets inside brackets; strings are skipped */
static bool
is_too_deep(struct slice s, unsigned depth)
{
	unsigned open = 0;
	bool quoted = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '[') && ++open > depth)
			return true;
		else if (!quoted && (c == '}' || c == ']') && open > 0)
			open--;
	}
	return false;
}

/* the object or array that a cell holds as JSON; NULL when it holds something else */
static json_t *
tree_value(const struct values *v, struct slice s)
{
	struct json_fault fault;
	size_t bad;

	s = slice_trim(s);
	if (s.n < 2 || (s.p[0] != '{' && s.p[0] != '[') || is_too_deep(s, v->depth))
		return NULL;
	return json_load_lenient(s, v->scratch, &bad, &fault);
}

static size_t
digits(struct slice s, size_t from)
{
	size_t at = from;

	while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9')
		at++;
	return at - from;
}

/* a number as a JSON writer prints the number in a payload, which is a double: not 007, 1.50 */
static json_t *
number_value(struct slice s)
{
	size_t at = s.n && s.p[0] == '-' ? 1 : 0, whole = digits(s, at), part;
	int64_t integer;
	double real;

	if (whole == 0 || whole > 15 || (whole > 1 && s.p[at] == '0'))
		return NULL;
	if (at + whole == s.n) {
		if ((at && s.p[at] == '0') || !slice_to_int64(s, &integer))
			return NULL;
		return json_integer(integer);
	}
	if (s.p[at + whole] != '.')
		return NULL;
	part = digits(s, at + whole + 1);
	if (part == 0 || at + whole + 1 + part != s.n || whole + part > 17 ||
	    s.p[s.n - 1] == '0' || !slice_to_double(s, &real))
		return NULL;
	return json_real(real);
}

static json_t *
bool_value(struct slice s)
{
	if (slice_eq_fold(s, SLICE("true")))
		return json_true();
	return slice_eq_fold(s, SLICE("false")) ? json_false() : NULL;
}

static json_t *
cell_value(const struct values *v, const struct csv_column *of, struct slice s)
{
	json_t *value = NULL;

	switch (of->kind) {
	case LOGENTRY_TIME:
		s = slice_trim(s);
		break;
	case LOGENTRY_NUMBER:
		value = number_value(s);
		break;
	case LOGENTRY_BOOL:
		value = bool_value(s);
		break;
	case LOGENTRY_OBJECT:
		value = tree_value(v, s);
		break;
	case LOGENTRY_PAYLOAD:
		value = tree_value(v, s);
		if (value || of->keys == 1)
			break;
		value = slice_eqs(s, "true") || slice_eqs(s, "false") ? bool_value(s) :
		    number_value(s);
		break;
	default:
		break;
	}
	return value ? value : text_value(s);
}

/* takes value; the first of two cells for one place stays, objects are joined */
static void
set_member(json_t *object, const char *key, json_t *value)
{
	json_t *there = json_object_get(object, key);

	if (!there)
		json_object_set_new_nocheck(object, key, value);
	else {
		if (json_is_object(there) && json_is_object(value))
			json_object_update_missing(there, value);
		json_decref(value);
	}
}

/* takes value */
static void
put_value(json_t *root, const struct csv_column *of, json_t *value)
{
	json_t *at = root;

	for (size_t i = 0; i + 1 < of->keys; i++) {
		json_t *next = json_object_get(at, of->key[i]);

		if (!next) {
			next = json_object();
			json_object_set_new_nocheck(at, of->key[i], next);
		}
		/* a text where an object should be: the rest goes beside it */
		if (!json_is_object(next)) {
			set_member(at, of->key[of->keys - 1], value);
			return;
		}
		at = next;
	}
	set_member(at, of->key[of->keys - 1], value);
}

json_t *
csv_columns_object(const struct csv_columns *c, const struct csv_row *row, unsigned depth,
    struct arena *a, struct buf *scratch, size_t *fixed)
{
	struct values v = { a, scratch, depth };
	size_t n = row->kept < c->columns ? row->kept : c->columns;
	json_t *object = json_object();

	if (!object)
		mem_fail();
	*fixed = 0;
	for (size_t i = 0; i < n; i++) {
		const struct csv_column *of = &c->column[i];
		struct slice s;

		if (row->cell[i].text.n == 0)
			continue;
		s = csv_cell_text(&row->cell[i], a, fixed);
		put_value(object, of, cell_value(&v, of, s));
	}
	return object;
}
