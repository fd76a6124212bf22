/* exception_kit.h - an exception on one line, for tests */
#ifndef TESTS_EXCEPTION_KIT_H
#define TESTS_EXCEPTION_KIT_H

#include "base/buf.h"
#include "model/exception.h"

/* for each link: "F Type|message|file:line function*|..." with * for in_app; " / " between */
static inline void
print_exception(struct buf *b, const struct exception *x)
{
	static const char letter[] = { 'F', 'C', 'D' };

	for (size_t i = 0; i < x->links; i++) {
		const struct link *l = &x->link[i];

		buf_printf(b, "%s%c %.*s|%.*s", i ? " / " : "", letter[l->relation],
		    SLICE_ARG(l->type), SLICE_ARG(l->message));
		for (size_t f = 0; f < l->frames; f++)
			buf_printf(b, "|%.*s:%u %.*s%s", SLICE_ARG(l->frame[f].file),
			    (unsigned)l->frame[f].line, SLICE_ARG(l->frame[f].function),
			    l->frame[f].in_app ? "*" : "");
	}
	if (x->dropped)
		buf_printf(b, " dropped %zu", x->dropped);
	if (x->cut)
		buf_puts(b, " cut");
}

#endif
