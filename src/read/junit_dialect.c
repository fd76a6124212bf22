/*
 * junit_dialect.c - the marks of each writer of JUnit XML.
 */
#include "config.h"

#include "read/junit_dialect.h"

#include "base/buf.h"

#include <string.h>

#define NAMES 400	/* bytes of the names of all attributes */

struct slice
junit_dialect_name(enum junit_dialect d)
{
	switch (d) {
	case JUNIT_PYTEST:
		return SLICE("pytest");
	case JUNIT_SUREFIRE:
		return SLICE("surefire");
	case JUNIT_JEST:
		return SLICE("jest");
	case JUNIT_PLAYWRIGHT:
		return SLICE("playwright");
	case JUNIT_GO:
		return SLICE("go");
	case JUNIT_CTEST:
		return SLICE("ctest");
	case JUNIT_NODE:
		return SLICE("node");
	case JUNIT_PLAIN:
		break;
	}
	return SLICE("junit");
}

bool
junit_dialect_repeats(enum junit_dialect d)
{
	return d == JUNIT_PLAIN || d == JUNIT_PYTEST || d == JUNIT_SUREFIRE || d == JUNIT_GO;
}

/* an attribute with this value */
static const struct {
	const char *element, *attribute, *value;
	enum junit_dialect dialect;
} values[] = {
	{ "testsuites", "name", "pytest tests", JUNIT_PYTEST },
	{ "testsuites", "name", "jest tests", JUNIT_JEST },
	{ "testsuite", "name", "pytest", JUNIT_PYTEST },
};

/* the names of the attributes begin so; a blank ends each */
static const struct {
	const char *element, *names;
	enum junit_dialect dialect;
} orders[] = {
	{ "testsuites", "id name tests failures skipped errors time ", JUNIT_PLAYWRIGHT },
	{ "testsuite", "name timestamp hostname tests failures skipped time errors ",
	    JUNIT_PLAYWRIGHT },
	/* before 5.3 in the order of the alphabet, with a name that can be changed */
	{ "testsuite", "name errors failures skipped tests time ", JUNIT_PYTEST },
	{ "testsuite", "errors failures name skipped tests time ", JUNIT_PYTEST },
	{ "testsuite", "errors failures name skips tests time ", JUNIT_PYTEST },
	{ "testsuite", "name errors failures skipped timestamp time tests ", JUNIT_JEST },
	{ "testsuite", "tests failures time name ", JUNIT_GO },
	{ "testsuite", "tests failures skipped time name ", JUNIT_GO },
	{ "testsuite", "name tests failures errors id ", JUNIT_GO },
	{ "testsuite", "name tests failures disabled skipped hostname time timestamp ",
	    JUNIT_CTEST },
	{ "testsuite", "name time disabled errors tests failures skipped ", JUNIT_NODE },
	{ "testcase", "name time classname ", JUNIT_NODE },	/* of a class "test" */
};

static bool
has(const char **atts, const char *name, const char *part, bool whole)
{
	for (size_t i = 0; atts[i]; i += 2)
		if (strcmp(atts[i], name) == 0)
			return whole ? strcmp(atts[i + 1], part) == 0 :
			    strstr(atts[i + 1], part) != NULL;
	return false;
}

enum junit_dialect
junit_dialect_of(const char *element, const char **atts)
{
	enum junit_dialect found = JUNIT_PLAIN;
	struct buf names;

	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		if (strcmp(element, values[i].element) == 0 &&
		    has(atts, values[i].attribute, values[i].value, true))
			return values[i].dialect;
	if (has(atts, "xsi:noNamespaceSchemaLocation", "surefire", false))
		return JUNIT_SUREFIRE;
	buf_init(&names, NAMES);
	for (size_t i = 0; atts[i]; i += 2) {
		buf_puts(&names, atts[i]);
		buf_putc(&names, ' ');
	}
	for (size_t i = 0; !found && i < sizeof orders / sizeof orders[0]; i++)
		if (strcmp(element, orders[i].element) == 0 &&
		    slice_starts(buf_slice(&names), orders[i].names))
			found = orders[i].dialect;
	buf_release(&names);
	if (found == JUNIT_NODE && strcmp(element, "testcase") == 0 &&
	    !has(atts, "classname", "test", true))
		found = JUNIT_PLAIN;
	return found;
}

enum junit_dialect
junit_dialect_of_property(struct slice name)
{
	if (slice_eqs(name, "go.version"))
		return JUNIT_GO;
	return slice_starts(name, "surefire.") || slice_eqs(name, "sun.java.command") ?
	    JUNIT_SUREFIRE : JUNIT_PLAIN;
}
