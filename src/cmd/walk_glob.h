/*
 * walk_glob.h - the files that match a pattern; private to walk*.
 */
#ifndef CMD_WALK_GLOB_H
#define CMD_WALK_GLOB_H

#include <dirent.h>

#include "base/buf.h"
#include "cmd/walk.h"

bool	walk_is_pattern(const char *path);
/* as walk(), of what is a pattern */
int	walk_glob(const char *pattern, walk_fn *fn, void *ctx, struct err *e);

/* of walk.c */
int	walk_folder(const char *path, unsigned depth, walk_fn *fn, void *ctx, struct err *e);
/* byte order, whatever the locale: the same folder is read in the same order everywhere */
int	walk_by_name(const struct dirent **a, const struct dirent **b);

#endif
