/*
 * load_node.c - values of a rule document with their places, and faults that point at them.
 */
#include "config.h"

#include <string.h>

#include "base/buf.h"
#include "rule/load.h"

/* moving about -------------------------------------------------------------- */

struct node
node_key(const struct node *map, const char *key)
{
	struct node n = *map;
	struct buf b;

	n.value = json_object_get(map->value, key);
	if (!n.value)
		return n;
	buf_init(&b, SIZE_MAX / 2);
	buf_puts(&b, map->pointer);
	buf_putc(&b, '/');
	for (; *key; key++) {
		if (*key == '~' || *key == '/')
			buf_puts(&b, *key == '~' ? "~0" : "~1");
		else
			buf_putc(&b, *key);
	}
	n.pointer = arena_str(&map->l->scratch, buf_slice(&b));
	buf_release(&b);
	return n;
}

struct node
node_item(const struct node *list, size_t i)
{
	struct node n = *list;

	n.value = json_array_get(list->value, i);
	n.pointer = arena_printf(&list->l->scratch, "%s/%zu", list->pointer, i);
	return n;
}

struct slice
node_text(const struct node *n)
{
	return slice_of(json_string_value(n->value), json_string_length(n->value));
}

bool
node_quoted(const struct node *n)
{
	const struct yaml_place *p = yaml_place(n->doc, n->pointer);

	return p && p->quoted;
}

/* places -------------------------------------------------------------------- */

struct spot
node_spot(const struct node *n)
{
	const struct yaml_place *p = yaml_place(n->doc, n->pointer);

	return (struct spot){ n->file, p ? p->line : n->doc->line, p ? p->col : 1 };
}

struct spot
node_key_spot(const struct node *n)
{
	const struct yaml_place *p = yaml_place(n->doc, n->pointer);

	if (!p || p->key_line == 0)
		return node_spot(n);
	return (struct spot){ n->file, p->key_line, p->key_col };
}

/* the file's bytes from a spot to its end */
static struct slice
bytes_at(struct spot spot)
{
	struct slice text = spot.file->text, line;

	for (unsigned i = 1; i < spot.line; i++) {
		if (!slice_take_line(&text, &line))
			break;
	}
	return slice_sub(text, spot.col - 1, text.n);
}

/*
 * The line of a block scalar that holds byte `offset` of its text: exact only
 * when the line stands in the file as it is in the text, behind blanks.
 */
static bool
spot_in_block(struct spot *spot, struct slice text, size_t offset)
{
	struct slice raw = bytes_at(*spot), rest = text, line, want = { 0 };
	unsigned row = 0;
	size_t indent, before = 0;

	slice_take_line(&raw, &line);		/* the indicator */
	while (slice_take_line(&rest, &want)) {
		if (!slice_take_line(&raw, &line))
			return false;
		row++;
		if (offset - before <= want.n)
			break;
		before = text.n - rest.n;
	}
	if (row == 0 || offset - before > want.n || line.n < want.n)
		return false;
	indent = line.n - want.n;
	if (!slice_eq(slice_sub(line, indent, want.n), want))
		return false;
	for (size_t i = 0; i < indent; i++) {
		if (line.p[i] != ' ')
			return false;
	}
	spot->line += row;
	spot->col = (unsigned)(indent + offset - before + 1);
	return true;
}

/* the place of byte `offset` of the text of n; its start where that cannot be said exactly */
static struct spot
spot_of_offset(const struct node *n, size_t offset)
{
	struct spot spot = node_spot(n);
	struct slice text = node_text(n), raw = bytes_at(spot), body;
	char quote = raw.n ? raw.p[0] : '\0';

	if (node_quoted(n) && (quote == '|' || quote == '>')) {
		spot_in_block(&spot, text, offset);
		return spot;
	}
	if (!node_quoted(n))
		quote = '\0';
	body = quote ? slice_sub(raw, 1, text.n + 1) : slice_sub(raw, 0, text.n);
	if (slice_find_byte(text, 0, '\n') != SIZE_MAX || body.n < text.n ||
	    !slice_eq(slice_sub(body, 0, text.n), text))
		return spot;
	if (quote && (body.n == text.n || body.p[text.n] != quote))
		return spot;
	spot.col += (unsigned)offset + (quote ? 1 : 0);
	return spot;
}

/* faults -------------------------------------------------------------------- */

void
fault_at(struct load *l, struct spot spot, const char *label, struct err *e)
{
	l->faults++;
	if (++l->file_faults > RULE_FAULTS_MAX)
		return;
	yaml_point(spot.file, spot.line, spot.col, label, e);
	if (l->file_faults == RULE_FAULTS_MAX)
		err_note(e, "the file has more than %d faults; no more of them are shown",
		    RULE_FAULTS_MAX - 1);
	if (l->fault)
		l->fault(l->ctx, e);
}

void
fault_value(const struct node *n, const char *label, struct err *e)
{
	fault_at(n->l, node_spot(n), label, e);
}

void
fault_key(const struct node *n, const char *label, struct err *e)
{
	fault_at(n->l, node_key_spot(n), label, e);
}

void
fault_offset(const struct node *n, size_t offset, const char *label, struct err *e)
{
	fault_at(n->l, spot_of_offset(n, offset), label, e);
}

/* words --------------------------------------------------------------------- */

const char *
nearest_word(struct slice text, const char *const *words)
{
	const char *best = NULL;
	unsigned least = 4;

	for (size_t i = 0; words[i]; i++) {
		unsigned distance = slice_distance(text, slice_str(words[i]));

		if (distance < least && distance * 3 <= text.n) {
			least = distance;
			best = words[i];
		}
	}
	return best;
}

void
help_words(struct err *e, struct slice text, const char *const *words)
{
	const char *near = nearest_word(text, words);
	struct buf b;

	if (near) {
		err_help(e, "did you mean `%s`?", near);
		return;
	}
	buf_init(&b, sizeof e->help - 1);
	buf_puts(&b, "use one of: ");
	for (size_t i = 0; words[i]; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", words[i]);
	err_help(e, "%s", b.p);
	buf_release(&b);
}

void
check_keys(const struct node *map, const char *const *known, const char *what)
{
	const char *key;
	json_t *value;
	struct err e;

	json_object_foreach(map->value, key, value) {
		struct node n = node_key(map, key);
		bool found = false;

		for (size_t i = 0; known[i] && !found; i++)
			found = strcmp(known[i], key) == 0;
		if (found)
			continue;
		err_set(&e, ERR_RULES, "unknown key `%s`", key);
		err_note(&e, "%s has no such key, and a misspelt one would be ignored in silence",
		    what);
		help_words(&e, slice_str(key), known);
		fault_key(&n, "not known", &e);
	}
}
