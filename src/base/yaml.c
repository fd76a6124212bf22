#include "config.h"

#include "base/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

#define DEPTH_MAX 32			/* containers inside each other */
#define NODES_MAX 200000		/* values of one file */
#define KEY_MAX 1024			/* bytes of a key */
#define POINTERS_MAX (64 * 1024 * 1024)	/* bytes of all pointers of one file */
#define FAULTS_MAX 20			/* reported for one document ... */
#define FILE_FAULTS_MAX 100		/* ... and for one file */

/* a container that is being filled; the JSON value belongs to its parent, at last to the root */
struct frame {
	json_t *value;
	size_t pointer;		/* length of its pointer in loader.pointer */
	bool has_key;
	char *key;		/* in the arena */
	unsigned key_line, key_col;
};

struct loader {
	struct yaml_file *f;
	yaml_fault_fn *fault;
	void *ctx;
	unsigned faults;

	struct slice text;	/* of the document that is being read, as cut out by next_part */
	unsigned first_line;	/* its line number in the file */

	/* the last mark that was looked up, as most lie a little behind it */
	yaml_mark_t mark;
	size_t mark_start;	/* where its line starts in text */
	size_t mark_byte;	/* where it lies in text */

	struct yaml_doc doc;
	size_t places_cap;
	struct frame frame[DEPTH_MAX];
	unsigned depth;
	struct buf pointer;
	unsigned doc_faults;
	bool empty;		/* nothing stands between two '---' */
	bool stop_doc, stop_file;

	size_t nodes, pointer_bytes, docs_cap;
};

struct place {
	unsigned line, col;
};

/* places ------------------------------------------------------------------- */

static struct slice
line_at(struct slice text, size_t start)
{
	struct slice rest = slice_sub(text, start, SIZE_MAX), line = { NULL, 0 };

	slice_take_line(&rest, &line);
	return line;
}

static bool
is_before(yaml_mark_t a, yaml_mark_t b)
{
	return a.line < b.line || (a.line == b.line && a.column < b.column);
}

/* libyaml's marks count lines and characters, everybody else bytes */
static struct place
place_of(struct loader *l, yaml_mark_t mark)
{
	size_t at;

	if (is_before(mark, l->mark)) {
		memset(&l->mark, 0, sizeof l->mark);
		l->mark_start = l->mark_byte = 0;
	}
	while (l->mark.line < mark.line) {
		at = slice_find_byte(l->text, l->mark_byte, '\n');
		if (at == SIZE_MAX)
			break;
		l->mark_start = l->mark_byte = at + 1;
		l->mark.column = 0;
		l->mark.line++;
	}
	at = l->mark_byte;
	while (l->mark.column < mark.column && at < l->text.n && l->text.p[at] != '\n') {
		at++;
		while (at < l->text.n && ((unsigned char)l->text.p[at] & 0xC0) == 0x80)
			at++;
		l->mark.column++;
	}
	l->mark_byte = at;
	return (struct place){ l->first_line + (unsigned)l->mark.line,
		(unsigned)(at - l->mark_start) + 1 };
}

int
yaml_point(const struct yaml_file *f, unsigned line, unsigned col, const char *label,
    struct err *e)
{
	size_t start = 0;

	err_where(e, "%s:%u:%u", f->path, line, col);
	for (unsigned i = 1; i < line && start < f->text.n; i++) {
		size_t at = slice_find_byte(f->text, start, '\n');

		start = at == SIZE_MAX ? f->text.n : at + 1;
	}
	return err_caret(e, line_at(f->text, start), col, label);
}

static void
report(struct loader *l, struct place at, const char *label, struct err *e)
{
	yaml_point(l->f, at.line, at.col, label, e);
	l->faults++;
	l->doc_faults++;
	if (l->doc_faults >= FAULTS_MAX)
		l->stop_doc = true;
	if (l->faults >= FILE_FAULTS_MAX) {
		l->stop_doc = l->stop_file = true;
		err_note(e, "the file has %u faults; the rest of it was not read", l->faults);
	}
	if (l->fault)
		l->fault(l->ctx, e);
}

