/*
 * out_markdown.c - a document as GitHub Flavored Markdown.
 *
 * Paragraphs stay on one line, blocks inside list items are indented by the
 * width of the item's marker. All text passes md_escape.h.
 */
#include "config.h"

#include <inttypes.h>

#include "report/cite.h"
#include "report/doc.h"
#include "report/md_escape.h"

/* printed before each block of log text, for readers who paste a worklog elsewhere */
#define UNTRUSTED "untrusted log text:"

struct md {
	struct buf *out;
	struct arena *arena;
	struct buf prefix;		/* blanks of the lists that are open */
};

static void put_blocks(struct md *m, const struct doc_node *first, bool tight);

static bool
is_inline(const struct doc_node *n)
{
	switch (n->kind) {
	case DOC_TEXT:
	case DOC_STRONG:
	case DOC_TERM:
	case DOC_FACT:
	case DOC_CITE:
	case DOC_WORDS:
		return true;
	default:
		return false;
	}
}

static void
put_cite(struct md *m, const struct cite *c, enum md_place place)
{
	struct cite_text t = cite_text(m->arena, c);

	buf_putc(m->out, '[');
	md_text(m->out, t.id, place);
	if (t.id.n && t.path.n)
		buf_putc(m->out, ' ');
	md_text(m->out, t.path, place);
	md_text(m->out, t.place, place);
	if (t.insert_id.n) {
		buf_puts(m->out, " insertId ");
		md_text(m->out, t.insert_id, place);
	}
	buf_putc(m->out, ']');
}

static void
put_inline(struct md *m, const struct doc_node *n, enum md_place place)
{
	switch (n->kind) {
	case DOC_STRONG:
		if (!n->text.n)
			break;
		buf_puts(m->out, "**");
		md_text(m->out, n->text, place == MD_START ? MD_INLINE : place);
		buf_puts(m->out, "**");
		break;
	case DOC_TERM:
		md_code(m->out, n->text, place);
		break;
	case DOC_CITE:
		put_cite(m, n->cite, place == MD_START ? MD_INLINE : place);
		break;
	default:
		md_text(m->out, n->text, place);
		break;
	}
}

/* the inline children of n up to its first block, which is returned */
static const struct doc_node *
put_inlines(struct md *m, const struct doc_node *first, enum md_place place)
{
	size_t before = m->out->n;

	for (; first && is_inline(first); first = first->next) {
		put_inline(m, first, place);
		if (place == MD_START && m->out->n > before)
			place = MD_INLINE;
	}
	return first;
}

static void
put_heading(struct md *m, const struct doc_node *n)
{
	int level = n->level < 1 ? 1 : n->level > 6 ? 6 : n->level;

	while (level-- > 0)
		buf_putc(m->out, '#');
	buf_putc(m->out, ' ');
	md_text(m->out, n->text, MD_INLINE);
	put_inlines(m, n->first, MD_INLINE);
	buf_putc(m->out, '\n');
}

static bool
has_block(const struct doc_node *item)
{
	for (const struct doc_node *n = item->first; n; n = n->next)
		if (!is_inline(n))
			return true;
	return false;
}

static void
put_item(struct md *m, const struct doc_node *item, const char *marker)
{
	const struct doc_node *block;
	size_t indent = m->prefix.n;

	buf_put_slice(m->out, buf_slice(&m->prefix));
	buf_puts(m->out, marker);
	block = put_inlines(m, item->first, MD_START);
	buf_putc(m->out, '\n');
	for (; *marker; marker++)
		buf_putc(&m->prefix, ' ');
	if (block)
		put_blocks(m, block, block->kind == DOC_LIST || block->kind == DOC_NUMBERED);
	buf_truncate(&m->prefix, indent);
}

static void
put_list(struct md *m, const struct doc_node *list)
{
	uint64_t number = 0;

	for (const struct doc_node *n = list->first; n; n = n->next) {
		const char *marker = "- ";

		if (list->kind == DOC_NUMBERED)
			marker = arena_printf(m->arena, "%" PRIu64 ". ", ++number);
		put_item(m, n, marker);
		if (n->next && (has_block(n) || has_block(n->next)))
			buf_putc(m->out, '\n');
	}
}

static size_t
count_children(const struct doc_node *n)
{
	size_t count = 0;

	for (n = n->first; n; n = n->next)
		count++;
	return count;
}

static void
put_row(struct md *m, const struct doc_node *row, size_t columns)
{
	const struct doc_node *cell = row->first;

	buf_put_slice(m->out, buf_slice(&m->prefix));
	buf_putc(m->out, '|');
	for (size_t i = 0; i < columns; i++) {
		buf_putc(m->out, ' ');
		if (cell) {
			if (cell->text.n)
				md_text(m->out, cell->text, MD_CELL);
			put_inlines(m, cell->first, MD_CELL);
			cell = cell->next;
		}
		buf_puts(m->out, " |");
	}
	buf_putc(m->out, '\n');
}

static void
put_table(struct md *m, const struct doc_node *table)
{
	const struct doc_node *row = table->first;
	size_t columns;

	if (!row)
		return;
	columns = count_children(row);
	put_row(m, row, columns);
	buf_put_slice(m->out, buf_slice(&m->prefix));
	buf_putc(m->out, '|');
	for (size_t i = 0; i < columns; i++)
		buf_puts(m->out, " --- |");
	buf_putc(m->out, '\n');
	while ((row = row->next) != NULL)
		put_row(m, row, columns);
}

static void
put_quote(struct md *m, const struct doc_node *n)
{
	struct slice prefix = buf_slice(&m->prefix);

	buf_put_slice(m->out, prefix);
	buf_puts(m->out, UNTRUSTED "\n");
	md_fence(m->out, prefix, "text", n->text);
}

static void
put_block(struct md *m, const struct doc_node *n)
{
	switch (n->kind) {
	case DOC_HEADING:
		put_heading(m, n);
		break;
	case DOC_LIST:
	case DOC_NUMBERED:
		put_list(m, n);
		break;
	case DOC_TABLE:
		put_table(m, n);
		break;
	case DOC_QUOTE:
		put_quote(m, n);
		break;
	case DOC_CODE:
		md_fence(m->out, buf_slice(&m->prefix), "sh", n->text);
		break;
	default:
		buf_put_slice(m->out, buf_slice(&m->prefix));
		put_inlines(m, n->first, MD_START);
		buf_putc(m->out, '\n');
		break;
	}
}

/* an empty line before each block but the first; before that too unless tight */
static void
put_blocks(struct md *m, const struct doc_node *first, bool tight)
{
	for (const struct doc_node *n = first; n; n = n->next) {
		if (!tight)
			buf_putc(m->out, '\n');
		tight = false;
		put_block(m, n);
	}
}

void
out_markdown(const struct doc *d, struct buf *out)
{
	struct md m = { .out = out, .arena = d->arena };

	buf_init(&m.prefix, 4096);
	put_blocks(&m, d->root->first, true);
	buf_release(&m.prefix);
}
