/*
 * cite.c - where a statement stands, in words: [e12 exports/a.json:34 insertId abc].
 */
#include "config.h"

#include "report/cite.h"

#include <inttypes.h>

static struct slice
id_of(struct arena *a, char letter, int64_t id)
{
	return slice_str(arena_printf(a, "%c%" PRId64, letter, id));
}

struct cite_text
cite_text(struct arena *a, const struct cite *c)
{
	struct cite_text t = { .path = c->path, .insert_id = c->insert_id };

	if (c->event_id)
		t.id = id_of(a, 'e', c->event_id);
	else if (c->test_id)
		t.id = id_of(a, 't', c->test_id);
	else if (!c->path.n && c->source_id)
		t.id = id_of(a, 's', c->source_id);
	if (c->line)
		t.place = slice_str(arena_printf(a, ":%" PRIu64, c->line));
	else if (c->byte)
		t.place = slice_str(arena_printf(a, ", byte %" PRIu64, c->byte));
	return t;
}
