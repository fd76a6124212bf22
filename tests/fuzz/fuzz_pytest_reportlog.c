/*
 * fuzz_pytest_reportlog.c - any bytes as a report log of pytest. Beside crashes it looks for
 * passes from nowhere: a pass needs the word for it in the input, and a log that is
 * cut behind any line has no pass that the whole log has not.
 */
#include "config.h"

#include "report_seen.h"

extern const struct reader reader_pytest_reportlog;
int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int score = reader_pytest_reportlog.sniff(slice_of((const char *)data, size), true);
	size_t cut = size ? hash_of(slice_of((const char *)data, size), 7) % size : 0;
	struct seen all, part;

	MUST(score >= 0 && score <= 100);
	read_all(&all, &reader_pytest_reportlog, data, size);
	while (cut > 0 && data[cut - 1] != '\n')
		cut--;
	/* UTF-16 is another text when it is cut */
	if (memchr(data, 0, size))
		return 0;
	read_all(&part, &reader_pytest_reportlog, data, cut);
	compare(&all, &part);
	return 0;
}
