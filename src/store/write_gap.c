#include "config.h"

#include "store/db.h"

enum { GAP_ADD };

static const char *const texts[] = {
	[GAP_ADD] = "INSERT INTO gap (source_id, kind, service, severity, first_ns, last_ns, n,"
	    " says, collect) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
};
const struct sql_group sql_gap = { GROUP_GAP, texts, sizeof texts / sizeof *texts };

int
store_gaps_put(struct store *st, int64_t source_id, const struct gap *gap, size_t n,
    struct err *e)
{
	sqlite3_stmt *s;

	for (size_t i = 0; i < n; i++) {
		const struct gap *g = &gap[i];

		if (db_stmt(st, &sql_gap, GAP_ADD, &s, e))
			return -1;
		sqlite3_bind_int64(s, 1, source_id);
		db_bind_str(s, 2, gap_kind_name(g->kind));
		db_bind_text(s, 3, g->service);
		db_bind_count(s, 4, g->severity);
		db_bind_time(s, 5, g->first_ns);
		db_bind_time(s, 6, g->last_ns);
		db_bind_count(s, 7, g->n);
		db_bind_text_or_empty(s, 8, g->says);
		db_bind_text(s, 9, g->collect);
		if (db_run(st, s, e))
			return -1;
	}
	return 0;
}
