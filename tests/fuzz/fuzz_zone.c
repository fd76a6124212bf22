/*
 * fuzz_zone.c - the reader of TZif files, on any bytes.
 *
 * Invariants: offsets are below a day and abbreviations are printable; a local time
 * that is clear comes back from its UTC time; one that is not is off by less than
 * two days; what zone_format writes is read as the same moment, to the minute of
 * the offset.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static int64_t
offset_ns(const struct zone *z, int64_t utc)
{
	char abbr[ZONE_ABBR];
	int32_t offset = zone_of_utc(z, utc, abbr);

	require(offset > -86400 && offset < 86400);
	require(memchr(abbr, '\0', sizeof abbr) != NULL);
	for (const char *p = abbr; *p; p++)
		require(*p > ' ' && *p <= '~');
	return offset * CLOCK_NS_PER_S;
}

static void
check_local(const struct zone *z, int64_t local)
{
	bool unclear = false;
	int64_t utc = zone_to_utc(z, local, &unclear);

	if (utc == CLOCK_NONE)
		return;
	require(utc - local < 2 * 86400 * CLOCK_NS_PER_S && local - utc < 2 * 86400 * CLOCK_NS_PER_S);
	if (!unclear)
		require(utc + offset_ns(z, utc) == local);
}

static void
check_utc(const struct zone *z, int64_t utc)
{
	char text[CLOCK_TEXT];
	enum clock_zone zone;
	int64_t local, back;

	zone_format(z, utc, 9, text);
	if (clock_parse(slice_str(text), &back, &zone))
		require(back == utc && zone == CLOCK_ZONE_KNOWN);
	if (!__builtin_add_overflow(utc, offset_ns(z, utc), &local))
		check_local(z, local);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zone *z = NULL;
	struct err e;
	int64_t t;

	if (zone_parse("fuzz", slice_of((const char *)data, size), &z, &e) != 0) {
		require(z == NULL && e.text[0] != '\0');
		return 0;
	}
	check_utc(z, INT64_MAX);
	check_utc(z, INT64_MIN + 1);
	/* two months apart, so that every year's changes are between some of them */
	for (t = -INT64_C(9200000000); t < INT64_C(9200000000); t += 61 * 86400 + 4321)
		check_utc(z, t * CLOCK_NS_PER_S + 5);
	/* times of the file itself, and around them */
	for (size_t i = 0; i + 8 <= size; i += 4) {
		uint64_t v = 0;

		for (size_t k = 0; k < 8; k++)
			v = v << 8 | data[i + k];
		t = (int64_t)v;
		if (t < -INT64_C(9200000000) || t > INT64_C(9200000000))
			continue;
		for (int64_t near = t - 86400; near <= t + 86400; near += 1800) {
			check_utc(z, near * CLOCK_NS_PER_S);
			check_local(z, near * CLOCK_NS_PER_S - 1);
		}
	}
	zone_free(z);
	return 0;
}
