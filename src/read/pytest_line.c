/*
 * pytest_line.c - separators, result rows and letters, parsed from the right where ids may
 * hold anything: blanks, brackets, "::", " - " and the status words themselves.
 */
#include "config.h"

#include "read/pytest_line.h"

#include "base/clock.h"

#include <string.h>

#define PLAUSIBLE_WIDTH 40	/* pytest does not go below it */
#define DESCRIPTION_WORDS 32	/* of a subtest, at most, before its id */

static const struct word {
	const char *text;
	enum pytest_status status;
} words[] = {
	{ "PASSED", PYTEST_PASSED },
	{ "FAILED", PYTEST_FAILED },
	{ "ERROR", PYTEST_ERROR },
	{ "SKIPPED", PYTEST_SKIPPED },
	{ "XFAIL", PYTEST_XFAIL },
	{ "XPASS", PYTEST_XPASS },
	{ "RERUN", PYTEST_RERUN },
	/* pytest 9 writes the long ones before the description, pytest-subtests the short ones
	 * behind it */
	{ "SUBPASSED", PYTEST_SUB_PASSED },
	{ "SUBFAILED", PYTEST_SUB_FAILED },
	{ "SUBSKIPPED", PYTEST_SUB_OTHER },
	{ "SUBXFAIL", PYTEST_SUB_OTHER },
	{ "SUBXPASS", PYTEST_SUB_OTHER },
	{ "SUBPASS", PYTEST_SUB_PASSED },
	{ "SUBFAIL", PYTEST_SUB_FAILED },
	{ "SUBSKIP", PYTEST_SUB_OTHER },
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

struct slice
pytest_rtrim(struct slice s)
{
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

static size_t
characters(struct slice s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

bool
pytest_sep(struct slice line, struct pytest_sep *s)
{
	size_t left = 0, right = 0;
	char fill;

	if (line.n < 5 || !strchr("=_-!+~", line.p[0]) || !line.p[0])
		return false;
	fill = line.p[0];
	while (left < line.n && line.p[left] == fill)
		left++;
	while (right < line.n - left && line.p[line.n - 1 - right] == fill)
		right++;
	if (right == 0 || left + right + 3 > line.n || line.p[left] != ' ' ||
	    line.p[line.n - 1 - right] != ' ')
		return false;
	*s = (struct pytest_sep){ .fill = fill, .left = left, .right = right,
		.title = slice_of(line.p + left + 1, line.n - left - right - 2) };
	s->width = left + right + 2 + characters(s->title);
	return true;
}

/* "_ _ _ _" between the frames of a traceback looks like a heading of blanks and fills */
static bool
has_words(struct slice title, char fill)
{
	for (size_t i = 0; i < title.n; i++)
		if (title.p[i] != fill && title.p[i] != ' ')
			return true;
	return false;
}

bool
pytest_sep_genuine(const struct pytest_sep *s, size_t width)
{
	bool even = s->left == s->right || s->right == s->left + 1;
	bool tight = s->left == 1 && s->right == 1;

	if (!has_words(s->title, s->fill))
		return false;
	if (width == 0)
		return even && s->width >= PLAUSIBLE_WIDTH;
	return (even && s->width == width) || (tight && s->width > width);
}

/* ".py", ".rst": 1 to 5 letters or digits behind the last dot of the last component */
static bool
has_extension(struct slice path)
{
	size_t dot = slice_rfind_byte(path, '.');
	size_t n;

	if (dot == SIZE_MAX || dot == 0)
		return false;
	n = path.n - dot - 1;
	if (n < 1 || n > 5 || path.p[dot - 1] == '/' || path.p[dot - 1] == '\\')
		return false;
	for (size_t i = dot + 1; i < path.n; i++)
		if (!is_alnum(path.p[i]))
			return false;
	return true;
}

bool
pytest_path_valid(struct slice s)
{
	if (s.n == 0 || s.p[0] == '[' || s.p[0] == '<' || s.p[0] == '-' || !has_extension(s))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (is_blank(s.p[i]) || s.p[i] == '"' || s.p[i] == '\'')
			return false;
	return slice_find(s, 0, SLICE("://")) == SIZE_MAX;
}

/* where the name behind "path.ext::" starts, 0 when s does not start like an id */
static size_t
name_at(struct slice s, bool loose)
{
	size_t colons = slice_find(s, 0, SLICE("::"));
	struct slice path;

	if (colons == SIZE_MAX || colons + 2 >= s.n || is_blank(s.p[colons + 2]))
		return 0;
	path = slice_sub(s, 0, colons);
	if (loose && path.n && !is_blank(path.p[0]) && path.p[0] != '[' && has_extension(path) &&
	    slice_find(path, 0, SLICE(": ")) == SIZE_MAX)
		return colons + 2;
	return pytest_path_valid(path) ? colons + 2 : 0;
}

size_t
pytest_id_length(struct slice s)
{
	size_t at = name_at(s, false), first = SIZE_MAX;
	unsigned depth = 0;

	if (at == 0)
		return 0;
	for (; at < s.n; at++) {
		if (s.p[at] == '[')
			depth++;
		else if (s.p[at] == ']' && depth)
			depth--;
		else if (is_blank(s.p[at]) && depth == 0)
			return at;
		else if (is_blank(s.p[at]) && first == SIZE_MAX)
			first = at;
	}
	/* brackets that never close are text: the id ends at its first blank */
	return depth == 0 || first == SIZE_MAX ? s.n : first;
}

bool
pytest_id_valid(struct slice s, bool loose)
{
	size_t at = name_at(s, loose), bracket;
	unsigned depth = 0;

	if (at == 0)
		return slice_ends(s, ".py") && pytest_path_valid(s);
	if (loose)
		return !is_blank(s.p[s.n - 1]);
	bracket = slice_find_byte(s, at, '[');
	for (size_t i = at; i < s.n && i < bracket; i++)
		if (is_blank(s.p[i]))
			return false;
	if (bracket == SIZE_MAX)
		return true;
	for (size_t i = bracket; i < s.n; i++) {
		if (s.p[i] == '[')
			depth++;
		else if (s.p[i] == ']' && depth)
			depth--;
		else if (is_blank(s.p[i]) && depth == 0)
			return false;
	}
	return s.p[s.n - 1] == ']';
}

static bool
take_word(struct slice *in, enum pytest_status *status)
{
	size_t best = 0;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		size_t n = strlen(words[i].text);

		if (n > best && slice_starts(*in, words[i].text)) {
			best = n;
			*status = words[i].status;
		}
	}
	*in = slice_sub(*in, best, in->n);
	return best > 0;
}

/* "405.1us", "1.324ms", "5.003s" */
static bool
duration_word(struct slice s, int64_t *ns)
{
	static const struct {
		const char *unit;
		int64_t ns;
	} unit[] = { { "us", 1000 }, { "ms", 1000000 }, { "s", CLOCK_NS_PER_S } };

	for (size_t i = 0; i < 3; i++) {
		size_t n = strlen(unit[i].unit);
		struct slice number = slice_sub(s, 0, s.n > n ? s.n - n : 0);
		double v;

		if (!slice_ends(s, unit[i].unit) || number.n == 0 || !is_digit(number.p[0]) ||
		    !slice_to_double(number, &v))
			continue;
		if (v > 1e9)
			return false;
		*ns = (int64_t)(v * (double)unit[i].ns + 0.5);
		return true;
	}
	return false;
}

/* "2m 5s", "1h 3m": the two last words of s */
static bool
long_duration(struct slice s, size_t *start, int64_t *ns)
{
	size_t blank = slice_rfind_byte(s, ' '), first;
	struct slice low, high;
	uint64_t a, b;

	if (blank == SIZE_MAX)
		return false;
	low = slice_sub(s, blank + 1, s.n);
	first = slice_rfind_byte(slice_sub(s, 0, blank), ' ');
	first = first == SIZE_MAX ? 0 : first + 1;
	high = slice_sub(s, first, blank - first);
	if (!slice_take_uint(&high, &a) || !slice_take_uint(&low, &b) || a > 100000 || b > 59)
		return false;
	if (slice_eqs(high, "m") && slice_eqs(low, "s"))
		*ns = (int64_t)(a * 60 + b) * CLOCK_NS_PER_S;
	else if (slice_eqs(high, "h") && slice_eqs(low, "m"))
		*ns = (int64_t)(a * 60 + b) * 60 * CLOCK_NS_PER_S;
	else
		return false;
	*start = first;
	return true;
}

/* "[ 42%]" or "[ 3/45]" */
static bool
bracket_progress(struct slice s)
{
	uint64_t v;

	if (!slice_take_byte(&s, '['))
		return false;
	while (slice_take_byte(&s, ' '))
		;
	if (!slice_take_uint(&s, &v))
		return false;
	if (slice_take_byte(&s, '/'))
		return slice_take_uint(&s, &v) && slice_eqs(s, "]");
	return slice_eqs(s, "%]");
}

/* take the progress off the right end of *s, if there is one */
static bool
cut_progress(struct slice *s, int64_t *ns)
{
	struct slice t = pytest_rtrim(*s);
	size_t at;

	*ns = CLOCK_NONE;
	if (t.n && t.p[t.n - 1] == ']') {
		at = slice_rfind_byte(t, '[');
		if (at == SIZE_MAX || (at && !is_blank(t.p[at - 1])) ||
		    !bracket_progress(slice_sub(t, at, t.n)))
			return false;
	} else {
		at = slice_rfind_byte(t, ' ');
		at = at == SIZE_MAX ? 0 : at + 1;
		/* "2m 5s" ends in what would do as a duration by itself */
		if (!long_duration(t, &at, ns) && !duration_word(slice_sub(t, at, t.n), ns))
			return false;
	}
	*s = pytest_rtrim(slice_sub(t, 0, at));
	return true;
}

/* "nodeid <- file where it is defined": only the id */
static struct slice
cut_origin(struct slice id)
{
	size_t at = slice_find(id, 0, SLICE(" <- "));

	return at == SIZE_MAX ? id : slice_sub(id, 0, at);
}

static bool
row_id(struct slice id, bool loose, struct pytest_row *row)
{
	row->id = cut_origin(pytest_rtrim(id));
	return pytest_id_valid(row->id, false) || (loose && pytest_id_valid(row->id, true));
}

/* "id SKIPPED (why)": only these three statuses come with a reason */
static bool
row_with_reason(struct slice s, struct pytest_row *row)
{
	static const struct word with_reason[] = { { " SKIPPED (", PYTEST_SKIPPED },
		{ " XFAIL (", PYTEST_XFAIL }, { " XPASS (", PYTEST_XPASS } };

	row->open = s.n == 0 || s.p[s.n - 1] != ')';
	for (size_t i = 0; i < 3; i++) {
		struct slice w = slice_str(with_reason[i].text);
		size_t at = slice_find(s, 0, w);

		/* a parameter may hold the word too: go on until what is before it is an id */
		for (unsigned tries = 0; at != SIZE_MAX && tries < 8; tries++) {
			row->status = with_reason[i].status;
			row->glued = row->open;
			row->why = slice_sub(s, at + w.n, s.n - !row->open - at - w.n);
			if (row_id(slice_sub(s, 0, at), false, row))
				return true;
			at = slice_find(s, at + 1, w);
		}
	}
	row->open = row->glued = false;
	return false;
}

/* "[msg] (i=1)", in any order and number, or nothing */
static bool
is_description(struct slice s)
{
	s = slice_trim(s);
	return s.n == 0 || ((s.p[0] == '[' || s.p[0] == '(') &&
	    (s.p[s.n - 1] == ']' || s.p[s.n - 1] == ')'));
}

/* "id SUBFAILED[msg] (i=1)" and the older "id [msg] (i=1) SUBFAIL" */
static bool
row_of_subtest(struct slice s, struct pytest_row *row)
{
	size_t id = pytest_id_length(s), at;
	struct slice tail;

	if (id == 0 || id >= s.n)
		return false;
	row->id = slice_sub(s, 0, id);
	tail = slice_trim(slice_sub(s, id, s.n));
	if (slice_starts(tail, "SUB"))
		return take_word(&tail, &row->status) && is_description(tail);
	at = slice_find(tail, 0, SLICE(" SUB"));
	if (at == SIZE_MAX || !is_description(slice_sub(tail, 0, at)))
		return false;
	tail = slice_sub(tail, at + 1, tail.n);
	return take_word(&tail, &row->status) && tail.n == 0;
}

/* "id PASSEDprinted by teardown": a letter or digit directly behind the word */
static bool
row_glued(struct slice line, struct pytest_row *row)
{
	size_t id = pytest_id_length(line);
	struct slice tail;

	if (id == 0 || id + 1 >= line.n)
		return false;
	tail = slice_sub(line, id + 1, line.n);
	if (!take_word(&tail, &row->status) || tail.n == 0 || !is_alnum(tail.p[0]) ||
	    row->status >= PYTEST_RERUN)
		return false;
	row->id = slice_sub(line, 0, id);
	row->text = tail;
	row->glued = true;
	return true;
}

bool
pytest_row(struct slice line, struct pytest_row *row)
{
	struct slice s = line, word;
	size_t blank;

	*row = (struct pytest_row){ .duration_ns = CLOCK_NONE };
	if (line.n == 0 || is_blank(line.p[0]))
		return false;
	row->progress = cut_progress(&s, &row->duration_ns);
	s = pytest_rtrim(s);
	blank = slice_rfind_byte(s, ' ');
	if (blank != SIZE_MAX) {
		word = slice_sub(s, blank + 1, s.n);
		if (take_word(&word, &row->status) && word.n == 0 &&
		    row->status < PYTEST_SUB_PASSED &&
		    row_id(slice_sub(s, 0, blank), row->progress, row))
			return true;
	}
	return row_with_reason(s, row) || row_of_subtest(s, row) || row_glued(line, row);
}

/* "[gw0]", then optional progress */
static bool
take_worker(struct slice *in, struct pytest_row *row)
{
	struct slice s = *in, worker, progress;

	if (!slice_take_str(&s, "[gw") || !slice_take_until(&s, ']', &worker) || worker.n == 0 ||
	    worker.n > 6)
		return false;
	for (size_t i = 0; i < worker.n; i++)
		if (!is_digit(worker.p[i]))
			return false;
	row->worker = slice_of(worker.p - 2, worker.n + 2);
	while (slice_take_byte(&s, ' '))
		;
	if (s.n && s.p[0] == '[') {
		size_t end = slice_find_byte(s, 0, ']');

		if (end == SIZE_MAX || !bracket_progress(slice_sub(s, 0, end + 1)))
			return false;
		row->progress = true;
		s = slice_sub(s, end + 1, s.n);
	} else if (s.n && is_digit(s.p[0])) {
		if (!slice_take_until(&s, ' ', &progress) ||
		    !duration_word(progress, &row->duration_ns))
			return false;
	}
	while (slice_take_byte(&s, ' '))
		;
	*in = s;
	return true;
}

/* "[msg] (i='1') id": the id is behind the first blank that leaves a description before it */
static bool
described_id(struct slice s, struct pytest_row *row)
{
	size_t at = slice_find_byte(s, 0, ' ');

	for (unsigned tries = 0; at != SIZE_MAX && tries < DESCRIPTION_WORDS; tries++) {
		struct slice id = pytest_rtrim(slice_sub(s, at + 1, s.n));

		if (pytest_id_length(id) == id.n && is_description(slice_sub(s, 0, at)))
			return row_id(id, false, row);
		at = slice_find_byte(s, at + 1, ' ');
	}
	return false;
}

bool
pytest_row_xdist(struct slice line, struct pytest_row *row)
{
	struct slice s = line;

	*row = (struct pytest_row){ .duration_ns = CLOCK_NONE };
	if (!take_worker(&s, row) || !take_word(&s, &row->status))
		return false;
	if (row->status >= PYTEST_SUB_PASSED)
		return described_id(s, row);
	return slice_take_byte(&s, ' ') && row_id(s, true, row);
}

bool
pytest_row_alone(struct slice line, struct pytest_row *row)
{
	struct slice s = line;

	*row = (struct pytest_row){ .duration_ns = CLOCK_NONE };
	row->progress = cut_progress(&s, &row->duration_ns);
	s = pytest_rtrim(s);
	if (!take_word(&s, &row->status) || row->status >= PYTEST_SUB_PASSED)
		return false;
	if (s.n == 0)
		return true;
	if (slice_starts(s, " (") && s.p[s.n - 1] == ')' && row->status >= PYTEST_SKIPPED &&
	    row->status <= PYTEST_XPASS) {
		row->why = slice_sub(s, 2, s.n - 3);
		return true;
	}
	if (row->progress || !is_alnum(s.p[0]))
		return false;
	row->text = s;
	row->glued = true;
	return true;
}

void
pytest_row_reason(struct slice line, struct pytest_row *row)
{
	struct slice s = line;

	*row = (struct pytest_row){ .duration_ns = CLOCK_NONE };
	row->progress = cut_progress(&s, &row->duration_ns);
	s = pytest_rtrim(s);
	row->open = !slice_ends(s, ")");
	row->why = row->open ? line : slice_sub(s, 0, s.n - 1);
}

bool
pytest_row_tail(struct slice line, struct pytest_row *row)
{
	struct slice s = pytest_rtrim(line), word;

	*row = (struct pytest_row){ .duration_ns = CLOCK_NONE };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		size_t n = strlen(words[i].text);

		if (words[i].status >= PYTEST_RERUN || s.n <= n || !slice_ends(s, words[i].text))
			continue;
		word = slice_sub(s, s.n - n, n);
		/* behind a blank it is a word of what the test says */
		if (is_blank(word.p[-1]))
			return false;
		row->status = words[i].status;
		row->text = slice_sub(s, 0, s.n - n);
		row->glued = true;
		return true;
	}
	return false;
}

bool
pytest_row_start(struct slice line, struct pytest_row *row)
{
	size_t n;

	*row = (struct pytest_row){ .duration_ns = CLOCK_NONE };
	if (line.n == 0 || is_blank(line.p[0]))
		return false;
	n = pytest_id_length(line);
	/* without the blank behind it the id is a quotation, or a list of ids */
	if (n == 0 || n >= line.n)
		return false;
	row->id = slice_sub(line, 0, n);
	row->text = slice_sub(line, n + 1, line.n);
	if (slice_starts(row->text, "<- "))
		row->text = (struct slice){ 0 };
	return true;
}

bool
pytest_row_setup(struct slice line, struct pytest_row *row)
{
	static const char letters[] = ".FEsxX";
	static const enum pytest_status of[] = { PYTEST_PASSED, PYTEST_FAILED, PYTEST_ERROR,
		PYTEST_SKIPPED, PYTEST_XFAIL, PYTEST_XPASS };
	struct slice s = line, fixtures;
	const char *letter;
	size_t n;

	*row = (struct pytest_row){ .duration_ns = CLOCK_NONE };
	if (!slice_take_str(&s, "        "))
		return false;
	row->progress = cut_progress(&s, &row->duration_ns);
	n = pytest_id_length(s);
	row->id = slice_sub(s, 0, n);
	s = slice_sub(s, n, s.n);
	if (slice_take_str(&s, " (fixtures used: ") && !slice_take_until(&s, ')', &fixtures))
		return false;
	s = slice_trim(s);
	if (n == 0 || s.n == 0)
		return false;
	letter = strchr(letters, s.p[0]);
	/* an error at setup of the next test has its letter right behind */
	if (letter && (s.n == 1 || (s.n == 2 && s.p[1] == 'E'))) {
		row->status = of[letter - letters];
		return true;
	}
	return take_word(&s, &row->status) && s.n == 0 && row->status < PYTEST_SUB_PASSED;
}

/* "Killed" at the end of *s, with nothing, a blank or letters of results before it */
static bool
death_word(struct slice *s, struct slice *how)
{
	static const char *const deaths[] = { "Killed", "Terminated", "Aborted",
		"Segmentation fault", "Bus error", "Hangup", "Illegal instruction" };
	struct slice t = pytest_rtrim(*s);

	if (slice_ends(t, " (core dumped)"))
		t.n -= sizeof " (core dumped)" - 1;
	for (size_t i = 0; i < sizeof deaths / sizeof deaths[0]; i++) {
		size_t n = strlen(deaths[i]);
		char before = t.n > n ? t.p[t.n - n - 1] : ' ';

		if (slice_ends(t, deaths[i]) && strchr(" .FEsxXR", before) && before) {
			*how = slice_sub(t, t.n - n, n);
			*s = slice_sub(t, 0, t.n - n);
			return true;
		}
	}
	return false;
}

bool
pytest_death(struct slice *line, struct slice *how)
{
	struct slice s = *line, rest;
	size_t at = slice_find(s, 0, SLICE(": line "));
	uint64_t v;

	if (at != SIZE_MAX) {
		rest = slice_sub(s, at + 7, s.n);
		if (slice_take_uint(&rest, &v) && slice_take_byte(&rest, ':')) {
			rest = slice_trim(rest);
			if (slice_take_uint(&rest, &v) && slice_take_byte(&rest, ' ')) {
				/* the command stands behind two blanks */
				at = slice_find(rest, 0, SLICE("  "));
				rest = slice_sub(rest, 0, at == SIZE_MAX ? rest.n : at);
				*line = slice_sub(s, 0, 0);
				return death_word(&rest, how) && slice_trim(rest).n == 0;
			}
		}
	}
	return death_word(line, how);
}

bool
pytest_letters_glued(struct slice line)
{
	size_t blank = slice_find_byte(line, 0, ' ');
	struct slice path = slice_sub(line, 0, blank == SIZE_MAX ? 0 : blank);

	return slice_ends(path, ".py") && pytest_path_valid(path) && blank + 1 < line.n &&
	    strchr(".FEsxXR", line.p[blank + 1]) != NULL && line.p[blank + 1];
}

bool
pytest_letters(struct slice line, struct pytest_letters *l)
{
	struct slice s = line;
	size_t blank;
	int64_t ns;

	*l = (struct pytest_letters){ 0 };
	if (line.n == 0 || is_blank(line.p[0]))
		return false;
	l->progress = cut_progress(&s, &ns);
	if (l->progress && ns != CLOCK_NONE)
		return false;
	s = pytest_rtrim(s);
	blank = slice_rfind_byte(s, ' ');
	l->letters = blank == SIZE_MAX ? s : slice_sub(s, blank + 1, s.n);
	for (size_t i = 0; i < l->letters.n; i++)
		if (!strchr(l->progress ? ".FEsxXRu,-yY" : ".FEsxXR", l->letters.p[i]) ||
		    !l->letters.p[i]) {
			/* no letters: at most a path that stands alone before its letters */
			l->path = s;
			l->letters = (struct slice){ 0 };
			return blank == SIZE_MAX && !l->progress && s.n < line.n &&
			    slice_ends(s, ".py") && pytest_path_valid(s);
		}
	if (blank == SIZE_MAX)
		return l->letters.n > 0;
	l->path = slice_sub(s, 0, blank);
	return pytest_path_valid(l->path) && (l->progress || slice_ends(l->path, ".py"));
}
