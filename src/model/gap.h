/*
 * gap.h - what a source does not cover, or what in it cannot be relied on.
 *
 * Gaps are derived: made by reason/, kept by the store, told by reports. model/ is
 * known to all stages.
 */
#ifndef MODEL_GAP_H
#define MODEL_GAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/slice.h"

/* the most important first; netra-triage-sources(1) has the rule of each */
enum gap_kind {
	GAP_EMPTY,	/* most entries say nothing: the collector lost the payloads */
	GAP_LIMIT,	/* a --limit cut the whole */
	GAP_CAP,	/* a limit cut one severity */
	GAP_DAMAGE,	/* parts could not be read */
	GAP_PSEUDO,	/* records that are no evidence */
	GAP_LOSSY,	/* the shape has lost fields */
	GAP_ZONE,	/* times without a zone */
	GAP_STALE,	/* older than what its name claims */
	GAP_CLAIM,	/* shorter than what its name claims */
	GAP_FILTER,	/* severities that are not there at all */
	GAP_SILENCE,	/* a service that wrote all the time stopped for a while */
	GAP_TAIL,	/* requests that still ran at the newest end */
	GAP_REPEAT,	/* records that another source holds too */
	GAP_KINDS
};

#define GAP_ALL_SEVERITIES (-1)

struct gap {
	int64_t id;			/* 0 before it is stored */
	enum gap_kind kind;
	struct slice service;		/* "": of all services */
	int severity;			/* or GAP_ALL_SEVERITIES */
	int64_t first_ns, last_ns;	/* CLOCK_NONE: open on that side */
	int64_t n;			/* records that the statement counts; -1 = none */
	struct slice says;		/* one sentence without a full stop */
	struct slice collect;		/* command that gets what is missing; "" = none would */
};

const char *gap_kind_name(enum gap_kind k);	/* "limit" */
enum gap_kind gap_kind_of(struct slice name);	/* GAP_KINDS for an unknown word */
bool	gap_kind_warns(enum gap_kind k);	/* worth a warning when the source is read */

/* may a name from the logs stand in a shell command between quotes? letters, digits, - _ . : */
bool	gap_word_is_plain(struct slice name);

/* a job, a worker pool or a function: Cloud Logging names it by another label than a service */
struct workload {
	struct slice name;
	const char *label;		/* "job_name" */
};

/* NULL for a resource type whose label is service_name */
const char *workload_label(struct slice resource_type);
/*
 * A term of a filter for these services, with " AND " behind it. Nothing when they are
 * too many, or one cannot stand in a command.
 */
void	gap_put_services(struct buf *b, const struct slice *service, size_t n,
	    const struct workload *workload, size_t workloads);

#endif
