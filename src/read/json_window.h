/*
 * json_window.h - the bytes of the input that json_split looks at, and places in them.
 *
 * Bytes from s->keep on stay in the window until keep moves. Part of json_split;
 * see there. Private to read/.
 */
#ifndef READ_JSON_WINDOW_H
#define READ_JSON_WINDOW_H

#include "read/json_split.h"

#define JSON_BLOCK (64 * 1024)		/* bytes asked of the input at a time */

enum json_followed {
	JSON_FOLLOWED_DONE,
	JSON_FOLLOWED_FAULT,
	JSON_FOLLOWED_CUT,		/* the input ends inside the object */
	JSON_FOLLOWED_LONG,
	JSON_FOLLOWED_ERROR
};

uint64_t json_window_end(const struct json_split *s);
/* a byte that is in the window */
const char *json_window_at(const struct json_split *s, uint64_t byte);
/* 1 when the byte is in the window, 0 when the input ends before it, -1 */
int	json_need(struct json_split *s, uint64_t byte, struct err *e);
void	json_save_head(struct json_split *s, uint64_t from, uint64_t to);

void	json_pass(struct json_place *at, char c);
/* over bytes that are in the window */
void	json_pass_to(struct json_split *s, struct json_place *at, uint64_t to);
void	json_begin_at(struct json_record *r, const struct json_place *at);
void	json_fault_at(struct json_record *r, const struct json_place *at, const char *fault);

/*
 * Follow the object at `from` on from *to, which ends behind what was used. Stops
 * once the object is longer than max; bytes from s->keep on stay in the window.
 */
enum json_followed json_follow(struct json_split *s, struct json_walk *w, uint64_t from,
	    uint64_t max, uint64_t *to, struct err *e);

#endif
