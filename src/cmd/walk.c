/* walk.c - the files that a path may mean */
#include "config.h"

#include "cmd/walk.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "cmd/walk_glob.h"

static int
visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

int
walk_by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int
walk_folder(const char *path, unsigned depth, walk_fn *fn, void *ctx, struct err *e)
{
	struct dirent **list;
	int n, i, rc = 0;

	if (depth > WALK_DEPTH)
		return err_set(e, ERR_IO, "%s is more than %d folders deep", path, WALK_DEPTH);
	n = scandir(path, &list, visible, walk_by_name);
	if (n == -1)
		return err_errno(e, ERR_IO, "cannot read the folder %s", path);
	for (i = 0; i < n; i++) {
		size_t room = strlen(path) + strlen(list[i]->d_name) + 2;
		char *child = mem_alloc(room);
		struct stat sb;

		snprintf(child, room, "%s/%s", path, list[i]->d_name);
		if (rc == 0 && lstat(child, &sb) == 0) {
			if (S_ISDIR(sb.st_mode))
				rc = walk_folder(child, depth + 1, fn, ctx, e);
			else if (S_ISREG(sb.st_mode))
				rc = fn(ctx, child, false, e);
		}
		free(child);
		free(list[i]);
	}
	free(list);
	return rc;
}

int
walk(const char *path, walk_fn *fn, void *ctx, struct err *e)
{
	struct stat sb;
	size_t n = strlen(path);
	char *clean;
	int rc;

	if (strcmp(path, "-") != 0 && lstat(path, &sb) == -1 && walk_is_pattern(path))
		return walk_glob(path, fn, ctx, e);
	if (strcmp(path, "-") == 0 || stat(path, &sb) == -1 || !S_ISDIR(sb.st_mode))
		return fn(ctx, path, true, e);	/* opening it names what is wrong */
	while (n > 1 && path[n - 1] == '/')
		n--;
	clean = mem_strndup(path, n);
	rc = walk_folder(clean, 1, fn, ctx, e);
	free(clean);
	return rc;
}
