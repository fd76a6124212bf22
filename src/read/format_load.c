/*
 * format_load.c - documents to formats; one with a fault is told and left out.
 */
#include "config.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "model/severity.h"
#include "read/format_match.h"
#include "read/format_node.h"
#include "read/format_sample.h"

#define FORMAT_FILE_MAX (1024 * 1024)	/* bytes */
#define FORMAT_NAME_MAX 64

struct line_formats {
	struct arena arena;
	struct line_format *format[FORMATS_MAX];
	size_t formats;
};

struct line_formats *
formats_new(void)
{
	struct line_formats *set = mem_calloc(1, sizeof *set);

	arena_init(&set->arena);
	return set;
}

static void
release(struct line_format *f)
{
	pattern_free(f->pattern);
	pattern_free(f->start);
}

void
formats_free(struct line_formats *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->formats; i++)
		release(set->format[i]);
	arena_release(&set->arena);
	free(set);
}

const struct line_format *
formats_at(const struct line_formats *set, size_t i)
{
	return i < set->formats ? set->format[i] : NULL;
}

const struct line_format *
formats_find(const struct line_formats *set, const char *name)
{
	for (size_t i = 0; i < set->formats; i++) {
		if (strcmp(set->format[i]->name, name) == 0)
			return set->format[i];
	}
	return NULL;
}

const char *
format_name(const struct line_format *f)
{
	return f->name;
}

const char *
format_about(const struct line_format *f)
{
	return f->about;
}

const char *
format_path(const struct line_format *f)
{
	return f->path;
}

unsigned
format_line(const struct line_format *f)
{
	return f->line;
}

size_t
format_samples(const struct line_format *f)
{
	return f->samples;
}

/* --- the parts of a document --- */

static bool
is_name(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '-')
			return false;
	}
	return s.n > 0 && s.n <= FORMAT_NAME_MAX;
}

static void
load_name(struct line_formats *set, const struct fnode *doc, struct line_format *f)
{
	struct fnode n = fnode_key(doc, "name");
	struct slice name;
	struct err e;

	if (!fnode_want_text(&n, "name", &name))
		return;
	f->name = arena_str(&set->arena, name);
	f->line = fnode_line(&n);
	if (!is_name(name)) {
		err_set(&e, ERR_RULES, "`%.*s` is no name", SLICE_ARG(name));
		err_note(&e, "names are small letters, digits, - and _, at most %d of them",
		    FORMAT_NAME_MAX);
		err_help(&e, "write it like `envoy-access`");
	} else if (reader_by_name(f->name)) {
		err_set(&e, ERR_RULES, "`%s` is a format of the program itself", f->name);
		err_note(&e, "--as %s would not say which one is meant", f->name);
		err_help(&e, "choose another name");
	} else {
		return;
	}
	fnode_fault(&n, NULL, &e);
}

static struct pattern *
load_pattern(const struct fnode *doc, const char *key, bool wanted)
{
	struct fnode n = fnode_key(doc, key);
	struct pattern *p = NULL;
	struct slice text;
	size_t offset = 0;
	struct err e;

	if (!n.value && !wanted)
		return NULL;
	if (!fnode_want_text(&n, key, &text))
		return NULL;
	err_clear(&e);
	if (pattern_compile(text, 0, &p, &offset, &e) == 0)
		return p;
	e.code = ERR_RULES;
	fnode_fault_at(&n, offset, "here", &e);
	return NULL;
}

static void
load_groups(struct line_formats *set, const struct fnode *doc, struct line_format *f)
{
	struct fnode n = fnode_key(doc, "pattern");
	unsigned number;
	const char *name;
	struct err e;

	for (unsigned i = 0; pattern_name(f->pattern, i, &name, &number); i++) {
		if (number >= PATTERN_GROUPS)
			continue;
		f->role[number] = format_role_of(name);
		if (f->role[number] == ROLE_FIELD)
			f->field[number] = arena_printf(&set->arena, "labels.%s", name);
	}
	if (pattern_name(f->pattern, 0, &name, &number))
		return;
	err_set(&e, ERR_RULES, "the pattern has no named group");
	err_note(&e, "a record would have nothing but its text");
	err_help(&e, "name what it finds: (?<time>...) (?<severity>...) (?<message>...)");
	fnode_fault(&n, NULL, &e);
}

