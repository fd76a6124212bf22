/*
 * section_list.h - SECTION(name) for each section_*.c, in the order of the worklog;
 * included by doc.c
 */
SECTION(header)
SECTION(summary)
SECTION(tests)
SECTION(incidents)
SECTION(whys)
SECTION(hypotheses)
SECTION(remediation)
SECTION(next_steps)
SECTION(sources)
SECTION(diagnostics)
