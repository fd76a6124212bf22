/*
 * yaml.h - strict YAML (libyaml events) into jansson values that know their place.
 *
 * Stricter than YAML: no duplicate keys, anchors, aliases, tags or tabs in
 * indentation; only plain true, false, null and plain decimal numbers are typed,
 * all else is text ("no", "on", 0o17 and 1_000 stay text). JSON is read by the
 * same parser, as it is YAML. Any folder may include this header; no other file
 * includes yaml.h of libyaml.
 */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"

struct yaml_place {
	const char *pointer;	/* JSON pointer within the document: "/detection/a/message|re" */
	unsigned line, col;	/* of the value, 1-based */
	unsigned key_line, key_col;	/* of its key in a mapping, else 0 */
	bool quoted;		/* '..', "..", | or > scalar */
};

struct yaml_doc {
	json_t *root;		/* owned by the file */
	unsigned line;		/* where the document starts */
	struct slice text;	/* the document's own bytes */
	struct yaml_place *place;	/* sorted by pointer */
	size_t places;
};

struct yaml_file {
	char *path;
	struct slice text;	/* all bytes of the file; in the arena */
	struct yaml_doc *doc;
	size_t docs;
	struct arena arena;
};

/* called once for each fault; loading goes on with the next document where possible */
typedef void yaml_fault_fn(void *ctx, const struct err *e);

/* Parses `text` (copied). Returns the number of faults reported. Free in any case. */
unsigned yaml_load(struct yaml_file *f, const char *path, struct slice text,
	    yaml_fault_fn *fault, void *ctx);
/* the symbol yaml_free is taken: libyaml exports one of its own */
void	yaml_file_free(struct yaml_file *f);
const struct yaml_place *yaml_place(const struct yaml_doc *d, const char *pointer);
/* fill e with "path:line:col" and the line with a caret, for a fault found later */
int	yaml_point(const struct yaml_file *f, unsigned line, unsigned col, const char *label,
	    struct err *e);

/* --- data that a program printed ------------------------------------------- */

struct yaml_fault {
	char text[160];		/* what is wrong */
	size_t line, col;	/* from 0, in characters, as libyaml counts them */
	bool deep;		/* it is nested beyond the limit */
};

/* true when the value below these keys, without those of lists, is text whatever it looks like */
typedef bool yaml_is_text_fn(const char *const *key, size_t keys);

/*
 * One document, as a YAML printer of a program writes it: a value that the caller
 * owns, or NULL with *fault filled. Values are typed as above; but ~ is null too, the
 * tags !!str, !!int, !!float, !!bool and !!null are known, and what is_text claims stays
 * text. Anchors, aliases, other tags and repeated keys are faults here too. The text is
 * valid UTF-8; characters that YAML does not allow are a fault. Time and memory are
 * linear in the text, no place is kept.
 */
json_t	*yaml_value(struct slice text, unsigned depth, yaml_is_text_fn *is_text,
	    struct yaml_fault *fault);

#endif
