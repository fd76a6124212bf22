/*
 * json_split.h - finds the bounds of the next top-level object in a stream of JSON.
 *
 * Takes one JSON array, pretty or compact, NDJSON, objects one after the other,
 * several arrays, and any mix of them: between records, blanks, commas and
 * brackets are skipped. It builds no tree and does not recurse, keeps one
 * record (at most max_record bytes) in memory, and knows nothing of what a
 * record means, so the caller may parse `text` with any parser. Private to read/.
 *
 * Damage costs the records that it touches and no others. When the structure of
 * a record turns out wrong, or the input ends inside it, reading goes on at the
 * next `{` that begins a line (only blanks and the punctuation , [ ] } before
 * it) with the indentation that this record or the last good one had. Within a
 * line, as in a compact array, it goes on at the next `{` that starts a complete
 * object which `likely` takes for a record: surely, or perhaps when it stands
 * behind the fault and is no member's value. An object behind which a comma and
 * further members follow is broken as well: a brace too many ended it.
 * Work spent on such second looks is bounded by a multiple of the input.
 */
#ifndef READ_JSON_SPLIT_H
#define READ_JSON_SPLIT_H

#include "base/diag.h"
#include "base/err.h"
#include "base/io.h"
#include "read/json_walk.h"

#define JSON_HEAD 4096		/* bytes kept of a record that is not whole */

enum json_likely { JSON_UNLIKELY, JSON_PERHAPS, JSON_SURELY };

enum json_kind {
	JSON_RECORD,		/* one object; text is all of it */
	JSON_BROKEN,		/* its structure is wrong */
	JSON_CUT,		/* the input ends inside it */
	JSON_LONG,		/* longer than max_record; skipped to its end */
	JSON_DEEP,		/* nested deeper than max_depth; skipped to its end */
	JSON_STRAY		/* text between records that is none */
};

struct json_record {
	enum json_kind kind;
	struct slice text;	/* of JSON_RECORD all, else its head; valid until the next call */
	uint64_t line, col;	/* of its first byte, 1-based */
	uint64_t byte, bytes;	/* offset and length in the input */
	size_t members;		/* keys of the object as written, repeated ones counted twice */
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

struct json_split {
	struct input *in;			/* borrowed */
	const struct diag_sink *diag;		/* borrowed; for input_read() only */
	size_t max_record;
	unsigned max_depth;
	/* cheap: is this, by its keys, one of the caller's records? */
	enum json_likely (*likely)(struct slice object);
	char *p;				/* the window: bytes [base, base + have) */
	size_t cap, have;
	uint64_t base;
	uint64_t keep;				/* bytes before it may be dropped */
	bool ended;				/* the input has no more bytes */
	struct json_place at;			/* where the next call goes on */
	bool indent_known;
	size_t indent;				/* of the last good record that began a line */
	uint64_t second_looks;			/* bytes looked at more than once */
	struct json_walk walk;
	char head[JSON_HEAD];
	size_t head_n;
	/* what was seen between records */
	uint64_t open, arrays, in_array, outside, one_line, several_lines;
	bool whole_before;			/* a whole record stands right before `at` */
	uint64_t no_comma;			/* elements of an array with no comma before them */
	struct json_place no_comma_at;		/* the first of them */
	uint64_t damage_end;			/* end of the last record that was not whole */
};

/* s->likely is NULL then and may be set; without it nothing is found again within a line */
void	json_split_init(struct json_split *s, struct input *in, const struct diag_sink *diag,
	    size_t max_record, unsigned max_depth);
void	json_split_release(struct json_split *s);
/* 1 a record, 0 the end, -1 reading failed */
int	json_split_next(struct json_split *s, struct json_record *r, struct err *e);
/* "JSON array", "JSON arrays", "NDJSON", "JSON objects"; static text */
const char *json_split_shape(const struct json_split *s);
/* at the end: an array is still open, and no damaged record has told so already */
bool	json_split_unclosed(const struct json_split *s);

#endif
