/* gap.c - the words for gaps */
#include "config.h"

#include "model/gap.h"

#include <string.h>

#define SERVICES_NAMED 10	/* in a command; more make none of them */

static const struct {
	const char *name;
	bool warns;
} kinds[GAP_KINDS] = {
	[GAP_EMPTY] = { "empty", true },
	[GAP_LIMIT] = { "limit", true },
	[GAP_CAP] = { "cap", true },
	[GAP_DAMAGE] = { "damage", false },	/* the reader has complained already */
	[GAP_PSEUDO] = { "pseudo", true },
	[GAP_LOSSY] = { "lossy", true },
	[GAP_ZONE] = { "zone", true },
	[GAP_STALE] = { "stale", true },
	[GAP_CLAIM] = { "claim", false },
	[GAP_FILTER] = { "filter", false },
	[GAP_SILENCE] = { "silence", false },
	[GAP_TAIL] = { "tail", false },
	[GAP_REPEAT] = { "repeat", false },
};

const char *
gap_kind_name(enum gap_kind k)
{
	return kinds[k].name;
}

enum gap_kind
gap_kind_of(struct slice name)
{
	unsigned k = 0;

	while (k < GAP_KINDS && !slice_eqs(name, kinds[k].name))
		k++;
	return (enum gap_kind)k;
}

bool
gap_kind_warns(enum gap_kind k)
{
	return kinds[k].warns;
}

bool
gap_word_is_plain(struct slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    c == '-' || c == '_' || c == '.' || c == ':'))
			return false;
	}
	return name.n > 0 && name.p[0] != '-';
}

const char *
workload_label(struct slice resource_type)
{
	static const struct {
		const char *type, *label;
	} labels[] = {
		{ "cloud_run_job", "job_name" }, { "cloud_run_worker_pool", "worker_pool_name" },
		{ "cloud_function", "function_name" },
	};

	for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
		if (slice_eqs(resource_type, labels[i].type))
			return labels[i].label;
	return NULL;
}

static const char *
label_of(struct slice name, const struct workload *workload, size_t workloads)
{
	for (size_t i = 0; i < workloads; i++)
		if (slice_eq(workload[i].name, name))
			return workload[i].label;
	return "service_name";
}

/* those with this label: label="a", or label=("a" OR "b") */
static void
put_label(struct buf *b, const char *label, const struct slice *service, const char *const *of,
    size_t n)
{
	size_t all = 0, named = 0;

	for (size_t i = 0; i < n; i++)
		all += strcmp(of[i], label) == 0;
	buf_printf(b, "resource.labels.%s=%s", label, all > 1 ? "(" : "");
	for (size_t i = 0; i < n; i++)
		if (strcmp(of[i], label) == 0)
			buf_printf(b, "%s\"%.*s\"", named++ ? " OR " : "", SLICE_ARG(service[i]));
	buf_puts(b, all > 1 ? ")" : "");
}

void
gap_put_services(struct buf *b, const struct slice *service, size_t n,
    const struct workload *workload, size_t workloads)
{
	const char *of[SERVICES_NAMED], *distinct[SERVICES_NAMED];
	size_t labels = 0;

	if (n == 0 || n > SERVICES_NAMED)
		return;
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		if (!gap_word_is_plain(service[i]))
			return;
		of[i] = label_of(service[i], workload, workloads);
		while (k < labels && strcmp(distinct[k], of[i]) != 0)
			k++;
		if (k == labels)
			distinct[labels++] = of[i];
	}
	for (size_t k = 0; k < labels; k++) {
		buf_puts(b, k ? " OR " : labels > 1 ? "(" : "");
		put_label(b, distinct[k], service, of, n);
	}
	buf_puts(b, labels > 1 ? ") AND " : " AND ");
}
