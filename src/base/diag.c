#include "config.h"

#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const struct {
	enum diag_level level;
	const char *name, *text;
} catalogue[] = {
#define DIAG(code, level, name, text) [DIAG_##code] = { DIAG_##level, name, text },
#include "base/diag_list.h"
#undef DIAG
};

const char *
diag_name(enum diag_code code)
{
	return code < DIAG_CODES ? catalogue[code].name : "unknown";
}

const char *
diag_text(enum diag_code code)
{
	return code < DIAG_CODES ? catalogue[code].text : "unknown diagnostic";
}

enum diag_level
diag_level(enum diag_code code)
{
	return code < DIAG_CODES ? catalogue[code].level : DIAG_DAMAGE;
}

const char *
diag_level_name(enum diag_level level)
{
	switch (level) {
	case DIAG_NOTE:
		return "note";
	case DIAG_WARNING:
		return "warning";
	case DIAG_LIMIT:
		return "limit";
	case DIAG_DAMAGE:
		break;
	}
	return "damage";
}

bool
diag_code_of(struct slice name, enum diag_code *code)
{
	for (int i = 0; i < DIAG_CODES; i++) {
		if (slice_eqs(name, catalogue[i].name)) {
			*code = (enum diag_code)i;
			return true;
		}
	}
	return false;
}

void
diag_put(const struct diag_sink *sink, enum diag_code code, uint64_t line, uint64_t col,
    uint64_t byte, const char *fmt, ...)
{
	struct diag d = { .code = code, .line = line, .col = col, .byte = byte };
	char all[sizeof d.detail + 8];
	size_t n;
	va_list ap;

	if (!sink || !sink->put)
		return;
	va_start(ap, fmt);
	if (vsnprintf(all, sizeof all, fmt, ap) < 0)
		all[0] = '\0';
	va_end(ap);
	n = text_utf8_floor(slice_str(all), sizeof d.detail - 1);
	memcpy(d.detail, all, n);
	sink->put(sink->ctx, &d);
}