static void
refuse(struct loader *l, struct place at, const char *what, const char *help)
{
	struct err e;

	err_set(&e, ERR_RULES, "%s", what);
	err_help(&e, "%s", help);
	report(l, at, NULL, &e);
}

/* a fault after which nothing more of the document is looked at */
static void
refuse_doc(struct loader *l, struct place at, const char *what, const char *help)
{
	l->stop_doc = true;
	refuse(l, at, what, help);
}

static void
put_pointer_part(struct buf *b, struct slice key)
{
	buf_putc(b, '/');
	for (size_t i = 0; i < key.n; i++) {
		if (key.p[i] == '~')
			buf_puts(b, "~0");
		else if (key.p[i] == '/')
			buf_puts(b, "~1");
		else
			buf_putc(b, key.p[i]);
	}
}

static struct frame *
top(struct loader *l)
{
	return l->depth ? &l->frame[l->depth - 1] : NULL;
}

/* make l->pointer that of the next value */
static void
enter_pointer(struct loader *l)
{
	struct frame *up = top(l);

	if (!up) {
		buf_reset(&l->pointer);
		return;
	}
	buf_truncate(&l->pointer, up->pointer);
	if (json_is_object(up->value))
		put_pointer_part(&l->pointer, slice_str(up->key));
	else
		buf_printf(&l->pointer, "/%zu", json_array_size(up->value));
}

static void
keep_place(struct loader *l, struct place at, bool quoted)
{
	const struct frame *up = top(l);
	struct yaml_place *p;

	l->doc.place = mem_grow(l->doc.place, &l->places_cap, l->doc.places + 1,
	    sizeof *l->doc.place);
	p = &l->doc.place[l->doc.places++];
	memset(p, 0, sizeof *p);
	p->pointer = arena_str(&l->f->arena, buf_slice(&l->pointer));
	p->line = at.line;
	p->col = at.col;
	p->quoted = quoted;
	if (up && up->has_key) {
		p->key_line = up->key_line;
		p->key_col = up->key_col;
	}
	l->pointer_bytes += l->pointer.n + 1;
}

/* values ------------------------------------------------------------------- */

static json_t *
must(json_t *v)
{
	if (!v)
		mem_fail();
	return v;
}

/*
 * Put a value where the parser stands; takes `value`. Counted limits make a
 * small file that would become a huge tree a fault.
 */
static void
add_value(struct loader *l, json_t *value, struct place at, bool quoted)
{
	struct frame *up = top(l);
	int rc = 0;

	enter_pointer(l);
	if (++l->nodes > NODES_MAX || l->pointer_bytes > POINTERS_MAX || l->pointer.over) {
		json_decref(value);
		l->stop_file = true;
		refuse_doc(l, at, "the file holds too many values", "split it into several files");
		return;
	}
	keep_place(l, at, quoted);
	if (!up)
		l->doc.root = value;
	else if (json_is_object(up->value))
		rc = json_object_set_new(up->value, up->key, value);
	else
		rc = json_array_append_new(up->value, value);
	if (rc != 0)
		mem_fail();
	if (up)
		up->has_key = false;
}

static bool
is_plain_int(struct slice s)
{
	size_t i = s.n && s.p[0] == '-' ? 1 : 0;

	if (i == s.n || (s.p[i] == '0' && s.n > i + 1))
		return false;
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	}
	return true;
}

/* "1.50" and "1e5", but not "007.5", which somebody meant as text */
static bool
is_plain_real(struct slice s)
{
	size_t i = s.n && s.p[0] == '-' ? 1 : 0;

	return s.n > i + 1 && !(s.p[i] == '0' && s.p[i + 1] >= '0' && s.p[i + 1] <= '9');
}

static json_t *
plain_value(struct slice s)
{
	int64_t i;
	double d;

	if (s.n == 0 || slice_eqs(s, "null"))
		return must(json_null());
	if (slice_eqs(s, "true"))
		return must(json_true());
	if (slice_eqs(s, "false"))
		return must(json_false());
	if (is_plain_int(s))
		return slice_to_int64(s, &i) ? must(json_integer(i)) :
		    must(json_stringn(s.p, s.n));
	if (is_plain_real(s) && slice_to_double(s, &d))
		return must(json_real(d));
	return must(json_stringn(s.p, s.n));
}

