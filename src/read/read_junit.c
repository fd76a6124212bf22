/*
 * read_junit.c - JUnit XML, streamed through expat. Several documents in one file are several
 * runs, with other lines around them or not. Document types are refused, so no entity is ever
 * expanded.
 */
#include "config.h"

#include "read/reader.h"

#include "base/mem.h"
#include "read/junit_tree.h"

#include <stdlib.h>

#define CHUNK (64 * 1024)
#define STANDSTILL (2 * 1024 * 1024)	/* bytes fed without any progress: one huge token */

struct feed {
	struct read_job *job;
	struct junit_tree *tree;
	struct junit_filter filter;
	XML_Parser parser;
	/* places as the parser counts; junit_filter_place() makes them those of the input */
	uint64_t line, byte;	/* where the document of this parser starts */
	uint64_t fed, progress;	/* bytes given to it, and where it stood when it last moved */
	uint64_t runs;
};

enum outcome { GOES_ON, DOCUMENT_ENDS, GIVE_UP, SINK_FAILED };

static uint64_t
parser_at(const struct feed *f)
{
	XML_Index at = XML_GetCurrentByteIndex(f->parser);

	return at < 0 ? 0 : (uint64_t)at;
}

static void
open_document(struct feed *f)
{
	/* what was UTF-16 is UTF-8 by now, whatever its declaration says */
	f->parser = XML_ParserCreate(*input_encoding(f->job->in) ? "UTF-8" : NULL);
	if (!f->parser)
		mem_fail();
	junit_tree_init(f->tree, f->job, &f->filter, f->tree->e);
	junit_tree_attach(f->tree, f->parser, f->line, f->byte);
	f->fed = f->progress = 0;
}

static int
close_document(struct feed *f)
{
	int rc = junit_tree_finish(f->tree);

	f->runs += f->tree->begun;
	junit_tree_release(f->tree);
	XML_ParserFree(f->parser);
	f->parser = NULL;
	return rc;
}

/* a testcase that was open when reading stopped is a record that is lost */
static int
put_damage(struct feed *f, const char *reason)
{
	const struct junit_open *o = &f->tree->open;
	struct bad_record bad = { .kind = BAD_DAMAGED, .line = o->line, .byte = o->byte,
		.reason = slice_str(reason) };
	uint64_t line = f->line, end = f->byte + f->fed;

	if (!junit_tree_damaged(f->tree))
		return 0;
	junit_filter_place(&f->filter, &line, &end);
	bad.bytes = end - o->byte;
	bad.head = buf_slice(&o->name);
	return f->job->sink->bad(f->job->sink->ctx, &bad, f->tree->e);
}

static void
put_error(struct feed *f, enum diag_code code)
{
	uint64_t line = f->line + XML_GetCurrentLineNumber(f->parser) - 1;
	uint64_t byte = f->byte + parser_at(f);

	junit_filter_place(&f->filter, &line, &byte);
	diag_put(&f->job->sink->diag, code, line, XML_GetCurrentColumnNumber(f->parser) + 1, byte,
	    "%s", XML_ErrorString(XML_GetErrorCode(f->parser)));
}

/* what to do after expat refused something */
static enum outcome
after_error(struct feed *f)
{
	enum XML_Error code = XML_GetErrorCode(f->parser);

	if (f->tree->failed)
		return SINK_FAILED;
	if (f->tree->root_closed && !f->tree->refused && parser_at(f) > 0 &&
	    (code == XML_ERROR_JUNK_AFTER_DOC_ELEMENT || code == XML_ERROR_MISPLACED_XML_PI))
		return DOCUMENT_ENDS;
	if (!f->tree->refused)
		put_error(f, code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN ||
		    code == XML_ERROR_PARTIAL_CHAR || code == XML_ERROR_UNCLOSED_CDATA_SECTION ?
		    DIAG_XML_CUT : DIAG_XML_BAD);
	return put_damage(f, "the XML is damaged inside this testcase") != 0 ? SINK_FAILED :
	    GIVE_UP;
}

/* feed one chunk; *used tells how much of it belongs to this document */
static enum outcome
feed_chunk(struct feed *f, struct slice chunk, bool last, size_t *used)
{
	uint64_t before = f->fed, at;
	enum XML_Status status = XML_Parse(f->parser, chunk.p, (int)chunk.n, last);

	f->fed += chunk.n;
	*used = chunk.n;
	if (status == XML_STATUS_ERROR) {
		enum outcome what = after_error(f);

		if (what == DOCUMENT_ENDS && parser_at(f) >= before)
			*used = (size_t)(parser_at(f) - before);
		/* the next document began in a chunk that is gone: nothing can be saved */
		else if (what == DOCUMENT_ENDS)
			return GIVE_UP;
		return what;
	}
	at = parser_at(f);
	if (at > f->progress)
		f->progress = at;
	else if (f->fed - f->progress > STANDSTILL) {
		diag_put(&f->job->sink->diag, DIAG_XML_LIMIT, 0, 0, f->byte + at,
		    "more than %d bytes without the end of a tag", STANDSTILL);
		return put_damage(f, "a tag is too long") != 0 ? SINK_FAILED : GIVE_UP;
	}
	return GOES_ON;
}

