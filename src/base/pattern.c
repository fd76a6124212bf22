#include "config.h"

#include "base/pattern.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/mem.h"
#include "base/text.h"

#define NEST_MAX 100			/* parentheses inside each other */
#define CODE_MAX (1024 * 1024)		/* bytes of a compiled pattern */
#define MATCH_LIMIT_STEPS 20000		/* of PCRE2's counter, for each start offset */
#define DEPTH_LIMIT 20000
#define HEAP_LIMIT_KIB 20000
#define JIT_STACK_FIRST (32 * 1024)
#define JIT_STACK_MAX (1024 * 1024)
/*
 * PCRE2 counts its match limit anew at every start offset, so the limit alone
 * bounds nothing: each call gets this many start offsets, and the clock is read
 * between calls.
 */
#define CHUNK 256
#define CLOCK_BUDGET_NS INT64_C(250000000)

struct pattern {
	pcre2_code *code;
	bool anchored;		/* matches where it starts or nowhere: one chunk will do */
	/*
	 * A leading ".*" makes PCRE2 try the starts of lines only, which is wrong
	 * behind an invalid byte. NULL, or the same pattern without that shortcut.
	 */
	pcre2_code *loose;
	bool sticky;		/* has \G, which would also match where the tail begins */
	unsigned groups, names, name_size;
	PCRE2_SPTR name_table;
};

struct matcher {
	pcre2_match_context *context;
	pcre2_match_data *data;
	pcre2_jit_stack *stack;
};

static void *
pcre_alloc(size_t n, void *ctx)
{
	(void)ctx;
	return mem_alloc(n);
}

static void
pcre_free(void *p, void *ctx)
{
	(void)ctx;
	free(p);
}

/* what is refused ---------------------------------------------------------- */

/*
 * PCRE2 has no option that refuses verbs, callouts and recursion, so the text is
 * scanned for them. The scan has to agree with PCRE2 on what is literal: escapes,
 * \Q..\E, classes, comments, and in which groups (?x) holds.
 */
struct scan {
	struct slice text;
	size_t at;
	unsigned depth;
	bool extended[NEST_MAX + 2];	/* (?x) holds in this group */
	const char *refused;		/* what was found, at `at` */
	bool sticky;
};

static char
peek(const struct scan *s, size_t ahead)
{
	return ahead < s->text.n - s->at ? s->text.p[s->at + ahead] : '\0';
}

static bool
looking_at(const struct scan *s, const char *what)
{
	return slice_starts(slice_sub(s->text, s->at, SIZE_MAX), what);
}

static void
skip_past(struct scan *s, const char *what)
{
	size_t at = slice_find(s->text, s->at, slice_str(what));

	s->at = at == SIZE_MAX ? s->text.n : at + strlen(what);
}

static void
advance(struct scan *s, size_t n)
{
	s->at += n < s->text.n - s->at ? n : s->text.n - s->at;
}

static void
scan_escape(struct scan *s, bool in_class)
{
	char c = peek(s, 1);

	if (c == 'Q') {
		skip_past(s, "\\E");
		return;
	}
	if (!in_class && c == 'g' && (peek(s, 2) == '<' || peek(s, 2) == '\'')) {
		s->refused = "subroutine calls";
		return;
	}
	if (!in_class && c == 'G')
		s->sticky = true;
	advance(s, c == 'c' ? 3 : 2);
}

/* end of a "[:name:]", "[.x.]" or "[=x=]" at s->at, or 0: the rules of pcre2pattern(3) */
static size_t
posix_class_end(const struct scan *s)
{
	char kind = peek(s, 1);

	if (kind != ':' && kind != '.' && kind != '=')
		return 0;
	for (size_t i = 2; s->at + i + 1 < s->text.n; i++) {
		char c = peek(s, i), next = peek(s, i + 1);

		if (c == '\\' && (next == ']' || next == '\\'))
			i++;
		else if (c == ']' || (c == '[' && next == kind))
			return 0;
		else if (c == kind && next == ']')
			return s->at + i + 2;
	}
	return 0;
}

