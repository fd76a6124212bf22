/*
 * format_sample.h - the samples of a format are its tests. Private to read/.
 */
#ifndef READ_FORMAT_SAMPLE_H
#define READ_FORMAT_SAMPLE_H

#include "read/format_match.h"
#include "read/format_node.h"

/* a fault for each sample that is not read as it says, and when there is none; counts them */
void	format_check_samples(const struct fnode *doc, struct line_format *f);

#endif
