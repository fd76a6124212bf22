/* walk_glob.c - the files that match a pattern with *, ?, [ and ** */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "cmd/walk_glob.h"

struct glob {
	walk_fn *fn;
	void *ctx;
	struct err *e;
	struct buf path;	/* of the folder or file at hand */
	char *folder;		/* the last one that was given on as a whole */
	bool files_only;	/* "**" comes to what is in the folders by itself */
	bool matched;
};

static int expand(struct glob *g, const char *rest, unsigned depth);

bool
walk_is_pattern(const char *path)
{
	return path[strcspn(path, "*?[")] != '\0';
}

/* the first component of `rest`, and what follows its slashes; NULL when nothing does */
static char *
first_of(const char *rest, const char **next)
{
	size_t n = strcspn(rest, "/");
	const char *p = rest + n;

	while (*p == '/')
		p++;
	*next = rest[n] == '/' ? p : NULL;
	return mem_strndup(rest, n);
}

/* "a" below the path at hand; returns what to give to leave() */
static size_t
enter(struct glob *g, const char *name)
{
	size_t before = g->path.n;

	if (before && g->path.p[before - 1] != '/')
		buf_putc(&g->path, '/');
	buf_puts(&g->path, name);
	return before;
}

static void
leave(struct glob *g, size_t before)
{
	buf_truncate(&g->path, before);
}

/* what matched as a whole; what lies below a folder that was given on is not given twice */
static int
found(struct glob *g)
{
	size_t n = g->folder ? strlen(g->folder) : 0;
	struct stat sb;

	if (g->path.over || stat(g->path.p, &sb) != 0 ||
	    !(S_ISREG(sb.st_mode) || (S_ISDIR(sb.st_mode) && !g->files_only)))
		return 0;
	g->matched = true;
	if (n && strncmp(g->path.p, g->folder, n) == 0 && g->path.p[n] == '/')
		return 0;
	if (S_ISREG(sb.st_mode))
		return g->fn(g->ctx, g->path.p, false, g->e);
	free(g->folder);
	g->folder = mem_strdup(g->path.p);
	return walk_folder(g->path.p, 1, g->fn, g->ctx, g->e);
}

/* names below the path at hand, in byte order; *n is 0 where there is nothing to read */
static struct dirent **
names_of(const struct glob *g, int *n)
{
	struct dirent **list = NULL;

	*n = g->path.over ? 0 : scandir(g->path.n ? g->path.p : ".", &list, NULL, walk_by_name);
	if (*n < 0)
		*n = 0;
	return list;
}

static bool
is_own_folder(const char *path)
{
	struct stat sb;

	return lstat(path, &sb) == 0 && S_ISDIR(sb.st_mode);
}

/* each name that matches, and behind it the rest of the pattern */
static int
expand_names(struct glob *g, const char *pattern, const char *next, unsigned depth)
{
	struct dirent **list;
	int n, rc = 0;

	list = names_of(g, &n);
	for (int i = 0; i < n; i++) {
		const char *name = list[i]->d_name;

		if (rc == 0 && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
		    fnmatch(pattern, name, FNM_PERIOD) == 0) {
			size_t before = enter(g, name);

			rc = next && *next ? expand(g, next, depth) : found(g);
			leave(g, before);
		}
		free(list[i]);
	}
	free(list);
	return rc;
}

/* "**": the rest here, then in each folder below; links are not followed, so this ends */
static int
expand_folders(struct glob *g, const char *next, unsigned depth)
{
	struct dirent **list;
	int n, rc;

	if (depth > WALK_DEPTH)
		return err_set(g->e, ERR_IO, "%s is more than %d folders deep", g->path.p,
		    WALK_DEPTH);
	rc = expand(g, next, depth);
	list = names_of(g, &n);
	for (int i = 0; i < n; i++) {
		if (rc == 0 && list[i]->d_name[0] != '.') {
			size_t before = enter(g, list[i]->d_name);

			if (!g->path.over && is_own_folder(g->path.p))
				rc = expand_folders(g, next, depth + 1);
			leave(g, before);
		}
		free(list[i]);
	}
	free(list);
	return rc;
}

/* `rest` of the pattern below the path at hand */
static int
expand(struct glob *g, const char *rest, unsigned depth)
{
	const char *next;
	char *name = first_of(rest, &next);
	struct stat sb;
	int rc = 0;

	if (strcmp(name, "**") == 0) {
		/* several are as one; at the end it is every file */
		while (next && strncmp(next, "**/", 3) == 0)
			next += 3;
		if (!next || !*next || strcmp(next, "**") == 0)
			next = "*";
		g->files_only = strcmp(next, "*") == 0;
		rc = expand_folders(g, next, depth);
	} else if (walk_is_pattern(name)) {
		rc = expand_names(g, name, next, depth);
	} else {
		size_t before = enter(g, name);

		if (!g->path.over && stat(g->path.p, &sb) == 0)
			rc = next && *next ? expand(g, next, depth) : found(g);
		leave(g, before);
	}
	free(name);
	return rc;
}

int
walk_glob(const char *pattern, walk_fn *fn, void *ctx, struct err *e)
{
	struct glob g = { .fn = fn, .ctx = ctx, .e = e };
	int rc;

	buf_init(&g.path, 64 * 1024);
	while (*pattern == '/') {
		buf_reset(&g.path);
		buf_putc(&g.path, '/');
		pattern++;
	}
	rc = expand(&g, pattern, 1);
	buf_release(&g.path);
	free(g.folder);
	return rc != 0 ? rc : g.matched ? 0 : WALK_NOTHING;
}
