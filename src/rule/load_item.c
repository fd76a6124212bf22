/*
 * load_item.c - one line of a selection: field, modifiers, and a value or a list of them.
 */
#include "config.h"

#include <string.h>

#include "base/mem.h"
#include "rule/load.h"

enum op { OP_IS, OP_CONTAINS, OP_STARTSWITH, OP_ENDSWITH, OP_RE, OP_EXISTS, OP_LT, OP_LTE, OP_GT,
	OP_GTE };

enum { MOD_OP, MOD_ALL, MOD_CASED, MOD_NEQ, MOD_FLAG };

static const struct modifier {
	const char *name;
	int kind;
	unsigned value;		/* the op, or the flag of a pattern */
} modifiers[] = {
	{ "contains", MOD_OP, OP_CONTAINS },
	{ "startswith", MOD_OP, OP_STARTSWITH },
	{ "endswith", MOD_OP, OP_ENDSWITH },
	{ "re", MOD_OP, OP_RE },
	{ "exists", MOD_OP, OP_EXISTS },
	{ "lt", MOD_OP, OP_LT },
	{ "lte", MOD_OP, OP_LTE },
	{ "gt", MOD_OP, OP_GT },
	{ "gte", MOD_OP, OP_GTE },
	{ "all", MOD_ALL, 0 },
	{ "cased", MOD_CASED, 0 },
	{ "neq", MOD_NEQ, 0 },
	{ "i", MOD_FLAG, PATTERN_CASELESS },
	{ "m", MOD_FLAG, PATTERN_MULTILINE },
	{ "s", MOD_FLAG, PATTERN_DOTALL },
};

#define MODIFIERS (sizeof modifiers / sizeof modifiers[0])

/* Sigma has them, this version has not: an error, never half read */
static const char *const later[] = { "cidr", "fieldref", "expand", "base64", "base64offset",
	"windash", "wide", "utf16", "utf16le", "utf16be", "minute", "hour", "day", "week", "month",
	"year", NULL };

struct test_key {		/* "field|modifier|modifier", taken apart */
	struct slice field;
	enum op op;
	bool all, cased, neq;
	unsigned flags;
};

/* modifiers ----------------------------------------------------------------- */

static bool
fault_modifier(const struct node *n, size_t offset, struct err *e)
{
	struct spot spot = node_key_spot(n);

	spot.col += (unsigned)offset;
	fault_at(n->l, spot, NULL, e);
	return false;
}

static bool
fault_unknown(const struct node *n, struct slice word, size_t offset)
{
	const char *names[MODIFIERS + 1] = { NULL };
	struct err e;

	for (size_t i = 0; later[i]; i++) {
		if (!slice_eqs(word, later[i]))
			continue;
		err_set(&e, ERR_RULES, "the modifier `%s` is not supported yet", later[i]);
		err_note(&e, "a rule is never loaded without a part of its meaning");
		err_help(&e, "say it with `re`, `contains` or numbers");
		return fault_modifier(n, offset, &e);
	}
	for (size_t i = 0; i < MODIFIERS; i++)
		names[i] = modifiers[i].name;
	err_set(&e, ERR_RULES, "unknown modifier `%.*s`", SLICE_ARG(word));
	err_note(&e, "modifiers stand behind the field, as in `message|contains`");
	help_words(&e, word, names);
	return fault_modifier(n, offset, &e);
}

static bool
fault_clash(const struct node *n, struct slice word, size_t offset, const char *note)
{
	struct err e;

	err_set(&e, ERR_RULES, "the modifier `%.*s` does not fit here", SLICE_ARG(word));
	err_note(&e, "%s", note);
	err_help(&e, "take it out, or write a second selection");
	return fault_modifier(n, offset, &e);
}

static bool
add_modifier(const struct node *n, struct slice word, size_t offset, struct test_key *k)
{
	const struct modifier *m = NULL;

	for (size_t i = 0; i < MODIFIERS && !m; i++) {
		if (slice_eqs(word, modifiers[i].name))
			m = &modifiers[i];
	}
	if (!m)
		return fault_unknown(n, word, offset);
	if (m->kind == MOD_OP && k->op != OP_IS)
		return fault_clash(n, word, offset, "one way to compare is enough");
	if (m->kind == MOD_FLAG && k->op != OP_RE)
		return fault_clash(n, word, offset, "i, m and s stand behind `re`");
	if (m->kind == MOD_OP)
		k->op = (enum op)m->value;
	else if (m->kind == MOD_ALL)
		k->all = true;
	else if (m->kind == MOD_CASED)
		k->cased = true;
	else if (m->kind == MOD_NEQ)
		k->neq = true;
	else
		k->flags |= m->value;
	return true;
}

