/*
 * sign.h - messages and tracebacks to stable shapes.
 *
 * Pure functions over text: no store, no files. The ids are hashes of the
 * shape, so that the same message has the same id on any machine and in any
 * order. cmd includes this header.
 */
#ifndef SIGN_SIGN_H
#define SIGN_SIGN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"
#include "model/entry.h"
#include "model/exception.h"

#define SIGN_MASKS "m1"		/* version of the list of masks; part of every id */

/*
 * The message with its variable parts replaced by <...> slots: times, ids,
 * addresses, paths, durations, numbers. HTTP status, exit code, signal and errno
 * stay as typed slots (<status:503>), because they change the meaning. Only the
 * first line is used, clipped to 1 KiB. Result is in the arena.
 */
struct slice sign_template(struct arena *a, struct slice message);
int64_t	sign_template_id(struct slice template);	/* never 0 */

/* whether two records are the same entry: keyed, and of the text as it was read */
struct entry_identity sign_identity(const struct hmac *key, const struct entry *entry);

/* true and *x filled when text holds a traceback (Python; chained or not) */
bool	sign_exception(struct arena *a, struct slice text, struct exception *x);
/*
 * The same for the text below the heading of a failed test (pytest_trace.c): in every
 * style of pytest's --tb, with "INTERNALERROR> " in front, or a plain traceback.
 * "E   assert 1 == 2" is an AssertionError with the message "assert 1 == 2"; a
 * fixture that is not found is what pytest raises then, a FixtureLookupError, whose
 * frames are those who ask for it. False when the text names no exception, as that of
 * pytest.fail(pytrace=False): nothing is made up. Stacks of JavaScript, Java and Go
 * (at_trace.c, go_trace.c) are read as well. Linear in the length of detail.
 */
bool	sign_test_exception(struct arena *a, struct slice detail, struct exception *x);
/* the connecting sentences that Python prints between two tracebacks of a chain */
bool	sign_connector(struct slice text, enum link_relation *relation);
/* append the links of `more` behind those of x */
void	sign_chain(struct exception *x, const struct exception *more, enum link_relation relation);

/* text and id of the cause: innermost type, masked message and raise frame without line number */
struct slice sign_cause(struct arena *a, const struct exception *x);
/* "pkg/module.py:23" of a frame: the path from its application root; in the arena */
struct slice sign_place(struct arena *a, const struct frame *f);
/*
 * Frames that are told from "/" as they are told from where `file` of the test is: some
 * styles of pytest print the one, some the other. Nothing changes when no frame is in it.
 */
void	sign_from_root(struct exception *x, struct slice file);
/* "Type: message" of the last link, which is what the test failed with; in the arena */
struct slice sign_test_message(struct arena *a, const struct exception *x);
/*
 * Text of a test failure: crash type and masked message; both sides of "assert a == b"
 * masked. "Failed: " is left out, as pytest does in some styles. The message is that of
 * sign_test_message() when there is an exception: reports and styles cut their own.
 */
struct slice sign_test_failure(struct arena *a, struct slice message, struct slice file);
int64_t	sign_id(const char *kind, struct slice text);	/* never 0; kind "cause", "test", ... */

/*
 * Stitching: Cloud Logging cuts one chained traceback into several entries. Feed
 * parts ordered by (instance, log, time, id); out() gets each whole exception.
 * Two parts belong together when instance and log agree, they are at most
 * STITCH_GAP_NS apart and a connecting sentence stands between them (as a part
 * of its own, or at an end of one of them).
 */
#define STITCH_GAP_NS INT64_C(50000000)

struct stitch_part {
	int64_t event_id;
	int64_t ts_ns;
	struct slice instance, log;
	struct slice service, revision;	/* carried along */
	struct slice message;
};

struct stitched {
	struct exception exception;
	const int64_t *event_id;	/* all parts, connectors too, in order */
	const struct stitch_part *part;	/* the same parts, whole; as many */
	size_t events;
	int64_t ts_ns;			/* of the first part */
};

struct stitcher;			/* opaque */
typedef int stitched_fn(void *ctx, const struct stitched *s, struct arena *a, struct err *e);

struct stitcher *stitcher_new(stitched_fn *out, void *ctx);
int	stitcher_feed(struct stitcher *st, const struct stitch_part *part, struct err *e);
int	stitcher_finish(struct stitcher *st, struct err *e);
void	stitcher_free(struct stitcher *st);

/*
 * Messages that were cut into several entries (join.c).
 *
 * Cloud Logging splits what is too long, and says which piece each entry is.
 * sign_join_split() puts the pieces of one uid, ordered by index, into text; equal
 * indexes count once, and a line "[part 2 of 3 is missing]" stands where one is not
 * there. part[] is packed to those that were used; the result is how many.
 */
#define JOIN_TEXT ((size_t)8 << 20)	/* bytes of a joined text; more are cut off */

struct join_part {
	int64_t event_id;
	int64_t index;			/* from 0 */
	struct slice message;
	size_t start, stop;		/* set: its bytes in text */
};
size_t	sign_join_split(struct buf *text, struct join_part *part, size_t n, int64_t total,
	    bool *complete);

/*
 * A line break inside a message makes two entries of it. Both have the same origin
 * and are JOIN_GAP_NS apart at most, the first ends inside a construct that it
 * opened, and the second closes it. The constructs, in the order they are tried:
 *
 *	colour-tag	<red>...	of loguru; the reader saw the tags, the message has none
 *	quote		"...		an odd number of "; in the second, too, and its first one
 *					stands where a quote ends: before a blank or a sign
 *	apostrophe	='...		behind a blank or a sign, never closed; the second begins
 *					with '
 *	bracket		( [ {		the second begins with the closing one of that kind, or
 *					has it right behind its first word; "1)" is a list
 *
 * Only the last line of the first and the first line of the second are looked at.
 */
#define JOIN_GAP_NS INT64_C(50000000)

struct join_text {
	struct slice message;
	bool tag_open, tag_closed;	/* of the text before its colour tags were taken out */
};
/* does it end inside a construct? cheap; false for most messages */
bool	sign_leaves_open(const struct join_text *first);
/* the name of what the first leaves open and the second closes, static; NULL if nothing */
const char *sign_joins(const struct join_text *first, const struct join_text *second);
/* both leave the same construct open: which of them goes on cannot be told */
bool	sign_rivals(const struct join_text *a, const struct join_text *b);

#endif
