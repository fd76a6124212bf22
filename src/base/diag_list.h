/*
 * diag_list.h - the catalogue of complaints about input, one line each:
 * DIAG(code, level, "name", "sentence"). Each stands in the DIAGNOSTICS section
 * of netra-triage-ingest(1) under its name. Included by diag.h and diag.c only.
 */
DIAG(JSON_CUT, DAMAGE, "json-cut", "the input is cut short")
DIAG(JSON_BAD, DAMAGE, "json-bad", "this record is not valid JSON")
DIAG(JSON_COMMA, NOTE, "json-comma",
    "array elements without a comma between them were read all the same")
DIAG(JSON_KEY_TWICE, NOTE, "json-key-twice", "a key occurs twice, the last value counts")
DIAG(JSON_DEEP, LIMIT, "json-deep", "this record is nested too deeply")
DIAG(RECORD_LONG, LIMIT, "record-long", "this record is longer than the limit")
DIAG(ENTRY_NO_TIME, DAMAGE, "entry-no-time", "this entry has no readable timestamp")
DIAG(ROW_BAD, DAMAGE, "row-bad", "this row does not fit the header")
DIAG(YAML_BAD, DAMAGE, "yaml-bad", "this document is not valid YAML")
DIAG(NOT_ENTRY, NOTE, "not-entry", "this record or line is not a log entry")
DIAG(PAYLOAD_CUT, NOTE, "payload-cut", "the writer of the export had cut this payload")
DIAG(WRAPPER_TOTAL, WARNING, "wrapper-total",
    "a wrapper states another number of entries than it holds")
DIAG(STRAY_TEXT, DAMAGE, "stray-text", "text between records was skipped")
DIAG(BAD_UTF8, NOTE, "bad-utf8", "invalid UTF-8 or UTF-16 was replaced by U+FFFD")
DIAG(LINE_LONG, LIMIT, "line-long", "a line is longer than the limit and was clipped")
DIAG(COMPRESSED_CUT, DAMAGE, "compressed-cut", "the compressed input is cut short")
DIAG(COMPRESSED_BAD, DAMAGE, "compressed-bad", "the compressed input is damaged")
DIAG(EXPANSION, LIMIT, "expansion", "the compressed input expands too far")
DIAG(XML_BAD, DAMAGE, "xml-bad", "the XML is not well-formed")
DIAG(XML_CUT, DAMAGE, "xml-cut", "the XML ends before its root element is closed")
DIAG(XML_ENTITY, DAMAGE, "xml-entity", "document type declarations are refused")
DIAG(XML_LIMIT, LIMIT, "xml-limit", "an XML limit was hit")
DIAG(RUN_NO_END, WARNING, "run-no-end", "the test run has no final line")
DIAG(RUN_COUNTS, WARNING, "run-counts", "the counts printed by the run do not add up")
DIAG(RUN_LIMIT, LIMIT, "run-limit", "a limit on what is kept of a test run was hit")
DIAG(RUN_WRAPPER, WARNING, "run-wrapper", "a wrapper reports other totals than the run inside it")
DIAG(RUN_FACTS, NOTE, "run-facts", "the run says more of its world than is kept")
DIAG(MATCH_LIMIT, LIMIT, "match-limit", "a rule hit its match limit on an entry")
DIAG(PATTERN_CLIP, NOTE, "message-clipped", "a long message was matched by its head and tail only")
DIAG(TRUNCATED, WARNING, "truncated", "the export looks cut by a --limit")
DIAG(LOST_FIELDS, WARNING, "lost-fields", "this output has lost fields that the log has")
DIAG(EMPTY, WARNING, "empty", "the input holds no record")