static bool
check_modifiers(const struct node *n, const struct test_key *k)
{
	bool strings = k->op <= OP_ENDSWITH;

	if (k->cased && !strings)
		return fault_clash(n, SLICE("cased"), 0, "it is for text; patterns and numbers "
		    "are compared exactly anyway");
	if (k->neq && (!strings || k->all))
		return fault_clash(n, SLICE("neq"), 0, "it negates a comparison of text without "
		    "`all`; use `not` in the condition for others");
	if (k->all && k->op == OP_EXISTS)
		return fault_clash(n, SLICE("all"), 0, "`exists` has one value");
	return true;
}

static bool
check_field(const struct node *n, enum rule_subject kind, struct slice name)
{
	const char *near = field_near(kind, name);
	struct err e;

	if (field_known(kind, name))
		return true;
	err_set(&e, ERR_RULES, "%s subjects have no field `%.*s`", rule_subject_name(kind),
	    SLICE_ARG(name));
	err_note(&e, "the selection could never match");
	if (near)
		err_help(&e, "did you mean `%s`?", near);
	else if (kind == SUBJECT_ENTRY || kind == SUBJECT_REQUEST)
		err_help(&e, "write payload fields in full, like jsonPayload.%.*s",
		    SLICE_ARG(name));
	else
		err_help(&e, "netra-triage-rules(5) lists the fields");
	fault_key(n, "not known", &e);
	return false;
}

/* n: the value of the key; a key that begins with | is about keywords */
static bool
read_key(const struct node *n, struct slice text, enum rule_subject kind, struct test_key *k)
{
	struct slice rest = text, word;
	bool good = true;

	memset(k, 0, sizeof *k);
	if (!slice_take_until(&rest, '|', &k->field)) {
		k->field = text;
		return check_field(n, kind, k->field);
	}
	for (bool more = true; more;) {
		size_t offset = text.n - rest.n;

		more = slice_take_until(&rest, '|', &word);
		if (!more)
			word = rest;
		good = add_modifier(n, word, offset, k) && good;
	}
	if (k->field.n == 0 && k->op == OP_IS)
		k->op = OP_CONTAINS;
	if (k->field.n == 0)
		k->field = SLICE("message");
	return check_field(n, kind, k->field) && good && check_modifiers(n, k);
}

/* values -------------------------------------------------------------------- */

static bool
fault_wanted(const struct node *n, const char *what, const char *note)
{
	struct err e;

	err_set(&e, ERR_RULES, "the value must be %s", what);
	err_note(&e, "%s", note);
	err_help(&e, "correct the value, or the modifier");
	fault_value(n, NULL, &e);
	return false;
}

static bool
load_pattern(const struct node *n, const struct test_key *k, struct value *v)
{
	struct rule_patterns *all = n->l->patterns;
	struct pattern *p;
	size_t offset;
	struct err e;

	if (!node_quoted(n)) {
		err_set(&e, ERR_RULES, "a pattern must be quoted");
		err_note(&e, "in plain YAML ` #` begins a comment and `: ` a mapping, so a part of "
		    "the pattern could be lost");
		err_help(&e, "put it into single quotes, or below `|-`");
		fault_value(n, "not quoted", &e);
		return false;
	}
	if (node_text(n).n == 0)
		return fault_wanted(n, "a pattern", "an empty pattern matches everything");
	if (pattern_compile(node_text(n), k->flags, &p, &offset, &e) != 0) {
		err_add(&e, "bad pattern");
		err_note(&e, "patterns are PCRE2, without (*VERBS), callouts, recursion and \\C");
		err_help(&e, "pcre2pattern(3) has the syntax; \\Q..\\E or a backslash makes "
		    "characters literal");
		fault_offset(n, offset, "here", &e);
		return false;
	}
	all->pattern = mem_grow(all->pattern, &all->cap, all->n + 1, sizeof *all->pattern);
	all->pattern[all->n++] = p;
	v->kind = VALUE_RE;
	v->pattern = p;
	return true;
}

