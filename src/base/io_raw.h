/*
 * io_raw.h - bytes as stored, from a file, stdin or memory, hashed as they come.
 *
 * A window of at most RAW_SIZE bytes: `p`, `n` are those that were read and not
 * used yet. Private to base/io*.
 */
#ifndef BASE_IO_RAW_H
#define BASE_IO_RAW_H

#include "base/digest.h"
#include "base/err.h"
#include "base/io.h"

#define RAW_SIZE (256 * 1024)		/* bytes read from a file at a time */

struct raw {
	char *path;			/* for messages */
	int fd;				/* -1: from memory or fn */
	input_fn *fn;
	void *ctx;
	bool close_fd;
	const char *memory;		/* what is left of it; borrowed */
	size_t memory_left;
	char *room;			/* RAW_SIZE bytes; NULL from memory */
	const char *p;			/* into room or into the caller's memory */
	size_t n;
	bool end;
	uint64_t stored;		/* bytes read so far */
	struct sha256 sha;		/* of them */
};

int	raw_open(struct raw *r, const char *path, struct err *e);
void	raw_from_memory(struct raw *r, const char *p, size_t n);
void	raw_from_fn(struct raw *r, input_fn *fn, void *ctx);
void	raw_close(struct raw *r);
/* add stored bytes behind those that are left; sets end when there are none */
int	raw_fill(struct raw *r, struct err *e);
/* until there are `need` bytes (at most RAW_SIZE) or no more */
int	raw_fill_to(struct raw *r, size_t need, struct err *e);
void	raw_use(struct raw *r, size_t n);
uint64_t raw_used(const struct raw *r);

/* opens a file to read; directories are refused here, as read(2) is late and says less */
int	raw_open_file(const char *path, struct err *e);
/* read(2) that goes on after signals and waits where the descriptor does not block */
int	raw_read(int fd, char *p, size_t room, size_t *got);

#endif
