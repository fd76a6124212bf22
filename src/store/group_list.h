/*
 * group_list.h - the files of store/ that have statements: GROUP(ID, table).
 * Included by db.h and db.c only.
 */
GROUP(DB, sql_db)
GROUP(ORIGIN, sql_origin)
GROUP(SOURCE, sql_source)
GROUP(EVENT, sql_event)
GROUP(TEST, sql_test)
GROUP(HIT, sql_hit)
GROUP(FORGET, sql_forget)
GROUP(EVAL, sql_eval)
GROUP(MESSAGE, sql_message)
GROUP(INCIDENT, sql_incident)
GROUP(HYPOTHESIS, sql_hypothesis)
GROUP(GAP, sql_gap)
GROUP(QUOTE, sql_quote)
GROUP(EVIDENCE, sql_evidence)
GROUP(EACH, sql_each)
GROUP(CASE, sql_case)
GROUP(CASE_INCIDENT, sql_case_incident)
GROUP(CASE_RUN, sql_case_run)
GROUP(CASE_SOURCE, sql_case_source)
GROUP(FUNCTION, sql_function)