static void
add_time(struct line_formats *set, const struct fnode *n, struct line_format *f)
{
	struct slice text;
	size_t offset = 0;
	struct err e;

	if (!fnode_want_text(n, "time_format", &text))
		return;
	if (f->times == FORMAT_TIMES || text.n > FORMAT_TIME_MAX) {
		err_set(&e, ERR_RULES, "too many time formats, or one that is too long");
		err_note(&e, "at most %d of at most %d bytes are read", FORMAT_TIMES,
		    FORMAT_TIME_MAX);
		err_help(&e, "make two formats of it");
	} else if (!format_time_valid(text, &offset)) {
		err_set(&e, ERR_RULES, "`%.*s` is no time format", SLICE_ARG(text));
		err_note(&e, "it is rfc3339, unix, unix_ms, unix_us, unix_ns, or has %%H and "
		    "others of %%Y %%m %%b %%d %%e %%M %%S %%f %%z %%Z %%a %%%%");
		err_help(&e, "write it like '%%Y-%%m-%%d %%H:%%M:%%S'");
	} else {
		f->time[f->times++] = arena_copy(&set->arena, text);
		return;
	}
	fnode_fault_at(n, offset, NULL, &e);
}

static void
load_times(struct line_formats *set, const struct fnode *doc, struct line_format *f)
{
	struct fnode n = fnode_key(doc, "time_format");

	if (!n.value)
		return;
	if (!json_is_array(n.value)) {
		add_time(set, &n, f);
		return;
	}
	for (size_t i = 0; i < json_array_size(n.value); i++) {
		struct fnode item = fnode_item(&n, i);

		add_time(set, &item, f);
	}
}

/* severities: {LOG: INFO, PANIC: ALERT} */
static void
load_levels(struct line_formats *set, const struct fnode *doc, struct line_format *f)
{
	struct fnode map = fnode_key(doc, "severities");
	const char *key;
	json_t *value;
	struct err e;

	json_object_foreach(map.value, key, value) {
		struct fnode n = fnode_key(&map, key);
		struct format_level *to = &f->level[f->levels];

		if (f->levels < FORMAT_LEVELS && severity_of(fnode_text(&n), &to->severity)) {
			to->word = arena_copy(&set->arena, slice_str(key));
			f->levels++;
			continue;
		}
		err_set(&e, ERR_RULES, "`%s` is translated to no severity", key);
		err_note(&e, "at most %d words become one of DEBUG, INFO, NOTICE, WARNING, ERROR, "
		    "CRITICAL, ALERT, EMERGENCY, or DEFAULT", FORMAT_LEVELS);
		err_help(&e, "write it like `LOG: INFO`");
		fnode_fault(&n, NULL, &e);
	}
	if (!map.value || json_is_object(map.value))
		return;
	err_set(&e, ERR_RULES, "severities must be a mapping");
	err_help(&e, "write it like {LOG: INFO, FATAL: CRITICAL}");
	fnode_fault(&map, NULL, &e);
}

static void
load_unit(const struct fnode *doc, struct line_format *f)
{
	static const struct {
		const char *word;
		int64_t ns;
	} units[] = { { "s", CLOCK_NS_PER_S }, { "ms", 1000000 }, { "us", 1000 }, { "ns", 1 } };
	struct fnode n = fnode_key(doc, "latency_unit");
	struct err e;

	f->latency_unit = CLOCK_NS_PER_S;
	if (!n.value)
		return;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (slice_eqs(fnode_text(&n), units[i].word)) {
			f->latency_unit = units[i].ns;
			return;
		}
	}
	err_set(&e, ERR_RULES, "`%.*s` is no unit of a latency", SLICE_ARG(fnode_text(&n)));
	err_help(&e, "use s, ms, us or ns");
	fnode_fault(&n, NULL, &e);
}

static bool
has_room(struct line_formats *set, const struct fnode *doc, const struct line_format *f)
{
	const struct line_format *other = f->name ? formats_find(set, f->name) : NULL;
	struct fnode n = fnode_key(doc, "name");
	struct err e;

	if (other && strcmp(other->path, f->path) == 0) {
		err_set(&e, ERR_RULES, "the name `%s` was used before in this file", f->name);
		err_note(&e, "the first is in line %u", other->line);
		err_help(&e, "choose another name");
		fnode_fault(&n, NULL, &e);
		return false;
	}
	/* what was loaded before goes first: the user's before the installed */
	if (other)
		return false;
	if (set->formats < FORMATS_MAX)
		return true;
	err_set(&e, ERR_RULES, "there are more than %d formats", FORMATS_MAX);
	err_help(&e, "remove those that are not needed");
	fnode_fault(&n, NULL, &e);
	return false;
}

