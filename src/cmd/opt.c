/* opt.c - build getopt_long's arrays from our tables, and put its answers where they belong */
#include "config.h"

#include "cmd/opt.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define OPT_LONG_BASE 1000	/* val of options, above any letter */

size_t
opt_count(const struct opt *table)
{
	size_t n = 0;

	while (table && table[n].name)
		n++;
	return n;
}

static const struct opt *
opt_at(const struct opt_set *set, size_t i, void **to)
{
	size_t own = opt_count(set->own);

	if (i < own) {
		*to = set->own_to;
		return &set->own[i];
	}
	*to = set->common_to;
	return &set->common[i - own];
}

static int
store_value(const struct opt *o, void *to, const char *value, struct err *e)
{
	char *at = (char *)to + o->offset;
	struct opt_list *list;

	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)at = true;
		break;
	case OPT_COUNT:
		++*(int *)(void *)at;
		break;
	case OPT_STRING:
		*(const char **)(void *)at = value;
		break;
	case OPT_STRINGS:
		list = (struct opt_list *)(void *)at;
		if (list->n == OPT_LIST_MAX)
			return err_set(e, ERR_USAGE, "--%s was given more than %d times", o->name,
			    OPT_LIST_MAX);
		list->v[list->n++] = value;
		break;
	}
	return 0;
}

/* the nearest long name to what was typed, or NULL */
static const char *
nearest(const struct opt_set *set, const char *typed)
{
	size_t n = opt_count(set->own) + opt_count(set->common), i;
	struct slice word = slice_str(typed + strspn(typed, "-"));
	const char *best = NULL;
	unsigned best_d = 3;
	size_t eq = slice_find_byte(word, 0, '=');
	void *to;

	if (eq != SIZE_MAX)
		word.n = eq;
	for (i = 0; i < n; i++) {
		const char *name = opt_at(set, i, &to)->name;
		unsigned d = slice_distance(word, slice_str(name));

		if (d < best_d) {
			best_d = d;
			best = name;
		}
	}
	return best;
}

static int
complain(const struct opt_set *set, int c, const char *arg, struct err *e)
{
	const char *best;

	if (c == ':')
		return err_set(e, ERR_USAGE, "option %s needs a value", arg);
	err_set(e, ERR_USAGE, "unknown option %s", arg);
	best = strncmp(arg, "--", 2) == 0 ? nearest(set, arg) : NULL;
	if (best)
		err_help(e, "did you mean --%s?", best);
	return -1;
}

static const struct opt *
by_letter(const struct opt_set *set, int c, void **to)
{
	size_t n = opt_count(set->own) + opt_count(set->common), i;

	for (i = 0; i < n; i++) {
		const struct opt *o = opt_at(set, i, to);

		if (o->letter && o->letter == c)
			return o;
	}
	return NULL;
}

int
opt_parse(const struct opt_set *set, int argc, char **argv, bool stop_at_operand, int *operands,
    struct err *e)
{
	size_t n = opt_count(set->own) + opt_count(set->common), i, s = 0;
	struct option *lopt = mem_calloc(n + 1, sizeof *lopt);
	char *sopt = mem_alloc(2 * n + 3);
	int c, rc = -1;
	void *to;

	sopt[s++] = stop_at_operand ? '+' : ':';
	if (stop_at_operand)
		sopt[s++] = ':';
	for (i = 0; i < n; i++) {
		const struct opt *o = opt_at(set, i, &to);
		bool takes = o->kind == OPT_STRING || o->kind == OPT_STRINGS;

		lopt[i].name = o->name;
		lopt[i].has_arg = takes ? required_argument : no_argument;
		lopt[i].val = OPT_LONG_BASE + (int)i;
		if (o->letter) {
			sopt[s++] = o->letter;
			if (takes)
				sopt[s++] = ':';
		}
	}
	sopt[s] = '\0';
	optind = 0;	/* glibc: start anew, forget any earlier parse */
	opterr = 0;
	while ((c = getopt_long(argc, argv, sopt, lopt, NULL)) != -1) {
		const struct opt *o;
		char typed[3] = { '-', (char)optopt, '\0' };
		bool is_long = optopt == 0 || optopt >= OPT_LONG_BASE;

		if (c == '?' || c == ':') {
			complain(set, c, is_long ? argv[optind - 1] : typed, e);
			goto out;
		}
		o = c >= OPT_LONG_BASE ? opt_at(set, (size_t)(c - OPT_LONG_BASE), &to) :
		    by_letter(set, c, &to);
		if (store_value(o, to, optarg, e) == -1)
			goto out;
	}
	*operands = optind;
	rc = 0;
out:
	free(sopt);
	free(lopt);
	return rc;
}
