/* paths.c - where the database, the rules, the formats and the named queries are */
#include "config.h"

#include "cmd/paths.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "rule/rules.h"

#define PATHS_MAX 128

static char *
join(const char *a, const char *b)
{
	size_t n = strlen(a) + strlen(b) + 2;
	char *s = mem_alloc(n);

	snprintf(s, n, "%s/%s", a, b);
	return s;
}

static bool
exists(const char *path)
{
	struct stat sb;

	return stat(path, &sb) == 0;
}

static const char *
env(const char *name)
{
	const char *v = getenv(name);

	return v && *v ? v : NULL;
}

/* the nearest project database from the current folder upward; NULL if there is none */
static char *
project_db(void)
{
	char dir[PATH_MAX];
	const char *home = env("HOME");

	if (!getcwd(dir, sizeof dir))
		return NULL;
	for (;;) {
		char *db = join(dir, ".netra-triage/triage.db"), *slash;

		if (exists(db))
			return db;
		free(db);
		if ((home && strcmp(dir, home) == 0) || strcmp(dir, "/") == 0)
			return NULL;
		slash = strrchr(dir, '/');
		slash[slash == dir ? 1 : 0] = '\0';
	}
}

/* $XDG or ~/fallback, with /netra-triage/what behind it */
static char *
xdg(const char *variable, const char *fallback, const char *what)
{
	const char *base = env(variable), *home = env("HOME");
	char *root, *ours, *path;

	root = base ? mem_strdup(base) : join(home ? home : "/", fallback);
	ours = join(root, "netra-triage");
	path = join(ours, what);
	free(ours);
	free(root);
	return path;
}

char *
path_db(const struct app *app)
{
	char *db;

	if (app->common.db)
		return mem_strdup(app->common.db);
	if (env("NETRA_TRIAGE_DB"))
		return mem_strdup(env("NETRA_TRIAGE_DB"));
	db = project_db();
	return db ? db : xdg("XDG_DATA_HOME", ".local/share", "triage.db");
}

char *
path_user(const char *what)
{
	char *path = xdg("XDG_CONFIG_HOME", ".config", what);

	if (exists(path))
		return path;
	free(path);
	return NULL;
}

char *
path_data(const char *what)
{
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
	char *mark, *path, *share;

	if (n > 0) {
		exe[n] = '\0';
		*strrchr(exe, '/') = '\0';
		mark = join(exe, "config.status");
		if (exists(mark)) {
			free(mark);
			return join(exe, what);
		}
		free(mark);
		share = join(exe, "../share/netra-triage");
		path = join(share, what);
		free(share);
		if (exists(path))
			return path;
		free(path);
	}
	return join(NT_DATADIR, what);
}

struct path_list {
	char *path[PATHS_MAX];
	size_t n;
};

/* takes path; a place that is there already under another name is dropped */
static void
add(struct path_list *l, char *path)
{
	char *real = realpath(path, NULL);
	size_t i;

	for (i = 0; real && i < l->n; i++) {
		char *other = realpath(l->path[i], NULL);
		bool same = other && strcmp(other, real) == 0;

		free(other);
		if (same)
			break;
	}
	if ((real && i < l->n) || l->n == PATHS_MAX)
		free(path);
	else
		l->path[l->n++] = path;
	free(real);
}

static void
add_env(struct path_list *l, const char *variable)
{
	const char *v = env(variable);
	struct slice rest = slice_str(v), one;

	while (rest.n) {
		if (!slice_take_until(&rest, ':', &one)) {
			one = rest;
			rest.n = 0;
		}
		if (one.n)
			add(l, mem_strndup(one.p, one.n));
	}
}

static void
show_fault(void *ctx, const struct err *e)
{
	msg_err(ctx, e);
}

int
rules_open(struct app *app, const char *const *extra, size_t extras, struct rule_set **rs,
    struct err *e)
{
	struct path_list l = { .n = 0 };
	char *pack = path_data("rules"), *user = path_user("rules");
	size_t i;
	int rc;

	for (i = 0; i < extras; i++)
		add(&l, mem_strdup(extra[i]));
	for (i = 0; i < app->common.rules.n; i++)
		add(&l, mem_strdup(app->common.rules.v[i]));
	add_env(&l, "NETRA_TRIAGE_RULES");
	if (user)
		add(&l, user);
	if (exists(pack))
		add(&l, pack);
	else
		free(pack);
	if (l.n == 0) {
		err_set(e, ERR_RULES, "no rules were found");
		rc = err_help(e, "give a folder with --rules, or set NETRA_TRIAGE_RULES");
	} else {
		rc = rules_load((const char *const *)l.path, l.n, show_fault, &app->msg, rs, e);
	}
	for (i = 0; i < l.n; i++)
		free(l.path[i]);
	return rc;
}

size_t
formats_open(const char *const *file, size_t files, format_fault_fn *fault, void *ctx,
    struct line_formats *set)
{
	struct path_list l = { .n = 0 };
	size_t i, faults = 0;

	for (i = 0; i < files; i++)
		add(&l, mem_strdup(file[i]));
	if (files == 0) {
		char *user = path_user("formats.d"), *pack = path_data("formats");

		add_env(&l, "NETRA_TRIAGE_FORMATS");
		if (user)
			add(&l, user);
		if (exists(pack))
			add(&l, pack);
		else
			free(pack);
	}
	for (i = 0; i < l.n; i++) {
		faults += formats_load(set, l.path[i], fault, ctx);
		free(l.path[i]);
	}
	return faults;
}
