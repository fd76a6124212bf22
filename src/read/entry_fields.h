/*
 * entry_fields.h - the scalars of an entry that rules may ask for, as name and text.
 * Part of entry_map; see there. Private to read/.
 */
#ifndef READ_ENTRY_FIELDS_H
#define READ_ENTRY_FIELDS_H

#include <jansson.h>

#include "base/arena.h"
#include "model/entry.h"

struct entry_parts {
	const json_t *object;		/* the whole entry */
	const json_t *json, *proto;	/* its payload; NULL when absent */
	const json_t *message;		/* the member that became the message: no field */
};

void	entry_fields(const struct entry_parts *parts, struct arena *a, struct entry *out);

#endif
