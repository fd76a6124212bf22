/*
 * out_doc_json.c - a document, and its facts, as JSON.
 *
 * Keys are sorted and everything beyond ASCII is escaped, so that the same
 * document gives the same bytes and no byte of it acts on a terminal.
 */
#include "config.h"

#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/cite.h"
#include "report/doc.h"

static const char *
kind_name(enum doc_kind kind)
{
	static const char *const names[] = {
		[DOC_ROOT] = "root", [DOC_HEADING] = "heading", [DOC_PARA] = "para",
		[DOC_LIST] = "list", [DOC_NUMBERED] = "numbered", [DOC_ITEM] = "item",
		[DOC_TABLE] = "table", [DOC_ROW] = "row", [DOC_CELL] = "cell",
		[DOC_QUOTE] = "quote", [DOC_CODE] = "code", [DOC_TEXT] = "text",
		[DOC_STRONG] = "strong", [DOC_TERM] = "term", [DOC_FACT] = "fact",
		[DOC_CITE] = "cite", [DOC_WORDS] = "words",
	};

	return names[kind];
}

static json_t *
checked(json_t *v)
{
	if (!v)
		mem_fail();
	return v;
}

static void
set(json_t *object, const char *key, json_t *v)
{
	if (json_object_set_new(object, key, checked(v)) != 0)
		mem_fail();
}

static void
set_text(json_t *object, const char *key, struct slice s, struct arena *a)
{
	size_t fixed;

	s = text_utf8(a, s, &fixed);
	set(object, key, json_stringn(s.p ? s.p : "", s.n));
}

static json_t *
cite_json(const struct cite *c, struct arena *a)
{
	struct cite_text t = cite_text(a, c);
	json_t *o = checked(json_object());
	char ts[CLOCK_TEXT];

	if (t.id.n)
		set_text(o, "id", t.id, a);
	if (c->source_id)
		set(o, "source_id", json_integer(c->source_id));
	if (c->path.n)
		set_text(o, "path", c->path, a);
	if (c->line)
		set(o, "line", json_integer((json_int_t)c->line));
	set(o, "byte_offset", json_integer((json_int_t)c->byte));
	if (c->insert_id.n)
		set_text(o, "insert_id", c->insert_id, a);
	if (c->event_id && c->ts_ns != CLOCK_NONE)
		set_text(o, "ts", slice_str(clock_format(c->ts_ns, 9, ts)), a);
	if (c->quote.n)
		set_text(o, "quote", c->quote, a);
	return o;
}

/* as deep as sections nest their nodes: at most eight levels */
static json_t *
node_json(const struct doc_node *n, struct arena *a)
{
	json_t *o = checked(json_object()), *children;

	set(o, "kind", json_string(kind_name(n->kind)));
	if (n->kind == DOC_HEADING)
		set(o, "level", json_integer(n->level));
	if (n->text.n || (n->kind >= DOC_QUOTE && n->kind != DOC_CITE))
		set_text(o, "text", n->text, a);
	if (n->kind == DOC_FACT)
		set_text(o, "sql", n->sql, a);
	if (n->cite)
		set(o, "cite", cite_json(n->cite, a));
	if (!n->first)
		return o;
	children = checked(json_array());
	for (n = n->first; n; n = n->next)
		if (json_array_append_new(children, node_json(n, a)) != 0)
			mem_fail();
	set(o, "children", children);
	return o;
}

static int
append(const char *p, size_t n, void *out)
{
	const char *del;

	while ((del = memchr(p, 0x7F, n)) != NULL) {	/* only strings hold it */
		buf_put(out, p, (size_t)(del - p));
		buf_puts(out, "\\u007F");
		n -= (size_t)(del + 1 - p);
		p = del + 1;
	}
	buf_put(out, p, n);
	return 0;
}

/* takes rows */
static void
put_rows(json_t *rows, struct buf *out)
{
	json_t *root = checked(json_object());

	set(root, "format", json_integer(1));
	set(root, "rows", rows);
	if (json_dump_callback(root, append, out, JSON_INDENT(1) | JSON_SORT_KEYS |
	    JSON_ENSURE_ASCII) != 0)
		mem_fail();
	buf_putc(out, '\n');
	json_decref(root);
}

void
out_doc_json(const struct doc *d, struct buf *out)
{
	json_t *rows = checked(json_array());

	for (const struct doc_node *n = d->root->first; n; n = n->next)
		if (json_array_append_new(rows, node_json(n, d->arena)) != 0)
			mem_fail();
	put_rows(rows, out);
}

static void
collect_facts(const struct doc_node *n, json_t *rows, struct arena *a)
{
	for (; n; n = n->next) {
		if (n->kind == DOC_FACT) {
			json_t *o = checked(json_object());

			set_text(o, "text", n->text, a);
			set_text(o, "sql", n->sql, a);
			if (json_array_append_new(rows, o) != 0)
				mem_fail();
		}
		collect_facts(n->first, rows, a);
	}
}

void
out_facts_json(const struct doc *d, struct buf *out)
{
	json_t *rows = checked(json_array());

	collect_facts(d->root->first, rows, d->arena);
	put_rows(rows, out);
}
