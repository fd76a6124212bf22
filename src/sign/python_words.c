/* python_words.c - what one line of a Python traceback says, whoever prints it */
#include "config.h"

#include "sign/sign.h"

#include <string.h>

#include "base/token.h"
#include "sign/python.h"

#define TYPE_MAX 200		/* bytes of an exception's dotted name; longer is prose */
#define MESSAGE_MAX 8192	/* bytes kept of a message's first line */
#define FILE_MAX 1024		/* bytes kept of a frame's file */
#define FUNCTION_MAX 256

static const char during[] = "During handling of the above exception, another exception occurred:";
static const char direct[] =
    "The above exception was the direct cause of the following exception:";

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

bool
python_syntax_error(struct slice type)
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

void
python_frame_clip(struct frame *f)
{
	f->file.n = token_floor(f->file, FILE_MAX);
	f->function.n = token_floor(f->function, FUNCTION_MAX);
	f->in_app = is_in_app(f->file);
}

/* `  File "p", line N, in f`; `, in f` is not there when a syntax error is shown */
bool
python_frame_line(struct slice line, struct frame *f)
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
	python_frame_clip(f);
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
bool
python_usual_type(struct slice type)
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
bool
python_exception_line(struct slice line, struct slice *type, struct slice *message)
{
	struct slice s = line;
	bool dotted;

	while (s.n > 0 && (python_blank(s.p[s.n - 1]) || s.p[s.n - 1] == '\r'))
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
	if (s.p[0] != ':' || (s.n > 1 && !python_blank(s.p[1])))
		return false;
	*message = slice_trim(slice_sub(s, 1, s.n));
	message->n = token_floor(*message, MESSAGE_MAX);
	return true;
}
