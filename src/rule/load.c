/*
 * load.c - rule files to a rule set: whole, or not at all.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/io.h"
#include "rule/load.h"

struct loaded_set {
	struct rule_set rs;	/* first: rules_free() gets its address */
	struct rule_patterns patterns;
};

/* life ---------------------------------------------------------------------- */

static void
load_init(struct load *l, rule_fault_fn *fault, void *ctx)
{
	static const enum priority usual[PCLASS_COUNT] = {
		[PCLASS_START_FAILURE] = PRIORITY_P0, [PCLASS_EXCEPTION] = PRIORITY_P1,
		[PCLASS_SERVER_ERROR] = PRIORITY_P1, [PCLASS_UNKNOWN_ERROR] = PRIORITY_P2,
		[PCLASS_TEST_ERROR] = PRIORITY_P2, [PCLASS_TEST_FAILURE] = PRIORITY_P2,
	};
	struct loaded_set *set = mem_calloc(1, sizeof *set);

	memset(l, 0, sizeof *l);
	arena_init(&set->rs.arena);
	memcpy(set->rs.priority, usual, sizeof usual);
	l->rs = &set->rs;
	l->patterns = &set->patterns;
	l->a = &set->rs.arena;
	arena_init(&l->scratch);
	l->fault = fault;
	l->ctx = ctx;
}

static void
load_release(struct load *l)
{
	for (size_t i = 0; i < l->files; i++) {
		yaml_file_free(l->file[i]);
		free(l->file[i]);
	}
	free(l->file);
	free(l->rule);
	free(l->hypothesis);
	free(l->use);
	free(l->hash);
	arena_release(&l->scratch);
	rules_free(l->rs);
}

void
rules_free(struct rule_set *rs)
{
	struct loaded_set *set = (struct loaded_set *)rs;

	if (!set)
		return;
	for (size_t i = 0; i < set->patterns.n; i++)
		pattern_free(set->patterns.pattern[i]);
	free(set->patterns.pattern);
	arena_release(&set->rs.arena);
	free(set);
}

void
load_use(const struct node *n, struct slice name)
{
	struct load *l = n->l;

	l->use = mem_grow(l->use, &l->use_cap, l->uses + 1, sizeof *l->use);
	l->use[l->uses++] = (struct name_use){ name, node_spot(n) };
}

/* one document -------------------------------------------------------------- */

/* of the document's text, without what belongs to its neighbours: the marker, blank lines */
static void
add_hash(struct load *l, struct slice text)
{
	unsigned char digest[SHA256_SIZE];
	struct sha256 d;

	text = slice_trim(text);
	slice_take_str(&text, "---");
	text = slice_trim(text);
	sha256_init(&d);
	sha256_update(&d, text.p, text.n);
	sha256_final(&d, digest);
	l->hash = mem_grow(l->hash, &l->hash_cap, l->hashes + 1, sizeof *l->hash);
	sha256_hex(digest, l->hash[l->hashes++]);
}

static void
load_doc(struct load *l, const struct yaml_file *f, const struct yaml_doc *d)
{
	struct node n = { l, f, d, d->root, "" };

	if (!d->root || json_is_null(d->root))
		return;
	arena_reset(&l->scratch);
	if (!want_map(&n, "a document of rules"))
		return;
	add_hash(l, d->text);
	if (json_object_get(d->root, "hypothesis"))
		load_hypothesis(&n);
	else if (json_object_get(d->root, "priority-table"))
		load_priority_table(&n);
	else
		load_rule(&n);
}

/* YAML's own faults; a document that has one is lost as a whole */
static void
on_yaml_fault(void *ctx, const struct err *fault)
{
	struct load *l = ctx;
	struct err e = *fault;

	l->damaged = true;
	l->faults++;
	if (!*e.note)
		err_note(&e, "the whole document is left out");
	if (!*e.help)
		err_help(&e, "look at the line and the one before it: mostly it is a quote, a "
		    "colon or the indentation");
	if (l->fault)
		l->fault(l->ctx, &e);
}

