#include "config.h"

#include "store/db.h"

enum { ADD, CLEAR };
static const char *const texts[] = {
	/* one hit of a rule for each entry: a later one replaces it */
	[ADD] = "INSERT INTO hit (rule, rule_hash, rule_revision, role, derived, event_id, test_id,"
	    " output_id, line, byte, field, start, stop, captures, limited, code, reason)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
	    " ON CONFLICT (event_id, rule) WHERE event_id IS NOT NULL DO UPDATE SET"
	    " rule_hash = excluded.rule_hash, rule_revision = excluded.rule_revision,"
	    " role = excluded.role, derived = excluded.derived, field = excluded.field,"
	    " start = excluded.start, stop = excluded.stop, captures = excluded.captures,"
	    " limited = excluded.limited, code = excluded.code, reason = excluded.reason",
	[CLEAR] = "DELETE FROM hit",
};
const struct sql_group sql_hit = { GROUP_HIT, texts, sizeof texts / sizeof *texts };

#define CAPTURES_MAX (16u << 20)

static void
write_captures(struct buf *out, const struct hit *hit)
{
	struct entry_field field[HIT_CAPTURES];
	size_t i;

	for (i = 0; i < hit->captures && i < HIT_CAPTURES; i++) {
		field[i].name = hit->capture[i].name;
		field[i].value = hit->capture[i].value;
	}
	fields_write(out, field, i);
}

static struct slice
capture_of(const struct hit *hit, const char *name)
{
	size_t i;

	for (i = 0; i < hit->captures && i < HIT_CAPTURES; i++)
		if (slice_eqs(hit->capture[i].name, name))
			return hit->capture[i].value;
	return slice_of(NULL, 0);
}

/* what the view of instances shows; a view may not read it out of the JSON */
static void
bind_shown_captures(sqlite3_stmt *s, const struct hit *hit)
{
	int64_t code;

	if (slice_to_int64(capture_of(hit, "code"), &code))
		sqlite3_bind_int64(s, 16, code);
	db_bind_text(s, 17, capture_of(hit, "reason"));
}

/* whose records the source holds follows from the event or the run */
int
store_hit_put(struct store *st, int64_t source_id, const struct hit *hit, struct err *e)
{
	const struct rule *rule = hit->rule;
	sqlite3_stmt *s;
	struct buf json;
	int rc;

	(void)source_id;
	if (db_stmt(st, &sql_hit, ADD, &s, e))
		return -1;
	buf_init(&json, CAPTURES_MAX);
	db_bind_text_or_empty(s, 1, rule->name);
	db_bind_text_or_empty(s, 2, slice_str(rule->hash));
	sqlite3_bind_int64(s, 3, rule->revision);
	db_bind_str(s, 4, rule_role_name(rule->role));
	sqlite3_bind_int(s, 5, rule->subject == SUBJECT_EXCEPTION);
	db_bind_id(s, 6, hit->event_id);
	db_bind_id(s, 7, hit->test_id);
	db_bind_id(s, 8, hit->output_id);
	sqlite3_bind_int64(s, 9, (int64_t)hit->line);
	sqlite3_bind_int64(s, 10, (int64_t)hit->byte);
	db_bind_text_or_empty(s, 11, hit->field);
	sqlite3_bind_int64(s, 12, hit->start);
	sqlite3_bind_int64(s, 13, hit->end);
	if (hit->captures)
		write_captures(&json, hit);
	if (!json.over)
		db_bind_text(s, 14, buf_slice(&json));
	sqlite3_bind_int(s, 15, hit->limit);
	bind_shown_captures(s, hit);
	rc = db_run(st, s, e);
	sqlite3_clear_bindings(s);
	buf_release(&json);
	return rc;
}

int
store_hits_clear(struct store *st, struct err *e)
{
	if (db_do(st, &sql_hit, CLEAR, NULL, 0, e) || meta_set(st, "rescan", 0, e))
		return -1;
	return meta_set(st, "cleared", 1, e);
}
