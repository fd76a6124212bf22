#include "config.h"

#include "sign/sign.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sign/python.h"

#define HALF (EXCEPTION_LINKS / 2)
#define ESCAPE_LEVELS 2

static const char group_header[] = "Exception Group " PYTHON_HEADER;

/* ---- the links that are kept ---- */

static void
link_reset(struct python_link *l)
{
	l->relation = LINK_FIRST;
	l->type = l->message = slice_of("", 0);
	l->frames = 0;
	l->column = SIZE_MAX;
}

static void
link_copy(struct python_link *to, const struct python_link *from)
{
	size_t n = from->frames < EXCEPTION_FRAMES ? from->frames : EXCEPTION_FRAMES;

	to->relation = from->relation;
	to->type = from->type;
	to->message = from->message;
	to->frames = from->frames;
	to->column = from->column;
	memcpy(to->frame, from->frame, n * sizeof *to->frame);
}

static size_t
link_slot(size_t i)
{
	return i < HALF ? i : HALF + (i - HALF) % HALF;
}

static void
add_link(struct python *p, const struct python_link *l)
{
	struct python_link *to = &p->link[link_slot(p->links)];

	link_copy(to, l);
	if (p->links == 0)
		to->relation = LINK_FIRST;
	p->links++;
}

/* the group's own link comes behind its first sub-exception, which is its cause */
static void
close_group(struct python *p)
{
	add_link(p, &p->group[--p->groups]);
}

static void
close_groups(struct python *p)
{
	while (p->groups > 0)
		close_group(p);
	p->grouped = false;
}

void
python_end(struct python *p, struct slice type, struct slice message)
{
	p->open.type = type;
	p->open.message = message;
	p->open.relation = p->relation;
	/* a sub-exception that was never raised has no header: it may be a group as well */
	if ((p->in_group || p->state == PYTHON_SUB) && p->groups < PYTHON_GROUPS) {
		p->open.column = SIZE_MAX;
		link_copy(&p->group[p->groups++], &p->open);
	} else {
		add_link(p, &p->open);
	}
	p->linked = false;
	p->in_group = false;
	p->state = PYTHON_OUTSIDE;
	p->used++;
}

/* ---- one line ---- */

void
python_init(struct python *p)
{
	p->state = PYTHON_OUTSIDE;
	p->linked = p->grouped = p->in_group = p->strict = false;
	p->relation = LINK_FIRST;
	p->prefix = slice_of("", 0);
	p->used = p->links = p->groups = 0;
	link_reset(&p->open);
}

bool
python_is_open(const struct python *p)
{
	return p->state == PYTHON_FRAMES || p->state == PYTHON_SUB;
}

void
python_begin(struct python *p)
{
	close_groups(p);
	link_reset(&p->open);
	p->in_group = false;
	p->state = PYTHON_OUTSIDE;
	if (!p->linked)
		p->relation = LINK_FIRST;
}

static void
open_traceback(struct python *p)
{
	link_reset(&p->open);
	p->in_group = false;
	p->state = PYTHON_FRAMES;
	p->used++;
}

/*
 * "+-+---- 1 ----" opens the sub-exceptions of the group that came last, "+---- 2 ----"
 * the second one, "+--------" ends them. False when the line is no such mark.
 */
static bool
take_mark(struct python *p, struct slice body, size_t column)
{
	struct python_link *top;
	struct slice s = body;
	bool first = slice_take_str(&s, "+-+--"), last;
	uint64_t number = 0;

	if (!first && !slice_take_str(&s, "+--"))
		return false;
	while (slice_take_byte(&s, '-'))
		;
	last = !(slice_take_byte(&s, ' ') && slice_take_uint(&s, &number));
	if (last && s.n > 0)
		return false;
	column += first ? 2 : 0;
	if (!first && p->groups > 0 && p->group[p->groups - 1].column == SIZE_MAX)
		close_group(p);
	while (p->groups > 0 && p->group[p->groups - 1].column > column &&
	    p->group[p->groups - 1].column != SIZE_MAX) {
		close_group(p);
		p->state = PYTHON_OUTSIDE;
	}
	if (p->groups == 0)
		return true;
	top = &p->group[p->groups - 1];
	if (first && top->column == SIZE_MAX && p->state != PYTHON_SKIP) {
		top->column = column;
		p->relation = top->relation;
		top->relation = LINK_DIRECT_CAUSE;
		open_traceback(p);
		p->state = PYTHON_SUB;
	} else if (column == top->column) {
		p->state = PYTHON_SKIP;
		if (last) {
			close_group(p);
			p->state = PYTHON_OUTSIDE;
		}
	}
	return true;
}

