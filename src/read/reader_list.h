/* reader_list.h - one READER(name) for each read_*.c that holds a format; included by readers.c */
READER(gcp_json)
READER(gcp_table)
READER(junit)
READER(log_dump)
READER(pytest)
