/*
 * test_id.h - the parts of a test's id as pytest spells it: "a/b.py::TestC::TestD::m[p::q]".
 *
 * Parameters may hold anything, "::" and brackets too: they go from the first "["
 * behind the file to the "]" that ends the id. Private to read/.
 */
#ifndef READ_TEST_ID_H
#define READ_TEST_ID_H

#include "base/slice.h"

struct test_id {
	struct slice file;	/* "a/b.py"; empty when nothing before "::" looks like a path */
	struct slice suite;	/* "TestC::TestD" */
	struct slice name;	/* "m" */
	struct slice params;	/* "p::q" */
};

struct test_id test_id_parts(struct slice id);

#endif
