/*
 * run_says_part.h - what the halves of run_says share: one line in its parts, words and values.
 *
 * Private to read/run_says*.c.
 */
#ifndef READ_RUN_SAYS_PART_H
#define READ_RUN_SAYS_PART_H

#include "read/run_says.h"

#define SAYS_NAME 64		/* bytes of what stands before ":" or "=" */
#define SAYS_SENTENCE 400	/* bytes of a line that is looked at as a sentence */
#define SAYS_WORDS 6		/* of a name */

enum says_kind { SAYS_STATUS, SAYS_TIME, SAYS_URL, SAYS_ENVIRONMENT, SAYS_COMMAND, SAYS_EXIT,
	SAYS_COMMIT, SAYS_CI, SAYS_HOST };

struct says_scan {
	run_says_fn *fn;
	void *ctx;
	uint64_t line, byte;
	bool command_follows;		/* "Running command:" was the line before */
	int rc;
};

/* one line, its decoration taken off */
struct said {
	struct slice s;
	char low[SAYS_SENTENCE];	/* its first bytes in lower case */
	struct slice low_s;
	struct slice name, value;	/* of "name: value" and "NAME=value"; else both empty */
	char norm[SAYS_NAME];		/* name in lower case, "_" and "-" as blanks */
	struct slice norm_s;
	bool assigned;			/* by "=" */
};

void	says_put(struct says_scan *c, enum says_kind kind, struct slice name, struct slice value);
/* with the URL of its --base-url, which is a fact of its own */
void	says_put_command(struct says_scan *c, struct slice name, struct slice command);

/* run_says_named.c: statements by name; true when the name means something */
bool	says_named(struct says_scan *c, const struct said *d);
/* "Docker is not available" */
bool	says_status_sentence(struct says_scan *c, const struct said *d);

/* ---- words ---- */

bool	says_is_alpha(char c);
bool	says_is_digit(char c);
char	says_lower(char c);
/* the next word, parted by blanks; false when there is none */
bool	says_take_word(struct slice *in, struct slice *word);
size_t	says_count_words(struct slice s);
bool	says_is_one_of(struct slice s, const char *const *list, size_t n);
bool	says_has_one_of(struct slice s, const char *const *list, size_t n);	/* as a word */
#define ONE_OF(s, list) says_is_one_of(s, list, sizeof(list) / sizeof(list)[0])
#define HAS_ONE_OF(s, list) says_has_one_of(s, list, sizeof(list) / sizeof(list)[0])
/* nothing, a full stop, or a remark: "(in 3 s)", "- skipped", ", skipped", ": refused" */
bool	says_is_remark(struct slice s);
/* words of people who explain, expect and suppose */
bool	says_is_prose(struct slice low);
/* blanks and what is no ASCII off the start */
struct slice says_without_symbols(struct slice s);
struct slice says_without_quotes(struct slice s);

/* ---- values: each gives the part that is one, or nothing ---- */

bool	says_is_clock(struct slice s);
struct slice says_url(struct slice s);
/* "0123abc", with a digit unless it is a whole SHA */
struct slice says_hash(struct slice s);
struct slice says_number(struct slice s);	/* "1", "'1'", "-11", and a remark at most */
struct slice says_environment(struct slice s);	/* "staging" of "staging (eu)" */
bool	says_is_command(struct slice s);	/* something that is run, said to be a command */

#endif
