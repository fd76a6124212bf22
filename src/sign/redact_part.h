/*
 * redact_part.h - what redact.c and its helpers share; private to src/sign.
 */
#ifndef SIGN_REDACT_PART_H
#define SIGN_REDACT_PART_H

#include "sign/redact_kind.h"

#define REDACT_PEM_LINES 100	/* of a private key whose END line is missing */

struct redact_found {
	size_t from, to;	/* in the text itself */
	struct slice value;	/* what is hashed; p NULL: the bytes of the text */
	unsigned char kind;
};

struct redact_spans {
	struct redact_found *v;
	size_t n, cap;
};

void	redact_spans_add(struct redact_spans *v, enum redact_id kind, size_t from, size_t to);
/*
 * By place, without overlap: what lies inside another goes, what reaches over its
 * end is joined to it; and the tokens, themselves in order, are cut out.
 */
void	redact_spans_settle(struct redact_spans *v, const struct redact_spans *tokens,
	    struct slice text);

/* one level of decoding; scratch that is kept between texts */
struct redact_view {
	char *p;
	uint32_t *at;		/* of each decoded byte, where its code begins; one more at the end */
	size_t n, cap, at_cap;
};

void	redact_view_release(struct redact_view *w);
bool	redact_view_percent(struct redact_view *w, struct slice s);	/* false: nothing to decode */
bool	redact_view_json(struct redact_view *w, struct slice s);
/* the range of the text that decodes to from..to */
struct redact_span redact_view_range(const struct redact_view *w, struct redact_span decoded);

/* a private key that goes on behind a text */
struct redact_pem {
	unsigned left;		/* lines still to be expected; 0 = none */
	bool reverse;		/* newest first: its END came, its BEGIN is still to come */
};

/* the mark ("-----BEGIN " or "-----END ") at `at`, of a key whose pieces go to v */
void	redact_pem_begin(struct redact_spans *v, struct slice s, size_t at, struct redact_pem *k);
void	redact_pem_end(struct redact_spans *v, struct slice s, size_t at, struct redact_pem *k);
/* the lines from `at` of a key that has begun earlier */
void	redact_pem_lines(struct redact_spans *v, struct slice s, size_t at, struct redact_pem *k);

#endif
