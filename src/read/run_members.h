/*
 * run_members.h - what the members beside a run's output in a JSON document say of the run.
 *
 * {"total": 60, "passed": 50, "exit_code": 1, "environment": "staging", "stdout": "..."}
 * Each short scalar is a fact of kind property; those with a known name are the wrapper's
 * totals, exit code, command, environment, commit and so on. Private to read/.
 */
#ifndef READ_RUN_MEMBERS_H
#define READ_RUN_MEMBERS_H

#include "read/embed.h"

#define RUN_MEMBERS 64		/* of one object that are kept */
#define RUN_MEMBER_NAME 96
#define RUN_MEMBER_VALUE 400

struct run_member {
	char name[RUN_MEMBER_NAME], value[RUN_MEMBER_VALUE];
	size_t name_n, value_n;
	uint64_t line, byte;
	bool number;
};

/* the members of one object */
struct run_members {
	struct run_member *m;
	size_t n, cap;
	struct pytest_wrapper totals;
	char odd[120];			/* a figure that cannot be; "" */
};

void	run_members_init(struct run_members *o);	/* members of before are gone, m is kept */
void	run_members_release(struct run_members *o);
/* longer names and values are no members */
void	run_members_add(struct run_members *o, struct slice name, struct slice value, bool number,
	    uint64_t line, uint64_t byte);
/* is an object under this key a summary of its parent: "summary", "totals"? */
bool	run_members_is_summary(struct slice key);
/* the members of `sub`, an object that stands in o under `key` */
void	run_members_join(struct run_members *o, struct slice key, const struct run_members *sub);
/*
 * Tells the facts, and fills what the run that `m` keeps back does not know itself. Totals
 * are added to *w where it has none.
 */
int	run_members_apply(const struct run_members *o, struct embed *m, const struct zone *zone,
	    struct pytest_wrapper *w, struct err *e);

#endif
