/*
 * python_repr.h - the text that Python's repr() gives of a dict or list, as JSON.
 *
 * Scripts print payloads with str(), and often cut the text. Read are dict, list,
 * tuple and set, str and bytes in either quotes with their escapes, None, True, False,
 * numbers, OrderedDict({...}) and OrderedDict([(key, value)]). Any other call and
 * anything in <> becomes its own text. A number of more than 64 bits, nan and inf become
 * texts; a key that is no text becomes one. At most PYTHON_DEPTH levels; no recursion
 * beyond them, and time linear in the text. Private to read/.
 */
#ifndef READ_PYTHON_REPR_H
#define READ_PYTHON_REPR_H

#include <jansson.h>

#include "base/slice.h"

#define PYTHON_DEPTH 64

/*
 * The value, which the caller owns, or NULL when the text is no repr of a dict or list.
 * text is UTF-8. *cut: the text ends inside it (a tail of dots counts as its end); what
 * was whole is there, and of a text that is cut its beginning.
 */
json_t	*python_repr(struct slice text, bool *cut);

#endif
