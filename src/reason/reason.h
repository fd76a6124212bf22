/*
 * reason.h - from an evidence set to findings, incidents and first chains of whys.
 *
 * Pure functions over plain structs: no SQL, no files, no clock. The same
 * evidence gives the same result. Laws 4 to 6 of the design bind: co-occurrence
 * is listed and never called a cause; a chain ends where the evidence ends.
 * cmd includes this header.
 */
#ifndef REASON_REASON_H
#define REASON_REASON_H

#include "base/arena.h"
#include "base/err.h"
#include "model/case_file.h"
#include "model/evidence.h"
#include "model/incident.h"
#include "model/source.h"

/* texts of rules with their ${names} filled; value() as rule_expand */
struct reason_texts {
	struct slice (*expand)(struct arena *a, struct slice text,
	    struct slice (*value)(void *ctx, struct slice name), void *ctx);
};

struct reason {
	const struct rule_set *rules;
	const struct evidence_set *set;
	const struct reason_texts *texts;
	struct arena *arena;			/* results live here */
};

/*
 * One finding for each rule and group that fired, and one for each rule that did
 * not (clear, inconclusive when a limit was hit, not evaluated when no source of
 * its kind is there). Sorted by rule name, group key.
 */
int	reason_findings(const struct reason *r, struct finding **finding, size_t *n, struct err *e);

/*
 * Incidents, ranked: priority, then start failures before exceptions before
 * server errors before what rules name before tests before unknown errors, then
 * occurrences, then first time, then key.
 *
 * - A failed start is the entries of one instance from its first entry (or the
 *   first after the failure before) to its last failure or exit line; failure
 *   lines at most START_CLUSTER_NS apart are one. On an instance that had lived
 *   before, a start line begins it. Its cause is the last exception before the
 *   first failure line, else what a cause rule hit in it. Failed starts of one
 *   service with the same cause are one incident (class start failure).
 * - A request joins a failed start when it names that instance and its span
 *   overlaps the start's interval (basis proved). A failed request of the same
 *   service and revision within the incident's time that joins nothing is listed
 *   as co-occurring ("open").
 * - Exceptions outside failed starts: one incident for each cause and service.
 *   A failed request joins the last one of its trace, or of its instance while it
 *   ran, and then is not open elsewhere.
 * - Rules of role issue and cause: one for each rule and service, unless their
 *   hits lie in a failed start or an exception that already has an incident;
 *   then they are symptoms there.
 * - ERROR entries that no rule and no incident explains: one for each template
 *   and service (class unknown). Failed requests likewise by status.
 * - Failed tests: one for each rule that hit them, else for each failure signature.
 */
#define START_CLUSTER_NS (5 * CLOCK_NS_PER_S)
int	reason_incidents(const struct reason *r, struct incident **incident, size_t *n,
	    struct err *e);

/*
 * Does an export look cut by a --limit? Counts entries against the round
 * numbers people pass (multiples of 50 up to 500, of 100 up to 1000, of 500 up
 * to 10000, of 1000 beyond). Not a file of a sink, which no query made, nor one
 * that covers the span that its name claims. Writes a plain sentence to note and
 * returns true if so.
 */
bool	reason_truncated(struct slice path, uint64_t entries, enum source_order order,
	    int64_t first_ns, int64_t last_ns, char *note, size_t room);

/*
 * How services write, for reason_judge(): made for the sources to be judged, fed with
 * each entry's time, ascending over all sources, an entry once for each source that
 * holds it. Keeps no times; 2 KiB for each service of each source. The sources must
 * outlive it.
 */
struct rhythms;
struct rhythms *rhythms_new(const struct case_source *source, size_t n);
void	rhythms_feed(struct rhythms *r, int64_t source_id, struct slice service, int64_t ts_ns);
void	rhythms_free(struct rhythms *r);

/*
 * What a source that was loaded whole does not cover, or what in it cannot be relied on:
 * the most important first, then by severity (highest first), service, time and count. The
 * rules are those of netra-triage-sources(1). rhythms NULL: silences are not looked for.
 */
void	reason_judge(const struct case_source *s, const struct rhythms *rhythms,
	    struct arena *a, struct gap **gap, size_t *n);
/* the source and its gaps in a few words: "cut by a limit: only the newest 126 s" */
struct slice reason_worth(const struct case_source *s, struct arena *a);

#endif