/* take the margin of a group ("  | ") off; true when nothing more is to be done with the line */
static bool
take_margin(struct python *p, struct slice *line)
{
	size_t column = python_indent(*line);
	struct slice body = slice_sub(*line, column, line->n);

	if (body.n == 0)
		return true;
	if (body.p[0] == '+' && take_mark(p, body, column))
		return true;
	if (body.p[0] != '|') {
		if (p->groups > 0)
			p->state = PYTHON_OUTSIDE;
		close_groups(p);
		return false;
	}
	while (p->groups > 0 && p->group[p->groups - 1].column > column &&
	    p->group[p->groups - 1].column != SIZE_MAX) {
		close_group(p);
		p->state = PYTHON_OUTSIDE;
	}
	slice_take_byte(&body, '|');
	slice_take_byte(&body, ' ');
	*line = body;
	return p->state == PYTHON_SKIP;
}

void
python_frame(struct python *p, const struct frame *f)
{
	p->open.frame[p->open.frames++ % EXCEPTION_FRAMES] = *f;
	p->used++;
}

/* a line of an open traceback that is no header */
static void
take_inner(struct python *p, struct slice line)
{
	struct slice type, message;
	struct frame f;

	if (line.n > 0 && python_blank(line.p[0])) {
		if (p->state != PYTHON_SUB && python_frame_line(line, &f))
			python_frame(p, &f);
		else
			p->used++;
		return;
	}
	if (!python_exception_line(line, &type, &message) ||
	    (p->strict && !python_usual_type(type))) {
		if (p->state == PYTHON_SYNTAX && line.n > 0)
			p->state = PYTHON_OUTSIDE;
		return;
	}
	if (p->state == PYTHON_SYNTAX && !python_syntax_error(type))
		p->state = PYTHON_OUTSIDE;
	else
		python_end(p, type, message);
}

/* the offset of a header in the line, SIZE_MAX for none; source lines may quote one */
static size_t
find_header(const struct python *p, struct slice line, bool *group)
{
	size_t at = slice_find(line, 0, slice_str(group_header));

	*group = at != SIZE_MAX;
	if (!*group)
		at = slice_find(line, 0, slice_str(PYTHON_HEADER));
	if (at == SIZE_MAX)
		return at;
	if (p->state == PYTHON_FRAMES && !*group && python_indent(line) > 0)
		return SIZE_MAX;
	/* deeper than the traceback before, and not linked to it: quoted in a message */
	if (p->state == PYTHON_OUTSIDE && p->links > 0 && !p->linked && !*group &&
	    python_indent(line) > 0 && python_indent(line) == at)
		return SIZE_MAX;
	return at;
}

static bool
take_header(struct python *p, struct slice line, size_t at, bool group)
{
	struct slice prefix = slice_sub(line, 0, at);
	bool busy = p->links > 0 || p->groups > 0 || p->state == PYTHON_FRAMES ||
	    p->state == PYTHON_SYNTAX;

	if (busy && !p->linked && p->state != PYTHON_SUB)
		return false;
	if (p->groups > 0 && p->group[p->groups - 1].column == SIZE_MAX)
		close_group(p);
	if (p->linked || p->state == PYTHON_SUB)
		prefix = p->prefix.n ? p->prefix : prefix;
	else
		p->relation = LINK_FIRST;
	if (group) {
		while (prefix.n > 0 && (python_blank(prefix.p[prefix.n - 1]) ||
		    prefix.p[prefix.n - 1] == '+'))
			prefix.n--;
		p->grouped = true;
	}
	p->prefix = prefix;
	open_traceback(p);
	p->in_group = group;
	return true;
}

void
python_connect(struct python *p, enum link_relation relation)
{
	if (p->groups > 0 && p->group[p->groups - 1].column == SIZE_MAX)
		close_group(p);
	p->linked = true;
	p->relation = relation;
	p->state = PYTHON_OUTSIDE;
	p->used++;
}

bool
python_line(struct python *p, struct slice line)
{
	enum link_relation relation;
	struct frame f;
	bool group;
	size_t at;

	if (p->prefix.n > 0 && p->prefix.n <= line.n &&
	    memcmp(line.p, p->prefix.p, p->prefix.n) == 0)
		line = slice_sub(line, p->prefix.n, line.n);
	if (p->grouped && take_margin(p, &line))
		return true;
	if (sign_connector(line, &relation)) {
		python_connect(p, relation);
		return true;
	}
	at = find_header(p, line, &group);
	if (at != SIZE_MAX)
		return take_header(p, line, at, group);
	if (p->state != PYTHON_OUTSIDE) {
		take_inner(p, line);
	} else if (p->links == 0 && p->groups == 0 && python_indent(line) > 0 &&
	    python_frame_line(line, &f) && f.function.n == 0) {
		open_traceback(p);
		p->used--;
		p->relation = LINK_FIRST;
		p->state = PYTHON_SYNTAX;
		python_frame(p, &f);
	}
	return true;
}

