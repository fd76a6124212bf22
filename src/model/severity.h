/*
 * severity.h - google.logging.type.LogSeverity: 0 DEFAULT, 100 DEBUG, 200 INFO, 300 NOTICE,
 * 400 WARNING, 500 ERROR, 600 CRITICAL, 700 ALERT, 800 EMERGENCY. model/ is known to all stages.
 */
#ifndef MODEL_SEVERITY_H
#define MODEL_SEVERITY_H

#include "base/slice.h"

#define SEVERITY_DEFAULT 0
#define SEVERITY_WARNING 400
#define SEVERITY_ERROR 500

/* "ERROR", "error", "WARN", "FATAL", "500": true and the number; false for an unknown word */
bool	severity_of(struct slice word, int *severity);
const char *severity_name(int severity);	/* the nearest level at or below it */

#endif
