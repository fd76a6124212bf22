/*
 * mem.h - allocation that never returns NULL.
 *
 * Running out of memory ends the process with a message and exit code 6: every
 * write to the database is a transaction, so nothing half-done is left behind.
 * Sizes are checked for overflow. Any folder may include this header.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* what the functions below do when there is no memory: message, exit code 6 */
_Noreturn void mem_fail(void);

void	*mem_alloc(size_t size);
void	*mem_calloc(size_t n, size_t size);	/* zeroed; aborts when n * size overflows */
void	*mem_realloc(void *p, size_t size);
char	*mem_strdup(const char *s);
char	*mem_strndup(const char *p, size_t n);	/* copies n bytes and adds a NUL */

/*
 * Make room for `need` elements of `size` bytes in the array at *array, whose
 * room is *cap elements. Grows by half, so that appending is linear in total.
 * Returns the (possibly moved) array; the caller stores it back:
 *
 *	v->item = mem_grow(v->item, &v->cap, v->n + 1, sizeof *v->item);
 */
void	*mem_grow(void *array, size_t *cap, size_t need, size_t size);

#endif
