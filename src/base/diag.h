/*
 * diag.h - complaints about input, which are data and not errors.
 *
 * A reader that meets damage puts a diagnostic and goes on. The sink (given by
 * cmd) counts, stores and shows them. Places are 1-based lines and columns and
 * 0-based byte offsets in the decompressed input. Any folder may include this.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdint.h>

#include "base/slice.h"

enum diag_level {
	DIAG_NOTE,	/* worth knowing */
	DIAG_WARNING,	/* changes what may be concluded */
	DIAG_LIMIT,	/* a limit of ours was hit: exit 3 */
	DIAG_DAMAGE	/* input is damaged: exit 3 */
};

enum diag_code {
#define DIAG(code, level, name, text) DIAG_##code,
#include "base/diag_list.h"
#undef DIAG
	DIAG_CODES
};

struct diag {
	enum diag_code code;
	uint64_t line;		/* 1-based; 0 = unknown */
	uint64_t col;		/* 1-based bytes; 0 = unknown */
	uint64_t byte;		/* 0-based offset of the fault */
	char detail[240];	/* what exactly; safe to print after msg escaping */
};

struct diag_sink {
	void (*put)(void *ctx, const struct diag *d);
	void *ctx;
};

const char	*diag_name(enum diag_code code);	/* "json-cut" */
const char	*diag_text(enum diag_code code);
enum diag_level	 diag_level(enum diag_code code);
const char	*diag_level_name(enum diag_level level);	/* note, warning, limit, damage */
bool		 diag_code_of(struct slice name, enum diag_code *code);

/* fill and put in one call; a NULL sink drops it */
void	diag_put(const struct diag_sink *sink, enum diag_code code, uint64_t line, uint64_t col,
	    uint64_t byte, const char *fmt, ...) __attribute__((format(printf, 6, 7)));

#endif
