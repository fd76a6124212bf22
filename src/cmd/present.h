/*
 * present.h - rows of the store to the user's terminal, pipe or file.
 */
#ifndef CMD_PRESENT_H
#define CMD_PRESENT_H

#include "base/arena.h"
#include "base/zone.h"
#include "cmd/cmd.h"

struct present;				/* opaque */

/* path NULL: stdout. format NULL: by -o, --json, the name of path (x.csv), or where it goes */
int	present_open(struct app *app, const char *path, const char *format, struct present **p,
	    struct err *e);
/*
 * Before the head: behind each column of times, "ts" or "..._ts", comes one more with
 * "_local" behind its name, the same times in z, which is borrowed; NULL adds none.
 */
void	present_zone(struct present *p, const struct zone *z);
void	present_head(struct present *p, const char *const *name, size_t n);
void	present_row(struct present *p, const struct value *v);
struct rows present_rows(struct present *p);	/* a row sink for the store */
/* prints what is left; *rows may be NULL; frees p, also after an error */
int	present_close(struct present *p, uint64_t *rows, struct err *e);
void	present_abort(struct present *p);

struct value value_int(int64_t i);
struct value value_text(struct slice s);	/* empty text stays text */
struct value value_str(const char *s);		/* NULL gives a null */
struct value value_word(struct slice s);	/* empty gives a null */
struct value value_count(long n);		/* negative gives a null */
struct value value_seconds(int64_t ns);		/* CLOCK_NONE gives a null, here and below */
struct value value_time(struct arena *a, int64_t ns);

#endif
