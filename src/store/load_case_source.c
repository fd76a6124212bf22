#include "config.h"

#include "store/load_case.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { GAPS, CELLS, BAD, CONFLICTS, DAMAGE, PROJECTS, REPEATS, LATENCY,
	WORKLOADS };

static const char *const texts[] = {
	/* in the order in which they were judged */
	[GAPS] = "SELECT id, kind, service, severity, first_ns, last_ns, n, says, collect FROM gap"
	    " WHERE source_id = ?1 ORDER BY id",
	[CELLS] = "SELECT service, severity, n, inferred, first_ns, last_ns FROM source_coverage"
	    " WHERE source_id = ?1 ORDER BY service, severity DESC",
	[BAD] = "SELECT kind, line, byte, reason FROM bad WHERE source_id = ?1"
	    " ORDER BY id LIMIT ?2",
	[CONFLICTS] = "SELECT c.event_id, e.source_id, c.line, e.line, e.message, c.message"
	    " FROM conflict c JOIN event e ON e.id = c.event_id WHERE c.source_id = ?1"
	    " ORDER BY c.id LIMIT ?2",
	[DAMAGE] = "SELECT (SELECT sum(bytes) FROM bad WHERE source_id = ?1 AND kind = 0),"
	    " EXISTS (SELECT 1 FROM diag_count WHERE source_id = ?1"
	    " AND level = 'damage' AND code LIKE '%-cut'),"
	    " (SELECT reason FROM bad WHERE source_id = ?1 AND kind = 1"
	    " GROUP BY reason ORDER BY count(*) DESC, min(id) LIMIT 1)",
	/* of all sources at once: an entry knows its source, a source does not know its entries */
	[PROJECTS] = "SELECT source_id, min(project), min(project) = max(project) FROM"
	    " (SELECT e.source_id AS source_id, o.project AS project FROM event e"
	    " JOIN origin o ON o.id = e.origin_id UNION ALL"
	    " SELECT g.source_id, o.project FROM sighting g JOIN event e ON e.id = g.event_id"
	    " JOIN origin o ON o.id = e.origin_id) WHERE project <> '' GROUP BY source_id",
	[REPEATS] = "SELECT g.source_id, e.source_id, count(*) FROM sighting g"
	    " JOIN event e ON e.id = g.event_id WHERE e.source_id <> g.source_id GROUP BY 1, 2"
	    " ORDER BY 1, 2",
	[LATENCY] = "SELECT source_id, max(latency_ns) FROM"
	    " (SELECT e.source_id AS source_id, r.latency_ns AS latency_ns FROM request r"
	    " JOIN event e ON e.id = r.event_id UNION ALL"
	    " SELECT g.source_id, r.latency_ns FROM request r"
	    " JOIN sighting g ON g.event_id = r.event_id) GROUP BY source_id",
	/* a name that a service has too is left to the service */
	[WORKLOADS] = "SELECT service, min(resource_type) FROM origin WHERE service <> ''"
	    " GROUP BY service HAVING min(resource_type) = max(resource_type) ORDER BY service",
};
const struct sql_group sql_case_source = { GROUP_CASE_SOURCE, texts, sizeof texts / sizeof *texts };

static int
stmt_of(struct case_loader *l, unsigned which, const struct case_source *src, sqlite3_stmt **s,
    struct err *e)
{
	if (db_stmt(l->st, &sql_case_source, which, s, e))
		return -1;
	sqlite3_bind_int64(*s, 1, src->id);
	return 0;
}

