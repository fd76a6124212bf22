/*
 * reader_list.h - one READER(id, "name") for each read_*.c that holds a format: its
 * `const struct reader reader_id`, and the name that --as takes. Included by
 * readers.c, and where all names are told.
 */
READER(gcp_csv, "gcp-csv")
READER(gcp_json, "gcp-json")
READER(gcp_table, "gcp-table")
READER(gcp_yaml, "gcp-yaml")
READER(go_json, "go-json")
READER(go_text, "go-text")
READER(jest_json, "jest-json")
READER(junit, "junit")
READER(log_dump, "log-dump")
READER(markdown_run, "markdown-run")
READER(pytest, "pytest")
READER(pytest_json, "pytest-json-report")
READER(pytest_reportlog, "pytest-reportlog")
READER(run_json, "run-json")
READER(tap, "tap")
READER(text, "text")
