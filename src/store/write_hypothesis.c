#include "config.h"

#include "store/db.h"

#include <stdlib.h>

#include "base/mem.h"

enum { KEY_ADD, KEY_GET, ADD, FIRED, PROOF_ADD };
static const char *const texts[] = {
	[KEY_ADD] = "INSERT INTO hypothesis_key (name) SELECT ?1 WHERE NOT EXISTS"
	    " (SELECT 1 FROM hypothesis_key WHERE name = ?1)",
	[KEY_GET] = "SELECT id FROM hypothesis_key WHERE name = ?1",
	[ADD] = "INSERT INTO hypothesis (id, name, class, title, priority, issue)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
	/* with the first record that each finding stands on */
	[FIRED] = "SELECT f.id, f.n, f.says, h.event_id, h.test_id, h.output_id, h.line, h.byte,"
	    " h.quote_event_id, h.start, h.stop,"
	    " EXISTS (SELECT 1 FROM request r WHERE r.event_id = h.event_id)"
	    " FROM finding f JOIN finding_hit h ON h.finding_id = f.id AND h.n = 1"
	    " WHERE f.rule = ?1 AND f.outcome = 'fired' ORDER BY f.id",
	[PROOF_ADD] = "INSERT INTO proof (kind, relation, strength, hypothesis_id, finding_id,"
	    " event_id, test_id, output_id, line, byte, quote_start, quote_end, rule, says, n)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
};
const struct sql_group sql_hypothesis = { GROUP_HYPOTHESIS, texts,
    sizeof texts / sizeof *texts };

/* a finding that fired, as far as evidence needs it */
struct fired {
	int64_t finding_id, n;
	struct slice says;
	struct quote quote;
	int64_t byte;
	bool request;
};

struct fired_list {
	struct fired *item;
	size_t n, cap;
};

static int
load_fired(struct store *st, const struct rule *r, struct arena *a, struct fired_list *list,
    struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	list->n = 0;
	if (db_stmt(st, &sql_hypothesis, FIRED, &s, e))
		return -1;
	db_bind_text_or_empty(s, 1, r->name);
	while ((rc = db_row(st, s, e)) > 0) {
		struct fired *f;

		list->item = mem_grow(list->item, &list->cap, list->n + 1, sizeof *list->item);
		f = &list->item[list->n++];
		*f = (struct fired){ .finding_id = sqlite3_column_int64(s, 0),
		    .n = sqlite3_column_int64(s, 1), .says = db_copy(a, s, 2),
		    .byte = sqlite3_column_int64(s, 7), .request = sqlite3_column_int(s, 11) };
		f->quote = (struct quote){ sqlite3_column_int64(s, 3), sqlite3_column_int64(s, 4),
		    sqlite3_column_int64(s, 5), (uint64_t)sqlite3_column_int64(s, 6),
		    (uint32_t)sqlite3_column_int64(s, 9), (uint32_t)sqlite3_column_int64(s, 10) };
		if (sqlite3_column_type(s, 8) != SQLITE_NULL)
			f->quote.event_id = sqlite3_column_int64(s, 8);
	}
	return rc;
}

static const char *
fired_kind(const struct fired *f)
{
	if (f->quote.output_id)
		return "output";
	if (f->quote.test_id)
		return "test";
	return f->request ? "request" : "entry";
}

static int
put_proof(struct store *st, int64_t hypothesis, const struct rule *r,
    const struct rule_support *support, const struct fired *f, struct err *e)
{
	int64_t start, end;
	sqlite3_stmt *s;

	if (quote_range(st, &f->quote, &start, &end, e) ||
	    db_stmt(st, &sql_hypothesis, PROOF_ADD, &s, e))
		return -1;
	db_bind_str(s, 1, fired_kind(f));
	db_bind_str(s, 2, support->refutes ? "against" : "for");
	db_bind_str(s, 3, strength_name(support->strength));
	sqlite3_bind_int64(s, 4, hypothesis);
	sqlite3_bind_int64(s, 5, f->finding_id);
	db_bind_id(s, 6, f->quote.event_id);
	db_bind_id(s, 7, f->quote.test_id);
	db_bind_id(s, 8, f->quote.output_id);
	sqlite3_bind_int64(s, 9, (int64_t)f->quote.line);
	sqlite3_bind_int64(s, 10, f->byte);
	sqlite3_bind_int64(s, 11, start);
	sqlite3_bind_int64(s, 12, end);
	db_bind_text(s, 13, r->name);
	db_bind_text(s, 14, f->says);
	sqlite3_bind_int64(s, 15, f->n);
	return db_run(st, s, e);
}

static int
add_hypothesis(struct store *st, const struct hypothesis_doc *h, int64_t *id, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_hypothesis, KEY_ADD, &s, e))
		return -1;
	db_bind_text_or_empty(s, 1, h->name);
	if (db_run(st, s, e) || db_stmt(st, &sql_hypothesis, KEY_GET, &s, e))
		return -1;
	db_bind_text_or_empty(s, 1, h->name);
	rc = db_row(st, s, e);
	*id = rc > 0 ? sqlite3_column_int64(s, 0) : 0;
	sqlite3_reset(s);
	if (rc < 0 || db_stmt(st, &sql_hypothesis, ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, *id);
	db_bind_text_or_empty(s, 2, h->name);
	db_bind_text(s, 3, h->class_name);
	db_bind_text(s, 4, h->title);
	db_bind_str(s, 5, priority_name(h->priority));
	db_bind_text(s, 6, h->issue);
	return db_run(st, s, e);
}

/* all findings of one rule that speak of h; the hypothesis is written with the first */
static int
put_support(struct store *st, const struct hypothesis_doc *h, const struct rule *r,
    const struct rule_support *support, struct err *e)
{
	struct fired_list list = { 0 };
	struct arena a;
	int64_t id = 0;
	size_t i;
	int rc;

	arena_init(&a);
	rc = load_fired(st, r, &a, &list, e);
	if (rc == 0 && list.n)
		rc = add_hypothesis(st, h, &id, e);
	for (i = 0; rc == 0 && i < list.n; i++)
		rc = put_proof(st, id, r, support, &list.item[i], e);
	free(list.item);
	arena_release(&a);
	return rc;
}

static int
put_rule_supports(struct store *st, const struct hypothesis_doc *h, const struct rule *r,
    struct err *e)
{
	size_t i;

	for (i = 0; i < r->supports; i++)
		if (slice_eq(r->support[i].hypothesis, h->name) &&
		    put_support(st, h, r, &r->support[i], e))
			return -1;
	return 0;
}

int
store_hypotheses_put(struct store *st, const struct rule_set *rs, struct err *e)
{
	size_t h, r;

	for (h = 0; h < rs->hypotheses; h++)
		for (r = 0; r < rs->rules; r++)
			if (put_rule_supports(st, &rs->hypothesis[h], &rs->rule[r], e))
				return -1;
	return 0;
}
