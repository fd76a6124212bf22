/*
 * walk.h - the files below a path that people may have meant.
 */
#ifndef CMD_WALK_H
#define CMD_WALK_H

#include <stdbool.h>

#include "base/err.h"

#define WALK_DEPTH 32

/* named: the path itself was given, not met in a folder */
typedef int walk_fn(void *ctx, const char *path, bool named, struct err *e);

/*
 * A file or "-": fn once. A folder: every regular file below it, by name, at most
 * WALK_DEPTH folders deep; names that start with a dot, links to folders, sockets
 * and the like are passed over.
 */
int	walk(const char *path, walk_fn *fn, void *ctx, struct err *e);

#endif
