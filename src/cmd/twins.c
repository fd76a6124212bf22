/*
 * twins.c - runs with equal digests, from the format that knows a run best to the one that knows
 * least, put together where nothing contradicts.
 */
#include "config.h"

#include "cmd/twins.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "reason/twins.h"

struct results {
	struct twin_result *item;
	size_t n;
	bool loaded;
};

struct marking {
	struct app *app;
	struct arena arena;
	struct twin_run *run;		/* sorted: equal digests together, the best first */
	struct results *results;	/* of each run, loaded when it is looked at */
	size_t *best;			/* of each run: the one it belongs to, or itself */
	unsigned *size;			/* of each run that is its own best: twins so far */
	size_t runs;
};

static int
by_digest(const void *pa, const void *pb)
{
	const struct twin_run *a = pa, *b = pb;

	if (a->digest != b->digest)
		return a->digest < b->digest ? -1 : 1;
	if (a->quality != b->quality)
		return a->quality < b->quality ? -1 : 1;
	if (a->fidelity != b->fidelity)
		return a->fidelity > b->fidelity ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

static int
load(struct marking *m, size_t i, struct err *e)
{
	struct results *r = &m->results[i];

	if (r->loaded)
		return 0;
	r->loaded = true;
	return store_twin_results(m->app->store, &m->arena, m->run[i].id, &r->item, &r->n, e);
}

/* no run holds a format twice */
static bool
has_format(const struct marking *m, size_t best, size_t i)
{
	for (size_t k = best; k < i; k++)
		if (m->best[k] == best && slice_eq(m->run[k].format, m->run[i].format))
			return true;
	return false;
}

/* the run that i is another format of: *best, or i itself when there is none or no telling which */
static int
find_best(struct marking *m, size_t from, size_t i, size_t *best, struct twin_verdict *verdict,
    struct err *e)
{
	unsigned candidates = 0;

	*best = i;
	for (size_t k = from; k < i; k++) {
		struct twin_verdict v;

		if (m->best[k] != k || !reason_twins_may(&m->run[k], &m->run[i]) ||
		    has_format(m, k, i))
			continue;
		if (load(m, k, e) || load(m, i, e))
			return -1;
		v = reason_twins(&m->run[k], m->results[k].item, m->results[k].n, &m->run[i],
		    m->results[i].item, m->results[i].n);
		if (!v.same || (candidates && v.agreed < verdict->agreed))
			continue;
		candidates = candidates && v.agreed == verdict->agreed ? candidates + 1 : 1;
		*verdict = v;
		*best = k;
	}
	/* two runs that it fits equally well: it is told for neither */
	if (candidates > 1)
		*best = i;
	return 0;
}

static int
order(const struct twin_result *a, const struct twin_result *b)
{
	int c = slice_cmp(a->nodeid, b->nodeid);

	return c ? c : (a->from_last > b->from_last) - (a->from_last < b->from_last);
}

/* results of i that the run has already are marked; the others become results of the run */
static int
join_results(struct marking *m, size_t best, size_t i, struct err *e)
{
	struct results *had = &m->results[best];
	const struct results *more = &m->results[i];
	struct twin_result *all = arena_array(&m->arena, had->n + more->n, sizeof *all);
	size_t a = 0, b = 0, n = 0;

	while (a < had->n || b < more->n) {
		int c = a == had->n ? 1 : b == more->n ? -1 : order(&had->item[a], &more->item[b]);

		if (c == 0 && store_twin_result_put(m->app->store, more->item[b].id,
		    had->item[a].id, m->size[best], e))
			return -1;
		all[n++] = c <= 0 ? had->item[a] : more->item[b];
		a += c <= 0;
		b += c >= 0;
	}
	had->item = all;
	had->n = n;
	return 0;
}

static int
mark(struct marking *m, size_t best, size_t i, const struct twin_verdict *v, struct err *e)
{
	/* from here on both name the file from the same folder */
	for (size_t k = 0; k < m->results[best].n; k++)
		m->results[best].item[k].nodeid = slice_sub(m->results[best].item[k].nodeid,
		    v->skip_a, SIZE_MAX);
	for (size_t k = 0; k < m->results[i].n; k++)
		m->results[i].item[k].nodeid = slice_sub(m->results[i].item[k].nodeid, v->skip_b,
		    SIZE_MAX);
	m->best[i] = best;
	m->size[best]++;
	if (store_twin_put(m->app->store, m->run[i].id, m->run[best].id, m->size[best],
	    slice_str(v->why), e))
		return -1;
	return join_results(m, best, i, e);
}

static bool
same_class(const struct twin_run *a, const struct twin_run *b)
{
	return a->digest == b->digest && a->quality == b->quality;
}

static int
mark_all(struct marking *m, struct err *e)
{
	struct twin_verdict v = { .same = false };
	size_t from = 0, best;

	for (size_t i = 0; i < m->runs; i++) {
		if (!same_class(&m->run[from], &m->run[i])) {
			/* results of runs that are done with are not needed any more */
			arena_reset(&m->arena);
			from = i;
		}
		m->best[i] = i;
		if (m->run[i].digest == 0 || i == from)
			continue;
		if (find_best(m, from, i, &best, &v, e) ||
		    (best != i && mark(m, best, i, &v, e)))
			return -1;
	}
	return 0;
}

int
twins_mark(struct app *app, struct err *e)
{
	struct marking m = { .app = app };
	struct arena runs;
	int rc = -1;

	arena_init(&runs);
	arena_init(&m.arena);
	if (store_twins_clear(app->store, e) ||
	    store_twins_load(app->store, &runs, &m.run, &m.runs, e))
		goto out;
	if (m.runs)
		qsort(m.run, m.runs, sizeof *m.run, by_digest);
	m.results = mem_calloc(m.runs + 1, sizeof *m.results);
	m.best = mem_calloc(m.runs + 1, sizeof *m.best);
	m.size = mem_calloc(m.runs + 1, sizeof *m.size);
	rc = mark_all(&m, e);
out:
	free(m.results);
	free(m.best);
	free(m.size);
	arena_release(&m.arena);
	arena_release(&runs);
	return rc;
}
