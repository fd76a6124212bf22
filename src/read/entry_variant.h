/*
 * entry_variant.h - the ways in which tools other than gcloud write an entry, made plain.
 *
 * Part of entry_map; see there. What is taken back, each only when the plain member
 * is not there or empty:
 *	labels, resource.labels		a list of {key, value}, as databases repeat them
 *	jsonPayload			a text that is a JSON object; the key jsonpayload
 *	protoPayload			the key protopayload_auditlog; inside it audit_log, whose
 *					names are in snake_case there
 *	severity			severity_number
 *	any payload			raw_payload: an object, a Python repr, or plain text
 * Private to read/.
 */
#ifndef READ_ENTRY_VARIANT_H
#define READ_ENTRY_VARIANT_H

#include <stdbool.h>

#include <jansson.h>

struct entry_notes {
	bool cut;		/* its only payload is a repr that its writer cut */
	/* a database spelled the names in its payload anew: it cannot be compared with others */
	bool respelled;
};

/* a reference that the caller drops: object itself when nothing is to be changed, else a copy */
json_t	*entry_variant(const json_t *object, struct entry_notes *notes);

#endif
