/*
 * walk.h - the files that a path may mean: itself, those below it, those that match it.
 */
#ifndef CMD_WALK_H
#define CMD_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define WALK_DEPTH 32

/* named: the path itself was given, not met in a folder or by a pattern */
typedef int walk_fn(void *ctx, const char *path, bool named, struct err *e);

/*
 * A file or "-": fn once. A folder: every regular file below it, by name, at most
 * WALK_DEPTH folders deep; names that start with a dot, links to folders, sockets
 * and the like are passed over.
 *
 * A path that is not there and holds *, ? or [ is a pattern, as shells have it: these
 * stand for no slash, "**" between slashes for any number of folders, and all of them
 * for no name that starts with a dot. What matches is taken as it would be by its
 * name, in byte order folder by folder; links are followed, but not by "**".
 * Returns 0, -1 with *e set, or WALK_NOTHING when nothing matches a pattern.
 */
#define WALK_NOTHING 1
int	walk(const char *path, walk_fn *fn, void *ctx, struct err *e);

/* files that were seen already, by device and inode */
struct file_set {
	struct file_seen *seen;		/* open addressing; owned */
	size_t n, cap;
};

void	file_set_init(struct file_set *s);
void	file_set_release(struct file_set *s);
/*
 * The path under which the file was added before, or NULL, and then it is added. "-"
 * is the file that standard input is. What cannot be looked at is never there.
 */
const char *file_set_add(struct file_set *s, const char *path);

#endif
