/*
 * read_text.c - logs as plain text: what docker, kubectl, syslog, CI systems, web servers
 * and loggers print, one record for each message.
 */
#include "config.h"

#include "read/reader.h"
#include "read/text_record.h"

#define RUN_SCORE 40		/* that of a log with prefixes */

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

static bool
has_run(const struct text_shape *shape, struct slice head)
{
	struct text_prefix prefix;
	struct slice line;

	while (slice_take_line(&head, &line))
		if (text_shape_prefix(shape, &line, &prefix) && text_run_begins(line))
			return true;
	return false;
}

static int
sniff(struct slice head, bool whole)
{
	struct slice start = slice_trim(head);
	struct text_shape shape;
	int score;

	/* XML; syslog with a priority begins so, too */
	if (slice_starts(start, "<") && !(start.n > 1 && start.p[1] >= '0' && start.p[1] <= '9'))
		return 0;
	text_shape_find(&shape, head, whole);
	score = text_shape_score(&shape);
	/* the output of one container that runs tests */
	if (score == 0 && shape.prefixes > 0 && shape.document == 0 && has_run(&shape, head))
		score = RUN_SCORE;
	return score;
}

const struct reader reader_text = {
	.name = "text",
	.about = "plain text logs: containers, web servers, Python, Go, syslog, CI",
	.kind = SOURCE_LOGS,
	.sniff = sniff,
	.read = read_text,
};
