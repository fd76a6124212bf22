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
#define JSON_WALK_KEYS 64	/* keys of the outermost object whose places are kept */
#define JSON_WRAP_KEY_MAX 64	/* bytes kept of a key in a wrapper */
#define JSON_INNER_DEPTH 256	/* levels whose keys are looked at for inner objects */

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
	uint64_t key_at[JSON_WALK_KEYS];	/* offsets of the opening quotes of the first */
	uint64_t passed;	/* bytes used so far */
	const char *fault;	/* static text */
};

void	json_walk_init(struct json_walk *w);
/* the first byte ever given must be the opening brace */
enum json_walked json_walk(struct json_walk *w, const char *p, size_t n, size_t *used);

/*
 * The text of a wrapper: an object that is no record but holds some, at any depth.
 * json_wrap() follows it up to the next object, which the caller looks at.
 */
enum json_wrapped {
	JSON_WRAP_MORE,		/* all bytes used */
	JSON_WRAP_KEY,		/* a key ended; the first bytes of it are in key[] */
	JSON_WRAP_STRING,	/* another string ended */
	JSON_WRAP_ARRAY,	/* an array was opened */
	JSON_WRAP_SCALAR,	/* a number or literal ended; the first bytes are in scalar[] */
	JSON_WRAP_OBJECT,	/* *used is the brace of an object: enter or pass it */
	JSON_WRAP_DONE,		/* *used is behind the brace that closes the wrapper */
	JSON_WRAP_FAULT		/* *used cannot stand there; walk.fault says why */
};

struct json_wrap {
	struct json_walk walk;
	char key[JSON_WRAP_KEY_MAX];	/* the last one, as written */
	size_t key_n;
	uint64_t string_bytes;		/* of the last string, a key too, with its quotes */
	char scalar[32];
	size_t scalar_n;
};

void	json_wrap_init(struct json_wrap *w);
enum json_wrapped json_wrap(struct json_wrap *w, const char *p, size_t n, size_t *used);
bool	json_wrap_takes_value(const struct json_wrap *w);
bool	json_wrap_in_string(const struct json_wrap *w);
bool	json_wrap_in_array(const struct json_wrap *w);
/* into the object whose brace comes next; false when that is too deep */
bool	json_wrap_enter(struct json_wrap *w);
void	json_wrap_value(struct json_wrap *w);	/* a value was passed by the caller */
void	json_wrap_expect(struct json_wrap *w);	/* behind damage: a value is about to come */

/* the keys of the outermost object of a text that may be cut or followed by other text */
struct json_keys {
	struct slice text;
	size_t at;
	unsigned depth;		/* 0 before the opening brace, 1 to begin behind it */
};

bool	json_keys_next(struct json_keys *k, struct slice *key);	/* without quotes, as written */
/* which of n names, at most 64, are keys of the outermost object, as bits */
uint64_t json_top_keys(struct slice text, const struct slice *name, size_t n);
/* the same of the object that w followed from the first byte of text, which may be cut */
uint64_t json_walk_keys(const struct json_walk *w, struct slice text, const struct slice *name,
	    size_t n);

/* names that tell records from other objects, and what having some of them means */
struct json_names {
	const struct slice *name;
	size_t n;			/* at most 64 */
	int (*likely)(uint64_t keys);	/* bits in the order of name; 0 is nothing of a record */
};

/*
 * The best that `likely` says of any object inside the outermost one, no deeper
 * than JSON_INNER_DEPTH; the search ends once it is `enough`. open: objects that the
 * end of the text cuts count too. *used: bytes looked at.
 */
int	json_inner_best(struct slice text, const struct json_names *names, int enough, bool open,
	    size_t *used);

#endif
