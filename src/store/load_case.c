#include "config.h"

#include "store/load_case.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { LATEST, ALL, SOURCE, SEVERITIES, SERVICES, DIAGS, FINDINGS, SPAN, PROJECTS, CITE_EVENT,
	CITE_SIGHTING, CITE_TEST, CITE_OUTPUT };

#define QUOTE_OF(text) "CAST(substr(CAST(" text " AS BLOB), ?2 + 1, ?3 - ?2) AS TEXT)"

static const char *const texts[] = {
	[LATEST] = "SELECT source_id FROM latest ORDER BY 1",
	[ALL] = "SELECT id FROM source ORDER BY 1",
	[SOURCE] = "SELECT path, shape, sha256, reader, kind, state = 'partial', bytes, seen,"
	    " added, known, filled, conflicts, damaged, not_evidence, first_ns, last_ns, sort,"
	    " ts_assumed, truncated, note, encoding, zone, lossy, empty, redact,"
	    " (SELECT group_concat(kind || ' ' || n, ', ') FROM (SELECT kind, n FROM redaction"
	    " WHERE source_id = ?1 ORDER BY kind)),"
	    " (SELECT count(*) FROM run WHERE source_id = ?1 AND quality = 'recorded'),"
	    " (SELECT count(*) FROM run WHERE source_id = ?1 AND quality = 'recorded'"
	    " AND state <> 'complete'),"
	    " (SELECT count(*) FROM run WHERE source_id = ?1 AND quality = 'quoted')"
	    " FROM source WHERE id = ?1",
	[SEVERITIES] = "SELECT severity, sum(n), sum(inferred), min(first_ns), max(last_ns)"
	    " FROM source_coverage"
	    " WHERE source_id = ?1 GROUP BY severity ORDER BY severity DESC",
	[SERVICES] = "SELECT DISTINCT service FROM source_coverage WHERE source_id = ?1"
	    " AND service <> '' ORDER BY service",
	[DIAGS] = "SELECT c.code, c.level, c.text, d.detail, s.path, d.line, d.col, d.byte, c.n,"
	    " c.source_id FROM diag_count c JOIN source s ON s.id = c.source_id"
	    " LEFT JOIN diag d ON d.id ="
	    " (SELECT min(x.id) FROM diag x WHERE x.source_id = c.source_id AND x.code = c.code)"
	    " WHERE c.source_id IN " SQL_SOURCES " ORDER BY c.source_id, c.code",
	[FINDINGS] = "SELECT outcome, count(*) FROM finding GROUP BY outcome",
	[SPAN] = "SELECT count(*), min(ts), max(ts) FROM event WHERE ts BETWEEN ?3 AND ?4"
	    " AND (source_id IN " SQL_SOURCES " OR id IN"
	    " (SELECT event_id FROM sighting WHERE source_id IN " SQL_SOURCES "))",
	[PROJECTS] = "SELECT DISTINCT o.project FROM origin o WHERE o.project <> '' AND EXISTS"
	    " (SELECT 1 FROM event e WHERE e.origin_id = o.id AND e.ts BETWEEN ?3 AND ?4"
	    " AND (e.source_id IN " SQL_SOURCES " OR EXISTS (SELECT 1 FROM sighting g"
	    " WHERE g.event_id = e.id AND g.source_id IN " SQL_SOURCES "))) ORDER BY 1",
	[CITE_EVENT] = "SELECT e.source_id, s.path, e.line, e.byte, e.insert_id, e.ts, "
	    QUOTE_OF("e.message") ", o.service, o.revision, o.instance, r.status, r.url,"
	    " (SELECT s FROM str WHERE id = r.method), r.latency_ns"
	    " FROM event e JOIN source s ON s.id = e.source_id JOIN origin o ON o.id = e.origin_id"
	    " LEFT JOIN request r ON r.event_id = e.id WHERE e.id = ?1",
	[CITE_SIGHTING] = "SELECT g.source_id, s.path, g.line, g.byte FROM sighting g"
	    " JOIN source s ON s.id = g.source_id JOIN event e ON e.id = g.event_id"
	    " WHERE g.event_id = ?1 AND g.payload_hash IS e.payload_hash"
	    " AND g.source_id IN " SQL_SOURCES " ORDER BY g.source_id LIMIT 1",
	[CITE_TEST] = "SELECT r.source_id, s.path, t.line, t.byte, t.nodeid, " QUOTE_OF("t.message")
	    " FROM test t JOIN run r ON r.id = t.run_id JOIN source s ON s.id = r.source_id"
	    " WHERE t.id = ?1",
	[CITE_OUTPUT] = "SELECT r.source_id, s.path, o.line, o.byte, o.nodeid, " QUOTE_OF("o.text")
	    " FROM output o JOIN run r ON r.id = o.run_id JOIN source s ON s.id = r.source_id"
	    " WHERE o.id = ?1",
};
const struct sql_group sql_case = { GROUP_CASE, texts, sizeof texts / sizeof *texts };

