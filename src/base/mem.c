#include "config.h"

#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* design: exit 6 is I/O or memory */
#define EXIT_MEMORY 6

/* write(2), as stdio might want to allocate */
_Noreturn void
mem_fail(void)
{
	static const char text[] = "netra-triage: out of memory\n";
	ssize_t n = write(STDERR_FILENO, text, sizeof text - 1);

	(void)n;
	_exit(EXIT_MEMORY);
}

void *
mem_alloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		mem_fail();
	return p;
}

void *
mem_calloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		mem_fail();
	return p;
}

void *
mem_realloc(void *p, size_t size)
{
	void *q = realloc(p, size ? size : 1);

	if (!q)
		mem_fail();
	return q;
}

char *
mem_strdup(const char *s)
{
	return mem_strndup(s, strlen(s));
}

char *
mem_strndup(const char *p, size_t n)
{
	char *s;

	if (n == SIZE_MAX)
		mem_fail();
	s = mem_alloc(n + 1);
	if (n)
		memcpy(s, p, n);
	s[n] = '\0';
	return s;
}

void *
mem_grow(void *array, size_t *cap, size_t need, size_t size)
{
	size_t to = *cap;

	if (need <= to)
		return array;
	if (size == 0)
		size = 1;
	if (need > PTRDIFF_MAX / size)
		mem_fail();
	to = to < 8 ? 8 : to + to / 2;
	if (to < need || to > PTRDIFF_MAX / size)
		to = need;
	array = mem_realloc(array, to * size);
	*cap = to;
	return array;
}
