/* numbering.c - redaction tokens in messages */
#include "config.h"

#include "cmd/numbering.h"

#include <stdlib.h>

#include "base/mem.h"
#include "sign/redact.h"

struct numbering {
	struct msg *msg;
	struct tokens *tokens;
	struct arena arena;		/* of the text shown last */
};

bool
numbering_kind(struct slice kind)
{
	const char *name;
	size_t i;

	for (i = 0; (name = redact_kind(i)) != NULL; i++)
		if (slice_eqs(kind, name))
			return true;
	return false;
}

static struct slice
number(void *ctx, struct slice text)
{
	struct numbering *n = ctx;

	arena_reset(&n->arena);
	return tokens_number(n->tokens, &n->arena, text);
}

struct numbering *
numbering_new(struct msg *m)
{
	struct numbering *n = mem_calloc(1, sizeof *n);

	n->msg = m;
	n->tokens = tokens_new(numbering_kind);
	arena_init(&n->arena);
	m->change = number;
	m->change_ctx = n;
	return n;
}

void
numbering_free(struct numbering *n)
{
	if (!n)
		return;
	n->msg->change = NULL;
	tokens_free(n->tokens);
	arena_release(&n->arena);
	free(n);
}