/* ---- scope ---- */

void
case_bind_scope(const struct case_loader *l, sqlite3_stmt *s, int at)
{
	db_bind_text_or_empty(s, at, l->sources_json);
	sqlite3_bind_int64(s, at + 1, l->since_ns);
	sqlite3_bind_int64(s, at + 2, l->until_ns);
}

static int
compare_ids(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

bool
case_has_source(const struct case_loader *l, int64_t id)
{
	return l->sources &&
	    bsearch(&id, l->source_id, l->sources, sizeof id, compare_ids) != NULL;
}

static int
list_sources(struct case_loader *l, unsigned which, struct err *e)
{
	int64_t *id = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_case, which, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		id = mem_grow(id, &cap, n + 1, sizeof *id);
		id[n++] = sqlite3_column_int64(s, 0);
	}
	l->source_id = arena_array(l->a, n + 1, sizeof *id);
	if (n)
		memcpy(l->source_id, id, n * sizeof *id);
	l->sources = n;
	free(id);
	return rc;
}

static void
copy_sources(struct case_loader *l, const struct scope *scope)
{
	size_t i;

	l->source_id = arena_array(l->a, scope->sources + 1, sizeof *l->source_id);
	if (scope->sources) {
		memcpy(l->source_id, scope->source_id, scope->sources * sizeof *l->source_id);
		qsort(l->source_id, scope->sources, sizeof *l->source_id, compare_ids);
	}
	for (i = 0; i < scope->sources; i++)
		if (i == 0 || l->source_id[i] != l->source_id[l->sources - 1])
			l->source_id[l->sources++] = l->source_id[i];
}

static void
describe_scope(struct case_loader *l, const struct scope *scope)
{
	struct buf ids, names;
	size_t i;

	buf_init(&ids, 1 << 20);
	buf_init(&names, 1 << 20);
	for (i = 0; i < l->sources; i++) {
		buf_printf(&ids, "%s%lld", i ? ", " : "", (long long)l->source_id[i]);
		buf_printf(&names, "%ss%lld", i ? ", " : "", (long long)l->source_id[i]);
	}
	l->c->source_list = arena_copy(l->a, buf_slice(&ids));
	l->sources_json = slice_str(arena_printf(l->a, "[%s]", ids.p));
	l->c->scope_text = slice_str(arena_printf(l->a, "%s (%zu source%s%s%s)",
	    scope->all ? "everything ingested" : scope->latest ? "the latest ingest" :
	    "chosen sources", l->sources, l->sources == 1 ? "" : "s", l->sources ? ": " : "",
	    names.p));
	buf_release(&ids);
	buf_release(&names);
}

static int
load_scope(struct case_loader *l, const struct scope *scope, struct err *e)
{
	if (scope->all || scope->latest) {
		if (list_sources(l, scope->all ? ALL : LATEST, e))
			return -1;
	} else {
		copy_sources(l, scope);
	}
	l->c->since_set = scope->since_ns != CLOCK_NONE;
	l->c->until_set = scope->until_ns != CLOCK_NONE;
	l->c->since_ns = scope->since_ns;
	l->c->until_ns = scope->until_ns;
	l->since_ns = l->c->since_set ? scope->since_ns : INT64_MIN;
	l->until_ns = l->c->until_set ? scope->until_ns - 1 : INT64_MAX;
	describe_scope(l, scope);
	return 0;
}

