/*
 * load_want.c - values of a rule document as what the loader wants them to be.
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "rule/load.h"

static const char *
kind_word(const json_t *v)
{
	if (!v)
		return "nothing";
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return "a mapping";
	case JSON_ARRAY:
		return "a list";
	case JSON_STRING:
		return "text";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "true or false";
	case JSON_NULL:
		break;
	}
	return "nothing";
}

static bool
fault_kind(const struct node *n, const char *what, const char *wanted, const char *help)
{
	struct err e;

	err_set(&e, ERR_RULES, "%s must be %s", what, wanted);
	err_note(&e, "it is %s here", kind_word(n->value));
	err_help(&e, "%s", help);
	fault_value(n, NULL, &e);
	return false;
}

bool
want_map(const struct node *n, const char *what)
{
	if (json_is_object(n->value) && json_object_size(n->value))
		return true;
	return fault_kind(n, what, "a mapping with at least one key", "write `key: value` lines");
}

bool
want_list(const struct node *n, const char *what)
{
	if (json_is_array(n->value) && json_array_size(n->value))
		return true;
	return fault_kind(n, what, "a list with at least one item",
	    "write `[a, b]`, or `- a` lines");
}

bool
want_text(const struct node *n, const char *what, struct slice *out)
{
	if (!json_is_string(n->value) || slice_trim(node_text(n)).n == 0)
		return fault_kind(n, what, "text that is not empty",
		    "put it into single quotes if it looks like something else");
	*out = arena_copy(n->l->a, node_text(n));
	return true;
}

static bool
is_name(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_')
			return false;
	}
	return s.n > 0 && s.n <= RULE_NAME_MAX;
}

bool
want_name(const struct node *n, const char *what, struct slice *out)
{
	struct err e;

	if (!want_text(n, what, out))
		return false;
	if (is_name(*out))
		return true;
	err_set(&e, ERR_RULES, "`%.*s` is no name", SLICE_ARG(*out));
	err_note(&e, "names are small letters, digits and _, at most %d of them", RULE_NAME_MAX);
	err_help(&e, "write it like `python_module_missing`");
	fault_value(n, NULL, &e);
	return false;
}

bool
want_word(const struct node *n, const char *what, const char *const *words, unsigned *index)
{
	struct slice text;
	struct err e;

	if (!want_text(n, what, &text))
		return false;
	for (unsigned i = 0; words[i]; i++) {
		if (slice_eqs(text, words[i])) {
			*index = i;
			return true;
		}
	}
	err_set(&e, ERR_RULES, "`%.*s` is no %s", SLICE_ARG(text), what);
	err_note(&e, "only a few words are accepted here");
	help_words(&e, text, words);
	fault_value(n, NULL, &e);
	return false;
}

bool
want_priority(const struct node *n, enum priority *out)
{
	static const char *const words[] = { "P0", "P1", "P2", "P3", NULL };
	unsigned i;

	if (!want_word(n, "priority", words, &i))
		return false;
	*out = (enum priority)i;
	return true;
}

/* "gh:owner/name#123": a tracker, where in it, and a number */
static bool
is_issue(struct slice s)
{
	struct slice tracker, where;
	uint64_t number;

	return slice_take_until(&s, ':', &tracker) && tracker.n &&
	    slice_take_until(&s, '#', &where) && where.n &&
	    slice_take_uint(&s, &number) && s.n == 0;
}

bool
want_issue(const struct node *n, struct slice *out)
{
	struct err e;

	if (!want_text(n, "`issue`", out))
		return false;
	if (is_issue(*out))
		return true;
	err_set(&e, ERR_RULES, "`%.*s` does not name an issue", SLICE_ARG(*out));
	err_note(&e, "an issue is a tracker, a place in it and a number");
	err_help(&e, "write it like 'gh:owner/name#123', in quotes because of the #");
	fault_value(n, NULL, &e);
	return false;
}

bool
want_scalar(const struct node *n, const char *what, struct slice *out)
{
	struct arena *a = n->l->a;
	char *dump;

	if (json_is_string(n->value)) {
		*out = arena_copy(a, node_text(n));
		return true;
	}
	if (!json_is_number(n->value) && !json_is_boolean(n->value))
		return fault_kind(n, what, "text, a number, true or false",
		    "write one value, in single quotes if it is text");
	dump = json_dumps(n->value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	*out = arena_copy(a, slice_str(dump));
	free(dump);
	return true;
}

bool
want_text_list(const struct node *n, const char *what, const struct slice **out, size_t *count)
{
	struct slice *text;
	bool good = true;
	size_t items;

	if (!want_list(n, what))
		return false;
	items = json_array_size(n->value);
	text = arena_array(n->l->a, items, sizeof *text);
	for (size_t i = 0; i < items; i++) {
		struct node item = node_item(n, i);

		good = want_text(&item, what, &text[i]) && good;
	}
	if (!good)
		return false;
	*out = text;
	*count = items;
	return true;
}

bool
want_key(const struct node *map, const char *key, const char *what, struct node *out)
{
	struct err e;

	*out = node_key(map, key);
	if (out->value)
		return true;
	err_set(&e, ERR_RULES, "%s has no `%s`", what, key);
	err_note(&e, "the key must be there");
	err_help(&e, "add `%s:`; netra-triage-rules(5) says what it holds", key);
	fault_value(map, NULL, &e);
	return false;
}
