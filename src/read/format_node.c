/*
 * format_node.c - places of values, and how their faults are told.
 */
#include "config.h"

#include <string.h>

#include "read/format_node.h"

#define FAULTS_SHOWN 100	/* of one file */

struct fnode
fnode_root(struct format_load *load)
{
	return (struct fnode){ load, load->doc->root, "" };
}

struct fnode
fnode_key(const struct fnode *map, const char *key)
{
	struct fnode n = *map;
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
	n.pointer = arena_str(&map->load->scratch, buf_slice(&b));
	buf_release(&b);
	return n;
}

struct fnode
fnode_item(const struct fnode *list, size_t i)
{
	struct fnode n = *list;

	n.value = json_array_get(list->value, i);
	n.pointer = arena_printf(&list->load->scratch, "%s/%zu", list->pointer, i);
	return n;
}

struct slice
fnode_text(const struct fnode *n)
{
	if (!json_is_string(n->value))
		return slice_of(NULL, 0);
	return slice_of(json_string_value(n->value), json_string_length(n->value));
}

unsigned
fnode_line(const struct fnode *n)
{
	const struct yaml_place *p = yaml_place(n->load->doc, n->pointer);

	return p ? p->line : n->load->doc->line;
}

static void
put(struct format_load *load, unsigned line, unsigned col, const char *label, struct err *e)
{
	if (++load->faults > FAULTS_SHOWN)
		return;
	yaml_point(load->file, line, col, label, e);
	if (load->faults == FAULTS_SHOWN)
		err_note(e, "the file has more faults; they are not shown");
	if (load->fault)
		load->fault(load->ctx, e);
}

void
fnode_fault(const struct fnode *n, const char *label, struct err *e)
{
	const struct yaml_place *p = yaml_place(n->load->doc, n->pointer);

	put(n->load, p ? p->line : n->load->doc->line, p ? p->col : 1, label, e);
}

void
fnode_fault_key(const struct fnode *n, const char *label, struct err *e)
{
	const struct yaml_place *p = yaml_place(n->load->doc, n->pointer);

	if (!p || p->key_line == 0)
		fnode_fault(n, label, e);
	else
		put(n->load, p->key_line, p->key_col, label, e);
}

/* exact only where the text stands in one line of the file as it is, with or without quotes */
void
fnode_fault_at(const struct fnode *n, size_t offset, const char *label, struct err *e)
{
	const struct yaml_place *p = yaml_place(n->load->doc, n->pointer);
	struct slice text = n->load->file->text, line = { NULL, 0 }, raw, want = fnode_text(n);
	unsigned quote;

	if (!p) {
		fnode_fault(n, label, e);
		return;
	}
	for (unsigned i = 0; i < p->line && slice_take_line(&text, &line); i++)
		;
	raw = slice_sub(line, p->col - 1, line.n);
	quote = p->quoted && raw.n > 0 && (raw.p[0] == '\'' || raw.p[0] == '"');
	if (slice_eq(slice_sub(raw, quote, want.n), want))
		put(n->load, p->line, p->col + quote + (unsigned)offset, label, e);
	else
		fnode_fault(n, label, e);
}

bool
fnode_want_text(const struct fnode *n, const char *what, struct slice *out)
{
	struct err e;

	*out = fnode_text(n);
	if (slice_trim(*out).n > 0)
		return true;
	err_set(&e, ERR_RULES, n->value ? "%s must be text" : "%s is missing", what);
	err_note(&e, "a format cannot be used without it");
	err_help(&e, "put it into single quotes if it looks like something else");
	fnode_fault(n, NULL, &e);
	return false;
}

void
fnode_check_keys(const struct fnode *map, const char *const *known, const char *what)
{
	const char *key;
	json_t *value;

	json_object_foreach(map->value, key, value) {
		struct fnode n = fnode_key(map, key);
		const char *near = NULL;
		unsigned least = 4;
		struct err e;
		size_t i;

		for (i = 0; known[i] && strcmp(known[i], key) != 0; i++) {
			unsigned d = slice_distance(slice_str(key), slice_str(known[i]));

			if (d < least) {
				least = d;
				near = known[i];
			}
		}
		if (known[i])
			continue;
		err_set(&e, ERR_RULES, "unknown key `%s`", key);
		err_note(&e, "%s has no such key, and a misspelt one would be ignored in silence",
		    what);
		if (near)
			err_help(&e, "did you mean `%s`?", near);
		else
			err_help(&e, "see netra-triage-formats(5)");
		fnode_fault_key(&n, "not known", &e);
	}
}
