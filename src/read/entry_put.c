/*
 * entry_put.c - records to the sink, and the one place that words what is wrong with them.
 */
#include "config.h"

#include "read/entry_map.h"
#include "read/entry_put.h"

void
entry_put_init(struct entry_put *p, const struct read_job *job, struct arena *arena)
{
	*p = (struct entry_put){ .sink = job->sink, .zone = job->zone, .arena = arena };
}

void
record_point(struct record_at *at, size_t offset, const char *fault)
{
	at->fault_line = at->line;
	at->fault_col = at->col;
	for (size_t i = 0; i < offset; i++) {
		at->fault_col++;
		if (at->text.p[i] == '\n') {
			at->fault_line++;
			at->fault_col = 1;
		}
	}
	at->fault_byte = at->byte + offset;
	at->fault = fault;
}

static struct slice
reason_of(struct entry_put *p, enum diag_code code, const struct record_at *at)
{
	if (!at->fault)
		return slice_str(arena_printf(p->arena, "%s (%llu bytes)", diag_text(code),
		    (unsigned long long)at->bytes));
	if (at->fault_byte == at->byte)
		return slice_str(arena_printf(p->arena, "%s: %s", diag_text(code), at->fault));
	return slice_str(arena_printf(p->arena, "%s: %s, at line %llu, column %llu (byte %llu)",
	    diag_text(code), at->fault, (unsigned long long)at->fault_line,
	    (unsigned long long)at->fault_col, (unsigned long long)at->fault_byte));
}

int
entry_put_bad(struct entry_put *p, enum diag_code code, const struct record_at *at,
    struct err *e)
{
	struct bad_record bad = {
		.kind = code == DIAG_NOT_ENTRY ? BAD_NOT_EVIDENCE : BAD_DAMAGED,
		.line = at->line, .byte = at->byte, .bytes = at->bytes,
		.reason = reason_of(p, code, at),
		.head = slice_sub(at->text, 0, RECORD_HEAD), .sha256 = at->sha256,
	};

	p->seen++;
	if (at->fault)
		diag_put(&p->sink->diag, code, at->fault_line, at->fault_col, at->fault_byte,
		    "%s; the record begins at line %llu and has %llu bytes", at->fault,
		    (unsigned long long)at->line, (unsigned long long)at->bytes);
	else
		diag_put(&p->sink->diag, code, at->line, at->col, at->byte, "%llu bytes",
		    (unsigned long long)at->bytes);
	return p->sink->bad(p->sink->ctx, &bad, e);
}

int
entry_put_entry(struct entry_put *p, struct entry *entry, const struct record_at *at,
    struct err *e)
{
	p->seen++;
	entry->lossy |= p->lossy;
	entry->line = at->line;
	entry->byte = at->byte;
	entry->bytes = at->bytes;
	if (entry->payload_cut)
		diag_put(&p->sink->diag, DIAG_PAYLOAD_CUT, at->line, at->col, at->byte,
		    "it counts as no payload, and a whole one fills it");
	return p->sink->entry(p->sink->ctx, entry, e);
}

int
entry_put_object(struct entry_put *p, const json_t *object, struct record_at *at, struct err *e)
{
	struct entry entry;

	switch (entry_map(object, p->zone, p->arena, &entry)) {
	case ENTRY_OK:
		return entry_put_entry(p, &entry, at, e);
	case ENTRY_MADE_UP:
		record_point(at, 0, "it names a source but has no insertId, logName or resource");
		return entry_put_bad(p, DIAG_NOT_ENTRY, at, e);
	case ENTRY_NO_CLOCK:
		return entry_put_bad(p, DIAG_ENTRY_NO_TIME, at, e);
	case ENTRY_NONE:
		break;
	}
	return entry_put_bad(p, DIAG_NOT_ENTRY, at, e);
}
