#include "config.h"

#include "sign/sign.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/token.h"
#include "sign/python.h"

#define HALF (EXCEPTION_LINKS / 2)
#define TYPE_MAX 200		/* bytes of an exception's dotted name; longer is prose */
#define MESSAGE_MAX 8192	/* bytes kept of a message's first line */
#define FILE_MAX 1024		/* bytes kept of a frame's file */
#define FUNCTION_MAX 256
#define ESCAPE_LEVELS 2

static const char during[] = "During handling of the above exception, another exception occurred:";
static const char direct[] =
    "The above exception was the direct cause of the following exception:";
static const char group_header[] = "Exception Group " PYTHON_HEADER;

/* ---- classification of lines ---- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t
indent(struct slice s)
{
	size_t n = 0;

	while (n < s.n && is_blank(s.p[n]))
		n++;
	return n;
}

bool
sign_connector(struct slice text, enum link_relation *relation)
{
	struct slice s = slice_trim(text);

	if (slice_eqs(s, during))
		*relation = LINK_DURING;
	else if (slice_eqs(s, direct))
		*relation = LINK_DIRECT_CAUSE;
	else
		return false;
	return true;
}

bool
python_concerns(struct slice text)
{
	static const char *const word[] = {
		PYTHON_HEADER, during, direct, "SyntaxError:", "IndentationError:", "TabError:"
	};

	for (size_t i = 0; i < sizeof word / sizeof *word; i++)
		if (slice_find(text, 0, slice_str(word[i])) != SIZE_MAX)
			return true;
	return false;
}

static bool
is_syntax_error(struct slice type)
{
	return slice_ends(type, "SyntaxError") || slice_ends(type, "IndentationError") ||
	    slice_ends(type, "TabError");
}

/* "C:\Python311\Lib\..." */
static bool
in_windows_library(struct slice file)
{
	static const struct slice python = { "Python3", 7 }, lib = { "\\Lib\\", 5 },
	    lower = { "\\lib\\", 5 };
	size_t at = slice_find(file, 0, python);

	return at != SIZE_MAX && (slice_find(file, at, lib) != SIZE_MAX ||
	    slice_find(file, at, lower) != SIZE_MAX);
}

/* a component of the path is `name` */
static bool
has_component(struct slice path, const char *name)
{
	size_t n = strlen(name), start = 0;

	for (size_t i = 0; i <= path.n; i++) {
		if (i < path.n && path.p[i] != '/' && path.p[i] != '\\')
			continue;
		if (i - start == n && memcmp(path.p + start, name, n) == 0)
			return true;
		start = i + 1;
	}
	return false;
}

static bool
is_in_app(struct slice file)
{
	static const char *const foreign[] = {
		"site-packages", "dist-packages", "pluggy", "_pytest"
	};
	static const char *const library[] = {
		"/lib/python3", "/lib64/python3", "/lib/python2"
	};

	if (file.n == 0 || file.p[0] == '<' || slice_starts(file, "/usr/lib") ||
	    in_windows_library(file))
		return false;
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
		if (has_component(file, foreign[i]))
			return false;
	for (size_t i = 0; i < sizeof library / sizeof *library; i++)
		if (slice_find(file, 0, slice_str(library[i])) != SIZE_MAX)
			return false;
	return true;
}

/* `  File "p", line N, in f`; `, in f` is not there when a syntax error is shown */
static bool
parse_frame(struct slice line, struct frame *f)
{
	static const struct slice behind_file = { "\", line ", 8 };
	struct slice s = slice_trim(line);
	uint64_t number;
	size_t at;

	memset(f, 0, sizeof *f);
	if (!slice_take_str(&s, "File \""))
		return false;
	at = slice_find(s, 0, behind_file);
	if (at == SIZE_MAX)
		return false;
	f->file = slice_sub(s, 0, at);
	s = slice_sub(s, at + behind_file.n, s.n);
	if (!slice_take_uint(&s, &number) || number > UINT32_MAX)
		return false;
	f->line = (uint32_t)number;
	if (slice_take_str(&s, ", in "))
		f->function = s;
	else if (s.n > 0)
		return false;
	f->file.n = token_floor(f->file, FILE_MAX);
	f->function.n = token_floor(f->function, FUNCTION_MAX);
	f->in_app = is_in_app(f->file);
	return true;
}

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    c == '_' || (unsigned char)c >= 0x80;
}

/* the dotted name that s starts with ("a.b.<locals>.C" too), or the empty slice */
static struct slice
take_type(struct slice *s)
{
	struct slice in = *s, type;

	for (;;) {
		size_t n = 0;

		if (slice_take_str(&in, "<locals>")) {
			n = 1;
		} else {
			while (n < in.n && is_name_byte(in.p[n]))
				n++;
			if (n > 0 && in.p[0] >= '0' && in.p[0] <= '9')
				n = 0;
			in = slice_sub(in, n, in.n);
		}
		if (n == 0)
			return slice_of(NULL, 0);
		if (in.n < 2 || in.p[0] != '.' || !(is_name_byte(in.p[1]) || in.p[1] == '<'))
			break;
		in = slice_sub(in, 1, in.n);
	}
	type = slice_sub(*s, 0, s->n - in.n);
	*s = in;
	return type.n <= TYPE_MAX ? type : slice_of(NULL, 0);
}

