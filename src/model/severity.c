/*
 * severity.c - LogSeverity words and numbers; words of other loggers map to the nearest level.
 */
#include "config.h"

#include "model/severity.h"

struct level {
	const char *word;
	int severity;
};

/* the names of google.logging.type.LogSeverity, ascending */
static const struct level levels[] = {
	{ "DEFAULT", SEVERITY_DEFAULT },
	{ "DEBUG", 100 },
	{ "INFO", 200 },
	{ "NOTICE", 300 },
	{ "WARNING", SEVERITY_WARNING },
	{ "ERROR", SEVERITY_ERROR },
	{ "CRITICAL", 600 },
	{ "ALERT", 700 },
	{ "EMERGENCY", 800 },
};

/* what loggers write instead: Python, loguru, log4j, syslog, Go */
static const struct level synonyms[] = {
	{ "TRACE", 100 },
	{ "INFORMATION", 200 },
	{ "SUCCESS", 200 },
	{ "WARN", SEVERITY_WARNING },
	{ "ERR", SEVERITY_ERROR },
	{ "SEVERE", SEVERITY_ERROR },
	{ "CRIT", 600 },
	{ "FATAL", 600 },
	{ "PANIC", 600 },
	{ "EMERG", 800 },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool
find(const struct level *level, size_t n, struct slice word, int *severity)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_eq_fold(word, slice_str(level[i].word))) {
			*severity = level[i].severity;
			return true;
		}
	}
	return false;
}

bool
severity_of(struct slice word, int *severity)
{
	int64_t number;

	word = slice_trim(word);
	if (find(levels, COUNT(levels), word, severity))
		return true;
	if (find(synonyms, COUNT(synonyms), word, severity))
		return true;
	if (!slice_to_int64(word, &number) || number < 0 || number > 800)
		return false;
	*severity = (int)number;
	return true;
}

const char *
severity_name(int severity)
{
	const char *name = levels[0].word;

	for (size_t i = 1; i < COUNT(levels) && levels[i].severity <= severity; i++)
		name = levels[i].word;
	return name;
}