static void
add_key(struct loader *l, struct slice text, struct place at)
{
	struct frame *up = top(l);

	if (text.n > KEY_MAX) {
		refuse_doc(l, at, "a key is longer than 1024 bytes", "shorten it");
		return;
	}
	up->key = arena_str(&l->f->arena, text);
	up->key_line = at.line;
	up->key_col = at.col;
	up->has_key = true;
}

static const struct yaml_place *
find_place(const struct loader *l, struct slice pointer)
{
	for (size_t i = 0; i < l->doc.places; i++) {
		if (slice_eqs(pointer, l->doc.place[i].pointer))
			return &l->doc.place[i];
	}
	return NULL;
}

static void
check_duplicate(struct loader *l)
{
	const struct frame *up = top(l);
	const struct yaml_place *first;
	struct err e;

	if (!json_object_get(up->value, up->key))
		return;
	enter_pointer(l);
	first = find_place(l, buf_slice(&l->pointer));
	err_set(&e, ERR_RULES, "the key '%s' is given twice", up->key);
	if (first)
		err_note(&e, "it was first given in line %u", first->key_line);
	err_help(&e, "keep one of them");
	report(l, (struct place){ up->key_line, up->key_col }, "again here", &e);
}

static void
check_extras(struct loader *l, const yaml_char_t *anchor, const yaml_char_t *tag, struct place at)
{
	if (anchor)
		refuse(l, at, "anchors (&name) are not allowed", "write the value out");
	if (tag)
		refuse(l, at, "tags (!name) are not allowed",
		    "quote the value if it is to be text");
}

/* events ------------------------------------------------------------------- */

static void
on_scalar(struct loader *l, const yaml_event_t *ev)
{
	struct slice s = slice_of((const char *)ev->data.scalar.value, ev->data.scalar.length);
	bool quoted = ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	struct place at = place_of(l, ev->start_mark);
	struct frame *up = top(l);

	check_extras(l, ev->data.scalar.anchor, ev->data.scalar.tag, at);
	if (slice_find_byte(s, 0, '\0') != SIZE_MAX) {
		refuse_doc(l, at, "text may not hold a NUL character", "in a pattern, write \\x00");
		return;
	}
	if (up && json_is_object(up->value) && !up->has_key) {
		add_key(l, s, at);
		if (!l->stop_doc)
			check_duplicate(l);
		return;
	}
	l->empty = !up && !quoted && s.n == 0;
	add_value(l, quoted ? must(json_stringn(s.p, s.n)) : plain_value(s), at, quoted);
}

static void
on_start(struct loader *l, const yaml_event_t *ev, json_t *value)
{
	struct place at = place_of(l, ev->start_mark);
	struct frame *up = top(l), *mine;

	if (up && json_is_object(up->value) && !up->has_key) {
		json_decref(value);
		refuse_doc(l, at, "a list or a mapping cannot be a key", "write a text as the key");
		return;
	}
	if (l->depth == DEPTH_MAX) {
		json_decref(value);
		refuse_doc(l, at, "the value is nested too deeply",
		    "at most 32 lists and mappings may stand inside each other");
		return;
	}
	add_value(l, value, at, false);
	if (l->stop_doc)
		return;
	mine = &l->frame[l->depth++];
	memset(mine, 0, sizeof *mine);
	mine->value = value;
	mine->pointer = l->pointer.n;
}

static void
on_alias(struct loader *l, const yaml_event_t *ev)
{
	struct place at = place_of(l, ev->start_mark);
	struct frame *up = top(l);

	refuse(l, at, "aliases (*name) are not allowed", "quote the text if it begins with '*'");
	if (l->stop_doc)
		return;
	if (up && json_is_object(up->value) && !up->has_key)
		l->stop_doc = true;
	else
		add_value(l, must(json_null()), at, false);
}

