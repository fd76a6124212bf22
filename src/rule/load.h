/*
 * load.h - the state of loading a rule set, and how its parts report faults.
 *
 * Private to rule/. Loading never stops at a fault: each part reports what it
 * finds, leaves its result incomplete and goes on; a load with faults is thrown
 * away as a whole. Files stay open until the end, because some faults (unknown
 * and duplicate names) are only seen when everything was read.
 */
#ifndef RULE_LOAD_H
#define RULE_LOAD_H

#include "base/yaml.h"
#include "rule/detect.h"

#define RULE_FILE_MAX (1024 * 1024)	/* bytes of a rule file */
#define RULE_NAME_MAX 64
#define RULE_FAULTS_MAX 100		/* shown for one file */

struct spot {			/* a place in a file that is still open */
	const struct yaml_file *file;
	unsigned line, col;
};

struct loaded_rule {
	struct rule rule;
	struct spot spot;	/* of its name */
};

struct loaded_hypothesis {
	struct hypothesis_doc doc;
	struct spot spot;
};

struct name_use {		/* of a hypothesis, checked when all are known */
	struct slice name;
	struct spot spot;
};

struct rule_patterns {		/* owner of the compiled patterns of a set */
	struct pattern **pattern;
	size_t n, cap;
};

struct load {
	struct rule_set *rs;
	struct rule_patterns *patterns;
	struct arena *a;	/* of the set */
	struct arena scratch;
	rule_fault_fn *fault;
	void *ctx;
	size_t faults;		/* in all ... */
	size_t file_faults;	/* ... and of the file at hand; only so many are shown */
	bool damaged;		/* a document was lost, and the names in it */
	struct yaml_file **file;
	size_t files, file_cap;
	struct loaded_rule *rule;
	size_t rules, rule_cap;
	struct loaded_hypothesis *hypothesis;
	size_t hypotheses, hypothesis_cap;
	struct name_use *use;
	size_t uses, use_cap;
	char (*hash)[65];	/* of all documents */
	size_t hashes, hash_cap;
	struct spot table;	/* of the priority table; file NULL: none yet */
};

/* a value of a document, and where it stands */
struct node {
	struct load *l;
	const struct yaml_file *file;
	const struct yaml_doc *doc;
	json_t *value;		/* NULL: not there */
	const char *pointer;	/* JSON pointer of it; in the scratch arena */
};

struct node node_key(const struct node *map, const char *key);
struct node node_item(const struct node *list, size_t i);
struct spot node_spot(const struct node *n);
struct spot node_key_spot(const struct node *n);
bool	node_quoted(const struct node *n);
struct slice node_text(const struct node *n);	/* of a string; borrowed from the document */

/* report *e (text, note and help are set) at the value, its key, or a byte of its text */
void	fault_at(struct load *l, struct spot spot, const char *label, struct err *e);
void	fault_value(const struct node *n, const char *label, struct err *e);
void	fault_key(const struct node *n, const char *label, struct err *e);
void	fault_offset(const struct node *n, size_t offset, const char *label, struct err *e);

/* each reports what is wrong and returns false; strings are copied into the set */
bool	want_map(const struct node *n, const char *what);
bool	want_list(const struct node *n, const char *what);
bool	want_text(const struct node *n, const char *what, struct slice *out);
bool	want_name(const struct node *n, const char *what, struct slice *out);
bool	want_priority(const struct node *n, enum priority *out);
bool	want_issue(const struct node *n, struct slice *out);
/* the index in words (NULL ends them) of the text of n */
bool	want_word(const struct node *n, const char *what, const char *const *words,
	    unsigned *index);
/* a string, number or boolean, as text */
bool	want_scalar(const struct node *n, const char *what, struct slice *out);
bool	want_text_list(const struct node *n, const char *what, const struct slice **out,
	    size_t *count);
/* a key that must be there; false when it is missing */
bool	want_key(const struct node *map, const char *key, const char *what, struct node *out);
/* report the keys of the map that are not among the words */
void	check_keys(const struct node *map, const char *const *known, const char *what);
/* the word of the list nearest to the text, or NULL when none is near */
const char *nearest_word(struct slice text, const char *const *words);
/* help for a word that is not of the list */
void	help_words(struct err *e, struct slice text, const char *const *words);

/* the parts of a document; one that is not there has value NULL */
void	load_rule(const struct node *doc);
void	load_hypothesis(const struct node *doc);
void	load_priority_table(const struct node *doc);
void	load_detection(const struct node *n, struct rule *r);
/* one "field|modifiers: value" of a selection; n is the value */
bool	load_item(const struct node *n, struct slice key, enum rule_subject kind,
	    struct item *it);
/* the plain texts of a list, any of which may stand in the message */
bool	is_keyword(const struct node *n);
void	load_keywords(const struct node *n, struct item *it);
void	load_examples(const struct node *n, const struct node *doc, struct rule *r);
/* a hypothesis is named at n: remember to check it */
void	load_use(const struct node *n, struct slice name);
/* sort, hash and check the whole set when all documents were read */
void	finish_set(struct load *l);
bool	rule_has_capture(const struct rule *r, struct slice name);

#endif
