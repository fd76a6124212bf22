/* reader_list.h - one READER(name) for each read_*.c that holds a format; included by readers.c */
READER(gcp_csv)
READER(gcp_json)
READER(gcp_yaml)
READER(junit)
READER(pytest)
