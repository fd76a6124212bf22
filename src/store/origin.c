#include "config.h"

#include "store/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { STR_FIND, STR_ADD, ORIGIN_FIND, ORIGIN_ADD, SIGNATURE_ADD, COVERAGE_ADD };
static const char *const texts[] = {
	[STR_FIND] = "SELECT id FROM str WHERE s = ?1",
	[STR_ADD] = "INSERT INTO str (s) VALUES (?1)",
	[ORIGIN_FIND] = "SELECT id FROM origin WHERE project = ?1 AND location = ?2"
	    " AND resource_type = ?3 AND log = ?4 AND service = ?5 AND revision = ?6"
	    " AND instance = ?7",
	[ORIGIN_ADD] = "INSERT INTO origin (project, location, resource_type, log, service,"
	    " revision, instance) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[SIGNATURE_ADD] = "INSERT INTO signature (id, kind, text) VALUES (?1, ?2, ?3)"
	    " ON CONFLICT DO NOTHING",
	[COVERAGE_ADD] = "INSERT INTO source_coverage (source_id, service, severity, n, inferred,"
	    " first_ns, last_ns) SELECT ?1, service, ?3, ?4, ?5, ?6, ?7 FROM origin WHERE id = ?2"
	    " ON CONFLICT DO UPDATE SET n = n + excluded.n,"
	    " inferred = inferred + excluded.inferred,"
	    " first_ns = min(first_ns, excluded.first_ns),"
	    " last_ns = max(last_ns, excluded.last_ns)",
};
const struct sql_group sql_origin = { GROUP_ORIGIN, texts, sizeof texts / sizeof *texts };

/* direct-mapped: a new text takes the slot of the old one, so memory has a bound */
#define SLOTS 4096
#define KEY_MAX 1024		/* longer texts are looked up each time */
#define SIGNATURES 4096

struct slot {
	int64_t id;		/* 0 = free */
	size_t n;
	char *key;
};

struct intern {
	struct slot str[SLOTS], origin[SLOTS];
	int64_t signature[SIGNATURES];
	struct buf key;
};

static struct intern *
cache_of(struct store *st)
{
	if (!st->intern) {
		st->intern = mem_calloc(1, sizeof *st->intern);
		buf_init(&st->intern->key, 8 * KEY_MAX);
	}
	return st->intern;
}

static void
clear_slots(struct slot *slot)
{
	size_t i;

	for (i = 0; i < SLOTS; i++) {
		free(slot[i].key);
		memset(&slot[i], 0, sizeof slot[i]);
	}
}

void
intern_forget(struct store *st)
{
	if (!st->intern)
		return;
	clear_slots(st->intern->str);
	clear_slots(st->intern->origin);
	memset(st->intern->signature, 0, sizeof st->intern->signature);
}

void
intern_free(struct store *st)
{
	if (!st->intern)
		return;
	intern_forget(st);
	buf_release(&st->intern->key);
	free(st->intern);
	st->intern = NULL;
}

