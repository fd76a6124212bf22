/*
 * format_node.h - values of a document of formats, and faults that point at them.
 * Private to read/.
 */
#ifndef READ_FORMAT_NODE_H
#define READ_FORMAT_NODE_H

#include "base/yaml.h"
#include "read/format.h"

struct format_load {		/* of one file */
	const struct yaml_file *file;
	const struct yaml_doc *doc;
	struct arena scratch;	/* pointers of values */
	format_fault_fn *fault;
	void *ctx;
	size_t faults;
};

struct fnode {
	struct format_load *load;
	json_t *value;		/* NULL: not there */
	const char *pointer;
};

struct fnode fnode_root(struct format_load *load);
struct fnode fnode_key(const struct fnode *map, const char *key);
struct fnode fnode_item(const struct fnode *list, size_t i);
struct slice fnode_text(const struct fnode *n);	/* of a string; else empty */

/* *e has text, note and help; the place of the value, its key or a byte of its text is added */
void	fnode_fault(const struct fnode *n, const char *label, struct err *e);
void	fnode_fault_key(const struct fnode *n, const char *label, struct err *e);
void	fnode_fault_at(const struct fnode *n, size_t offset, const char *label, struct err *e);
/* false after a fault: no text, or an empty one */
bool	fnode_want_text(const struct fnode *n, const char *what, struct slice *out);
/* a fault for each key that is not among the words */
void	fnode_check_keys(const struct fnode *map, const char *const *known, const char *what);
/* the line of the value */
unsigned fnode_line(const struct fnode *n);

#endif