/* ---- sources ---- */

static int
load_severities(struct case_loader *l, struct case_source *src, struct err *e)
{
	struct severity_count *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_case, SEVERITIES, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, src->id);
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = (struct severity_count){ sqlite3_column_int(s, 0),
		    (long)sqlite3_column_int64(s, 1), (long)sqlite3_column_int64(s, 2),
		    sqlite3_column_int64(s, 3), sqlite3_column_int64(s, 4) };
	}
	src->severity = db_keep(l->a, item, n, sizeof *item);
	src->severities = n;
	return rc;
}

static int
load_services(struct case_loader *l, struct case_source *src, struct err *e)
{
	struct slice *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_case, SERVICES, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, src->id);
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = db_copy(l->a, s, 0);
	}
	src->service = db_keep(l->a, item, n, sizeof *item);
	src->services = n;
	if (rc || case_load_workloads(l, e))
		return -1;
	src->workload = l->workload;
	src->workloads = l->workloads;
	return 0;
}

static void
read_source(struct case_loader *l, sqlite3_stmt *s, struct case_source *src)
{
	struct source_totals *t = &src->totals;
	uint64_t *const count[] = { &t->seen, &t->added, &t->known, &t->filled, &t->conflicts,
	    &t->damaged, &t->not_evidence };
	size_t i, n;

	src->in_scope = true;
	src->path = db_copy(l->a, s, 0);
	src->shape = db_copy(l->a, s, 1);
	src->sha256 = db_copy(l->a, s, 2);
	src->reader = db_copy(l->a, s, 3);
	src->kind = source_kind_of(db_text(s, 4));
	src->partial = sqlite3_column_int(s, 5);
	src->bytes = (uint64_t)sqlite3_column_int64(s, 6);
	for (i = 0; i < sizeof count / sizeof *count; i++)
		*count[i] = (uint64_t)sqlite3_column_int64(s, 7 + (int)i);
	t->first_ns = db_time(s, 14);
	t->last_ns = db_time(s, 15);
	t->order = (enum source_order)(sqlite3_column_int(s, 16) & 3);
	t->ts_assumed = sqlite3_column_int(s, 17);
	t->truncated = sqlite3_column_int(s, 18);
	src->note = db_copy(l->a, s, 19);
	n = src->note.n < sizeof t->note ? src->note.n : sizeof t->note - 1;
	if (n)
		memcpy(t->note, src->note.p, n);
	t->note[n] = '\0';
	src->encoding = db_copy(l->a, s, 20);
	src->zone = db_copy(l->a, s, 21);
	t->lossy = sqlite3_column_int(s, 22);
	t->empty = (uint64_t)sqlite3_column_int64(s, 23);
	src->redact = db_copy(l->a, s, 24);
	src->redacted = db_copy(l->a, s, 25);
	src->runs = (long)sqlite3_column_int64(s, 26);
	src->unfinished = (long)sqlite3_column_int64(s, 27);
	src->quoted = (long)sqlite3_column_int64(s, 28);
	src->latency_ns = CLOCK_NONE;
}

