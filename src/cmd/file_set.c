/* file_set.c - files that were seen already, by device and inode */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/walk.h"

struct file_seen {
	dev_t device;
	ino_t inode;
	char *path;			/* NULL: the place is free */
};

void
file_set_init(struct file_set *s)
{
	*s = (struct file_set){ .seen = NULL };
}

void
file_set_release(struct file_set *s)
{
	for (size_t i = 0; i < s->cap; i++)
		free(s->seen[i].path);
	free(s->seen);
	file_set_init(s);
}

static struct file_seen *
place_of(const struct file_set *s, dev_t device, ino_t inode)
{
	uint64_t hash = ((uint64_t)inode * UINT64_C(0x9E3779B97F4A7C15)) ^ (uint64_t)device;
	size_t i = (size_t)(hash >> 20) & (s->cap - 1);

	while (s->seen[i].path && (s->seen[i].device != device || s->seen[i].inode != inode))
		i = (i + 1) & (s->cap - 1);
	return &s->seen[i];
}

/* a power of two, at most half full */
static void
grow(struct file_set *s)
{
	struct file_set old = *s;

	if (s->n * 2 < s->cap)
		return;
	s->cap = old.cap ? old.cap * 2 : 64;
	s->seen = mem_calloc(s->cap, sizeof *s->seen);
	for (size_t i = 0; i < old.cap; i++)
		if (old.seen[i].path)
			*place_of(s, old.seen[i].device, old.seen[i].inode) = old.seen[i];
	free(old.seen);
}

const char *
file_set_add(struct file_set *s, const char *path)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct file_seen *place;
	struct stat sb;

	if ((is_stdin ? fstat(STDIN_FILENO, &sb) : stat(path, &sb)) != 0)
		return NULL;
	grow(s);
	place = place_of(s, sb.st_dev, sb.st_ino);
	if (place->path)
		return place->path;
	*place = (struct file_seen){ sb.st_dev, sb.st_ino, mem_strdup(path) };
	s->n++;
	return NULL;
}