/* "INFO:" and the like start lines of a log that came in between */
static bool
is_level_word(struct slice s)
{
	static const char *const level[] = {
		"DEBUG", "INFO", "NOTICE", "WARNING", "WARN", "ERROR", "CRITICAL", "FATAL", "TRACE",
		"ALERT", "EMERGENCY"
	};

	for (size_t i = 0; i < sizeof level / sizeof *level; i++)
		if (slice_eqs(s, level[i]))
			return true;
	return false;
}

static bool
has_upper(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 'A' && s.p[i] <= 'Z')
			return true;
	return false;
}

/* what exceptions are called, the interpreter's own without exception */
static bool
is_usual_type(struct slice type)
{
	static const char *const end[] = {
		"Error", "error", "Exception", "Warning", "Exit", "Interrupt", "Iteration", "Group",
		"Timeout", "timeout"
	};
	size_t dot = slice_rfind_byte(type, '.');

	if (dot != SIZE_MAX && has_upper(slice_sub(type, dot, type.n)))
		return true;
	for (size_t i = 0; i < sizeof end / sizeof *end; i++)
		if (slice_ends(type, end[i]))
			return true;
	return false;
}

/* `Type: message` or `Type` */
static bool
parse_exception_line(struct slice line, struct slice *type, struct slice *message)
{
	struct slice s = line;
	bool dotted;

	while (s.n > 0 && (is_blank(s.p[s.n - 1]) || s.p[s.n - 1] == '\r'))
		s.n--;
	*type = take_type(&s);
	if (type->n == 0 || is_level_word(*type))
		return false;
	dotted = slice_find_byte(*type, 0, '.') != SIZE_MAX;
	if (!dotted && !has_upper(*type) && !slice_ends(*type, "error"))
		return false;
	*message = slice_of("", 0);
	if (s.n == 0)
		return true;
	if (s.p[0] != ':' || (s.n > 1 && !is_blank(s.p[1])))
		return false;
	*message = slice_trim(slice_sub(s, 1, s.n));
	message->n = token_floor(*message, MESSAGE_MAX);
	return true;
}

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

static void
complete(struct python *p, struct slice type, struct slice message)
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
	    p->group[p->groups - 1].column != SIZE_MAX)
		close_group(p);
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
	size_t column = indent(*line);
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

static void
add_frame(struct python *p, const struct frame *f)
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

	if (line.n > 0 && is_blank(line.p[0])) {
		if (p->state != PYTHON_SUB && parse_frame(line, &f))
			add_frame(p, &f);
		else
			p->used++;
		return;
	}
	if (!parse_exception_line(line, &type, &message) ||
	    (p->strict && !is_usual_type(type))) {
		if (p->state == PYTHON_SYNTAX && line.n > 0)
			p->state = PYTHON_OUTSIDE;
		return;
	}
	if (p->state == PYTHON_SYNTAX && !is_syntax_error(type))
		p->state = PYTHON_OUTSIDE;
	else
		complete(p, type, message);
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
	if (p->state == PYTHON_FRAMES && !*group && indent(line) > 0)
		return SIZE_MAX;
	/* deeper than the traceback before, and not linked to it: quoted in a message */
	if (p->state == PYTHON_OUTSIDE && p->links > 0 && !p->linked && !*group &&
	    indent(line) > 0 && indent(line) == at)
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
		while (prefix.n > 0 && (is_blank(prefix.p[prefix.n - 1]) ||
		    prefix.p[prefix.n - 1] == '+'))
			prefix.n--;
		p->grouped = true;
	}
	p->prefix = prefix;
	open_traceback(p);
	p->in_group = group;
	return true;
}

static void
take_connector(struct python *p, enum link_relation relation)
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
		take_connector(p, relation);
		return true;
	}
	at = find_header(p, line, &group);
	if (at != SIZE_MAX)
		return take_header(p, line, at, group);
	if (p->state != PYTHON_OUTSIDE) {
		take_inner(p, line);
	} else if (p->links == 0 && p->groups == 0 && indent(line) > 0 &&
	    parse_frame(line, &f) && f.function.n == 0) {
		open_traceback(p);
		p->used--;
		p->relation = LINK_FIRST;
		p->state = PYTHON_SYNTAX;
		add_frame(p, &f);
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
	for (size_t i = 0; i < both.links; i++) {
		from = i < HALF ? i : i + (all - both.links);
		both.link[i] = *nth_link(x, more, from);
		if (from == x->links)
			both.link[i].relation = x->links ? relation : LINK_FIRST;
	}
	*x = both;
}
