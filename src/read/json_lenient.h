/*
 * json_lenient.h - jansson, with a second try for legal or nearly legal text that it refuses.
 *
 * Real exports hold integers of 64 bits and more, 1e309, NaN, raw control
 * characters, lone surrogates, NUL in keys and invalid UTF-8. None of these may
 * cost the entry: the second try reads a copy in which such numbers are text
 * and such characters are U+FFFD (or an escape). Private to read/.
 */
#ifndef READ_JSON_LENIENT_H
#define READ_JSON_LENIENT_H

#include <jansson.h>

#include "base/buf.h"

struct json_fault {
	char text[JSON_ERROR_TEXT_LENGTH];
	size_t at;		/* byte in the text that jansson complains about */
	/* also of a text that is read: the first key that its object has twice, as written */
	struct slice twice;	/* in the text or in scratch; n == 0: there is none */
};

/*
 * The value, which the caller owns, or NULL with *fault filled. scratch is the
 * caller's, for the copy. Of a key that occurs twice the last value counts.
 * *bad_utf8 counts the places where bytes were no UTF-8.
 */
json_t	*json_load_lenient(struct slice text, struct buf *scratch, size_t *bad_utf8,
	    struct json_fault *fault);

#endif
