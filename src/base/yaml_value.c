/*
 * yaml_value.c - libyaml's events into a jansson value, for documents that programs print.
 */
#include "config.h"

#include "base/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/mem.h"

#define TAG_CORE "tag:yaml.org,2002:"

struct level {
	json_t *value;		/* belongs to the level above, the first to the caller */
	char *key;		/* of a mapping: of the last member, owned; kept for the path */
	bool has_key;		/* its value comes next */
};

struct building {
	struct level *level;
	size_t levels, max;
	const char **path;	/* the keys above the value at hand; lists have none */
	yaml_is_text_fn *is_text;
	struct yaml_fault *fault;
	json_t *root;
};

static int
refuse(struct building *b, yaml_mark_t at, const char *what)
{
	b->fault->line = at.line;
	b->fault->col = at.column;
	snprintf(b->fault->text, sizeof b->fault->text, "%s", what);
	return -1;
}

/* --- scalars --- */

static bool
is_text_here(struct building *b)
{
	size_t n = 0;

	if (!b->is_text)
		return false;
	for (size_t i = 0; i < b->levels; i++) {
		if (b->level[i].key)
			b->path[n++] = b->level[i].key;
	}
	return b->is_text(b->path, n);
}

static bool
is_plain_number(struct slice s, bool *integer)
{
	size_t i = s.n && s.p[0] == '-' ? 1 : 0, from = i;

	*integer = true;
	if (i == s.n || s.p[i] < '0' || s.p[i] > '9')
		return false;
	if (s.p[i] == '0' && i + 1 < s.n && s.p[i + 1] >= '0' && s.p[i + 1] <= '9')
		return false;
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			*integer = false;
	}
	return i > from;
}

static json_t *
text_value(struct slice s)
{
	return json_stringn_nocheck(s.p, s.n);
}

/* what a plain scalar is; the rules are those of yaml_load, and ~ */
static json_t *
plain_value(struct slice s)
{
	bool integer;
	int64_t i;
	double d;

	if (s.n == 0 || slice_eqs(s, "null") || slice_eqs(s, "~"))
		return json_null();
	if (slice_eqs(s, "true"))
		return json_true();
	if (slice_eqs(s, "false"))
		return json_false();
	if (is_plain_number(s, &integer)) {
		if (integer && slice_to_int64(s, &i))
			return json_integer(i);
		if (!integer && slice_to_double(s, &d))
			return json_real(d);
	}
	return text_value(s);
}

/* NULL when the tag is none of those that a value of JSON can have */
static json_t *
tagged_value(struct slice s, const char *tag)
{
	double d;

	if (strcmp(tag, "!") == 0 || strcmp(tag, TAG_CORE "str") == 0)
		return text_value(s);
	if (strcmp(tag, TAG_CORE "float") == 0)
		return slice_to_double(s, &d) ? json_real(d) : text_value(s);
	if (strcmp(tag, TAG_CORE "int") == 0 || strcmp(tag, TAG_CORE "bool") == 0 ||
	    strcmp(tag, TAG_CORE "null") == 0)
		return plain_value(s);
	return NULL;
}

