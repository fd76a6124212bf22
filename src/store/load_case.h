/*
 * load_case.h - the parts of store_case_load(). Private to store/.
 */
#ifndef STORE_LOAD_CASE_H
#define STORE_LOAD_CASE_H

#include "store/db.h"

struct case_loader {
	struct store *st;
	struct arena *a;
	struct case_file *c;
	int64_t *source_id;		/* in scope, sorted; in the arena */
	size_t sources;
	struct slice sources_json;	/* "[1,2]": what json_each() in the statements takes */
	int64_t since_ns, until_ns;	/* both inclusive */
	struct workload *workload;	/* in the arena; NULL before it is loaded */
	size_t workloads;
};

/* source ids, since and until as three parameters from `at` on */
void	case_bind_scope(const struct case_loader *l, sqlite3_stmt *s, int at);
int	case_load_workloads(struct case_loader *l, struct err *e);
bool	case_has_source(const struct case_loader *l, int64_t id);

/*
 * Is the record that row `m` names in scope? SQL_RECORD() joins what is asked; ?2, ?3, ?4.
 * A result is where any format of its run is.
 */
#define SQL_SOURCES "(SELECT value FROM json_each(?2))"
/* a run of which no time is known may have been at any */
#define SQL_RUN_IN_WINDOW(r) "(" r ".started_ns IS NULL OR (" r ".started_ns <= ?4 AND (" \
	r ".duration_ns IS NULL OR " r ".started_ns + " r ".duration_ns >= ?3)))"
#define SQL_IN_SCOPE(m) "coalesce(CASE WHEN " m ".event_id IS NOT NULL THEN" \
	" e.ts BETWEEN ?3 AND ?4 AND (e.source_id IN " SQL_SOURCES \
	" OR EXISTS (SELECT 1 FROM sighting g WHERE g.event_id = e.id" \
	" AND g.source_id IN " SQL_SOURCES ")) ELSE EXISTS (SELECT 1 FROM run w" \
	" WHERE (w.id = coalesce(r.twin_of, r.id) OR w.twin_of = coalesce(r.twin_of, r.id))" \
	" AND w.source_id IN " SQL_SOURCES ") AND " SQL_RUN_IN_WINDOW("r") " END, 0)"
#define SQL_RECORD(m) " LEFT JOIN event e ON e.id = " m ".event_id" \
	" LEFT JOIN output o ON o.id = " m ".output_id LEFT JOIN test t ON t.id = " m ".test_id" \
	" LEFT JOIN run r ON r.id = coalesce(o.run_id, t.run_id)"

/* a record and the byte range of its stored text that is shown */
struct citation {
	int64_t event_id, test_id, output_id;
	uint64_t line, byte;		/* printed line, for outputs */
	int64_t start, end;
};
int	case_cite(struct case_loader *l, const struct citation *from, struct cite *cite,
	    struct err *e);
/* columns event_id, test_id, output_id, line, byte, quote_start, quote_end from `at` on */
struct citation case_citation(sqlite3_stmt *s, int at);

int	case_load_gaps(struct case_loader *l, struct case_source *src, struct err *e);
/* more than a worklog needs of each source */
int	case_load_sources(struct case_loader *l, enum sources_depth depth, struct err *e);
int	case_load_incidents(struct case_loader *l, struct err *e);
int	case_load_runs(struct case_loader *l, struct err *e);
int	case_load_hypotheses(struct case_loader *l, struct err *e);

#endif
