/*
 * section_remediation.c - what the rules recommend, by priority.
 */
#include "config.h"

#include <inttypes.h>

#include "report/say.h"

static void
remedy(struct doc *d, struct doc_node *list, const struct case_incident *i)
{
	struct doc_node *item = doc_add(d, list, DOC_ITEM, slice_str(NULL)), *steps;
	struct slice *step;
	size_t n = incident_steps(d->arena, i, &step);

	say_id(d, item, 'i', i->id);
	doc_text(d, item, " ");
	doc_words(d, item, i->incident.title);
	if (i->incident.rule.n) {
		doc_text(d, item, " (rule ");
		doc_term(d, item, i->incident.rule);
		doc_text(d, item, ")");
	}
	if (n == 1) {
		doc_text(d, item, ": ");
		doc_words(d, item, step[0]);
		return;
	}
	steps = doc_add(d, item, DOC_NUMBERED, slice_str(NULL));
	for (size_t k = 0; k < n; k++)
		doc_words(d, doc_add(d, steps, DOC_ITEM, slice_str(NULL)), step[k]);
}

static void
build(const struct case_file *c, struct doc *d)
{
	const struct case_incident *i;
	struct doc_node *list;
	bool headed = false;

	for (int p = PRIORITY_P0; p <= PRIORITY_P3; p++) {
		list = NULL;
		for (size_t n = 0; n < SAY_INCIDENTS && (i = incident_at(c, n)) != NULL; n++) {
			if ((int)i->incident.priority != p ||
			    !slice_trim(i->incident.remediation).n)
				continue;
			if (!headed)
				doc_heading(d, 2, "Remediation by priority");
			headed = true;
			if (!list) {
				doc_heading(d, 3, "%s", priority_name((enum priority)p));
				list = doc_add(d, NULL, DOC_LIST, slice_str(NULL));
			}
			remedy(d, list, i);
		}
	}
}

const struct section section_remediation = {
	.name = "remediation", .about = "what the rules recommend, by priority",
	.build = build,
};
