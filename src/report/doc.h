/*
 * doc.h - the neutral tree that sections build and writers print.
 *
 * Sections add nodes and never escape; each writer escapes for its own sink.
 * Every count, time and duration is a fact node: its text and the SQL over the
 * public views that gives exactly that text. A quote is log text: data, never
 * markup. All nodes live in the arena of the document.
 */
#ifndef REPORT_DOC_H
#define REPORT_DOC_H

#include "base/arena.h"
#include "base/buf.h"
#include "model/case_file.h"
#include "report/tokens.h"

enum doc_kind {
	DOC_ROOT, DOC_HEADING, DOC_PARA, DOC_LIST, DOC_NUMBERED, DOC_ITEM, DOC_TABLE, DOC_ROW,
	DOC_CELL, DOC_QUOTE,		/* a block of log text */
	DOC_CODE,			/* a block that is a command */
	/* inline */
	DOC_TEXT, DOC_STRONG, DOC_TERM,	/* TERM: a word from the evidence, shown as code */
	DOC_FACT, DOC_CITE,
	DOC_WORDS	/* a title, a rule's text, an option: shown plain, escaped */
};

struct doc_node {
	enum doc_kind kind;
	int level;			/* headings 1..6 */
	struct slice text;
	struct slice sql;		/* facts */
	const struct cite *cite;	/* cites */
	struct doc_node *first, *last, *next;	/* children and sibling */
};

struct doc {
	struct arena *arena;
	struct doc_node *root;
};

void	doc_init(struct doc *d, struct arena *a);
struct doc_node *doc_add(struct doc *d, struct doc_node *parent, enum doc_kind kind,
	    struct slice text);
struct doc_node *doc_heading(struct doc *d, int level, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
struct doc_node *doc_para(struct doc *d, struct doc_node *parent);	/* parent NULL: root */
void	doc_text(struct doc *d, struct doc_node *n, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
void	doc_strong(struct doc *d, struct doc_node *n, struct slice text);
void	doc_term(struct doc *d, struct doc_node *n, struct slice text);
void	doc_words(struct doc *d, struct doc_node *n, struct slice text);
void	doc_cite(struct doc *d, struct doc_node *n, const struct cite *c);

/* facts: value as text, SQL by format; times are UTC */
void	doc_fact(struct doc *d, struct doc_node *n, struct slice text, const char *sqlfmt, ...)
	    __attribute__((format(printf, 4, 5)));
void	doc_count(struct doc *d, struct doc_node *n, int64_t value, const char *sqlfmt, ...)
	    __attribute__((format(printf, 4, 5)));
/* "2025-10-02T09:14:03.250117Z": 6 digits, or 9 when they are needed; the SQL gives a ts text of
 * 9 digits in one column, which doc_time wraps so that its answer is the printed text */
void	doc_time(struct doc *d, struct doc_node *n, int64_t ns, const char *sqlfmt, ...)
	    __attribute__((format(printf, 4, 5)));
/* "125.908 s": the SQL gives integer nanoseconds, wrapped likewise */
void	doc_duration(struct doc *d, struct doc_node *n, int64_t ns, const char *sqlfmt, ...)
	    __attribute__((format(printf, 4, 5)));

/* doc_time in a zone, "2025-10-02T02:14:03.250117-07:00"; the SQL gives integer nanoseconds */
void	doc_local(struct doc *d, struct doc_node *n, int64_t ns, const struct zone *zone,
	    const char *sqlfmt, ...) __attribute__((format(printf, 5, 6)));

/* a section: builds nodes from the case; no heading when there is nothing to say */
struct section {
	const char *name;		/* for --section */
	const char *about;
	void (*build)(const struct case_file *c, struct doc *d);
};
const struct section *section_at(size_t i);	/* in the order of the report; NULL past the last */
const struct section *section_by_name(const char *name);
void	doc_build(const struct case_file *c, const struct section *only, struct doc *d);

/* all that is known of one source: no section of a worklog, `show sN` prints it */
void	source_page(const struct case_file *c, const struct case_source *s, struct doc *d);

/*
 * Number the redaction tokens of the whole document, before it is written. Facts
 * written by out_facts_json() are numbered each for itself, as its SQL does.
 */
void	doc_number(struct doc *d, token_kind_fn *known);
void	doc_number_facts(struct doc *d, token_kind_fn *known);

/* writers */
void	out_markdown(const struct doc *d, struct buf *out);
void	out_doc_json(const struct doc *d, struct buf *out);	/* {"format":1,"rows":[blocks]} */
/* every fact in order: {"format":1,"rows":[{"text":..,"sql":..}]} */
void	out_facts_json(const struct doc *d, struct buf *out);

#endif
