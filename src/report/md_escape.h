/*
 * md_escape.h - text of unknown origin as GitHub Flavored Markdown.
 *
 * Each function first makes control and bidi characters visible
 * (base/text.h). Nothing of the text can then start markup, HTML, a link, a
 * mention or a reference. Only writers include this header.
 */
#ifndef REPORT_MD_ESCAPE_H
#define REPORT_MD_ESCAPE_H

#include "base/buf.h"

enum md_place {
	MD_START,		/* the text begins a block: a list marker there would count */
	MD_INLINE,
	MD_CELL			/* inside a table: | is escaped in code too */
};

/*
 * As plain words on one line. A word that GitHub would make active even when it
 * is escaped (an address, a mention, #12, :name:) becomes a code span.
 */
void	md_text(struct buf *out, struct slice s, enum md_place place);
/* as a code span on one line; the empty text is written as (empty) */
void	md_code(struct buf *out, struct slice s, enum md_place place);
/*
 * As a fenced block, each line behind `prefix`, with a fence longer than any run
 * of backticks inside. `info` is ours: "text", "sh".
 */
void	md_fence(struct buf *out, struct slice prefix, const char *info, struct slice s);

#endif
