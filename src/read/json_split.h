/*
 * json_split.h - finds the bounds of the next record in a stream of JSON.
 *
 * Takes one JSON array, pretty or compact, NDJSON, objects one after the other,
 * several arrays, wrappers that hold records at any depth, and any mix of them. A
 * record is the outermost object that the caller's names make one; an object that
 * is none, but holds some, is a wrapper: its keys and scalars are passed, and the
 * objects in it are looked at in turn. What is no record is passed over inside a
 * wrapper, and is a record outside, so that a document in which nothing was found
 * is told. Between records of a stream, blanks, commas and brackets are skipped,
 * and scalars too inside an array. It builds no tree and does not recurse, keeps at
 * most max_record bytes (and a block) in memory whatever the size of a wrapper,
 * and knows nothing of what a record means. Private to read/.
 *
 * Damage costs the records that it touches and no others. When the structure of
 * a record turns out wrong, or the input ends inside it, reading goes on at the
 * next `{` that begins a line (only blanks and the punctuation , [ ] } before
 * it) with the indentation that this record or the last good one had. Within a
 * line, as in a compact array, it goes on at the next `{` that starts a complete
 * object which is likely a record: surely, or perhaps when it stands
 * behind the fault and is no member's value. An object behind which a comma and
 * further members follow is broken as well: a brace too many ended it.
 * Behind a fault in the text of a wrapper its nesting is no longer known: tokens are
 * passed one by one then, up to a line that begins as the wrapper did.
 * Work spent on such second looks is bounded by a multiple of the input.
 */
#ifndef READ_JSON_SPLIT_H
#define READ_JSON_SPLIT_H

#include "base/diag.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/io.h"
#include "read/json_walk.h"

#define JSON_HEAD 4096		/* bytes kept of a record that is not whole */

/* what json_names.likely may say */
enum json_likely {
	JSON_UNLIKELY,		/* nothing speaks for a record */
	JSON_HARDLY,		/* something does, but it may be a wrapper as well */
	/* a record that lacks what it must have; a wrapper only when whole, with one inside */
	JSON_LACKING,
	JSON_PERHAPS,
	JSON_SURELY
};

enum json_kind {
	JSON_RECORD,		/* one object; text is all of it */
	JSON_BROKEN,		/* its structure is wrong */
	JSON_CUT,		/* the input ends inside it */
	JSON_LONG,		/* longer than max_record; skipped to its end */
	JSON_DEEP,		/* nested deeper than max_depth; text is all of it */
	JSON_STRAY,		/* text between records that is none */
	JSON_OTHER,		/* an object too long to be held, in which no record was found */
	/* no record: the wrapper at line, byte has ended; fault NULL when its own brace did it */
	JSON_END
};

struct json_record {
	enum json_kind kind;
	struct slice text;	/* of JSON_RECORD all, else its head; valid until the next call */
	uint64_t line, col;	/* of its first byte, 1-based */
	uint64_t byte, bytes;	/* offset and length in the input */
	size_t members;		/* keys of the object as written, repeated ones counted twice */
	bool wrapped;		/* it stands in a wrapper */
	bool marked;		/* below a key of that wrapper which hooks.mark() took */
	uint64_t held;		/* of JSON_END: records that stood in it, damaged ones too */
	const char *sha256;	/* of JSON_LONG: 64 hex digits over all its bytes, or NULL */
	/* of JSON_BROKEN and JSON_CUT: where and why; else fault is NULL */
	uint64_t fault_line, fault_col, fault_byte;
	const char *fault;
};

/* a position in the stream, and how its line begins */
struct json_place {
	uint64_t byte, line, line_byte;
	size_t lead;		/* blanks at the start of the line */
	bool lead_over;		/* something else was seen since */
	bool bare;		/* only blanks and , [ ] } so far on the line */
};

/* what the caller may learn of wrappers; each may be NULL */
struct json_hooks {
	void *ctx;
	/* an object at `byte` is entered; whole: text is all of it, else its beginning */
	void (*enter)(void *ctx, struct slice text, uint64_t byte, bool whole);
	/* is this a key below which records are special? */
	bool (*mark)(void *ctx, struct slice key);
	/* a number of a wrapper, or of an object in it that is no record; level 1: its own */
	void (*number)(void *ctx, struct slice key, struct slice value, unsigned level);
	/* true, false or null of a wrapper; level 1: its own */
	void (*literal)(void *ctx, struct slice key, struct slice value, unsigned level);
};

struct json_split {
	struct input *in;			/* borrowed */
	const struct diag_sink *diag;		/* borrowed; for input_read() only */
	size_t max_record;
	unsigned max_depth;
	/* how records are told from other objects; names.likely NULL: every object is one */
	struct json_names names;
	struct json_hooks hooks;
	char *p;				/* the window: bytes [base, base + have) */
	size_t cap, have;
	uint64_t base;
	uint64_t keep;				/* bytes before it may be dropped */
	bool ended;				/* the input has no more bytes */
	struct json_place at;			/* where the next call goes on */
	bool indent_known;
	size_t indent;				/* of the last good record that began a line */
	uint64_t looked;			/* end of what was looked at */
	uint64_t second_looks;			/* bytes looked at more than once */
	struct json_walk walk;
	char head[JSON_HEAD];
	size_t head_n;
	char sha256[SHA256_HEX];
	/* the wrapper at hand */
	bool wrapped;				/* inside one */
	bool lost;				/* behind damage: its nesting is not known */
	bool doubtful;				/* behind damage: its nesting may be wrong */
	bool suspect;				/* it is not well-formed somewhere */
	struct json_wrap wrap;
	struct json_place wrap_at;		/* its opening brace */
	uint64_t marked[JSON_WALK_DEPTH / 64];	/* levels whose last key was marked */
	struct json_place string_at;		/* its last string, while that is in the window */
	uint64_t string_end;
	uint64_t own_keys;			/* of its names */
	uint64_t held;				/* records in it so far */
	/* what was seen between records */
	uint64_t open, arrays, in_array, outside, one_line, several_lines, wrappers, in_wrapper;
	bool whole_before;			/* a whole record stands right before `at` */
	uint64_t no_comma;			/* elements of an array with no comma before them */
	struct json_place no_comma_at;		/* the first of them */
	uint64_t damage_end;			/* end of the last record that was not whole */
	bool wrapper_open;			/* the input ends inside a wrapper */
};

/*
 * s->names.likely and s->hooks are NULL then and may be set; without names there are no
 * wrappers, and nothing is found again within a line
 */
void	json_split_init(struct json_split *s, struct input *in, const struct diag_sink *diag,
	    size_t max_record, unsigned max_depth);
void	json_split_release(struct json_split *s);
/* 1 a record (or JSON_END), 0 the end, -1 reading failed */
int	json_split_next(struct json_split *s, struct json_record *r, struct err *e);
/* "JSON array", "JSON arrays", "NDJSON", "JSON objects", "JSON wrapper"; static text */
const char *json_split_shape(const struct json_split *s);
/* at the end: an array or wrapper is still open, and no damaged record has told so already */
bool	json_split_unclosed(const struct json_split *s);

#endif
