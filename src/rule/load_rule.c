/*
 * load_rule.c - one event rule: everything but its detection and its examples.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rule/load.h"

#define REVISION_MAX 1000000

/* what a text may name without a default, beside the captures of the rule */
static const char *const values[] = { "service", "revision", "instance", "project", "location",
	"count", "first", "last", "from", "to", "message", "type", "place", "cause.type",
	"cause.message", "nodeid", NULL };

bool
rule_has_capture(const struct rule *r, struct slice name)
{
	for (size_t i = 0; i < r->captures; i++) {
		if (slice_eq(r->capture[i], name))
			return true;
	}
	return false;
}

/* roles that only mark a moment: no incident bears their name */
static bool
is_marker(enum rule_role role)
{
	return role == ROLE_START || role == ROLE_BANNER || role == ROLE_DEPLOY ||
	    role == ROLE_HEALTH || role == ROLE_EXIT;
}

/* texts --------------------------------------------------------------------- */

static void
fault_name(const struct node *n, const struct rule *r, struct slice name, size_t offset)
{
	const char *near = nearest_word(name, values);
	struct err e;

	err_set(&e, ERR_RULES, "`${%.*s}` is neither a capture of the rule nor a known value",
	    SLICE_ARG(name));
	err_note(&e, "it would always be empty in what is printed");
	err_help(&e, "add a group (?<%.*s>...) or a default: ${%.*s:-text}", SLICE_ARG(name),
	    SLICE_ARG(name));
	for (size_t i = 0; i < r->captures && !near; i++) {
		if (slice_distance(name, r->capture[i]) * 3 <= name.n)
			err_help(&e, "did you mean `${%.*s}`?", SLICE_ARG(r->capture[i]));
	}
	if (near)
		err_help(&e, "did you mean `${%s}`?", near);
	fault_offset(n, offset, "not known", &e);
}

static void
check_names(const struct node *n, const struct rule *r, struct slice text)
{
	struct slice in = text;
	struct expand_part part;
	struct err e;

	for (size_t at = 0; expand_next(&in, &part); at = text.n - in.n) {
		bool known = part.name.n == 0 || part.has_other || rule_has_capture(r, part.name);

		for (size_t i = 0; values[i] && !known; i++)
			known = slice_eqs(part.name, values[i]);
		if (!known)
			fault_name(n, r, part.name, at);
		if (!part.broken)
			continue;
		err_set(&e, ERR_RULES, "`${` does not begin a name");
		err_note(&e, "only ${name} and ${name:-text} are replaced");
		err_help(&e, "close the brace, or write the text without `${`");
		fault_offset(n, at, NULL, &e);
	}
}

static void
load_sentence(const struct node *n, const char *what, const struct rule *r, struct slice *out)
{
	if (!n->value || !want_text(n, what, out))
		return;
	check_names(n, r, *out);
	*out = slice_trim(*out);	/* block scalars end with a newline */
}

static void
load_next_why(const struct node *n, struct rule *r)
{
	static const char *const known[] = { "ask", "collect", NULL };
	struct node ask, collect;
	struct err e;

	if (!n->value || !want_map(n, "`next-why`"))
		return;
	check_keys(n, known, "`next-why`");
	collect = node_key(n, "collect");
	load_sentence(&collect, "`collect`", r, &r->collect);
	if (!want_key(n, "ask", "`next-why`", &ask))
		return;
	load_sentence(&ask, "`ask`", r, &r->ask);
	if (r->ask.n == 0 || slice_ends(slice_trim(r->ask), "?"))
		return;
	err_set(&e, ERR_RULES, "`ask` does not end with a question mark");
	err_note(&e, "it is printed as the next why");
	err_help(&e, "write one question, like 'Is the package in the image?'");
	fault_value(&ask, NULL, &e);
}

/* plain keys ---------------------------------------------------------------- */

static void
load_revision(const struct node *n, struct rule *r)
{
	json_int_t number = json_integer_value(n->value);
	struct err e;

	r->revision = 1;
	if (!n->value)
		return;
	if (json_is_integer(n->value) && number >= 1 && number <= REVISION_MAX) {
		r->revision = (unsigned)number;
		return;
	}
	err_set(&e, ERR_RULES, "`revision` must be a whole number from 1 to %d", REVISION_MAX);
	err_note(&e, "it counts the changes of the rule");
	err_help(&e, "write a number, like `revision: 2`");
	fault_value(n, NULL, &e);
}