static void
on_doc_start(struct loader *l, const yaml_event_t *ev)
{
	struct place at = place_of(l, ev->start_mark);

	l->doc.line = at.line;
	l->doc.text = slice_sub(l->text, l->mark_start, SIZE_MAX);
}

static void
on_event(struct loader *l, const yaml_event_t *ev)
{
	switch (ev->type) {
	case YAML_DOCUMENT_START_EVENT:
		on_doc_start(l, ev);
		break;
	case YAML_ALIAS_EVENT:
		on_alias(l, ev);
		break;
	case YAML_SCALAR_EVENT:
		on_scalar(l, ev);
		break;
	case YAML_SEQUENCE_START_EVENT:
		check_extras(l, ev->data.sequence_start.anchor, ev->data.sequence_start.tag,
		    place_of(l, ev->start_mark));
		on_start(l, ev, must(json_array()));
		break;
	case YAML_MAPPING_START_EVENT:
		check_extras(l, ev->data.mapping_start.anchor, ev->data.mapping_start.tag,
		    place_of(l, ev->start_mark));
		on_start(l, ev, must(json_object()));
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		l->depth--;
		break;
	default:
		break;
	}
}

/* what libyaml says, with its place and, where it has one, the place it comes from */
static void
on_syntax_error(struct loader *l, const yaml_parser_t *parser)
{
	struct place at = place_of(l, parser->problem_mark);
	const char *problem = parser->problem ? parser->problem : "not valid YAML";
	struct err e;

	if (parser->error == YAML_MEMORY_ERROR)
		mem_fail();
	l->stop_doc = true;
	if (l->mark_byte < l->text.n && l->text.p[l->mark_byte] == '\t') {
		err_set(&e, ERR_RULES, "a tab is used for indentation");
		err_help(&e, "indent with blanks");
	} else {
		err_set(&e, ERR_RULES, "%s", problem);
	}
	if (strstr(problem, "<document start>"))
		err_help(&e, "a further document begins with a line of three dashes; "
		    "directives (%%YAML, %%TAG) are not allowed");
	if (parser->context && parser->context_mark.line < parser->problem_mark.line)
		err_note(&e, "%s in line %u", parser->context,
		    l->first_line + (unsigned)parser->context_mark.line);
	report(l, at, NULL, &e);
}

static void
run_parser(struct loader *l)
{
	yaml_parser_t parser;
	bool end = false;

	if (!yaml_parser_initialize(&parser))
		mem_fail();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)l->text.p, l->text.n);
	while (!end && !l->stop_doc) {
		yaml_event_t ev;

		if (!yaml_parser_parse(&parser, &ev)) {
			on_syntax_error(l, &parser);
			break;
		}
		end = ev.type == YAML_STREAM_END_EVENT;
		on_event(l, &ev);
		yaml_event_delete(&ev);
	}
	yaml_parser_delete(&parser);
}

/* documents ---------------------------------------------------------------- */

/*
 * Characters that would make libyaml's lines differ from everybody else's, or
 * that no editor shows. Returns the offset of the first one, or SIZE_MAX.
 */
static size_t
find_odd(struct slice s, const char **what)
{
	static const char *const unseen[] = { "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9",
	    "\xEF\xBB\xBF", "\xEF\xBF\xBE", "\xEF\xBF\xBF" };

	*what = "a character that is not allowed in YAML text";
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		struct slice rest = slice_of(s.p + i, s.n - i);

		if (c == '\r' && (rest.n < 2 || rest.p[1] != '\n'))
			return i;
		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F)
			return i;
		if (c == 0xC2 && rest.n > 1 && (unsigned char)rest.p[1] < 0xA0)
			return i;
		for (size_t k = 0; c >= 0xC2 && k < sizeof unseen / sizeof unseen[0]; k++) {
			if (slice_starts(rest, unseen[k]))
				return i;
		}
	}
	return SIZE_MAX;
}

