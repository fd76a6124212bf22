/*
 * text_line.h - what the first line of a record says, by the format of its logger.
 *
 * A line that one of these recognises begins a record; another one belongs to the
 * record before it. The names are those of severity_by where a level is stated:
 *
 *	access		10.0.0.1 - - [02/Oct/2025:09:14:25 +0000] "GET /x HTTP/1.1" 200 12 ...
 *	uvicorn		INFO:     10.0.0.1:4242 - "GET /x HTTP/1.1" 200 OK
 *	json		{"time":...,"level":...,"msg":...}	structlog, pino, bunyan, zap, slog
 *	logfmt		time=... level=error msg="..."
 *	bar-column	2025-10-02 09:14:25.065 | ERROR    | shop.db:save:150 - text	loguru
 *	dash-column	2025-10-02 09:14:25,123 - shop.db - ERROR - text		Python
 *	bracket-column	[2025-10-02 09:14:25 +0000] [14] [ERROR] text	gunicorn, nginx errors
 *	word-column	2025-10-02 09:14:25,123 ERROR [main] shop.db: text	and zap's tabs
 *	level-name	ERROR:shop.db:text
 *	level-place	ERROR    shop.db:db.py:12 text
 *	level-word	ERROR: text	[ERROR] text	ERROR - text
 *	time		2025/10/02 09:14:25 text: a time and nothing else; Go
 *
 * The message is the text behind these columns. Private to read/.
 */
#ifndef READ_TEXT_LINE_H
#define READ_TEXT_LINE_H

#include <jansson.h>

#include "base/arena.h"
#include "model/entry.h"
#include "read/text_time.h"

enum text_family {
	TEXT_NONE,
	TEXT_ACCESS,
	TEXT_UVICORN,
	TEXT_JSON,
	TEXT_LOGFMT,
	TEXT_BAR,
	TEXT_DASH,
	TEXT_BRACKET,
	TEXT_WORD,
	TEXT_LEVEL_NAME,
	TEXT_LEVEL_PLACE,
	TEXT_LEVEL_WORD,
	TEXT_TIME,
	TEXT_FAMILIES
};

struct text_line {
	enum text_family family;
	bool timed;
	struct text_time time;
	int severity;
	const char *severity_by;	/* NULL: the line states none */
	struct slice message;
	struct slice service, revision, instance, trace;
	struct request *request;	/* in the arena; NULL: none */
	struct entry_field *field;	/* in the arena; NULL until there is one */
	size_t fields, room;
};

/*
 * Slices of *l point into s or the arena. under_time: a prefix gave the time, so
 * that a level may stand where a time would be before it. True when the line
 * begins a record; otherwise its message is all of it.
 */
bool	text_line_parse(struct slice s, bool under_time, struct arena *a, struct text_line *l);
/* the same question, without the costs of an answer: JSON is not read */
bool	text_line_begins(struct slice s, bool under_time, struct arena *a);

/* a field under a name that stays; empty values are none */
void	text_line_field(struct text_line *l, struct arena *a, const char *name, struct slice value);
const char *text_family_name(enum text_family family);

/* text_access.c: the request of an access log, or what stands behind uvicorn's level */
bool	text_access(struct slice s, struct arena *a, struct text_line *l);
bool	text_request_line(struct slice s, struct arena *a, struct request *r);
struct request *text_request_new(struct arena *a);
struct slice text_url_path(struct slice url);
/* the message of a request that has no text of its own: "GET /x 200" */
struct slice text_request_text(const struct request *r, struct arena *a);
/* text_members.c: lines made of names and values */
bool	text_logfmt(struct slice s, struct arena *a, struct text_line *l);
bool	text_json(struct slice s, struct arena *a, struct text_line *l);

#endif
