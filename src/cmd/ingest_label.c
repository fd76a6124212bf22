#include "config.h"

#include "cmd/ingest_label.h"

#include <string.h>
#include <unistd.h>

static bool
is_name(struct slice s)
{
	if (s.n == 0 || s.n > 64 || s.p[0] < 'a' || s.p[0] > 'z')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_.-", s.p[i]))
			return false;
	return true;
}

static bool
split(const char *text, struct slice *name, struct slice *value)
{
	struct slice s = slice_str(text);
	size_t at = slice_find_byte(s, 0, '=');

	if (at == SIZE_MAX)
		return false;
	*name = slice_sub(s, 0, at);
	*value = slice_trim(slice_sub(s, at + 1, SIZE_MAX));
	return is_name(*name) && value->n > 0 && value->n <= LABEL_VALUE_MAX;
}

static int
add(struct labels *l, struct slice name, struct slice value, struct err *e)
{
	size_t i = 0;

	while (i < l->n && !slice_eq(l->name[i], name))
		i++;
	if (i == LABELS_MAX)
		return err_set(e, ERR_USAGE, "more than %d labels", LABELS_MAX);
	l->name[i] = name;
	l->value[i] = value;
	l->n = i < l->n ? l->n : i + 1;
	return 0;
}

int
labels_read(struct labels *l, const struct opt_list *list, int *argc, char **argv, struct err *e)
{
	struct slice name, value;
	int kept = 0;

	for (size_t i = 0; i < list->n; i++) {
		if (!split(list->v[i], &name, &value)) {
			err_set(e, ERR_USAGE, "--label takes NAME=VALUE, not `%s`", list->v[i]);
			err_note(e, "names are of a-z, 0-9, _, . and -; values of 1 to %d bytes",
			    LABEL_VALUE_MAX);
			return err_help(e, "--label commit=1a2b3c4 --label env=staging");
		}
		if (add(l, name, value, e) == -1)
			return -1;
	}
	if (l->n == 0)
		return 0;
	for (int i = 0; i < *argc; i++) {
		if (split(argv[i], &name, &value) && access(argv[i], F_OK) == -1) {
			if (add(l, name, value, e) == -1)
				return -1;
		} else {
			argv[kept++] = argv[i];
		}
	}
	*argc = kept;
	return 0;
}

int
labels_put(const struct labels *l, struct app *app, struct ingest_redact *redact, int64_t source_id,
    struct err *e)
{
	struct arena a;
	int rc = 0;

	arena_init(&a);
	for (size_t i = 0; rc == 0 && i < l->n; i++) {
		struct run_fact f = { .name = l->name[i], .value = l->value[i] };

		ingest_redact_fact(redact, &a, &f);
		rc = store_source_label_put(app->store, source_id, f.name, f.value, e);
	}
	arena_release(&a);
	return rc;
}