/* where the document after this one starts */
static void
move_start(struct feed *f, size_t before_chunk_used)
{
	f->line += XML_GetCurrentLineNumber(f->parser) - 1;
	f->byte += f->fed - before_chunk_used;
}

static enum outcome
feed_all(struct feed *f, struct slice chunk, bool last)
{
	do {
		size_t used, n = chunk.n;
		enum outcome what = feed_chunk(f, chunk, last, &used);

		if (what != DOCUMENT_ENDS)
			return what;
		move_start(f, n - used);
		if (close_document(f) != 0) {
			open_document(f);
			return SINK_FAILED;
		}
		open_document(f);
		chunk = slice_sub(chunk, used, chunk.n);
	} while (chunk.n);
	return GOES_ON;
}

/* what the filter took out of the input */
static void
put_filtered(const struct feed *f)
{
	const struct junit_filter *k = &f->filter;
	const struct diag_sink *d = &f->job->sink->diag;

	if (k->values)
		diag_put(d, DIAG_XML_LIMIT, 0, 0, 0, "%llu attribute%s longer than %d bytes cut",
		    (unsigned long long)k->values, k->values == 1 ? "" : "s", JUNIT_VALUE);
	if (k->comments)
		diag_put(d, DIAG_XML_LIMIT, 0, 0, 0, "%llu comment%s longer than %d bytes cut",
		    (unsigned long long)k->comments, k->comments == 1 ? "" : "s", JUNIT_VALUE);
	if (k->controls)
		diag_put(d, DIAG_XML_BAD, 0, 0, 0, "%llu control character%s, which XML "
		    "forbids, replaced", (unsigned long long)k->controls,
		    k->controls == 1 ? "" : "s");
	if (k->bytes)
		diag_put(d, DIAG_XML_BAD, 0, 0, 0, "%llu byte%s that %s no UTF-8 replaced",
		    (unsigned long long)k->bytes, k->bytes == 1 ? "" : "s",
		    k->bytes == 1 ? "is" : "are");
}

static int
read_documents(struct feed *f, char *chunk, struct buf *clean, struct err *e)
{
	enum outcome what = GOES_ON;
	size_t got = 1;

	while (got && what == GOES_ON) {
		if (input_read(f->job->in, chunk, CHUNK, &got, &f->job->sink->diag, e) != 0)
			return -1;
		if (got == 0 && f->fed == 0 && f->runs > 0)
			break;
		junit_filter(&f->filter, slice_of(chunk, got), clean);
		/* an unfinished document is an error of the last, empty piece */
		if (clean->n || got == 0)
			what = feed_all(f, buf_slice(clean), got == 0);
	}
	return what == SINK_FAILED ? -1 : 0;
}

static int
read_junit(struct read_job *job, struct err *e)
{
	struct junit_tree tree = { .e = e };
	struct feed f = { .job = job, .tree = &tree, .line = 1 };
	struct slice head;
	struct buf clean;
	char *chunk;
	int rc;

	job->shape = "JUnit XML";
	if (input_head(job->in, &head, e) != 0)		/* from then on the encoding is known */
		return -1;
	chunk = mem_alloc(CHUNK);
	buf_init(&clean, CHUNK + 16);
	open_document(&f);
	rc = read_documents(&f, chunk, &clean, e);
	put_filtered(&f);
	if (rc == 0) {
		rc = close_document(&f);
	} else {
		junit_tree_release(&tree);
		XML_ParserFree(f.parser);
	}
	buf_release(&clean);
	free(chunk);
	return rc;
}

/* among what a runner prints: below "> shop@1.0.0 test" of npm, behind what tests print */
static int
sniff_printed(struct slice head)
{
	struct slice line;

	while (slice_take_line(&head, &line))
		if (slice_starts(line, "<testsuite") && junit_filter_begins(line))
			return 45;
	return 0;
}

static int
sniff(struct slice head, bool whole)
{
	struct slice s = head;

	(void)whole;
	slice_take_str(&s, "\xEF\xBB\xBF");
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t' || s.p[0] == '\n' || s.p[0] == '\r'))
		s = slice_sub(s, 1, s.n);
	if (!slice_starts(s, "<"))
		return sniff_printed(s);
	if (slice_starts(s, "<testsuite"))
		return 95;
	/* of a namespace, too */
	if (slice_find(s, 0, SLICE("<testsuite")) != SIZE_MAX ||
	    slice_find(s, 0, SLICE(":testsuite")) != SIZE_MAX)
		return 90;
	return slice_find(s, 0, SLICE("<testcase")) != SIZE_MAX ? 60 : 0;
}

const struct reader reader_junit = {
	.name = "junit",
	.about = "JUnit XML of pytest, Surefire, jest, Playwright, Go, ctest, node and others",
	.kind = SOURCE_TESTS,
	.sniff = sniff,
	.read = read_junit,
};
