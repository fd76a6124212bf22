/*
 * redact_number.c - addresses, cards, phone and social security numbers by their digits
 */
#include "config.h"

#include "sign/redact_kind.h"

#include <string.h>

#define IPV6_MAX 45		/* bytes of the longest text of an address */
#define CARD_MIN 13
#define CARD_MAX 19
#define PHONE_MIN 8
#define PHONE_MAX 15		/* E.164 */

/* up to four numbers of an address; where they end, or 0 */
static size_t
octets(struct slice s, size_t at, unsigned octet[4])
{
	size_t i = at;

	for (int k = 0; k < 4; k++) {
		size_t n = redact_run(s, i, RC_DIGIT, 4);
		unsigned v = 0;

		if (n == 0 || n > 3 || (n > 1 && s.p[i] == '0'))
			return 0;
		for (size_t d = 0; d < n; d++)
			v = v * 10 + (unsigned)(s.p[i + d] - '0');
		if (v > 255)
			return 0;
		octet[k] = v;
		i += n;
		if (k < 3 && (i >= s.n || s.p[i++] != '.'))
			return 0;
	}
	return i;
}

/* not of this host, a private net (RFC 1918), a carrier's (RFC 6598), or a group of hosts */
static bool
is_public(const unsigned o[4])
{
	if (o[0] == 0 || o[0] == 10 || o[0] == 127 || o[0] >= 224)
		return false;
	if (o[0] == 100 && (o[1] & 0xC0) == 64)
		return false;
	if ((o[0] == 169 && o[1] == 254) || (o[0] == 192 && o[1] == 168))
		return false;
	return !(o[0] == 172 && (o[1] & 0xF0) == 16);
}

/* "Chrome/120.0.0.0", "version 1.2.3.4", "pkg==1.2.3.4": what stands before makes it a version */
static bool
is_version(struct slice s, size_t at, const unsigned o[4])
{
	size_t word;

	if (at == 0)
		return false;
	if (s.p[at - 1] == '/') {
		word = redact_run_back(s, at - 1, RC_ALNUM, 32);
		return word > 0 && (o[3] == 0 || redact_is(s, at - 1 - word, RC_UPPER));
	}
	if (s.p[at - 1] == '-')
		return at > 1 && redact_is(s, at - 2, RC_LETTER);
	if (s.p[at - 1] == '=' && at > 1 && s.p[at - 2] != '\0' && strchr("=>~<!", s.p[at - 2]))
		return true;
	for (word = 0; word < 4 && at > 0 && s.p[at - 1] && strchr(" :=\"'", s.p[at - 1]); word++)
		at--;
	return at >= 7 && redact_has_fold(s, at - 7, "version");
}

bool
redact_ipv4(struct slice s, size_t at, size_t run, struct redact_span *out)
{
	unsigned o[4];
	size_t end;

	if (run > 3 || (at > 0 && redact_is(s, at - 1, RC_WORD | RC_DOT | RC_HIGH)))
		return false;
	end = octets(s, at, o);
	if (end == 0 || redact_is(s, end, RC_WORD | RC_HIGH) ||
	    (redact_is(s, end, RC_DOT) && redact_is(s, end + 1, RC_ALNUM)))
		return false;
	if (!is_public(o) || is_version(s, at, o))
		return false;
	*out = (struct redact_span){ at, end };
	return true;
}

/* area, group and serial of Social Security numbers that were never given out are not 0 */
bool
redact_ssn(struct slice s, size_t at, size_t run, struct redact_span *out)
{
	size_t end = at + 11;

	if (run != 3 || s.n - at < 11 || s.p[at + 3] != '-' || s.p[at + 6] != '-' ||
	    redact_run(s, at + 4, RC_DIGIT, 3) != 2 || redact_run(s, at + 7, RC_DIGIT, 5) != 4)
		return false;
	if ((at > 0 && redact_is(s, at - 1, RC_WORD | RC_DASH | RC_DOT | RC_HIGH | RC_BASE)) ||
	    redact_is(s, end, RC_WORD | RC_DASH | RC_HIGH) ||
	    (redact_is(s, end, RC_DOT) && redact_is(s, end + 1, RC_DIGIT)))
		return false;
	if (s.p[at] == '9' || redact_has(s, at, "000") || redact_has(s, at, "666") ||
	    redact_has(s, at + 4, "00-") || redact_has(s, at + 7, "0000"))
		return false;
	*out = (struct redact_span){ at, end };
	return true;
}

static bool
luhn(const char *digit, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned v = (unsigned)(digit[n - 1 - i] - '0');

		if (i % 2)
			v = v * 2 > 9 ? v * 2 - 9 : v * 2;
		sum += v;
	}
	return sum % 10 == 0;
}

/* the issuers' ranges (ISO/IEC 7812) and the lengths that they use */
static bool
is_issued(const char *digit, size_t n)
{
	unsigned four = 0;

	for (size_t i = 0; i < 4; i++)
		four = four * 10 + (unsigned)(digit[i] - '0');
	if (four / 1000 == 4)
		return n == 16 || n == 13;
	if ((four >= 5100 && four <= 5599) || (four >= 2221 && four <= 2720))
		return n == 16;
	if (four / 100 == 34 || four / 100 == 37)
		return n == 15;
	if (four == 6011 || (four >= 6440 && four <= 6599) || (four >= 3528 && four <= 3589))
		return n == 16;
	if (four / 100 == 36 || four / 100 == 38 || (four >= 3000 && four <= 3059))
		return n == 14;
	return four / 100 == 62 && n >= 16;
}

