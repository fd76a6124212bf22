/*
 * read_text.c - logs as plain text: what docker, kubectl, syslog, CI systems, web servers
 * and loggers print, one record for each message.
 */
#include "config.h"

#include "read/reader.h"
#include "read/text_record.h"

static int
read_lines(struct text_records *r, struct lines *lines, struct arena *scratch, struct err *e)
{
	struct line line;
	int rc;

	while ((rc = lines_next(lines, &line, e)) > 0) {
		size_t bad_utf8;
		struct slice s;

		arena_reset(scratch);
		s = text_clean(line.text, line.no, scratch, &bad_utf8);
		if (bad_utf8 > 0)
			diag_put(&r->put.sink->diag, DIAG_BAD_UTF8, line.no, 1, line.byte,
			    "%zu times in this line", bad_utf8);
		if (text_records_line(r, s, &line, scratch, e) != 0)
			return -1;
	}
	return rc < 0 ? -1 : text_records_end(r, e);
}

static int
read_text(struct read_job *job, struct err *e)
{
	struct text_records records;
	struct text_shape shape;
	struct arena scratch;
	struct lines lines;
	struct slice head;
	int rc;

	if (input_head(job->in, &head, e) != 0)
		return -1;
	text_shape_find(&shape, head, head.n < INPUT_HEAD);
	job->shape = text_shape_name(&shape);
	arena_init(&scratch);
	lines_init(&lines, job->in, job->limits->record, &job->sink->diag);
	text_records_init(&records, job, &shape);
	rc = read_lines(&records, &lines, &scratch, e);
	text_records_release(&records);
	lines_release(&lines);
	arena_release(&scratch);
	return rc;
}

static int
sniff(struct slice head, bool whole)
{
	struct slice start = slice_trim(head);
	struct text_shape shape;

	/* XML; syslog with a priority begins so, too */
	if (slice_starts(start, "<") && !(start.n > 1 && start.p[1] >= '0' && start.p[1] <= '9'))
		return 0;
	text_shape_find(&shape, head, whole);
	return text_shape_score(&shape);
}

const struct reader reader_text = {
	.name = "text",
	.about = "plain text logs: containers, web servers, Python, Go, syslog, CI",
	.kind = SOURCE_LOGS,
	.sniff = sniff,
	.read = read_text,
};
