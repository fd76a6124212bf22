#include "config.h"

#include "model/exception.h"

const struct frame *
link_raise_frame(const struct link *l)
{
	size_t i;

	if (l->frames == 0)
		return NULL;
	for (i = l->frames; i-- > 0;)
		if (l->frame[i].in_app)
			return &l->frame[i];
	return &l->frame[l->frames - 1];
}
