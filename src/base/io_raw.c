/*
 * io_raw.c - bytes as stored, from a file, stdin or memory, hashed as they come.
 */
#include "config.h"

#include "base/io_raw.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

int
raw_open_file(const char *path, struct err *e)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct stat st;
	int fd;

	fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_errno(e, ERR_IO, "cannot open '%s'", path);
	if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
		return fd;
	err_set(e, ERR_IO, "'%s' is a directory", path);
	err_help(e, "name the files in it");
	if (!is_stdin)
		close(fd);
	return -1;
}

int
raw_read(int fd, char *p, size_t room, size_t *got)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	for (;;) {
		ssize_t n = read(fd, p, room);

		if (n >= 0) {
			*got = (size_t)n;
			return 0;
		}
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			poll(&wait, 1, -1);
		else if (errno != EINTR)
			return -1;
	}
}

int
raw_open(struct raw *r, const char *path, struct err *e)
{
	int fd = raw_open_file(path, e);

	if (fd < 0)
		return -1;
	*r = (struct raw){ .path = mem_strdup(path), .fd = fd, .close_fd = fd != STDIN_FILENO,
		.room = mem_alloc(RAW_SIZE) };
	sha256_init(&r->sha);
	return 0;
}

void
raw_from_memory(struct raw *r, const char *p, size_t n)
{
	*r = (struct raw){ .path = mem_strdup("(memory)"), .fd = -1, .memory = p,
		.memory_left = n };
	sha256_init(&r->sha);
}

void
raw_from_fn(struct raw *r, input_fn *fn, void *ctx)
{
	*r = (struct raw){ .path = mem_strdup("(text)"), .fd = -1, .fn = fn, .ctx = ctx,
		.room = mem_alloc(RAW_SIZE) };
	sha256_init(&r->sha);
}

void
raw_close(struct raw *r)
{
	if (r->close_fd)
		close(r->fd);
	free(r->room);
	free(r->path);
}

static void
next_window(struct raw *r)
{
	size_t n = r->memory_left < RAW_SIZE ? r->memory_left : RAW_SIZE;

	if (r->n == 0)
		r->p = r->memory;
	if (n)
		r->memory += n;
	r->memory_left -= n;
	r->n += n;
	r->end = n == 0;
}

int
raw_fill(struct raw *r, struct err *e)
{
	size_t before = r->n, got;

	if (r->fd < 0 && !r->fn) {
		next_window(r);
	} else {
		if (before)
			memmove(r->room, r->p, before);
		r->p = r->room;
		if (r->fn && r->fn(r->ctx, r->room + before, RAW_SIZE - before, &got, e) != 0)
			return -1;
		if (!r->fn && raw_read(r->fd, r->room + before, RAW_SIZE - before, &got) != 0)
			return err_errno(e, ERR_IO, "cannot read '%s'", r->path);
		r->n += got;
		r->end = got == 0;
	}
	r->stored += r->n - before;
	if (r->n > before)
		sha256_update(&r->sha, r->p + before, r->n - before);
	return 0;
}

int
raw_fill_to(struct raw *r, size_t need, struct err *e)
{
	while (r->n < need && !r->end) {
		if (raw_fill(r, e) != 0)
			return -1;
	}
	return 0;
}

void
raw_use(struct raw *r, size_t n)
{
	if (n)
		r->p += n;
	r->n -= n;
}

uint64_t
raw_used(const struct raw *r)
{
	return r->stored - r->n;
}