static void
load_logsource(const struct node *n, struct rule *r)
{
	static const char *const known[] = { "product", "service", "category", "definition", NULL };
	static const char *const products[] = { "gcp", NULL };
	static const char *const services[] = { "cloud_run", NULL };
	static const char *const categories[] = { "request", "exception", "test_output", NULL };
	static const enum rule_subject subjects[] = { SUBJECT_REQUEST, SUBJECT_EXCEPTION,
		SUBJECT_TEST };
	struct node part;
	unsigned i;

	r->subject = SUBJECT_ENTRY;
	if (!n->value || !want_map(n, "`logsource`"))
		return;
	check_keys(n, known, "`logsource`");
	part = node_key(n, "product");
	if (part.value)
		want_word(&part, "product", products, &i);
	part = node_key(n, "service");
	if (part.value)
		want_word(&part, "service", services, &i);
	part = node_key(n, "category");
	if (part.value && want_word(&part, "category", categories, &i))
		r->subject = subjects[i];
}

static void
load_role(const struct node *n, struct rule *r)
{
	static const char *const roles[] = { "issue", "cause", "start-failure", "symptom", "start",
		"exit", "banner", "deploy", "health", NULL };
	unsigned i;

	r->role = ROLE_ISSUE;
	if (n->value && want_word(n, "role", roles, &i))
		r->role = (enum rule_role)i;
}

static void
load_group_by(const struct node *n, struct rule *r)
{
	struct slice *service;
	struct err e;

	if (!n->value && r->subject != SUBJECT_TEST) {
		service = arena_array(n->l->a, 1, sizeof *service);
		*service = SLICE("service");
		r->group_by = service;
		r->group_bys = 1;
	}
	if (!n->value || (json_is_array(n->value) && json_array_size(n->value) == 0))
		return;
	if (!want_text_list(n, "`group-by`", &r->group_by, &r->group_bys))
		return;
	for (size_t i = 0; i < r->group_bys; i++) {
		struct node item = node_item(n, i);
		const char *near = field_near(r->subject, r->group_by[i]);

		if (rule_has_capture(r, r->group_by[i]) || field_known(r->subject, r->group_by[i]))
			continue;
		err_set(&e, ERR_RULES, "`%.*s` is neither a field nor a capture of the rule",
		    SLICE_ARG(r->group_by[i]));
		err_note(&e, "hits cannot be grouped by what they do not have");
		err_help(&e, "add a group of that name to a pattern, or name a field");
		if (near)
			err_help(&e, "did you mean `%s`?", near);
		fault_value(&item, NULL, &e);
	}
}

/* hypotheses ---------------------------------------------------------------- */

static bool
load_support(const struct node *n, struct rule_support *s)
{
	static const char *const known[] = { "hypothesis", "strength", NULL };
	static const char *const strengths[] = { "weak", "medium", "strong", NULL };
	struct node name, strength;
	unsigned i;

	if (!want_map(n, "an item of `supports` and `refutes`"))
		return false;
	check_keys(n, known, "an item of `supports` and `refutes`");
	if (want_key(n, "strength", "the item", &strength) &&
	    want_word(&strength, "strength", strengths, &i))
		s->strength = (enum strength)i;
	if (!want_key(n, "hypothesis", "the item", &name) ||
	    !want_name(&name, "`hypothesis`", &s->hypothesis))
		return false;
	load_use(&name, s->hypothesis);
	return true;
}

