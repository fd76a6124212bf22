#include "config.h"

#include "cmd/exception_row.h"

#include "sign/sign.h"

void
exception_row_init(struct exception_row *row, const struct exception *x, struct arena *a)
{
	struct fact_link *link = arena_array(a, x->links, sizeof *link);

	*row = (struct exception_row){ .link = link, .links = x->links };
	for (size_t i = 0; i < x->links; i++) {
		const struct frame *f = link_raise_frame(&x->link[i]);

		link[i].type = x->link[i].type;
		link[i].message = x->link[i].message;
		link[i].place = f ? sign_place(a, f) : (struct slice){ NULL, 0 };
	}
	row->cause_text = sign_cause(a, x);
	row->cause_signature_id = sign_id("cause", row->cause_text);
}
