/*
 * json_resync.h - what json_split does with objects that are not whole: it takes them for one
 * damaged record each, and finds the next record behind or inside them.
 *
 * Part of json_split; see there. Private to read/.
 */
#ifndef READ_JSON_RESYNC_H
#define READ_JSON_RESYNC_H

#include "read/json_window.h"

/* may bytes that were looked at already be looked at once more? */
bool	json_may_look(const struct json_split *s);
/*
 * Do a comma and further members follow the object [from, end)? Then damage put its
 * closing brace there, or took an opening one away, and it is no record. Members of
 * which the object has some already are a next record that lost its brace. 1, 0, -1
 */
int	json_ends_early(struct json_split *s, uint64_t from, uint64_t end, uint64_t *at,
	    struct err *e);
/* a closing brace that begins its line, as far in as the line of the opening one */
bool	json_own_brace(const struct json_place *opening, const struct json_place *closing);

/* each fills r, which begins at s->at, moves s->at on to the next record, and gives 1 or -1 */

/* the object is none: it was followed up to `fault`, or (cut) the input ends inside it */
int	json_resync(struct json_split *s, struct json_record *r, uint64_t fault, bool cut,
	    struct err *e);
/* longer than the limit, and followed up to `to` by s->walk */
int	json_skip_long(struct json_split *s, struct json_record *r, uint64_t to, struct err *e);
/* text that begins no record */
int	json_skip_stray(struct json_split *s, struct json_record *r, struct err *e);

#endif
