/* gap.c - the words for gaps */
#include "config.h"

#include "model/gap.h"

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
