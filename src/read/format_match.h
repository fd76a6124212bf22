/*
 * format_match.h - a loaded format, and how it takes a record apart. Private to read/.
 */
#ifndef READ_FORMAT_MATCH_H
#define READ_FORMAT_MATCH_H

#include "base/pattern.h"
#include "read/format.h"
#include "read/text_line.h"

#define FORMAT_TIMES 8		/* time formats of one format */
#define FORMAT_LEVELS 32	/* words that it translates to severities */
#define FORMAT_TIME_MAX 64	/* bytes of one time format */

/* what a named group becomes */
enum format_role {
	ROLE_NONE,
	ROLE_TIME, ROLE_SEVERITY, ROLE_MESSAGE, ROLE_SERVICE, ROLE_REVISION, ROLE_INSTANCE,
	ROLE_LOGGER, ROLE_TRACE, ROLE_METHOD, ROLE_URL, ROLE_PATH, ROLE_STATUS, ROLE_LATENCY,
	ROLE_USER_AGENT, ROLE_REMOTE_IP, ROLE_PROTOCOL, ROLE_SIZE,
	ROLE_FIELD		/* labels.NAME */
};

struct format_level {
	struct slice word;
	int severity;
};

struct line_format {
	char *name, *about, *path;	/* in the arena of the set */
	unsigned line;
	struct pattern *pattern;	/* owned */
	struct pattern *start;		/* owned; NULL: the pattern begins a record */
	enum format_role role[PATTERN_GROUPS];
	const char *field[PATTERN_GROUPS];	/* "labels.NAME" of ROLE_FIELD */
	struct slice time[FORMAT_TIMES];
	size_t times;			/* 0: every time that the text reader knows */
	struct format_level level[FORMAT_LEVELS];
	size_t levels;
	int64_t latency_unit;		/* ns of a latency without a unit */
	size_t samples;
};

enum format_role format_role_of(const char *group);
/* false: a directive that is not known, at *offset */
bool	format_time_valid(struct slice format, size_t *offset);
/* all of s in this format */
bool	format_time_parse(struct slice format, struct slice s, struct text_time *t);

/* whether the line begins a record */
enum match_outcome format_begins(const struct line_format *f, struct matcher *m,
	    struct slice line);
/*
 * The record by the pattern: as text_line_parse(). Without a group `message` all of
 * it is the message, and what stands behind the match belongs to it in any case.
 * *unread: the text of a group that could not be read, a time or a severity; or NULL.
 */
enum match_outcome format_parse(const struct line_format *f, struct matcher *m,
	    struct slice record, struct arena *a, struct text_line *l, const char **unread);

#endif
