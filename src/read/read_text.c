/*
 * read_text.c - logs as plain text: what docker, kubectl, syslog, CI systems, web servers
 * and loggers print, one record for each message.
 */
#include "config.h"

#include "read/reader.h"
#include "read/text_record.h"

static int
read_text(struct read_job *job, struct err *e)
{
	struct text_shape shape;
	struct slice head;

	if (input_head(job->in, &head, e) != 0)
		return -1;
	text_shape_find(&shape, head, head.n < INPUT_HEAD);
	job->shape = text_shape_name(&shape);
	return text_records_read(job, &shape, NULL, e);
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
