/*
 * source.c - the words for kinds of sources.
 */
#include "config.h"

#include "model/source.h"

const char *
source_kind_name(enum source_kind k)
{
	switch (k) {
	case SOURCE_LOGS:
		return "logs";
	case SOURCE_TESTS:
		return "tests";
	}
	return "unknown";
}
