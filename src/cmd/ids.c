/* ids.c - ids as printed and typed */
#include "config.h"

#include "cmd/ids.h"

static const struct id_kind kinds[] = {
	{ 'i', "incidents", "id", "incident" },
	{ 'e', "events", "id", "event" },
	{ 'q', "requests", "event_id", "request" },
	{ 'x', "exceptions", "id", "exception" },
	{ 'g', "signatures", "id", "signature" },
	{ 'u', "runs", "id", "run" },
	{ 't', "tests", "id", "test" },
	{ 'f', "findings", "id", "finding" },
	{ 'h', "hypotheses", "id", "hypothesis" },
	{ 'v', "evidence", "id", "piece of evidence" },
	{ 's', "sources", "id", "source" },
};

const struct id_kind *
id_kind_at(size_t i)
{
	return i < sizeof kinds / sizeof kinds[0] ? &kinds[i] : NULL;
}

const struct id_kind *
id_kind_of(char letter)
{
	size_t i;

	for (i = 0; id_kind_at(i); i++)
		if (kinds[i].letter == letter)
			return &kinds[i];
	return NULL;
}

int
id_of(const char *text, char kind, int64_t *id, struct err *e)
{
	const struct id_kind *k = id_kind_of(text[0]);

	if (k && (kind == 0 || kind == text[0]) &&
	    slice_to_int64(slice_str(text + 1), id) && *id > 0)
		return 0;
	if (kind) {
		err_set(e, ERR_ID, "`%s` is not the id of a %s", text, id_kind_of(kind)->what);
		return err_help(e, "it is the letter %c and a number, such as %c1", kind, kind);
	}
	err_set(e, ERR_ID, "`%s` is not an id", text);
	return err_help(e, "ids are a letter and a number: i incident, e event, q request, "
	    "x exception, g signature, u run, t test, f finding, h hypothesis, v evidence, "
	    "s source");
}