int
case_load_workloads(struct case_loader *l, struct err *e)
{
	struct workload *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (l->workload)
		return 0;
	if (db_stmt(l->st, &sql_case_source, WORKLOADS, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		const char *label = workload_label(db_text(s, 1));

		if (!label)
			continue;
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = (struct workload){ db_copy(l->a, s, 0), label };
	}
	l->workload = arena_array(l->a, n + 1, sizeof *item);
	if (n)
		memcpy(l->workload, item, n * sizeof *item);
	l->workloads = n;
	free(item);
	return rc;
}

int
case_load_gaps(struct case_loader *l, struct case_source *src, struct err *e)
{
	struct gap *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (stmt_of(l, GAPS, src, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		enum gap_kind kind = gap_kind_of(db_text(s, 1));

		if (kind == GAP_KINDS)
			continue;	/* of a newer version */
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = (struct gap){ .id = sqlite3_column_int64(s, 0), .kind = kind,
		    .service = db_copy(l->a, s, 2), .severity = (int)db_count(s, 3),
		    .first_ns = db_time(s, 4), .last_ns = db_time(s, 5), .n = db_count(s, 6),
		    .says = db_copy(l->a, s, 7), .collect = db_copy(l->a, s, 8) };
	}
	src->gap = db_keep(l->a, item, n, sizeof *item);
	src->gaps = n;
	return rc;
}

static int
load_cells(struct case_loader *l, struct case_source *src, struct err *e)
{
	struct coverage_cell *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (stmt_of(l, CELLS, src, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = (struct coverage_cell){ db_copy(l->a, s, 0), sqlite3_column_int(s, 1),
		    (long)sqlite3_column_int64(s, 2), (long)sqlite3_column_int64(s, 3),
		    sqlite3_column_int64(s, 4), sqlite3_column_int64(s, 5) };
	}
	src->cell = db_keep(l->a, item, n, sizeof *item);
	src->cells = n;
	return rc;
}

static int
load_bad(struct case_loader *l, struct case_source *src, struct err *e)
{
	struct case_bad *item = arena_array(l->a, CASE_BAD, sizeof *item);
	sqlite3_stmt *s;
	int rc;

	if (stmt_of(l, BAD, src, &s, e))
		return -1;
	sqlite3_bind_int(s, 2, CASE_BAD);
	while ((rc = db_row(l->st, s, e)) > 0)
		item[src->bads++] = (struct case_bad){ sqlite3_column_int(s, 0) ?
		    BAD_NOT_EVIDENCE : BAD_DAMAGED, (uint64_t)sqlite3_column_int64(s, 1),
		    (uint64_t)sqlite3_column_int64(s, 2), db_copy(l->a, s, 3) };
	src->bad = item;
	return rc;
}

static int
load_conflicts(struct case_loader *l, struct case_source *src, struct err *e)
{
	struct case_conflict *item = arena_array(l->a, CASE_BAD, sizeof *item);
	sqlite3_stmt *s;
	int rc;

	if (stmt_of(l, CONFLICTS, src, &s, e))
		return -1;
	sqlite3_bind_int(s, 2, CASE_BAD);
	while ((rc = db_row(l->st, s, e)) > 0)
		item[src->conflicts++] = (struct case_conflict){ sqlite3_column_int64(s, 0),
		    sqlite3_column_int64(s, 1), (uint64_t)sqlite3_column_int64(s, 2),
		    (uint64_t)sqlite3_column_int64(s, 3), db_copy(l->a, s, 4),
		    db_copy(l->a, s, 5) };
	src->conflict = item;
	return rc;
}

static int
load_damage(struct case_loader *l, struct case_source *src, struct err *e)
{
	sqlite3_stmt *s;

	if (stmt_of(l, DAMAGE, src, &s, e) || db_row(l->st, s, e) < 0)
		return -1;
	src->damaged_bytes = (uint64_t)sqlite3_column_int64(s, 0);
	src->cut = sqlite3_column_int(s, 1);
	src->pseudo_reason = db_copy(l->a, s, 2);
	sqlite3_reset(s);
	return 0;
}

/* ---- passes over all sources: rows by source id, as the sources are ---- */

static struct case_source *
find_source(struct case_source *src, size_t n, int64_t id)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (src[mid].id == id)
			return &src[mid];
		if (src[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static int
load_projects(struct case_loader *l, struct case_source *src, size_t n, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_case_source, PROJECTS, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		struct case_source *to = find_source(src, n, sqlite3_column_int64(s, 0));

		if (to && sqlite3_column_int(s, 2))
			to->project = db_copy(l->a, s, 1);
	}
	return rc;
}

static int
load_latencies(struct case_loader *l, struct case_source *src, size_t n, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_case_source, LATENCY, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		struct case_source *to = find_source(src, n, sqlite3_column_int64(s, 0));

		if (to)
			to->latency_ns = db_time(s, 1);
	}
	return rc;
}

static int
load_repeats(struct case_loader *l, struct case_source *src, size_t n, struct err *e)
{
	struct case_repeat *item = NULL;
	struct case_source *to = NULL;
	size_t items = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_case_source, REPEATS, &s, e))
		return -1;
	for (;;) {
		rc = db_row(l->st, s, e);
		if (to && (rc <= 0 || to->id != sqlite3_column_int64(s, 0))) {
			to->repeat = db_keep(l->a, item, items, sizeof *item);
			to->repeats = items;
			item = NULL;
			items = cap = 0;
		}
		if (rc <= 0)
			break;
		to = find_source(src, n, sqlite3_column_int64(s, 0));
		if (!to)
			continue;
		item = mem_grow(item, &cap, items + 1, sizeof *item);
		item[items++] = (struct case_repeat){ sqlite3_column_int64(s, 1),
		    (long)sqlite3_column_int64(s, 2) };
	}
	return rc;
}

int
case_load_sources(struct case_loader *l, enum sources_depth depth, struct err *e)
{
	size_t i, n = l->c->sources;
	struct case_source *src = arena_array(l->a, n + 1, sizeof *src);

	for (i = 0; i < n; i++) {
		src[i] = l->c->source[i];
		if (load_cells(l, &src[i], e) || load_bad(l, &src[i], e) ||
		    load_conflicts(l, &src[i], e) || load_damage(l, &src[i], e))
			return -1;
	}
	l->c->source = src;
	if (depth != SOURCES_JUDGE)
		return 0;
	return load_projects(l, src, n, e) || load_latencies(l, src, n, e) ||
	    load_repeats(l, src, n, e) ? -1 : 0;
}