/* FNV-1a; a collision only costs a lookup, as keys are compared */
static struct slot *
slot_of(struct slot *slot, struct slice key)
{
	uint64_t h = UINT64_C(14695981039346656037);
	size_t i;

	for (i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * UINT64_C(1099511628211);
	return &slot[(h ^ h >> 32) % SLOTS];
}

static bool
slot_holds(const struct slot *s, struct slice key)
{
	return s->id && slice_eq(slice_of(s->key, s->n), key);
}

static void
slot_take(struct slot *s, struct slice key, int64_t id)
{
	if (key.n > KEY_MAX)
		return;
	free(s->key);
	s->key = mem_strndup(key.p ? key.p : "", key.n);
	s->n = key.n;
	s->id = id;
}

/* find, else add: `bind` texts are the values of both statements */
static int
find_or_add(struct store *st, unsigned find, const struct slice *bind, size_t n, int64_t *id,
    struct err *e)
{
	sqlite3_stmt *s;
	size_t i;
	int rc;

	if (db_stmt(st, &sql_origin, find, &s, e))
		return -1;
	for (i = 0; i < n; i++)
		db_bind_text_or_empty(s, (int)i + 1, bind[i]);
	rc = db_row(st, s, e);
	if (rc > 0)
		*id = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	if (rc)
		return rc < 0 ? -1 : 0;
	if (db_stmt(st, &sql_origin, find + 1, &s, e))
		return -1;
	for (i = 0; i < n; i++)
		db_bind_text_or_empty(s, (int)i + 1, bind[i]);
	if (db_run(st, s, e))
		return -1;
	*id = sqlite3_last_insert_rowid(st->db);
	return 0;
}

int
intern_str(struct store *st, struct slice text, int64_t *id, struct err *e)
{
	struct slot *slot;

	*id = 0;
	if (text.n == 0)
		return 0;
	slot = slot_of(cache_of(st)->str, text);
	if (slot_holds(slot, text)) {
		*id = slot->id;
		return 0;
	}
	if (find_or_add(st, STR_FIND, &text, 1, id, e))
		return -1;
	slot_take(slot, text, *id);
	return 0;
}

int
intern_origin(struct store *st, const struct entry *en, int64_t *id, struct err *e)
{
	const struct slice dim[] = { en->project, en->location, en->resource_type, en->log,
	    en->service, en->revision, en->instance };
	struct intern *cache = cache_of(st);
	struct slot *slot = NULL;
	struct slice key;
	size_t i;

	buf_reset(&cache->key);
	for (i = 0; i < sizeof dim / sizeof *dim; i++) {
		buf_put_slice(&cache->key, dim[i]);
		/* the length keeps ("ab", "c") and ("a", "bc") apart */
		buf_printf(&cache->key, "\n%zu\n", dim[i].n);
	}
	key = buf_slice(&cache->key);
	if (!cache->key.over) {
		slot = slot_of(cache->origin, key);
		if (slot_holds(slot, key)) {
			*id = slot->id;
			return 0;
		}
	}
	if (find_or_add(st, ORIGIN_FIND, dim, sizeof dim / sizeof *dim, id, e))
		return -1;
	if (slot)
		slot_take(slot, key, *id);
	return 0;
}

int
intern_signature(struct store *st, int64_t id, const char *kind, struct slice text, struct err *e)
{
	int64_t *seen = &cache_of(st)->signature[(uint64_t)id % SIGNATURES];
	sqlite3_stmt *s;

	if (id == 0 || *seen == id)
		return 0;
	if (db_stmt(st, &sql_origin, SIGNATURE_ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	db_bind_str(s, 2, kind);
	db_bind_text_or_empty(s, 3, text);
	if (db_run(st, s, e))
		return -1;
	*seen = id;
	return 0;
}

/* ---- coverage: summed here, written when the batch ends ---- */

int
coverage_add(struct store *st, int64_t source_id, int64_t origin_id, const struct entry *en,
    struct err *e)
{
	struct coverage *c = st->coverage, *end = c + st->coverages;

	while (c < end && (c->origin_id != origin_id || c->severity != en->severity ||
	    c->source_id != source_id))
		c++;
	if (c == st->coverage + COVERAGE_ROOM) {
		if (coverage_flush(st, e))
			return -1;
		c = end = st->coverage;
	}
	if (c == end) {
		st->coverages++;
		*c = (struct coverage){ source_id, origin_id, en->severity, 0, 0, en->ts_ns,
		    en->ts_ns };
	}
	c->n++;
	c->inferred += en->severity_inferred;
	if (en->ts_ns < c->first_ns)
		c->first_ns = en->ts_ns;
	if (en->ts_ns > c->last_ns)
		c->last_ns = en->ts_ns;
	return 0;
}

int
coverage_flush(struct store *st, struct err *e)
{
	size_t i;

	for (i = 0; i < st->coverages; i++) {
		const struct coverage *c = &st->coverage[i];
		const int64_t bind[] = { c->source_id, c->origin_id, c->severity, c->n,
		    c->inferred, c->first_ns, c->last_ns };

		if (db_do(st, &sql_origin, COVERAGE_ADD, bind, 7, e))
			return -1;
	}
	st->coverages = 0;
	return 0;
}