static int
load_source(struct case_loader *l, int64_t id, struct case_source *src, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	src->id = id;
	if (db_stmt(l->st, &sql_case, SOURCE, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	rc = db_row(l->st, s, e);
	if (rc < 0)
		return -1;
	if (rc == 0) {
		err_set(e, ERR_ID, "there is no source s%lld", (long long)id);
		return err_help(e, "`netra-triage sources` lists them");
	}
	read_source(l, s, src);
	sqlite3_reset(s);
	return load_severities(l, src, e) || load_services(l, src, e) ||
	    case_load_gaps(l, src, e) ? -1 : 0;
}

static int
load_sources(struct case_loader *l, struct err *e)
{
	struct case_source *src = arena_array(l->a, l->sources + 1, sizeof *src);
	size_t i;

	for (i = 0; i < l->sources; i++)
		if (load_source(l, l->source_id[i], &src[i], e))
			return -1;
	l->c->source = src;
	l->c->sources = l->sources;
	return 0;
}

/* ---- small things ---- */

static int
load_diags(struct case_loader *l, struct err *e)
{
	struct case_diag *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_case, DIAGS, &s, e))
		return -1;
	db_bind_text_or_empty(s, 2, l->sources_json);
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = (struct case_diag){ db_copy(l->a, s, 0), db_copy(l->a, s, 1),
		    db_copy(l->a, s, 2), db_copy(l->a, s, 3), db_copy(l->a, s, 4),
		    (uint64_t)sqlite3_column_int64(s, 5), (uint64_t)sqlite3_column_int64(s, 6),
		    (uint64_t)sqlite3_column_int64(s, 7), (long)sqlite3_column_int64(s, 8),
		    sqlite3_column_int64(s, 9) };
	}
	l->c->diag = db_keep(l->a, item, n, sizeof *item);
	l->c->diags = n;
	return rc;
}

static int
load_findings(struct case_loader *l, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_case, FINDINGS, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		struct slice outcome = db_text(s, 0);
		long n = (long)sqlite3_column_int64(s, 1);

		if (slice_eqs(outcome, finding_outcome_name(OUTCOME_FIRED)))
			l->c->findings_fired = n;
		else if (slice_eqs(outcome, finding_outcome_name(OUTCOME_CLEAR)))
			l->c->rules_clear = n;
		else if (slice_eqs(outcome, finding_outcome_name(OUTCOME_INCONCLUSIVE)))
			l->c->rules_inconclusive = n;
		else
			l->c->rules_not_evaluated = n;
	}
	return rc;
}

static int
load_span(struct case_loader *l, struct err *e)
{
	sqlite3_stmt *s;

	if (db_stmt(l->st, &sql_case, SPAN, &s, e))
		return -1;
	case_bind_scope(l, s, 2);
	if (db_row(l->st, s, e) < 0)
		return -1;
	l->c->entries = (long)sqlite3_column_int64(s, 0);
	l->c->first_ns = db_time(s, 1);
	l->c->last_ns = db_time(s, 2);
	sqlite3_reset(s);
	return 0;
}

static int
load_environment(struct case_loader *l, struct err *e)
{
	struct slice project = { NULL, 0 };
	struct buf text;
	sqlite3_stmt *s;
	size_t n = 0;
	int rc;

	if (db_stmt(l->st, &sql_case, PROJECTS, &s, e))
		return -1;
	case_bind_scope(l, s, 2);
	buf_init(&text, 4096);
	while ((rc = db_row(l->st, s, e)) > 0) {
		if (text.n)
			buf_puts(&text, ", ");
		buf_put_slice(&text, db_text(s, 0));
		project = db_copy(l->a, s, 0);
		n++;
	}
	if (n == 1)
		l->c->project = project;
	l->c->environment = arena_copy(l->a, buf_slice(&text));
	buf_release(&text);
	return rc;
}

/* ---- citations ---- */

struct citation
case_citation(sqlite3_stmt *s, int at)
{
	return (struct citation){ sqlite3_column_int64(s, at), sqlite3_column_int64(s, at + 1),
	    sqlite3_column_int64(s, at + 2), (uint64_t)sqlite3_column_int64(s, at + 3),
	    (uint64_t)sqlite3_column_int64(s, at + 4), sqlite3_column_int64(s, at + 5),
	    sqlite3_column_int64(s, at + 6) };
}

static void
read_place(struct case_loader *l, sqlite3_stmt *s, struct cite *cite)
{
	cite->source_id = sqlite3_column_int64(s, 0);
	cite->path = db_copy(l->a, s, 1);
	cite->line = (uint64_t)sqlite3_column_int64(s, 2);
	cite->byte = (uint64_t)sqlite3_column_int64(s, 3);
}

