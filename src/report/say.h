/*
 * say.h - phrases and figures that several sections use.
 *
 * Ids, ordinals and words of the evidence are terms or words, figures are facts,
 * sentences of the evaluation that may hold figures too: a text node never holds
 * a digit. Only sections include this header.
 */
#ifndef REPORT_SAY_H
#define REPORT_SAY_H

#include "report/doc.h"

#define SAY_INCIDENTS 25	/* incidents with all their evidence; more are one line each */

/* `i1` as code */
void	say_id(struct doc *d, struct doc_node *n, char letter, int64_t id);
/* a row with a cell for each text; the first row of a table names its columns */
struct doc_node *say_row(struct doc *d, struct doc_node *table, const char *const *cell, size_t n);
struct doc_node *say_cell(struct doc *d, struct doc_node *row);	/* an empty cell */
/* "- **Label:** " of a list; the value is added to what it returns */
struct doc_node *say_label(struct doc *d, struct doc_node *list, const char *label);
const char *say_noun(int64_t n, const char *one, const char *many);

/* "from T to T (D)" of the log entries in scope; false and nothing when there are none */
bool	say_window(struct doc *d, struct doc_node *n, const struct case_file *c);
/* ", in `ZONE` from T to T" of them, where times are told in a zone too; else nothing */
void	say_window_local(struct doc *d, struct doc_node *n, const struct case_file *c);
/* `before`, the zone that times without one were read in, `after` */
void	say_read_as(struct doc *d, struct doc_node *n, const char *before, struct slice zone,
	    const char *after);
/*
 * "72 days old", by the time of the document, or that it is newer than that; `sql` gives
 * last_ns. A source's age is no property of the source: it is told where it is read.
 */
void	say_age(struct doc *d, struct doc_node *n, const struct case_file *c, int64_t last_ns,
	    const char *sql);
/* gives c->last_ns */
const char *say_newest_sql(struct arena *a, const struct case_file *c);
/* "from T to T (D)", or "at T", of an incident; false for incidents of tests alone */
bool	say_incident_window(struct doc *d, struct doc_node *n, const struct case_incident *i);
/* "15 failed starts, 1000 entries, 40 signatures": three different counts (R22) */
void	say_counts(struct doc *d, struct doc_node *n, const struct case_incident *i);
/* what suffered, one or two sentences; false and nothing when no request is tied to it */
bool	say_requests(struct doc *d, struct doc_node *n, const struct case_incident *i);
/* "`Type: message` raised at `place`"; false and nothing when no exception names the cause */
bool	say_cause(struct doc *d, struct doc_node *n, const struct case_incident *i);

/* the incidents of a report: those in scope, by rank; NULL past the last */
const struct case_incident *incident_at(const struct case_file *c, size_t nth);
const struct cite *incident_cite(const struct case_incident *i);	/* the best one, or NULL */
const struct case_why *incident_open_why(const struct case_incident *i);	/* or NULL */
long	incident_members(const struct case_incident *i, enum member_role role,
	    enum member_basis basis);
/* the remedy as steps: lines that begin with "1." and so on, else the whole text */
size_t	incident_steps(struct arena *a, const struct case_incident *i, struct slice **step);

/* the fixed word of a run's result: never "passed" unless it ran to its end */
const char *run_verdict(const struct case_run *r);
/* a test run of which the state is not complete; NULL past the last */
const struct case_run *run_unfinished_at(const struct case_file *c, size_t nth);
/* parts of what a run is, see run_parts.c; zone may be NULL */
void	say_run_lines(struct doc *d, struct doc_node *list, const struct case_run *r,
	    const struct zone *zone);
void	say_run_counts(struct doc *d, const struct case_run *r);
/* how many of its tests have no result */
void	say_not_run(struct doc *d, struct doc_node *n, const struct case_run *r);
/* the input ends inside a record; what stood behind that is missing */
bool	source_is_cut(const struct case_file *c, const struct case_source *s);
/* cut, or some of it could not be read */
bool	source_is_damaged(const struct case_file *c, const struct case_source *s);
/* damaged or not read to its end; NULL past the last */
const struct case_source *source_unsound_at(const struct case_file *c, size_t nth);

/* parts of what a source is, items of `list`: see source_parts.c */
void	say_accounting(struct doc *d, struct doc_node *list, const struct case_source *s);
void	say_file(struct doc *d, struct doc_node *list, const struct case_source *s);
void	say_source_window(const struct case_file *c, struct doc *d, struct doc_node *list,
	    const struct case_source *s);
/* what it does not cover: a sentence each, with its command if `commands`; no heading */
void	say_gaps(struct doc *d, const struct case_source *s, bool commands);

/* a command that gets missing evidence, and what must be put into it by hand */
void	say_collect(struct doc *d, struct doc_node *parent, struct slice command);

/* log text: as code when it is short, else to be shown as a block */
bool	quote_is_short(struct slice quote);
/* a block of log text, cut after some lines; says so and how to see all */
void	say_quote(struct doc *d, struct doc_node *parent, const struct cite *c);

/* s between single quotes for SQL */
const char *sql_text(struct arena *a, struct slice s);

#endif