static void
load_doc(struct line_formats *set, struct format_load *load)
{
	static const char *const keys[] = { "name", "about", "pattern", "start", "time_format",
		"severities", "latency_unit", "samples", NULL };
	struct line_format *f = arena_alloc(&set->arena, sizeof *f);
	struct fnode doc = fnode_root(load), about = fnode_key(&doc, "about");
	size_t before = load->faults;
	struct slice text;
	struct err e;

	f->path = arena_str(&set->arena, slice_str(load->file->path));
	if (!json_is_object(doc.value)) {
		err_set(&e, ERR_RULES, "a format must be a mapping");
		err_help(&e, "begin with `name:`, `about:` and `pattern:`");
		fnode_fault(&doc, NULL, &e);
		return;
	}
	fnode_check_keys(&doc, keys, "a format");
	load_name(set, &doc, f);
	if (fnode_want_text(&about, "about", &text))
		f->about = arena_str(&set->arena, text);
	f->pattern = load_pattern(&doc, "pattern", true);
	f->start = load_pattern(&doc, "start", false);
	if (f->pattern)
		load_groups(set, &doc, f);
	load_times(set, &doc, f);
	load_levels(set, &doc, f);
	load_unit(&doc, f);
	if (load->faults == before)
		format_check_samples(&doc, f);
	if (load->faults == before && has_room(set, &doc, f))
		set->format[set->formats++] = f;
	else
		release(f);
}

/* --- files --- */

static void
on_yaml_fault(void *ctx, const struct err *fault)
{
	struct format_load *load = ctx;
	struct err e = *fault;

	load->faults++;
	e.code = ERR_RULES;
	if (load->fault)
		load->fault(load->ctx, &e);
}

size_t
formats_load_text(struct line_formats *set, const char *path, struct slice text,
    format_fault_fn *fault, void *ctx)
{
	struct format_load load = { .fault = fault, .ctx = ctx };
	struct yaml_file file;

	arena_init(&load.scratch);
	yaml_load(&file, path, text, on_yaml_fault, &load);
	load.file = &file;
	for (size_t i = 0; i < file.docs; i++) {
		load.doc = &file.doc[i];
		load_doc(set, &load);
		arena_reset(&load.scratch);
	}
	yaml_file_free(&file);
	arena_release(&load.scratch);
	return load.faults;
}

static size_t
fault_path(const char *path, format_fault_fn *fault, void *ctx, struct err *e)
{
	e->code = ERR_RULES;
	err_where(e, "%s", path);
	err_help(e, "check the path and that it can be read");
	if (fault)
		fault(ctx, e);
	return 1;
}

static size_t
load_file(struct line_formats *set, const char *path, format_fault_fn *fault, void *ctx)
{
	size_t faults;
	struct buf b;
	struct err e;

	err_clear(&e);
	buf_init(&b, FORMAT_FILE_MAX + 1);
	if (io_slurp(path, FORMAT_FILE_MAX, &b, &e) != 0)
		faults = fault_path(path, fault, ctx, &e);
	else
		faults = formats_load_text(set, path, buf_slice(&b), fault, ctx);
	buf_release(&b);
	return faults;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
is_format_file(const struct dirent *entry)
{
	struct slice s = slice_str(entry->d_name);

	return s.p[0] != '.' && (slice_ends(s, ".yaml") || slice_ends(s, ".yml"));
}

size_t
formats_load(struct line_formats *set, const char *path, format_fault_fn *fault, void *ctx)
{
	struct dirent **entry = NULL;
	size_t faults = 0;
	struct arena a;
	struct stat st;
	struct err e;
	int n;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return load_file(set, path, fault, ctx);
	n = scandir(path, &entry, is_format_file, by_name);
	if (n < 0) {
		err_errno(&e, ERR_RULES, "cannot open '%s'", path);
		return fault_path(path, fault, ctx, &e);
	}
	arena_init(&a);
	for (int i = 0; i < n; i++) {
		faults += load_file(set, arena_printf(&a, "%s/%s", path, entry[i]->d_name), fault,
		    ctx);
		free(entry[i]);
	}
	free(entry);
	arena_release(&a);
	return faults;
}