bool
redact_card(struct slice s, size_t at, size_t run, struct redact_span *out)
{
	char digit[CARD_MAX + 1];
	size_t i = at, n = 0;
	char gap = '\0';

	if (at > 0 && redact_is(s, at - 1, RC_WORD | RC_DOT | RC_DASH | RC_HIGH))
		return false;
	if (run < 4 || (run > 4 && run < CARD_MIN) || run > CARD_MAX)
		return false;
	if (run == 4)
		gap = at + 4 < s.n ? s.p[at + 4] : '\0';
	if (run == 4 && gap != ' ' && gap != '-')
		return false;
	for (; i < s.n; i++) {
		if (redact_char(s.p[i]) & RC_DIGIT) {
			if (n == CARD_MAX)
				return false;
			digit[n++] = s.p[i];
		} else if (!(gap && s.p[i] == gap && redact_is(s, i + 1, RC_DIGIT) &&
		    n < 16 && !(n == 15 && digit[0] == '3') && !(n == 14 && digit[0] == '3'))) {
			break;
		}
	}
	if (redact_is(s, i, RC_WORD | RC_HIGH) || (redact_is(s, i, RC_DOT | RC_DASH) &&
	    redact_is(s, i + 1, RC_ALNUM)))
		return false;
	if (n < CARD_MIN || !is_issued(digit, n) || !luhn(digit, n))
		return false;
	*out = (struct redact_span){ at, i };
	return true;
}

/* one gap between groups of digits: " ", "-", ".", ") ", " (" */
static size_t
phone_gap(struct slice s, size_t i)
{
	size_t n = 0;

	while (n < 2 && i + n < s.n && s.p[i + n] && strchr(" .()-", s.p[i + n]))
		n++;
	return redact_is(s, i + n, RC_DIGIT) ? n : 0;
}

bool
redact_phone(struct slice s, size_t at, struct redact_span *out)
{
	size_t i = at + 1, digits, end;

	if ((at > 0 && redact_is(s, at - 1, RC_WORD | RC_HIGH | RC_BASE | RC_EQUALS)) ||
	    !redact_is(s, i, RC_DIGIT) || s.p[i] == '0')
		return false;
	digits = redact_run(s, i, RC_DIGIT, PHONE_MAX + 1);
	end = i + digits;
	/* groups are joined only while the first is no number by itself */
	while (digits < PHONE_MAX && end - i < 24 && redact_run(s, i, RC_DIGIT, 9) < 8) {
		size_t gap = phone_gap(s, end), n;

		n = gap ? redact_run(s, end + gap, RC_DIGIT, PHONE_MAX + 1) : 0;
		if (n == 0 || digits + n > PHONE_MAX)
			break;
		digits += n;
		end += gap + n;
	}
	if (digits < PHONE_MIN || digits > PHONE_MAX || redact_is(s, end, RC_WORD | RC_HIGH) ||
	    (redact_is(s, end, RC_DOT) && redact_is(s, end + 1, RC_DIGIT)))
		return false;
	*out = (struct redact_span){ at, end };
	return true;
}

/* eight groups of up to four hex digits, or fewer and one "::" */
static bool
is_ipv6(struct slice t)
{
	unsigned groups = 0;
	bool elided = false;
	size_t i = 0;

	while (i < t.n) {
		size_t n = redact_run(t, i, RC_HEX, 5);

		if (n > 4)
			return false;
		groups += n > 0;
		i += n;
		if (i == t.n)
			break;
		if (i + 1 < t.n && t.p[i + 1] == ':') {
			if (elided)
				return false;
			elided = true;
			i += 2;
		} else if (n == 0 || i + 1 == t.n) {
			return false;
		} else {
			i++;
		}
	}
	return elided ? groups < 8 : groups == 8;
}

/*
 * Only 2000::/3 is routed in public, which also keeps clocks, MAC addresses and
 * C++ names out: the first group has four digits and begins with 2 or 3.
 */
bool
redact_ipv6(struct slice s, size_t at, size_t *end, struct redact_span *out)
{
	size_t from = at - redact_run_back(s, at, RC_HEX | RC_COLON, IPV6_MAX);
	size_t n = redact_run(s, from, RC_HEX | RC_COLON, 2 * IPV6_MAX);
	struct slice t = slice_sub(s, from, n);

	*end = from + n;
	if (t.n && t.p[t.n - 1] == ':' && !slice_ends(t, "::"))
		t.n--;
	if (t.n < 6 || t.n > IPV6_MAX || (t.p[0] != '2' && t.p[0] != '3') ||
	    redact_run(t, 0, RC_HEX, 5) != 4)
		return false;
	if ((from > 0 && redact_is(s, from - 1, RC_WORD | RC_DOT | RC_DASH | RC_HIGH)) ||
	    redact_is(s, from + t.n, RC_WORD | RC_HIGH) || !is_ipv6(t))
		return false;
	*out = (struct redact_span){ from, from + t.n };
	return true;
}
