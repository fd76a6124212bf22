/*
 * replay.c - run a fuzz target over files, without a fuzzer: every seed and every
 * input that once broke something is replayed by `make check`.
 */
#include "config.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
replay_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data;
	size_t n;
	long size;

	if (!f || fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0) {
		fprintf(stderr, "replay: cannot read %s\n", path);
		return -1;
	}
	rewind(f);
	/* exactly as many bytes as the file has, so that the sanitizer sees a read past them */
	data = malloc((size_t)size ? (size_t)size : 1);
	n = data ? fread(data, 1, (size_t)size, f) : 0;
	fclose(f);
	if (n == (size_t)size)
		LLVMFuzzerTestOneInput(data, n);
	free(data);
	return n == (size_t)size ? 0 : -1;
}

static int
replay_folder(const char *path, unsigned *count)
{
	struct dirent **list;
	int n = scandir(path, &list, NULL, alphasort), i, rc = 0;
	char file[4096];

	if (n < 0) {
		fprintf(stderr, "replay: cannot read %s\n", path);
		return -1;
	}
	for (i = 0; i < n; i++) {
		if (list[i]->d_name[0] != '.') {
			snprintf(file, sizeof file, "%s/%s", path, list[i]->d_name);
			rc |= replay_file(file);
			++*count;
		}
		free(list[i]);
	}
	free(list);
	return rc;
}

int
main(int argc, char **argv)
{
	unsigned count = 0;
	int i, rc = 0;

	for (i = 1; i < argc; i++) {
		struct stat sb;

		if (stat(argv[i], &sb) == 0 && S_ISDIR(sb.st_mode)) {
			rc |= replay_folder(argv[i], &count);
		} else {
			rc |= replay_file(argv[i]);
			count++;
		}
	}
	printf("%u inputs replayed\n", count);
	return rc || count == 0;
}