static bool
check_bytes(struct loader *l)
{
	struct arena scratch;
	const char *what, *help = "write it as an escape in a double-quoted text";
	size_t fixed, odd, start = 0;
	struct slice clean;
	unsigned line = l->first_line;

	odd = find_odd(l->text, &what);
	arena_init(&scratch);
	clean = text_utf8(&scratch, l->text, &fixed);
	if (odd == SIZE_MAX && fixed) {
		what = "the text is not valid UTF-8";
		help = "save the file as UTF-8";
		for (odd = 0; odd < l->text.n && clean.p[odd] == l->text.p[odd]; odd++)
			;
	}
	arena_release(&scratch);
	if (odd == SIZE_MAX)
		return true;
	for (size_t i = 0; i < odd; i++) {
		if (l->text.p[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	refuse_doc(l, (struct place){ line, (unsigned)(odd - start) + 1 }, what,
	    help);
	return false;
}

static int
by_pointer(const void *a, const void *b)
{
	const struct yaml_place *x = a, *y = b;

	return strcmp(x->pointer, y->pointer);
}

static void
finish_doc(struct loader *l)
{
	struct yaml_file *f = l->f;

	if (l->doc_faults || !l->doc.root || l->empty) {
		json_decref(l->doc.root);
		free(l->doc.place);
	} else {
		qsort(l->doc.place, l->doc.places, sizeof *l->doc.place, by_pointer);
		f->doc = mem_grow(f->doc, &l->docs_cap, f->docs + 1, sizeof *f->doc);
		f->doc[f->docs++] = l->doc;
	}
}

static void
load_part(struct loader *l, struct slice part, unsigned line)
{
	l->text = part;
	l->first_line = line;
	memset(&l->mark, 0, sizeof l->mark);
	l->mark_start = l->mark_byte = 0;
	memset(&l->doc, 0, sizeof l->doc);
	l->places_cap = 0;
	l->depth = 0;
	l->doc_faults = 0;
	l->empty = l->stop_doc = false;
	if (check_bytes(l))
		run_parser(l);
	finish_doc(l);
}

static bool
is_marker(struct slice line)
{
	return slice_take_str(&line, "---") && (line.n == 0 || *line.p == ' ' || *line.p == '\t');
}

/*
 * The text up to the next line that starts with "---", which YAML allows nowhere
 * inside a document, block scalars and quotes included. Each part is parsed on
 * its own, so that a fault in one leaves the others alone.
 */
static struct slice
next_part(struct slice *rest, unsigned *lines)
{
	struct slice all = *rest, line;

	*lines = 0;
	while (rest->n) {
		struct slice before = *rest;

		slice_take_line(rest, &line);
		if (*lines && is_marker(line)) {
			*rest = before;
			break;
		}
		++*lines;
	}
	return slice_sub(all, 0, all.n - rest->n);
}

unsigned
yaml_load(struct yaml_file *f, const char *path, struct slice text, yaml_fault_fn *fault,
    void *ctx)
{
	struct loader l = { .f = f, .fault = fault, .ctx = ctx };
	struct slice rest;
	unsigned line = 1, lines;

	memset(f, 0, sizeof *f);
	f->path = mem_strdup(path);
	arena_init(&f->arena);
	slice_take_str(&text, "\xEF\xBB\xBF");
	f->text = arena_copy(&f->arena, text);
	buf_init(&l.pointer, 2 * DEPTH_MAX * (KEY_MAX + 1));
	for (rest = f->text; rest.n && !l.stop_file; line += lines) {
		struct slice part = next_part(&rest, &lines);

		load_part(&l, part, line);
	}
	buf_release(&l.pointer);
	return l.faults;
}

void
yaml_file_free(struct yaml_file *f)
{
	for (size_t i = 0; i < f->docs; i++) {
		json_decref(f->doc[i].root);
		free(f->doc[i].place);
	}
	free(f->doc);
	free(f->path);
	arena_release(&f->arena);
	memset(f, 0, sizeof *f);
}

const struct yaml_place *
yaml_place(const struct yaml_doc *d, const char *pointer)
{
	struct yaml_place key = { .pointer = pointer };

	if (d->places == 0)
		return NULL;
	return bsearch(&key, d->place, d->places, sizeof *d->place, by_pointer);
}