static void
load_supports(const struct node *doc, struct rule *r)
{
	static const char *const keys[] = { "supports", "refutes" };
	struct rule_support *support = NULL;
	size_t n = 0, cap = 0;

	for (size_t k = 0; k < 2; k++) {
		struct node list = node_key(doc, keys[k]);

		if (!list.value || !want_list(&list, keys[k]))
			continue;
		for (size_t i = 0; i < json_array_size(list.value); i++) {
			struct node item = node_item(&list, i);

			support = mem_grow(support, &cap, n + 1, sizeof *support);
			support[n] = (struct rule_support){ .refutes = k == 1 };
			if (load_support(&item, &support[n]))
				n++;
		}
	}
	if (n) {
		struct rule_support *kept = arena_array(doc->l->a, n, sizeof *kept);

		memcpy(kept, support, n * sizeof *kept);
		r->support = kept;
		r->supports = n;
	}
	free(support);
}

/* the document -------------------------------------------------------------- */

static bool
refuse_later_kinds(const struct node *doc)
{
	static const char *const later[] = { "correlation", "list", "exclude", NULL };
	struct err e;

	for (size_t i = 0; later[i]; i++) {
		struct node n = node_key(doc, later[i]);

		if (!n.value)
			continue;
		err_set(&e, ERR_RULES, "`%s` documents are not supported yet", later[i]);
		err_note(&e, "event rules, hypotheses and a priority table are");
		err_help(&e, "take the document out");
		fault_key(&n, NULL, &e);
		return true;
	}
	return false;
}

static void
load_required(const struct node *doc, struct rule *r)
{
	struct node n;

	if (want_key(doc, "title", "the rule", &n))
		want_text(&n, "`title`", &r->title);
	n = node_key(doc, "priority");
	r->priority = PRIORITY_P3;
	if (n.value || (!is_marker(r->role) && want_key(doc, "priority", "the rule", &n)))
		want_priority(&n, &r->priority);
	n = node_key(doc, "says");
	if (n.value || (!is_marker(r->role) && want_key(doc, "says", "the rule", &n)))
		load_sentence(&n, "`says`", r, &r->says);
	n = node_key(doc, "remediation");
	if (!n.value && (r->role == ROLE_ISSUE || r->role == ROLE_CAUSE ||
	    r->role == ROLE_START_FAILURE))
		want_key(doc, "remediation", "the rule", &n);
	load_sentence(&n, "`remediation`", r, &r->remediation);
}

static void
load_optional(const struct node *doc, struct rule *r)
{
	struct node n;

	n = node_key(doc, "description");
	if (n.value)
		want_text(&n, "`description`", &r->description);
	n = node_key(doc, "tags");
	if (n.value)
		want_text_list(&n, "`tags`", &r->tag, &r->tags);
	n = node_key(doc, "issue");
	if (n.value)
		want_issue(&n, &r->issue);
	n = node_key(doc, "revision");
	load_revision(&n, r);
	n = node_key(doc, "group-by");
	load_group_by(&n, r);
	n = node_key(doc, "next-why");
	load_next_why(&n, r);
	load_supports(doc, r);
}

void
load_rule(const struct node *doc)
{
	static const char *const known[] = { "title", "name", "revision", "tags", "level",
		"logsource", "detection", "role", "priority", "group-by", "says", "remediation",
		"next-why", "issue", "supports", "refutes", "tests", "id", "status", "description",
		"author", "references", "date", "modified", "falsepositives", "related", NULL };
	struct load *l = doc->l;
	struct rule r = { .line = doc->doc->line };
	struct loaded_rule *kept;
	struct node n, name;

	if (refuse_later_kinds(doc))
		return;
	check_keys(doc, known, "a rule");
	if (want_key(doc, "name", "the rule", &name))
		want_name(&name, "`name`", &r.name);
	r.path = arena_copy(l->a, slice_str(doc->file->path));
	memcpy(r.hash, l->hash[l->hashes - 1], sizeof r.hash);
	n = node_key(doc, "logsource");
	load_logsource(&n, &r);
	n = node_key(doc, "role");
	load_role(&n, &r);
	if (want_key(doc, "detection", "the rule", &n))
		load_detection(&n, &r);
	load_required(doc, &r);
	load_optional(doc, &r);
	n = node_key(doc, "tests");
	load_examples(&n, doc, &r);
	if (r.name.n == 0)
		return;
	l->rule = mem_grow(l->rule, &l->rule_cap, l->rules + 1, sizeof *l->rule);
	kept = &l->rule[l->rules++];
	kept->rule = r;
	kept->spot = node_spot(&name);
}
