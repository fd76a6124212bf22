/*
 * report_json.h - values of the JSON that plugins of pytest write.
 *
 * Texts live as long as the value they come from. Private to read/.
 */
#ifndef READ_REPORT_JSON_H
#define READ_REPORT_JSON_H

#include <jansson.h>

#include "base/buf.h"
#include "base/clock.h"

/* empty when there is none, or it is no text */
struct slice report_text(const json_t *object, const char *key);
struct slice report_string(const json_t *value);
/*
 * Seconds, of a duration or since 1970, as nanoseconds: the shortest decimal that is this
 * number, which is what its writer had. CLOCK_NONE when it is no number, or too large.
 */
int64_t	report_seconds(const json_t *value);
int64_t	report_seconds_of(double seconds);
/* a count or an exit code; `none` when it is no whole number that fits */
long	report_long(const json_t *value, long none);
/* "name=value" and a line break; a value that is no text is written as JSON */
void	report_property(struct buf *b, struct slice name, const json_t *value);

#endif
