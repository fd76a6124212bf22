/* format_list.h - FORMAT(name) for each table writer out_*.c; included by table.c */
FORMAT(box)
FORMAT(table)
FORMAT(line)
FORMAT(tsv)
FORMAT(csv)
FORMAT(json)
FORMAT(ndjson)
FORMAT(markdown)
