/*
 * junit_dialect.h - which runner wrote a JUnit XML document.
 *
 * There is no standard, so each writer is told by what it alone writes: the names of
 * its suites, properties of its own, and the order in which it writes the attributes of
 * an element, which a program does not change from file to file. The first element that
 * tells decides; without one it is plain JUnit. Private to read/.
 */
#ifndef READ_JUNIT_DIALECT_H
#define READ_JUNIT_DIALECT_H

#include "base/slice.h"

enum junit_dialect { JUNIT_PLAIN, JUNIT_PYTEST, JUNIT_SUREFIRE, JUNIT_JEST, JUNIT_PLAYWRIGHT,
	JUNIT_GO, JUNIT_CTEST, JUNIT_NODE };

/* "pytest", "surefire", "jest", ...; "junit" when it is not known */
struct slice junit_dialect_name(enum junit_dialect d);
/* what an element tells; JUNIT_PLAIN if nothing. atts is as expat gives it. */
enum junit_dialect junit_dialect_of(const char *element, const char **atts);
/* what a property of a suite tells */
enum junit_dialect junit_dialect_of_property(struct slice name);
/*
 * Can a test come twice because it was run again? If not, two of one name are two tests.
 */
bool	junit_dialect_repeats(enum junit_dialect d);

#endif
