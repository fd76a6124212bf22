/*
 * text.h - bytes of unknown origin made fit to be stored or shown.
 *
 * Any folder may include this header. Escapers for Markdown, CSV and JSON live
 * with their writers in report/; this one is for terminals and messages.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"
#include "base/buf.h"

/*
 * Append s with everything a terminal might act on made visible: invalid UTF-8
 * as U+FFFD; C0 except \n and \t, DEL, C1, U+2028/9, bidi controls (U+061C,
 * 200E/F, 202A-E, 2066-9), U+FEFF and tag characters as "\x1b" or "\u{202e}".
 * With one_line, \n and \t are shown as "\n" and "\t" too.
 */
void	text_escape(struct buf *out, struct slice s, bool one_line);

bool	text_is_utf8(struct slice s);
/* s itself when it is valid UTF-8, else a copy with U+FFFD for each bad byte; *fixed counts them */
struct slice text_utf8(struct arena *a, struct slice s, size_t *fixed);

/* s without ANSI SGR/OSC sequences (ESC [...m and the like); s itself when there is no ESC */
struct slice text_strip_ansi(struct arena *a, struct slice s);

/*
 * Undo what happens to UTF-8 that is taken for Windows-1252 or Latin-1 and encoded
 * once more ("caf\u00C3\u00A9"): only when all that is not ASCII in s, each run of it as a
 * whole, gives UTF-8 again and some of it looks meant; else s itself.
 */
struct slice text_fix_mojibake(struct arena *a, struct slice s);
/*
 * Take out colours whose ESC was lost, "[1;35m" and "[0m", where one is set and reset
 * later in s; s itself where that is not so. "x[5m]" stays. A written ESC before them,
 * "\x1b" or "^[", goes too.
 */
struct slice text_strip_lost_colors(struct arena *a, struct slice s);

/* bytes of the UTF-8 sequence at the start of s, 0 when it is invalid; s is not empty */
size_t	text_decode(struct slice s, uint32_t *code);

/* largest n' <= n that does not cut a UTF-8 sequence of s in two */
size_t	text_utf8_floor(struct slice s, size_t n);

#endif