/* ---- results ---- */

static void
keep_link(struct arena *a, struct link *to, const struct python_link *from)
{
	size_t n = from->frames < EXCEPTION_FRAMES ? from->frames : EXCEPTION_FRAMES;

	to->relation = from->relation;
	to->type = arena_copy(a, from->type);
	to->message = arena_copy(a, from->message);
	to->frames = n;
	to->frame = n ? arena_array(a, n, sizeof *to->frame) : NULL;
	for (size_t i = 0; i < n; i++) {
		const struct frame *f = &from->frame[(from->frames - n + i) % EXCEPTION_FRAMES];

		to->frame[i] = *f;
		to->frame[i].file = arena_copy(a, f->file);
		to->frame[i].function = arena_copy(a, f->function);
	}
}

bool
python_finish(struct python *p, struct arena *a, struct exception *x)
{
	size_t from;

	close_groups(p);
	if (p->links == 0)
		return false;
	memset(x, 0, sizeof *x);
	x->links = p->links < EXCEPTION_LINKS ? p->links : EXCEPTION_LINKS;
	x->dropped = p->links - x->links;
	x->cut = p->linked || python_is_open(p);
	for (size_t i = 0; i < x->links; i++) {
		from = i < HALF ? i : i + x->dropped;
		keep_link(a, &x->link[i], &p->link[link_slot(from)]);
	}
	return true;
}

struct slice
python_unescape_once(struct arena *a, struct slice text)
{
	static const char from[] = "ntr\"'\\/", to[] = "\n\t\r\"'\\/";
	char *out = arena_alloc(a, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		const char *hit = NULL;

		if (text.p[i] == '\\' && i + 1 < text.n && text.p[i + 1] != '\0')
			hit = strchr(from, text.p[i + 1]);
		if (hit)
			i++;
		out[n++] = hit ? to[hit - from] : text.p[i];
	}
	return slice_of(out, n);
}

struct slice
python_unescape(struct arena *a, struct slice text)
{
	static const struct slice header = { PYTHON_HEADER, sizeof PYTHON_HEADER - 1 };
	size_t at, start, end;

	for (int level = 0; level < ESCAPE_LEVELS; level++) {
		at = slice_find(text, 0, header);
		if (at == SIZE_MAX || at + header.n >= text.n || text.p[at + header.n] != '\\')
			break;
		start = slice_rfind_byte(slice_sub(text, 0, at), '\n');
		start = start == SIZE_MAX ? 0 : start + 1;
		end = slice_find_byte(text, at, '\n');
		if (end == SIZE_MAX)
			end = text.n;
		text = python_unescape_once(a, slice_sub(text, start, end - start));
	}
	return text;
}

bool
sign_exception(struct arena *a, struct slice text, struct exception *x)
{
	struct slice line;
	struct python *p;
	bool found;

	if (!python_concerns(text))
		return false;
	text = python_unescape(a, text);
	p = mem_alloc(sizeof *p);
	python_init(p);
	while (slice_take_line(&text, &line)) {
		if (python_line(p, line))
			continue;
		if (p->links > 0 || p->groups > 0)
			break;
		/* the traceback before was cut: take the one that starts here */
		python_init(p);
		python_line(p, line);
	}
	found = python_finish(p, a, x);
	free(p);
	return found;
}

/* link i of the two chains in a row */
static const struct link *
nth_link(const struct exception *x, const struct exception *more, size_t i)
{
	return i < x->links ? &x->link[i] : &more->link[i - x->links];
}

void
sign_chain(struct exception *x, const struct exception *more, enum link_relation relation)
{
	struct exception both;
	size_t all = x->links + more->links, from;

	memset(&both, 0, sizeof both);
	both.links = all < EXCEPTION_LINKS ? all : EXCEPTION_LINKS;
	both.dropped = x->dropped + more->dropped + (all - both.links);
	both.cut = more->cut;
	for (size_t i = 0; i < both.links; i++) {
		from = i < HALF ? i : i + (all - both.links);
		both.link[i] = *nth_link(x, more, from);
		if (from == x->links)
			both.link[i].relation = x->links ? relation : LINK_FIRST;
	}
	*x = both;
}
