/* test_buf_arena.c - owned memory: arena, bounded buffer, growing array, out of memory. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"

/* with the address sanitizer a huge calloc shall fail as it does without */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void
test_buf_is_always_terminated(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	assert_string_equal(b.p, "");
	buf_puts(&b, "ab");
	buf_putc(&b, 'c');
	buf_put(&b, "d\0e", 3);
	buf_put(&b, NULL, 0);
	buf_put_slice(&b, SLICE("f"));
	assert_int_equal(b.n, 7);
	assert_memory_equal(b.p, "abcd\0ef", 8);
	buf_truncate(&b, 2);
	assert_string_equal(b.p, "ab");
	buf_truncate(&b, 5);
	assert_int_equal(b.n, 2);
	buf_printf(&b, "-%d-%s", 42, "x");
	assert_string_equal(b.p, "ab-42-x");
	assert_true(slice_eqs(buf_slice(&b), "ab-42-x"));
	assert_false(b.over);
	buf_release(&b);
}

static void
test_buf_keeps_what_fits_and_says_so(void **state)
{
	struct buf b;

	(void)state;
	for (size_t max = 0; max < 300; max++) {
		char want[600];

		memset(want, 'x', sizeof want);
		buf_init(&b, max);
		for (int i = 0; i < 3; i++)
			buf_put(&b, want, 97);
		assert_int_equal(b.n, max < 291 ? max : 291);
		assert_int_equal(b.over, max < 291);
		assert_int_equal(strlen(b.p), b.n);
		assert_true(b.cap <= max + 1);
		buf_reset(&b);
		assert_false(b.over);
		want[200] = '\0';
		buf_printf(&b, "%s", want);
		assert_int_equal(b.n, max < 200 ? max : 200);
		assert_int_equal(b.over, max < 200);
		assert_int_equal(strlen(b.p), b.n);
		buf_release(&b);
	}
}

static void
test_buf_without_a_real_maximum_grows(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, SIZE_MAX);
	for (int i = 0; i < 100000; i++)
		buf_puts(&b, "0123456789");
	assert_int_equal(b.n, 1000000);
	assert_false(b.over);
	buf_release(&b);
}

static void
test_arena_gives_zeroed_aligned_memory(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	for (int round = 0; round < 3; round++) {
		for (size_t size = 0; size < 70000; size = size * 3 / 2 + 1) {
			char *p = arena_alloc(&a, size);

			assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
			for (size_t i = 0; i < size; i++)
				assert_int_equal(p[i], 0);
			if (size)
				memset(p, 0xA5, size);
		}
		assert_true(a.used > 70000);
		arena_reset(&a);
		assert_int_equal(a.used, 0);
	}
	arena_release(&a);
}

static void
test_arena_objects_do_not_overlap(void **state)
{
	enum { N = 3000 };
	unsigned char **p = mem_calloc(N, sizeof *p);
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < N; i++) {
		size_t size = i % 97 == 0 ? 20000 : i % 61 + 1;

		p[i] = arena_alloc(&a, size);
		memset(p[i], (int)(i % 251), size);
	}
	for (size_t i = 0; i < N; i++) {
		size_t size = i % 97 == 0 ? 20000 : i % 61 + 1;

		for (size_t k = 0; k < size; k++)
			assert_int_equal(p[i][k], i % 251);
	}
	arena_release(&a);
	free(p);
}

static void
test_arena_copies_text(void **state)
{
	struct arena a;
	struct slice s;
	char *p;

	(void)state;
	arena_init(&a);
	s = arena_copy(&a, SLICE("a\0b"));
	assert_int_equal(s.n, 3);
	assert_memory_equal(s.p, "a\0b", 4);
	assert_string_equal(arena_str(&a, slice_str(NULL)), "");
	assert_string_equal(arena_printf(&a, "%s-%03d", "x", 7), "x-007");
	p = arena_printf(&a, "%5000s", "y");
	assert_int_equal(strlen(p), 5000);
	assert_non_null(arena_array(&a, 0, 8));
	arena_release(&a);
}

static void
test_mem_grow_keeps_content_and_grows_in_steps(void **state)
{
	size_t cap = 0, moves = 0;
	int *v = NULL;

	(void)state;
	for (size_t n = 0; n < 100000; n++) {
		size_t before = cap;

		v = mem_grow(v, &cap, n + 1, sizeof *v);
		moves += cap != before;
		assert_true(cap > n);
		v[n] = (int)n;
	}
	for (size_t n = 0; n < 100000; n++)
		assert_int_equal(v[n], n);
	assert_true(moves < 40);
	free(v);
}

static void
grow_too_far(void)
{
	size_t cap = 0;

	free(mem_grow(NULL, &cap, SIZE_MAX / 2, 16));
}

static void
count_too_many(void)
{
	volatile size_t n = SIZE_MAX / 2;

	free(mem_calloc(n, 16));
}

static void
array_too_long(void)
{
	struct arena a;

	arena_init(&a);
	arena_array(&a, SIZE_MAX / 2, 16);
	arena_release(&a);
}

static void
test_absurd_sizes_end_with_exit_code_6(void **state)
{
	static void (*const doomed[])(void) = { mem_fail, grow_too_far, count_too_many,
		array_too_long };

	(void)state;
	for (size_t i = 0; i < sizeof doomed / sizeof doomed[0]; i++) {
		char text[100] = "";
		int status, ends[2];
		pid_t pid;

		assert_int_equal(pipe(ends), 0);
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			dup2(ends[1], STDERR_FILENO);
			doomed[i]();
			_exit(99);
		}
		close(ends[1]);
		assert_true(read(ends[0], text, sizeof text - 1) > 0);
		close(ends[0]);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 6);
		assert_string_equal(text, "netra-triage: out of memory\n");
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buf_is_always_terminated),
		cmocka_unit_test(test_buf_keeps_what_fits_and_says_so),
		cmocka_unit_test(test_buf_without_a_real_maximum_grows),
		cmocka_unit_test(test_arena_gives_zeroed_aligned_memory),
		cmocka_unit_test(test_arena_objects_do_not_overlap),
		cmocka_unit_test(test_arena_copies_text),
		cmocka_unit_test(test_mem_grow_keeps_content_and_grows_in_steps),
		cmocka_unit_test(test_absurd_sizes_end_with_exit_code_6),
	};

	return cmocka_run_group_tests_name("buf_arena", tests, NULL, NULL);
}
