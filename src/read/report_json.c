/*
 * report_json.c - numbers and texts out of jansson's tree.
 */
#include "config.h"

#include <stdlib.h>

#include "read/report_json.h"

#define SECONDS_MAX 9.0e9	/* within what 64 bits of nanoseconds hold */

struct slice
report_string(const json_t *value)
{
	return json_is_string(value) ?
	    slice_of(json_string_value(value), json_string_length(value)) :
	    (struct slice){ NULL, 0 };
}

struct slice
report_text(const json_t *object, const char *key)
{
	return report_string(json_object_get(object, key));
}

int64_t
report_seconds_of(double seconds)
{
	int64_t whole, scale = 1;
	double rest;

	if (!(seconds > -SECONDS_MAX && seconds < SECONDS_MAX))
		return CLOCK_NONE;
	whole = (int64_t)seconds - ((double)(int64_t)seconds > seconds);
	rest = seconds - (double)whole;
	/* a time of today has 7 digits behind the point; the rest of the double is noise */
	for (; scale < CLOCK_NS_PER_S; scale *= 10) {
		int64_t part = (int64_t)(rest * (double)scale + 0.5);

		if ((double)whole + (double)part / (double)scale == seconds)
			return whole * CLOCK_NS_PER_S + part * (CLOCK_NS_PER_S / scale);
	}
	return whole * CLOCK_NS_PER_S + (int64_t)(rest * 1e9 + 0.5);
}

int64_t
report_seconds(const json_t *value)
{
	return json_is_number(value) ? report_seconds_of(json_number_value(value)) : CLOCK_NONE;
}

long
report_long(const json_t *value, long none)
{
	json_int_t n = json_integer_value(value);

	return json_is_integer(value) && n > -1000000000 && n < 1000000000 ? (long)n : none;
}

void
report_property(struct buf *b, struct slice name, const json_t *value)
{
	char *dump = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY |
	    JSON_COMPACT | JSON_SORT_KEYS);

	buf_put_slice(b, name);
	buf_putc(b, '=');
	buf_put_slice(b, dump ? slice_str(dump) : report_string(value));
	buf_putc(b, '\n');
	free(dump);
}