/* before the first character of a class these count for nothing */
static void
skip_empty_quotes(struct scan *s)
{
	for (;;) {
		if (looking_at(s, "\\E"))
			advance(s, 2);
		else if (looking_at(s, "\\Q\\E"))
			advance(s, 4);
		else
			return;
	}
}

static void
scan_class(struct scan *s)
{
	/* "[[:<:]]" and "[[:>:]]" are word boundaries, not classes */
	if (looking_at(s, "[[:<:]]") || looking_at(s, "[[:>:]]")) {
		advance(s, 7);
		return;
	}
	advance(s, 1);
	skip_empty_quotes(s);
	if (peek(s, 0) == '^')
		advance(s, 1);
	skip_empty_quotes(s);
	if (peek(s, 0) == ']')
		advance(s, 1);
	while (s->at < s->text.n && peek(s, 0) != ']') {
		size_t end = peek(s, 0) == '[' ? posix_class_end(s) : 0;

		if (end)
			s->at = end;
		else if (peek(s, 0) == '\\')
			scan_escape(s, true);
		else
			advance(s, 1);
	}
	advance(s, 1);
}

static bool
is_option(char c)
{
	return c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "(?imsx-x)" and "(?x:": true when it was one; "(?x)" holds for the rest of the group */
static bool
scan_options(struct scan *s)
{
	bool extended = s->extended[s->depth], on = true;
	size_t i = 2;

	if (peek(s, i) == '^') {
		extended = false;
		i++;
	}
	for (; is_option(peek(s, i)); i++) {
		if (peek(s, i) == '-')
			on = false;
		else if (peek(s, i) == 'x' && peek(s, i + 1) == 'x')
			s->refused = "(?xx) classes";
		else if (peek(s, i) == 'x')
			extended = on;
	}
	if (peek(s, i) == ')') {
		s->extended[s->depth] = extended;
	} else if (peek(s, i) == ':') {
		s->depth++;
		s->extended[s->depth] = extended;
	} else {
		return false;
	}
	advance(s, i + 1);
	return true;
}

static const char *
refused_group(const struct scan *s)
{
	char c = peek(s, 2), next = peek(s, 3);

	if (peek(s, 1) == '*')
		return "(*VERBS)";
	if (peek(s, 1) != '?')
		return NULL;
	if (c == 'C')
		return "callouts";
	if (c == 'R' || c == '&' || (c == 'P' && next == '>'))
		return "recursion and subroutine calls";
	if ((c == '+' || c == '-') && next >= '0' && next <= '9')
		return "recursion and subroutine calls";
	if (c >= '0' && c <= '9')
		return "recursion and subroutine calls";
	return NULL;
}

static void
scan_group(struct scan *s)
{
	s->refused = refused_group(s);
	if (s->refused)
		return;
	if (s->depth >= NEST_MAX) {
		s->refused = "groups inside more than 100 others";
		return;
	}
	if (looking_at(s, "(?#")) {
		skip_past(s, ")");
		return;
	}
	if (peek(s, 1) == '?' && scan_options(s))
		return;
	s->depth++;
	s->extended[s->depth] = s->extended[s->depth - 1];
	advance(s, peek(s, 1) == '?' ? 2 : 1);
}

static void
scan_step(struct scan *s)
{
	char c = peek(s, 0);

	if (c == '\\') {
		scan_escape(s, false);
	} else if (c == '[') {
		scan_class(s);
	} else if (c == '(') {
		scan_group(s);
	} else if (c == '#' && s->extended[s->depth]) {
		skip_past(s, "\n");
	} else {
		if (c == ')' && s->depth)
			s->depth--;
		advance(s, 1);
	}
}

static int
refuse(struct slice text, bool *sticky, size_t *offset, struct err *e)
{
	struct scan s = { .text = text };

	if (text.n > PATTERN_TEXT_MAX) {
		*offset = PATTERN_TEXT_MAX;
		return err_set(e, ERR_RULES, "the pattern is longer than %d bytes",
		    PATTERN_TEXT_MAX);
	}
	while (s.at < text.n && !s.refused)
		scan_step(&s);
	*sticky = s.sticky;
	if (!s.refused)
		return 0;
	*offset = s.at;
	return err_set(e, ERR_RULES, "%s are not allowed in patterns", s.refused);
}

/* compile ------------------------------------------------------------------ */

static uint32_t
compile_options(unsigned flags)
{
	uint32_t o = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_DOLLAR_ENDONLY |
	    PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT;

	if (flags & PATTERN_CASELESS)
		o |= PCRE2_CASELESS;
	if (flags & PATTERN_MULTILINE)
		o |= PCRE2_MULTILINE | PCRE2_ALT_CIRCUMFLEX;
	if (flags & PATTERN_DOTALL)
		o |= PCRE2_DOTALL;
	return o;
}

static pcre2_code *
compile_code(struct slice text, uint32_t options, size_t *offset, struct err *e)
{
	pcre2_general_context *general = pcre2_general_context_create(pcre_alloc, pcre_free, NULL);
	pcre2_compile_context *context = pcre2_compile_context_create(general);
	PCRE2_UCHAR message[256];
	PCRE2_SIZE at = 0;
	pcre2_code *code;
	int rc;

	pcre2_set_max_pattern_length(context, PATTERN_TEXT_MAX);
	pcre2_set_parens_nest_limit(context, NEST_MAX);
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	code = pcre2_compile((PCRE2_SPTR)(text.n ? text.p : ""), text.n, options, &rc, &at,
	    context);
	if (!code) {
		*offset = at < text.n ? at : text.n;
		pcre2_get_error_message(rc, message, sizeof message);
		err_set(e, ERR_RULES, "%s", (const char *)message);
	}
	pcre2_compile_context_free(context);
	pcre2_general_context_free(general);
	return code;
}

/* where the pattern may start: 0 anywhere, 1 at the start of a line, 2 where matching starts */
static unsigned
start_kind(const pcre2_code *code)
{
	uint32_t options = 0, first = 0;

	pcre2_pattern_info(code, PCRE2_INFO_ALLOPTIONS, &options);
	pcre2_pattern_info(code, PCRE2_INFO_FIRSTCODETYPE, &first);
	return options & PCRE2_ANCHORED ? 2 : first == 2 ? 1 : 0;
}

static void
read_facts(struct pattern *p, size_t *size)
{
	uint32_t groups = 0, names = 0, name_size = 0;

	pcre2_pattern_info(p->code, PCRE2_INFO_SIZE, size);
	pcre2_pattern_info(p->code, PCRE2_INFO_CAPTURECOUNT, &groups);
	pcre2_pattern_info(p->code, PCRE2_INFO_NAMECOUNT, &names);
	pcre2_pattern_info(p->code, PCRE2_INFO_NAMEENTRYSIZE, &name_size);
	pcre2_pattern_info(p->code, PCRE2_INFO_NAMETABLE, &p->name_table);
	p->groups = groups;
	p->names = names;
	p->name_size = name_size;
	p->anchored = start_kind(p->code) == 2;
}

#ifdef NT_NO_JIT	/* --disable-jit: for valgrind, which cannot follow generated code */
static void
make_native(pcre2_code *code)
{
	(void)code;
}
#else
/* without memory for it, or where pages may not be executable, the interpreter matches */
static void
make_native(pcre2_code *code)
{
	(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
}
#endif

static void
add_loose(struct pattern *p, struct slice text, unsigned flags)
{
	unsigned kind = start_kind(p->code);
	struct err e;
	size_t at;

	if (kind == 0)
		return;
	p->loose = compile_code(text, compile_options(flags) | PCRE2_NO_DOTSTAR_ANCHOR, &at, &e);
	if (p->loose && start_kind(p->loose) == kind) {
		pcre2_code_free(p->loose);
		p->loose = NULL;
	}
	if (p->loose)
		make_native(p->loose);
}

int
pattern_compile(struct slice text, unsigned flags, struct pattern **out, size_t *offset,
    struct err *e)
{
	struct pattern *p;
	pcre2_code *code;
	bool sticky = false;
	size_t size = 0;

	*out = NULL;
	*offset = 0;
	if (refuse(text, &sticky, offset, e) != 0)
		return -1;
	code = compile_code(text, compile_options(flags), offset, e);
	if (!code)
		return -1;
	p = mem_calloc(1, sizeof *p);
	p->code = code;
	p->sticky = sticky;
	read_facts(p, &size);
	if (size > CODE_MAX || p->groups >= PATTERN_GROUPS) {
		pattern_free(p);
		if (size > CODE_MAX)
			return err_set(e, ERR_RULES, "the compiled pattern has %zu bytes, more "
			    "than %d", size, CODE_MAX);
		return err_set(e, ERR_RULES, "the pattern has more than %d capture groups",
		    PATTERN_GROUPS - 1);
	}
	/* without JIT (an odd machine, no executable memory) matching is slower, not different */
	make_native(code);
	add_loose(p, text, flags);
	*out = p;
	return 0;
}

void
pattern_free(struct pattern *p)
{
	if (!p)
		return;
	pcre2_code_free(p->code);
	pcre2_code_free(p->loose);
	free(p);
}

unsigned
pattern_group_count(const struct pattern *p)
{
	return p->groups;
}

/* an entry of the name table: the number in two bytes, the name, NUL */
bool
pattern_name(const struct pattern *p, unsigned i, const char **name, unsigned *number)
{
	PCRE2_SPTR entry;

	if (i >= p->names)
		return false;
	entry = p->name_table + (size_t)i * p->name_size;
	*number = (unsigned)entry[0] << 8 | entry[1];
	*name = (const char *)entry + 2;
	return true;
}

/* match -------------------------------------------------------------------- */

struct matcher *
matcher_new(void)
{
	pcre2_general_context *general = pcre2_general_context_create(pcre_alloc, pcre_free, NULL);
	struct matcher *m = mem_calloc(1, sizeof *m);

	m->context = pcre2_match_context_create(general);
	m->data = pcre2_match_data_create(PATTERN_GROUPS, general);
	m->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MAX, general);
	pcre2_set_match_limit(m->context, MATCH_LIMIT_STEPS);
	pcre2_set_depth_limit(m->context, DEPTH_LIMIT);
	pcre2_set_heap_limit(m->context, HEAP_LIMIT_KIB);
	if (m->stack)
		pcre2_jit_stack_assign(m->context, NULL, m->stack);
	pcre2_general_context_free(general);
	return m;
}

void
matcher_free(struct matcher *m)
{
	if (!m)
		return;
	pcre2_jit_stack_free(m->stack);
	pcre2_match_data_free(m->data);
	pcre2_match_context_free(m->context);
	free(m);
}

static int64_t
ticks(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		return 0;
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* a part of a subject and the start offsets to be tried in it */
struct part {
	struct slice text;
	size_t from;
	uint32_t options;
};

struct run {
	struct matcher *m;
	const struct pattern *p;
	const pcre2_code *code;
	bool anchored;
	int64_t deadline;	/* 0: the clock was not yet read */
	bool by_clock;
};

static bool
past_deadline(struct run *r)
{
	int64_t now = ticks();

	if (r->deadline == 0)
		r->deadline = now + CLOCK_BUDGET_NS;
	r->by_clock = now > r->deadline;
	return r->by_clock;
}

/* start offsets from..last; what JIT has no stack for is tried again without it */
static int
match_chunk(struct run *r, const struct part *part, size_t from, size_t last)
{
	PCRE2_SPTR subject = (PCRE2_SPTR)(part->text.n ? part->text.p : "");
	int rc;

	pcre2_set_offset_limit(r->m->context, last);
	rc = pcre2_match(r->code, subject, part->text.n, from, part->options, r->m->data,
	    r->m->context);
	if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
		rc = pcre2_match(r->code, subject, part->text.n, from,
		    part->options | PCRE2_NO_JIT, r->m->data, r->m->context);
	return rc;
}

static bool
is_continuation(struct slice s, size_t at)
{
	return at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80;
}

/* no match may start inside a character; stray continuation bytes match nothing anyway */
static size_t
next_start(struct slice s, size_t at)
{
	for (unsigned i = 0; i < 3 && at > 0 && is_continuation(s, at); i++)
		at++;
	return at;
}

static enum match_outcome
match_part(struct run *r, const struct part *part)
{
	size_t from = next_start(part->text, part->from);

	for (;;) {
		size_t last = from + CHUNK - 1;
		bool all = r->anchored || last >= part->text.n;
		int rc = match_chunk(r, part, from, all ? part->text.n : last);

		if (rc >= 0)
			return MATCH_YES;
		/* every other code says that it gave up, none that there is no match */
		if (rc != PCRE2_ERROR_NOMATCH)
			return MATCH_LIMIT;
		if (all)
			return MATCH_NO;
		if (past_deadline(r))
			return MATCH_LIMIT;
		from = next_start(part->text, last + 1);
	}
}

static void
fill_match(const struct run *r, struct slice subject, struct match *out)
{
	const PCRE2_SIZE *v = pcre2_get_ovector_pointer(r->m->data);
	unsigned n = pcre2_get_ovector_count(r->m->data);
	const char *base = subject.p ? subject.p : "";

	if (n > r->p->groups + 1)
		n = r->p->groups + 1;
	out->start = v[0] < v[1] ? v[0] : v[1];
	out->end = v[1];
	for (unsigned i = 0; i < n; i++) {
		size_t from = v[2 * i], to = v[2 * i + 1];

		if (from == PCRE2_UNSET || to == PCRE2_UNSET || from > to)
			continue;
		out->group[i] = slice_of(base + from, to - from);
		out->groups = i + 1;
	}
}

/*
 * A long subject is matched by its head, whose end is not the end of the
 * subject, and by its tail, which still sees the bytes before it.
 */
enum match_outcome
matcher_run(struct matcher *m, const struct pattern *p, struct slice subject, size_t from,
    struct match *out)
{
	struct run r = { .m = m, .p = p, .code = p->code, .anchored = p->anchored };
	enum match_outcome outcome = MATCH_NO;
	struct part part = { .text = subject, .from = from };
	size_t tail;

	memset(out, 0, sizeof *out);
	if (from > subject.n)
		return MATCH_NO;
	if (p->loose && !text_is_utf8(subject)) {
		r.code = p->loose;
		r.anchored = start_kind(p->loose) == 2;
	}
	if (subject.n <= PATTERN_HEAD + PATTERN_TAIL) {
		outcome = match_part(&r, &part);
	} else {
		tail = subject.n - PATTERN_TAIL;
		if (from < PATTERN_HEAD) {
			part.text.n = text_utf8_floor(subject, PATTERN_HEAD);
			part.options = PCRE2_NOTEOL;
			if (from <= part.text.n)
				outcome = match_part(&r, &part);
		}
		if (outcome == MATCH_NO && (from >= tail || !p->sticky)) {
			part = (struct part){ subject, from > tail ? from : tail, 0 };
			outcome = match_part(&r, &part);
		}
	}
	if (outcome == MATCH_YES)
		fill_match(&r, subject, out);
	out->by_clock = r.by_clock;
	return outcome;
}