static void
load_text(struct load *l, const char *path, struct slice text)
{
	struct yaml_file *f = mem_calloc(1, sizeof *f);

	l->file = mem_grow(l->file, &l->file_cap, l->files + 1, sizeof *l->file);
	l->file[l->files++] = f;
	l->file_faults = 0;
	yaml_load(f, path, text, on_yaml_fault, l);
	for (size_t i = 0; i < f->docs; i++)
		load_doc(l, f, &f->doc[i]);
}

/* files --------------------------------------------------------------------- */

static void
fault_file(struct load *l, const char *path, const char *help, struct err *e)
{
	err_where(e, "%s", path);
	err_note(e, "without it the set of rules would not be whole");
	err_help(e, "%s", help);
	l->faults++;
	l->damaged = true;
	if (l->fault)
		l->fault(l->ctx, e);
}

static void
load_file(struct load *l, const char *path)
{
	struct buf b;
	struct err e;

	err_clear(&e);
	buf_init(&b, RULE_FILE_MAX + 1);
	if (io_slurp(path, RULE_FILE_MAX, &b, &e) != 0)
		fault_file(l, path, "check the path and that the file can be read", &e);
	else
		load_text(l, path, buf_slice(&b));
	buf_release(&b);
}

static bool
is_rule_file(const char *name)
{
	struct slice s = slice_str(name);

	return name[0] != '.' && (slice_ends(s, ".yaml") || slice_ends(s, ".yml") ||
	    slice_ends(s, ".json"));
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct file_names {
	char **name;
	size_t n, cap;
};

static int
read_names(const char *path, struct file_names *names, struct err *e)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir)
		return err_errno(e, ERR_IO, "cannot open '%s'", path);
	while ((entry = readdir(dir)) != NULL) {
		if (!is_rule_file(entry->d_name))
			continue;
		names->name = mem_grow(names->name, &names->cap, names->n + 1,
		    sizeof *names->name);
		names->name[names->n++] = mem_strdup(entry->d_name);
	}
	closedir(dir);
	if (names->n == 0)
		return err_set(e, ERR_RULES, "no rule files in '%s'", path);
	qsort(names->name, names->n, sizeof *names->name, by_text);
	return 0;
}

static void
load_dir(struct load *l, const char *path)
{
	struct file_names names = { 0 };
	struct arena a;
	struct err e;

	arena_init(&a);
	if (read_names(path, &names, &e) != 0)
		fault_file(l, path, "name a folder with *.yaml files", &e);
	for (size_t i = 0; i < names.n; i++) {
		load_file(l, arena_printf(&a, "%s%s%s", path,
		    slice_ends(slice_str(path), "/") ? "" : "/", names.name[i]));
		free(names.name[i]);
	}
	free(names.name);
	arena_release(&a);
}

static void
load_path(struct load *l, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		load_dir(l, path);
	else
		load_file(l, path);
}

/* the whole ----------------------------------------------------------------- */

static int
load_finish(struct load *l, struct rule_set **rs, struct err *e)
{
	int rc = 0;

	finish_set(l);
	*rs = NULL;
	if (l->faults) {
		rc = err_set(e, ERR_RULES, "the rules have %zu fault%s", l->faults,
		    l->faults == 1 ? "" : "s");
		err_help(e, "nothing is loaded until all of them are mended");
	} else {
		*rs = l->rs;
		l->rs = NULL;
	}
	load_release(l);
	return rc;
}

int
rules_load(const char *const *path, size_t paths, rule_fault_fn *fault, void *ctx,
    struct rule_set **rs, struct err *e)
{
	struct load l;

	load_init(&l, fault, ctx);
	for (size_t i = 0; i < paths; i++)
		load_path(&l, path[i]);
	return load_finish(&l, rs, e);
}

int
rules_load_text(const char *path, struct slice text, rule_fault_fn *fault, void *ctx,
    struct rule_set **rs, struct err *e)
{
	struct load l;

	load_init(&l, fault, ctx);
	load_text(&l, path, text);
	return load_finish(&l, rs, e);
}