static bool
load_glob(const struct node *n, const struct test_key *k, struct value *v)
{
	struct slice text;

	if (!want_scalar(n, "the value", &text))
		return false;
	if (text.n == 0 && k->op != OP_IS)
		return fault_wanted(n, "text that is not empty", "every text contains, begins and "
		    "ends with the empty text");
	if (text.n > GLOB_TEXT_MAX)
		return fault_wanted(n, "at most 1024 bytes", "longer text is not looked for");
	v->kind = VALUE_GLOB;
	v->glob = glob_compile(n->l->a, text, k->cased);
	if (k->op == OP_CONTAINS || k->op == OP_ENDSWITH)
		v->glob.open_start = true;
	if (k->op == OP_CONTAINS || k->op == OP_STARTSWITH)
		v->glob.open_end = true;
	return true;
}

static bool
load_number(const struct node *n, const struct test_key *k, struct value *v)
{
	static const enum value_kind kinds[] = { [OP_LT] = VALUE_LT, [OP_LTE] = VALUE_LTE,
		[OP_GT] = VALUE_GT, [OP_GTE] = VALUE_GTE };

	if (!json_is_number(n->value))
		return fault_wanted(n, "a number", "lt, lte, gt and gte compare numbers");
	v->kind = k->op == OP_IS ? VALUE_REAL : kinds[k->op];
	v->real = json_number_value(n->value);
	if (k->op == OP_IS && json_is_integer(n->value)) {
		v->kind = VALUE_INTEGER;
		v->integer = json_integer_value(n->value);
	}
	return true;
}

static bool
load_value(const struct node *n, const struct test_key *k, struct value *v)
{
	if (k->op == OP_RE && json_is_string(n->value))
		return load_pattern(n, k, v);
	if (k->op == OP_RE)
		return fault_wanted(n, "a quoted pattern", "`re` matches text by a pattern");
	if (k->op == OP_EXISTS) {
		if (!json_is_boolean(n->value))
			return fault_wanted(n, "true or false",
			    "`exists` asks whether the field is there");
		v->kind = json_is_true(n->value) ? VALUE_EXISTS : VALUE_ABSENT;
		return true;
	}
	if (k->op >= OP_LT || (k->op == OP_IS && json_is_number(n->value)))
		return load_number(n, k, v);
	if (k->op == OP_IS && json_is_null(n->value)) {
		v->kind = VALUE_NULL;
		return true;
	}
	return load_glob(n, k, v);
}

/* a value, or a list of them */
static bool
load_values(const struct node *n, const struct test_key *k, struct item *it)
{
	size_t count = json_is_array(n->value) ? json_array_size(n->value) : 1;
	struct value *v = arena_array(n->l->a, count, sizeof *v);
	bool good = true;

	it->value = v;
	it->values = count;
	if (!json_is_array(n->value)) {
		if (k->all)
			return fault_wanted(n, "a list", "`all` wants every value of a list to "
			    "match");
		return load_value(n, k, v);
	}
	if (k->op == OP_EXISTS || count == 0)
		return fault_wanted(n, count ? "one value" : "at least one value", count ?
		    "`exists` takes true or false" : "an empty list can never match");
	for (size_t i = 0; i < count; i++) {
		struct node item = node_item(n, i);

		good = load_value(&item, k, &v[i]) && good;
	}
	return good;
}

static void
init_item(struct load *l, struct item *it, struct slice key, const struct test_key *k)
{
	it->key = arena_copy(l->a, key);
	it->is_message = slice_eq_fold(k->field, SLICE("message"));
	it->field = it->is_message ? SLICE("message") : arena_copy(l->a, k->field);
	it->all = k->all;
	it->negate = k->neq;
	it->costly = k->op == OP_RE;
}

bool
load_item(const struct node *n, struct slice key, enum rule_subject kind, struct item *it)
{
	struct test_key k;

	if (!read_key(n, key, kind, &k))
		return false;
	init_item(n->l, it, key, &k);
	return load_values(n, &k, it);
}

bool
is_keyword(const struct node *n)
{
	return json_is_string(n->value) || json_is_number(n->value);
}

/* the texts of the list, any of which may stand in the message */
void
load_keywords(const struct node *n, struct item *it)
{
	static const struct test_key contains = { .field = { "message", 7 }, .op = OP_CONTAINS };
	size_t count = json_array_size(n->value);
	struct value *v = arena_array(n->l->a, count, sizeof *v);

	init_item(n->l, it, SLICE("keywords"), &contains);
	it->value = v;
	for (size_t i = 0; i < count; i++) {
		struct node item = node_item(n, i);

		if (is_keyword(&item) && load_glob(&item, &contains, &v[it->values]))
			it->values++;
	}
}
