#include "config.h"

#include "base/token.h"

#include "base/text.h"

static bool
is_hash(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool
is_kind(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

size_t
token_at(struct slice s, size_t at, struct slice *kind)
{
	size_t i = at + 1, n = 0, digits = 0;

	if (at >= s.n || s.p[at] != '[')
		return 0;
	while (n <= TOKEN_KIND && i + n < s.n && is_kind(s.p[i + n]))
		n++;
	if (n == 0 || n > TOKEN_KIND)
		return 0;
	i += n;
	if (i >= s.n || s.p[i] != ':')
		return 0;
	i++;
	while (digits < TOKEN_HASH && i + digits < s.n && is_hash(s.p[i + digits]))
		digits++;
	i += digits;
	if (digits < TOKEN_HASH || i >= s.n || s.p[i] != ']')
		return 0;
	if (kind)
		*kind = slice_sub(s, at + 1, n);
	return i + 1 - at;
}

size_t
token_floor(struct slice s, size_t n)
{
	size_t cut = text_utf8_floor(s, n), i, len;

	for (i = cut; i > 0 && cut - i < TOKEN_MAX; i--) {
		if (s.p[i - 1] != '[')
			continue;
		len = token_at(s, i - 1, NULL);
		return len && i - 1 + len > cut ? i - 1 : cut;
	}
	return cut;
}

int
token_cmp(struct slice a, struct slice b)
{
	size_t i = 0, n, shorter = a.n < b.n ? a.n : b.n;
	struct slice x, y;

	while (i < shorter) {
		n = token_at(a, i, &x);
		if (n && token_at(b, i, &y) == n && slice_eq(x, y)) {
			i += n;
			continue;
		}
		if (a.p[i] != b.p[i])
			return (unsigned char)a.p[i] < (unsigned char)b.p[i] ? -1 : 1;
		i++;
	}
	return a.n < b.n ? -1 : a.n > b.n;
}
