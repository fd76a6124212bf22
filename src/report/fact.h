/*
 * fact.h - the texts of facts, and the SQL that gives exactly these texts.
 *
 * Only report/ includes this header.
 */
#ifndef REPORT_FACT_H
#define REPORT_FACT_H

#include <stdarg.h>

#include "base/arena.h"

struct slice fact_vformat(struct arena *a, const char *fmt, va_list ap)
	    __attribute__((format(printf, 2, 0)));
struct slice fact_time_text(struct arena *a, int64_t ns);	/* 6 digits of fraction, or 9 */
struct slice fact_duration_text(struct arena *a, int64_t ns);	/* "125.908 s", half up */

#endif
