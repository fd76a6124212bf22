/*
 * build.h - private to reason/: incidents while they are being put together.
 *
 * Every record is claimed by at most one incident (tests may belong to several):
 * a claim is what keeps a symptom from standing beside its cause. Nothing here
 * depends on the ids of records, which follow the order of ingest: where a first
 * one is to be chosen, it is the first in time.
 */
#ifndef REASON_BUILD_H
#define REASON_BUILD_H

#include "reason/reason.h"

struct draft;

/* one start of one instance that failed */
struct failed_start {
	struct slice instance, service, revision;
	int64_t from_ns, to_ns;
	const struct fact_hit *failure;		/* the first line that says so */
	const struct fact_exception *cause;	/* what ended it; NULL if none is there */
	const struct fact_hit *cause_hit;	/* a cause rule's first hit inside it; or NULL */
	struct draft *draft;		/* the incident it is an occurrence of ... */
	long occurrence;		/* ... and which, 1-based */
};

struct draft {				/* an incident and what only the building needs */
	struct incident i;
	size_t cap;			/* of i.member */
	size_t whys_cap;		/* of i.why */
	const struct rule *rule;	/* names it; NULL if none */
	int rule_rank;			/* how well: less is better */
	const struct fact_hit *named;	/* a first hit of that rule: its captures fill the texts */
	const struct rule *priority_rule;	/* gave the priority; NULL: the class did */
	const struct fact_exception *cause;	/* the first one */
	const struct fact_hit *hit;		/* the first one */
	const struct fact_test *test;
	struct failed_start **start;	/* its occurrences, by time */
	size_t starts, starts_cap;
	struct slice project;
	/* times of the entries that gave the newest names */
	int64_t revision_ns, project_ns;
	struct slice subject;		/* what the title says after the class */
};

/* the hits of one record, in the order of the set */
struct hit_range {
	const size_t *hit;		/* indices into set->hit */
	size_t n;
};

/* orders of the evidence that the set itself does not come in; see index.c */
struct index {
	const struct fact_event **by_time;	/* all events */
	const struct fact_exception **part_of;	/* parallel to set->event; NULL: of none */
	size_t *event_first, *event_hit;	/* hits of each event, those of exceptions apart */
	size_t *exception_first, *exception_hit;	/* hits of each exception */
};

struct build {
	const struct reason *r;
	struct index index;
	struct draft **draft;
	size_t drafts, cap;
	void *tree;			/* the drafts by key; tsearch(3) */
	bool *event_claimed;		/* parallel to set->event */
	bool *hit_claimed;		/* parallel to set->hit */
	bool *exception_claimed;	/* parallel to set->exception */
	struct failed_start *start;	/* by instance, time */
	size_t starts;
};

void	index_build(struct build *b);
struct hit_range index_event_hits(const struct build *b, const struct fact_event *ev);
struct hit_range index_exception_hits(const struct build *b, const struct fact_exception *x);

/* the draft of this key; made if it is not there */
struct draft *build_draft(struct build *b, enum incident_class class, struct slice service,
	    struct slice cause_key);
void	build_release(struct build *b);	/* what is not in the arena */
void	build_member(struct build *b, struct draft *d, const struct member *m);
/* a hit becomes a member with this role; claims its event and itself */
void	build_hit(struct build *b, struct draft *d, const struct fact_hit *h,
	    const struct member *as);
/* the event and, in the same place, the hits on it that nobody claimed */
void	build_event(struct build *b, struct draft *d, const struct fact_event *ev,
	    const struct member *as);
/* the quoted cause line and all other parts, with the hits on them; claims it */
void	build_exception(struct build *b, struct draft *d, const struct fact_exception *x,
	    const struct member *as);
/*
 * Let the rule of a hit name the incident, and raise its priority, if it outranks
 * what is there. on_cause: the hit is on the very record that is the cause.
 */
void	build_rule(struct draft *d, const struct fact_hit *h, bool on_cause);
bool	build_is_failed_request(const struct fact_event *ev);
/* start, banner, deploy, health: marks a moment, names no incident */
bool	build_is_marker(const struct rule *r);
/* says nothing about what is broken, wherever it stands */
bool	build_is_aside(const struct rule *r);
const struct fact_event *build_find_event(const struct evidence_set *set, int64_t id);
struct slice build_link_text(struct arena *a, const struct fact_link *l);	/* Type: message */
struct slice build_clip(struct slice message);	/* what of a message becomes a title */

int	starts_find(struct build *b, struct err *e);
/* the failed start of that instance that overlaps from..to, or NULL */
struct failed_start *starts_at(const struct build *b, struct slice instance, int64_t from_ns,
	    int64_t to_ns);

void	starts_incidents(struct build *b);
int	exceptions_incidents(struct build *b, struct err *e);
void	open_requests(struct build *b);
void	rules_incidents(struct build *b);
void	requests_incidents(struct build *b);
void	unknown_incidents(struct build *b);
void	tests_incidents(struct build *b);
void	whys_build(struct build *b, struct draft *d);

/* values of ${names}; `shell` leaves out what could end a quoted shell word */
struct value_of {
	struct arena *arena;
	const struct draft *draft;
	const struct fact_hit *hit;	/* its captures, for an incident; or NULL */
	const struct finding *finding;
	bool shell;
};
struct slice value_of(void *ctx, struct slice name);
struct slice text_expand(struct build *b, const struct draft *d, struct slice text, bool shell);
/* with the captures of this hit instead of the one that names the incident */
struct slice text_expand_hit(struct build *b, const struct draft *d, const struct fact_hit *h,
	    struct slice text);
/* fit to stand in a command that people copy */
bool	value_is_shell_safe(struct slice s);

#endif