/* a source in scope that holds the same text is cited rather than one that is not */
static int
cite_in_scope(struct case_loader *l, struct cite *cite, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (case_has_source(l, cite->source_id))
		return 0;
	if (db_stmt(l->st, &sql_case, CITE_SIGHTING, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, cite->event_id);
	db_bind_text_or_empty(s, 2, l->sources_json);
	rc = db_row(l->st, s, e);
	if (rc > 0)
		read_place(l, s, cite);
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

static void
read_event_cite(struct case_loader *l, sqlite3_stmt *s, struct cite *cite)
{
	read_place(l, s, cite);
	cite->insert_id = db_copy(l->a, s, 4);
	cite->ts_ns = db_time(s, 5);
	cite->quote = db_copy(l->a, s, 6);
	cite->service = db_copy(l->a, s, 7);
	cite->revision = db_copy(l->a, s, 8);
	cite->instance = db_copy(l->a, s, 9);
	cite->status = sqlite3_column_int(s, 10);
	cite->url = db_copy(l->a, s, 11);
	cite->method = db_copy(l->a, s, 12);
	cite->latency_ns = db_time(s, 13);
}

static void
read_printed_cite(struct case_loader *l, sqlite3_stmt *s, const struct citation *from,
    struct cite *cite)
{
	read_place(l, s, cite);
	cite->nodeid = db_copy(l->a, s, 4);
	cite->quote = db_copy(l->a, s, 5);
	if (from->output_id && from->line) {
		cite->line = from->line;
		cite->byte = from->byte;
	}
}

int
case_cite(struct case_loader *l, const struct citation *from, struct cite *cite, struct err *e)
{
	bool printed = from->output_id || from->test_id;
	sqlite3_stmt *s;
	int rc;

	*cite = (struct cite){ .event_id = from->event_id, .test_id = from->test_id,
	    .output_id = from->output_id, .ts_ns = CLOCK_NONE, .latency_ns = CLOCK_NONE };
	if (db_stmt(l->st, &sql_case, from->output_id ? CITE_OUTPUT : from->test_id ? CITE_TEST :
	    CITE_EVENT, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, from->output_id ? from->output_id : from->test_id ?
	    from->test_id : from->event_id);
	sqlite3_bind_int64(s, 2, from->start);
	sqlite3_bind_int64(s, 3, from->end);
	rc = db_row(l->st, s, e);
	if (rc > 0 && printed)
		read_printed_cite(l, s, from, cite);
	else if (rc > 0)
		read_event_cite(l, s, cite);
	sqlite3_reset(s);
	if (rc < 0)
		return -1;
	return rc > 0 && !printed ? cite_in_scope(l, cite, e) : 0;
}

int
store_sources_load(struct store *st, int64_t id, enum sources_depth depth, struct arena *a,
    struct case_file *c, struct err *e)
{
	struct scope scope = { .all = id == 0, .source_id = &id, .sources = 1,
	    .since_ns = CLOCK_NONE, .until_ns = CLOCK_NONE };
	struct case_loader l = { .st = st, .a = a, .c = c };

	memset(c, 0, sizeof *c);
	c->db_path = arena_copy(a, slice_str(st->path));
	if (load_scope(&l, &scope, e) || load_sources(&l, e))
		return -1;
	return depth == SOURCES_GAPS ? 0 : case_load_sources(&l, depth, e);
}

int
store_case_load(struct store *st, const struct scope *scope, struct arena *a,
    struct case_file *c, struct err *e)
{
	struct case_loader l = { .st = st, .a = a, .c = c };

	memset(c, 0, sizeof *c);
	c->db_path = arena_copy(a, slice_str(st->path));
	return load_scope(&l, scope, e) || load_sources(&l, e) || load_span(&l, e) ||
	    load_environment(&l, e) || load_diags(&l, e) || load_findings(&l, e) ||
	    case_load_incidents(&l, e) || case_load_runs(&l, e) ||
	    case_load_hypotheses(&l, e) ? -1 : 0;
}
