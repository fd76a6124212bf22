/*
 * json_walk.h - follows the structure of one JSON object byte by byte; no tree, no recursion.
 *
 * It knows where the object ends and the first byte at which its structure
 * cannot be right: a key, colon, comma or bracket out of place, or a line that
 * ends inside a string. It does not judge escapes, numbers, literals and UTF-8:
 * those do not move the bounds, and the parser says more about them. Private to
 * read/.
 */
#ifndef READ_JSON_WALK_H
#define READ_JSON_WALK_H

#include "base/slice.h"

#define JSON_WALK_DEPTH 4096	/* nesting that can be followed; deeper is a fault */

enum json_walked {
	JSON_WALK_MORE,		/* all bytes used, the object goes on */
	JSON_WALK_DONE,		/* *used is right behind its closing brace */
	JSON_WALK_FAULT		/* *used is the byte that cannot stand there; `fault` says why */
};

struct json_walk {
	uint64_t object[JSON_WALK_DEPTH / 64];	/* bit set: that level is an object, not an array */
	unsigned depth, deepest;
	unsigned state;
	bool in_key;		/* the string being followed is a key */
	size_t members;		/* keys of the outermost object so far, repeated ones too */
	const char *fault;	/* static text */
};

void	json_walk_init(struct json_walk *w);
/* the first byte ever given must be the opening brace */
enum json_walked json_walk(struct json_walk *w, const char *p, size_t n, size_t *used);

/* the keys of the outermost object of a text that may be cut or followed by other text */
struct json_keys {
	struct slice text;
	size_t at;
	unsigned depth;		/* 0 before the opening brace, 1 to begin behind it */
};

bool	json_keys_next(struct json_keys *k, struct slice *key);	/* without quotes, as written */
/* which of n names, at most 64, are keys of the outermost object, as bits */
uint64_t json_top_keys(struct slice text, const struct slice *name, size_t n);

#endif
