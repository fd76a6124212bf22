/*
 * ingest_redact.h - everything that a reader hands over, without its secrets.
 *
 * Called by the sink before it signs, matches, stores or shows a record: what is
 * stored is then what rules matched and what quotes are cut from. Ids that say
 * nothing of a person (insertId, trace, span) stay, and so do line and byte
 * offset, which are those of the input. Texts are replaced in place in the given
 * struct; new ones live in the arena.
 */
#ifndef CMD_INGEST_REDACT_H
#define CMD_INGEST_REDACT_H

#include "base/digest.h"
#include "cmd/cmd.h"

struct ingest_redact;			/* opaque: of all sources of one ingest */

/* mode: off, pii, secrets or all; NULL is all */
int	ingest_redact_new(struct app *app, const char *mode, struct ingest_redact **r,
	    struct err *e);
void	ingest_redact_free(struct ingest_redact *r);
const char *ingest_redact_mode(const struct ingest_redact *r);
/* the database's key, for the identity of entries */
const struct hmac *ingest_redact_key(const struct ingest_redact *r);

/* counts begin at 0, and texts that are split over records are looked for anew */
void	ingest_redact_source(struct ingest_redact *r);
/* counts of the source into the database: inside its last batch */
int	ingest_redact_store(const struct ingest_redact *r, int64_t source_id, struct app *app,
	    struct err *e);
/* how many texts were replaced, and "email 9, jwt 3" */
uint64_t ingest_redact_told(const struct ingest_redact *r, char *to, size_t room);

struct slice ingest_redact_text(struct ingest_redact *r, struct arena *a, struct slice text);
void	ingest_redact_entry(struct ingest_redact *r, struct arena *a, struct entry *en);
void	ingest_redact_run(struct ingest_redact *r, struct arena *a, struct run *run);
void	ingest_redact_test(struct ingest_redact *r, struct arena *a, struct test *t);
void	ingest_redact_fact(struct ingest_redact *r, struct arena *a, struct run_fact *f);
void	ingest_redact_printed(struct ingest_redact *r, struct arena *a, int64_t run_id,
	    struct printed *p);
void	ingest_redact_bad(struct ingest_redact *r, struct arena *a, struct bad_record *bad);
void	ingest_redact_diag(struct ingest_redact *r, struct diag *d);
/* an error that may quote input or name a file, before it is shown */
void	ingest_redact_err(struct ingest_redact *r, struct err *e);

#endif
