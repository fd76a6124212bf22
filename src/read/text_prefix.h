/*
 * text_prefix.h - what docker, kubectl, syslog and CI systems put before each line.
 *
 *	compose	api-1  | text			service api, instance api-1
 *	kube	[pod/api-7c9-x2/app] text	service app, instance api-7c9-x2
 *	job	build<TAB>tests<TAB>2025-10-02T09:14:25.1234567Z text	job and step, time
 *	stamp	2025-10-02T09:14:25.123456789Z text	time; also GitLab's "...Z 00O text"
 *	syslog	Oct  2 09:14:25 host app[12]: text	service app; host, pid, time; also with
 *		an ISO time, as journalctl -o short-iso prints it, and with <14> in front
 *	bracket	[09:14:25] text			time; only where each line has it
 *
 * A stamp has seven digits of fraction or more: so many no logger prints. All
 * lines of a source have the same prefixes, at most TEXT_PREFIXES one behind the
 * other, found by looking at its head. Private to read/.
 */
#ifndef READ_TEXT_PREFIX_H
#define READ_TEXT_PREFIX_H

#include "read/text_time.h"

#define TEXT_PREFIXES 3

enum text_prefix_kind {
	TEXT_PREFIX_NONE,
	TEXT_PREFIX_COMPOSE,
	TEXT_PREFIX_KUBE,
	TEXT_PREFIX_JOB,
	TEXT_PREFIX_STAMP,
	TEXT_PREFIX_SYSLOG,
	TEXT_PREFIX_BRACKET,
	TEXT_PREFIX_KINDS
};

struct text_prefix {		/* slices of the line; empty: not there */
	struct slice service, instance, host, pid, job, step;
	struct slice key;	/* tells the streams of a source apart */
	bool timed;
	struct text_time time;
	int severity;		/* syslog's, or -1 */
};

void	text_prefix_init(struct text_prefix *p);
/* takes one prefix off the line and adds what it says to *p */
bool	text_prefix_take(enum text_prefix_kind kind, struct slice *in, struct text_prefix *p);

#endif
