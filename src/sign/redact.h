/*
 * redact.h - secrets and personal data out of text, before anything stores or shows it.
 *
 * Each kind has a scanner behind a literal or a digit shape, and stands in one
 * table of redact_list.c with an example that must change and one that must stay.
 * What is found is replaced by "[kind:hhhhhh]": the first 24 bits of
 * HMAC-SHA256(key, value), so that equal values stay linkable within a database.
 * Only the secret itself is replaced; the words around it stay. Redacting twice
 * changes nothing. Private, loopback, link-local and CGNAT addresses and
 * mails of service accounts stay readable. Text that is percent-encoded or
 * JSON-encoded is looked at once more after one level of decoding; base64 is not.
 * cmd includes this header.
 */
#ifndef SIGN_REDACT_H
#define SIGN_REDACT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

enum redact_mode { REDACT_OFF, REDACT_PII, REDACT_SECRETS, REDACT_ALL };

#define REDACT_KEY 32		/* bytes of the key */

struct redactor;		/* opaque; scratch of one thread and the counts so far */

struct redactor *redactor_new(enum redact_mode mode, const unsigned char key[REDACT_KEY]);
void	redactor_free(struct redactor *r);

/* the text with what the mode asks for replaced; `text` itself when nothing is */
struct slice redact_text(struct redactor *r, struct arena *a, struct slice text);

/*
 * The value of a member, by its dotted name first ("jsonPayload.db_password",
 * "labels.token"): a name that says secret makes the whole value one (kind
 * "field"), unless it is shorter than 4 bytes, a number (but for passwords), true,
 * false, null or a placeholder such as REDACTED; else as redact_text.
 */
struct slice redact_value(struct redactor *r, struct arena *a, struct slice name,
	    struct slice value);

/*
 * Text of one stream (an instance and log, a file) in order: as redact_text, and a
 * private key that is split over several texts is replaced from its BEGIN line to
 * its END line or 100 lines; and, since exports often are newest first, from an
 * END line without a BEGIN on. The stream is named by a number, for example a hash.
 */
struct slice redact_part(struct redactor *r, struct arena *a, uint64_t stream,
	    struct slice text);

/* kinds, for counts and the manual; NULL past the last */
const char *redact_kind(size_t i);
uint64_t redact_count(const struct redactor *r, size_t i);	/* replaced so far */
void	redact_counts_reset(struct redactor *r);

const char *redact_mode_name(enum redact_mode mode);		/* "off", "pii", ... */
bool	redact_mode_of(struct slice name, enum redact_mode *mode);

/* "[kind:hhhhhh]" at the start of s: its kind and length; false if there is none */
bool	redact_token(struct slice s, struct slice *kind, size_t *n);

#endif