static json_t *
scalar_value(struct building *b, const yaml_event_t *ev)
{
	struct slice s = slice_of((const char *)ev->data.scalar.value, ev->data.scalar.length);
	const char *tag = (const char *)ev->data.scalar.tag;

	if (tag)
		return tagged_value(s, tag);
	if (ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return text_value(s);
	/* null is no text, but no value */
	if (s.n > 0 && !slice_eqs(s, "null") && is_text_here(b))
		return text_value(s);
	return plain_value(s);
}

/* --- structure --- */

static struct level *
top(struct building *b)
{
	return b->levels ? &b->level[b->levels - 1] : NULL;
}

/* takes value */
static int
add(struct building *b, json_t *value)
{
	struct level *up = top(b);
	int rc = 0;

	if (!value)
		mem_fail();
	if (!up) {
		b->root = value;
	} else if (json_is_object(up->value)) {
		rc = json_object_set_new_nocheck(up->value, up->key, value);
		up->has_key = false;
	} else {
		rc = json_array_append_new(up->value, value);
	}
	if (rc != 0)
		mem_fail();
	return 0;
}

static bool
wants_key(struct building *b)
{
	const struct level *up = top(b);

	return up && json_is_object(up->value) && !up->has_key;
}

static int
on_scalar(struct building *b, const yaml_event_t *ev)
{
	const char *text = (const char *)ev->data.scalar.value;
	struct level *up = top(b);
	json_t *value;

	if (ev->data.scalar.anchor)
		return refuse(b, ev->start_mark, "it has an anchor (&name)");
	if (wants_key(b)) {
		if (strlen(text) != ev->data.scalar.length)
			return refuse(b, ev->start_mark, "a key holds a NUL character");
		if (json_object_get(up->value, text))
			return refuse(b, ev->start_mark,
			    "a key occurs twice, as where two records ran into each other");
		free(up->key);
		up->key = mem_strdup(text);
		up->has_key = true;
		return 0;
	}
	value = scalar_value(b, ev);
	if (!value)
		return refuse(b, ev->start_mark, "it has a tag that no JSON value has");
	return add(b, value);
}

/* takes value */
static int
on_start(struct building *b, yaml_mark_t at, const yaml_char_t *anchor, const yaml_char_t *tag,
    json_t *value)
{
	bool key = wants_key(b), deep = b->levels == b->max;

	if (anchor || key || deep || (tag && strncmp((const char *)tag, TAG_CORE,
	    sizeof TAG_CORE - 1) != 0)) {
		json_decref(value);
		b->fault->deep = deep;
		return refuse(b, at, anchor ? "it has an anchor (&name)" :
		    key ? "a key is a list or a mapping" :
		    deep ? "it is nested too deeply" : "it has a tag that no JSON value has");
	}
	add(b, value);
	b->level[b->levels++] = (struct level){ .value = value };
	return 0;
}

static int
on_event(struct building *b, const yaml_event_t *ev)
{
	switch (ev->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (b->root)
			return refuse(b, ev->start_mark, "a second document follows");
		return 0;
	case YAML_ALIAS_EVENT:
		return refuse(b, ev->start_mark, "it has an alias (*name)");
	case YAML_SCALAR_EVENT:
		return on_scalar(b, ev);
	case YAML_SEQUENCE_START_EVENT:
		return on_start(b, ev->start_mark, ev->data.sequence_start.anchor,
		    ev->data.sequence_start.tag, json_array());
	case YAML_MAPPING_START_EVENT:
		return on_start(b, ev->start_mark, ev->data.mapping_start.anchor,
		    ev->data.mapping_start.tag, json_object());
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		free(b->level[--b->levels].key);
		return 0;
	default:
		return 0;
	}
}

static int
on_syntax_error(struct building *b, const yaml_parser_t *parser)
{
	yaml_mark_t at = parser->problem_mark;

	if (parser->error == YAML_MEMORY_ERROR)
		mem_fail();
	/* what the reader of libyaml refuses has no mark */
	if (parser->error == YAML_READER_ERROR)
		at = parser->mark;
	return refuse(b, at, parser->problem ? parser->problem : "not valid YAML");
}

static int
run_parser(struct building *b, yaml_parser_t *parser)
{
	bool end = false;
	int rc = 0;

	while (!end && rc == 0) {
		yaml_event_t ev;

		if (!yaml_parser_parse(parser, &ev))
			return on_syntax_error(b, parser);
		end = ev.type == YAML_STREAM_END_EVENT;
		rc = on_event(b, &ev);
		yaml_event_delete(&ev);
	}
	return rc;
}

json_t *
yaml_value(struct slice text, unsigned depth, yaml_is_text_fn *is_text, struct yaml_fault *fault)
{
	struct building b = { .max = depth, .is_text = is_text, .fault = fault };
	yaml_parser_t parser;
	int rc;

	memset(fault, 0, sizeof *fault);
	b.level = mem_calloc(depth + 1, sizeof *b.level);
	b.path = mem_calloc(depth + 1, sizeof *b.path);
	if (!yaml_parser_initialize(&parser))
		mem_fail();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.p, text.n);
	rc = run_parser(&b, &parser);
	yaml_parser_delete(&parser);
	for (size_t i = 0; i < b.levels; i++)
		free(b.level[i].key);
	free(b.level);
	free(b.path);
	if (rc == 0 && !b.root)
		b.root = json_null();
	if (rc == 0)
		return b.root;
	json_decref(b.root);
	return NULL;
}
