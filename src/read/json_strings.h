/*
 * json_strings.h - a stream of JSON as tokens, in which strings of any length are decoded piece
 * by piece.
 *
 * No tree and no recursion; memory does not depend on the input. What is no JSON is
 * passed over byte by byte and counted: a string that was taken for one costs no more than
 * itself. A line break inside a string is kept, though JSON has none there. Private to read/.
 */
#ifndef READ_JSON_STRINGS_H
#define READ_JSON_STRINGS_H

#include "base/io.h"

#define JSON_STRINGS_DEPTH 1000	/* deeper levels are counted, their members are told as of none */
#define JSON_STRINGS_SCALAR 64	/* bytes kept of a number or literal */

enum json_token {
	JSON_TOKEN_FAILED = -1,		/* reading failed */
	JSON_TOKEN_END,
	JSON_TOKEN_OPEN,		/* { or [ */
	JSON_TOKEN_CLOSE,		/* } or ]: depth is that of the level around it */
	JSON_TOKEN_KEY,			/* its quote was passed: read the string */
	JSON_TOKEN_STRING,		/* likewise */
	JSON_TOKEN_SCALAR		/* scalar[] has it */
};

struct json_strings {
	struct input *in;		/* borrowed */
	const struct diag_sink *diag;
	char *block;
	size_t at, have;
	uint64_t byte, line, line_byte;	/* of block[at] */
	unsigned depth;
	uint64_t object[JSON_STRINGS_DEPTH / 64 + 1];	/* bit set: that level is an object */
	bool key;			/* in an object, a key comes next */
	char scalar[JSON_STRINGS_SCALAR];
	size_t scalar_n;
	uint64_t token_byte, token_line;	/* where the last token begins */
	bool open;			/* inside a string */
	uint32_t high;			/* half of a pair of surrogates waits for the other */
	uint64_t stray;			/* bytes that are no JSON */
	uint64_t stray_byte, stray_line;	/* the first of them */
	bool cut;			/* the input ends inside a string or level */
};

void	json_strings_init(struct json_strings *s, struct input *in, const struct diag_sink *diag);
void	json_strings_release(struct json_strings *s);
/* a string that was not read to its end is passed over first */
enum json_token json_strings_next(struct json_strings *s, struct err *e);
/* is level n, 1 the outermost, an object? */
bool	json_strings_in_object(const struct json_strings *s, unsigned n);
/*
 * More of the string, as UTF-8: up to `room` bytes, at least 8, and at most up to a line
 * break, which is given too. *got 0 is its end. -1 when reading failed.
 */
int	json_strings_text(struct json_strings *s, char *to, size_t room, size_t *got,
	    struct err *e);

#endif
