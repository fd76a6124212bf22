/* test_io.c - input from files, pipes, memory, gzip; lines; output by rename. */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "io_kit.h"

static void
test_reads_plain_and_gzip_from_file_and_memory(void **state)
{
	struct buf text, packed, out;
	struct seen seen;
	struct err e;

	(void)state;
	fill_text(&text, 700000);
	buf_init(&packed, SIZE_MAX);
	buf_init(&out, SIZE_MAX);
	add_gzip(&packed, buf_slice(&text));
	write_file("a", buf_slice(&text));
	write_file("b", buf_slice(&packed));
	for (int i = 0; i < 4; i++) {
		bool gzip = i & 1;
		struct buf *stored = gzip ? &packed : &text;
		struct slice head;
		struct input *in;

		if (i & 2)
			in = input_from_memory(stored->p, stored->n);
		else
			assert_int_equal(input_open(gzip ? "b" : "a", NULL, &in, &e), 0);
		assert_int_equal(input_head(in, &head, &e), 0);
		assert_int_equal(head.n, INPUT_HEAD);
		assert_memory_equal(head.p, text.p, head.n);
		assert_int_equal(input_offset(in), 0);
		assert_string_equal(input_compression(in), gzip ? "gzip" : "");
		read_all(in, i & 2 ? 977 : 300000, &out, &seen);
		assert_int_equal(seen.n, 0);
		assert_true(slice_eq(buf_slice(&out), buf_slice(&text)));
		check_sha(in, buf_slice(stored));
		input_close(in);
	}
	buf_release(&out);
	buf_release(&packed);
	buf_release(&text);
}

static void
test_sha256_reads_what_is_left(void **state)
{
	struct buf text, packed;
	struct input *in;

	(void)state;
	fill_text(&text, 600000);
	buf_init(&packed, SIZE_MAX);
	add_gzip(&packed, buf_slice(&text));
	in = input_from_memory(packed.p, packed.n);
	check_sha(in, buf_slice(&packed));
	input_close(in);
	in = input_from_memory(text.p, text.n);
	check_sha(in, buf_slice(&text));
	check_sha(in, buf_slice(&text));
	input_close(in);
	in = input_from_memory("", 0);
	check_sha(in, slice_str(NULL));
	input_close(in);
	buf_release(&packed);
	buf_release(&text);
}

static void
test_reads_many_members_as_one(void **state)
{
	struct buf packed, out;
	struct seen seen;
	struct input *in;

	(void)state;
	buf_init(&packed, SIZE_MAX);
	buf_init(&out, SIZE_MAX);
	for (int i = 0; i < 2000; i++)
		add_gzip(&packed, SLICE(""));
	add_gzip(&packed, SLICE("one\n"));
	add_gzip(&packed, SLICE(""));
	add_gzip(&packed, SLICE("two\n"));
	in = input_from_memory(packed.p, packed.n);
	read_all(in, 100, &out, &seen);
	assert_int_equal(seen.n, 0);
	assert_string_equal(out.p, "one\ntwo\n");
	input_close(in);
	buf_release(&out);
	buf_release(&packed);
}

static void
test_a_gzip_cut_anywhere_is_told_and_its_start_kept(void **state)
{
	struct buf text, packed, out;
	struct seen seen;

	(void)state;
	fill_text(&text, 3000);
	buf_init(&packed, SIZE_MAX);
	buf_init(&out, SIZE_MAX);
	add_gzip(&packed, buf_slice(&text));
	for (size_t n = 2; n < packed.n; n++) {
		struct input *in = input_from_memory(packed.p, n);

		read_all(in, 500, &out, &seen);
		assert_int_equal(seen.n, 1);
		assert_int_equal(seen.last.code, DIAG_COMPRESSED_CUT);
		assert_int_equal(seen.last.byte, out.n);
		assert_memory_equal(out.p, text.p, out.n);
		if (n > packed.n - 8)
			assert_int_equal(out.n, text.n);
		check_sha(in, slice_of(packed.p, n));
		input_close(in);
	}
	buf_release(&out);
	buf_release(&packed);
	buf_release(&text);
}

static void
test_a_damaged_gzip_is_told_and_its_start_kept(void **state)
{
	struct buf packed, out;
	struct input *in;
	struct slice head;
	struct seen seen;
	struct err e;

	(void)state;
	buf_init(&packed, SIZE_MAX);
	buf_init(&out, SIZE_MAX);
	add_gzip(&packed, SLICE("kept\n"));
	/* the check sum of the last member */
	packed.p[packed.n - 6] ^= 1;
	in = input_from_memory(packed.p, packed.n);
	read_all(in, 3, &out, &seen);
	assert_string_equal(out.p, "kept\n");
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.last.code, DIAG_COMPRESSED_BAD);
	input_close(in);

	/* other bytes behind the last member; damage met by input_head is told by input_read */
	packed.p[packed.n - 6] ^= 1;
	buf_puts(&packed, "garbage");
	in = input_from_memory(packed.p, packed.n);
	assert_int_equal(input_head(in, &head, &e), 0);
	assert_true(slice_eqs(head, "kept\n"));
	read_all(in, 100, &out, &seen);
	assert_string_equal(out.p, "kept\n");
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.last.code, DIAG_COMPRESSED_BAD);
	assert_int_equal(seen.last.byte, 5);
	check_sha(in, buf_slice(&packed));
	input_close(in);

	in = input_from_memory("\x1f\x8b\x08\xff\xff\xff", 6);
	read_all(in, 100, &out, &seen);
	assert_int_equal(out.n, 0);
	assert_int_equal(seen.n, 1);
	input_close(in);
	buf_release(&out);
	buf_release(&packed);
}

static void
test_no_flipped_byte_crashes_the_reader(void **state)
{
	struct buf text, packed, out;
	struct seen seen;

	(void)state;
	fill_text(&text, 1500);
	buf_init(&packed, SIZE_MAX);
	buf_init(&out, 1 << 20);
	add_gzip(&packed, buf_slice(&text));
	for (size_t i = 2; i < packed.n; i++) {
		struct input *in;

		packed.p[i] ^= 0x55;
		in = input_from_memory(packed.p, packed.n);
		read_all(in, 1000, &out, &seen);
		/* either told, or a header field that says nothing about the text */
		assert_true(seen.n == 1 || slice_eq(buf_slice(&out), buf_slice(&text)));
		input_close(in);
		packed.p[i] ^= 0x55;
	}
	buf_release(&out);
	buf_release(&packed);
	buf_release(&text);
}

static void
test_stops_what_expands_too_far(void **state)
{
	struct input_limits lim = { .expand_free = 100000, .expand_ratio = 50 };
	struct buf packed, out;
	struct input *in;
	struct seen seen;
	struct err e;
	char *zeros = mem_calloc(1, 1 << 20);

	(void)state;
	buf_init(&packed, SIZE_MAX);
	buf_init(&out, SIZE_MAX);
	add_gzip(&packed, slice_of(zeros, 1 << 20));
	write_file("a", buf_slice(&packed));
	assert_int_equal(input_open("a", &lim, &in, &e), 0);
	read_all(in, 4096, &out, &seen);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.last.code, DIAG_EXPANSION);
	assert_true(out.n > 100000 && out.n < 600000);
	input_close(in);

	/* in many small members as well */
	buf_reset(&packed);
	for (int i = 0; i < 100; i++)
		add_gzip(&packed, slice_of(zeros, 20000));
	write_file("a", buf_slice(&packed));
	assert_int_equal(input_open("a", &lim, &in, &e), 0);
	read_all(in, 65536, &out, &seen);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.last.code, DIAG_EXPANSION);
	input_close(in);

	/* not below what is always allowed */
	lim.expand_free = 100 * 20000;
	assert_int_equal(input_open("a", &lim, &in, &e), 0);
	read_all(in, 65536, &out, &seen);
	assert_int_equal(seen.n, 0);
	assert_int_equal(out.n, 100 * 20000);
	input_close(in);
	buf_release(&out);
	buf_release(&packed);
	free(zeros);
}

static void
nothing(int sig)
{
	(void)sig;
}

static void
test_reads_a_pipe_that_gives_a_byte_at_a_time(void **state)
{
	struct sigaction act = { .sa_handler = nothing };
	struct seen seen;
	struct input *in;
	struct buf out;
	struct err e;
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(mkfifo("pipe", 0600), 0);
	/* no SA_RESTART: the reader meets EINTR */
	assert_int_equal(sigaction(SIGUSR1, &act, NULL), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int fd = open("pipe", O_WRONLY);

		for (const char *p = "one\ntwo\n"; *p; p++) {
			kill(getppid(), SIGUSR1);
			usleep(2000);
			if (write(fd, p, 1) != 1)
				_exit(1);
		}
		_exit(0);
	}
	assert_int_equal(input_open("pipe", NULL, &in, &e), 0);
	buf_init(&out, 100);
	read_all(in, 10, &out, &seen);
	assert_string_equal(out.p, "one\ntwo\n");
	input_close(in);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	buf_release(&out);
}

static void
test_refuses_directories_and_missing_files(void **state)
{
	struct input *in;
	struct buf b;
	struct err e;

	(void)state;
	assert_int_equal(input_open(".", NULL, &in, &e), -1);
	assert_null(in);
	assert_int_equal(e.code, ERR_IO);
	assert_string_equal(e.text, "'.' is a directory");
	assert_true(e.help[0] != '\0');
	assert_int_equal(input_open("missing", NULL, &in, &e), -1);
	assert_string_equal(e.text, "cannot open 'missing': No such file or directory");
	input_close(NULL);

	buf_init(&b, 100);
	assert_int_equal(io_slurp(".", 100, &b, &e), -1);
	assert_int_equal(io_slurp("missing", 100, &b, &e), -1);
	buf_release(&b);
}

static void
test_slurps_up_to_its_maximum(void **state)
{
	struct buf b, text;
	struct err e;

	(void)state;
	fill_text(&text, 200000);
	write_file("a", buf_slice(&text));
	buf_init(&b, SIZE_MAX);
	assert_int_equal(io_slurp("a", text.n, &b, &e), 0);
	assert_true(slice_eq(buf_slice(&b), buf_slice(&text)));
	assert_int_equal(io_slurp("a", text.n - 1, &b, &e), -1);
	assert_int_equal(e.code, ERR_IO);
	buf_release(&b);
	buf_init(&b, text.n - 1);
	assert_int_equal(io_slurp("a", SIZE_MAX, &b, &e), -1);
	buf_release(&b);
	buf_release(&text);
}

static void
check_line(struct lines *l, struct slice text, uint64_t no, uint64_t byte)
{
	struct line line;
	struct err e;

	assert_int_equal(lines_next(l, &line, &e), 1);
	assert_true(slice_eq(line.text, text));
	assert_int_equal(line.no, no);
	assert_int_equal(line.byte, byte);
	assert_false(line.clipped);
	assert_true(line.ended);
}

static void
test_gives_lines_with_their_places(void **state)
{
	struct slice text = SLICE("one\r\n\ntw\0o\n\r\nx\ry\nlast");
	struct input *in = input_from_memory(text.p, text.n);
	struct lines l;
	struct line line;
	struct err e;

	(void)state;
	lines_init(&l, in, 100, NULL);
	check_line(&l, SLICE("one"), 1, 0);
	check_line(&l, SLICE(""), 2, 5);
	check_line(&l, SLICE("tw\0o"), 3, 6);
	check_line(&l, SLICE(""), 4, 11);
	check_line(&l, SLICE("x\ry"), 5, 13);
	assert_int_equal(lines_next(&l, &line, &e), 1);
	assert_true(slice_eqs(line.text, "last"));
	assert_false(line.ended);
	assert_int_equal(line.byte, 17);
	assert_int_equal(lines_next(&l, &line, &e), 0);
	assert_int_equal(lines_next(&l, &line, &e), 0);
	lines_release(&l);
	input_close(in);
}

static void
test_clips_long_lines_wherever_they_lie(void **state)
{
	enum { MAX = 100 };

	(void)state;
	/* around the limit, and across the end of a block of 64 KiB */
	for (size_t before = 65400; before <= 65540; before += 7) {
		for (size_t n = MAX - 2; n <= MAX + 2; n++) {
			struct seen seen = { .n = 0 };
			struct diag_sink sink = { keep, &seen };
			struct input *in;
			struct lines l;
			struct line line;
			struct buf b;
			struct err e;

			buf_init(&b, SIZE_MAX);
			for (size_t i = 0; i < before; i++)
				buf_putc(&b, i % 50 == 49 || i == before - 1 ? '\n' : 'a');
			for (size_t i = 0; i < n; i++)
				buf_putc(&b, 'b');
			buf_puts(&b, "\r\nnext\n");
			in = input_from_memory(b.p, b.n);
			lines_init(&l, in, MAX, &sink);
			do
				assert_int_equal(lines_next(&l, &line, &e), 1);
			while (line.text.n == 0 || *line.text.p != 'b');
			assert_int_equal(line.byte, before);
			assert_int_equal(line.text.n, n < MAX ? n : MAX);
			assert_int_equal(line.clipped, n > MAX);
			assert_int_equal(seen.n, n > MAX);
			if (seen.n) {
				assert_int_equal(seen.last.code, DIAG_LINE_LONG);
				assert_int_equal(seen.last.line, line.no);
				assert_int_equal(seen.last.byte, before);
			}
			check_line(&l, SLICE("next"), line.no + 1, before + n + 2);
			lines_release(&l);
			input_close(in);
			buf_release(&b);
		}
	}
}

static void
test_a_huge_line_is_clipped_between_characters(void **state)
{
	struct seen seen = { .n = 0 };
	struct diag_sink sink = { keep, &seen };
	struct input *in;
	struct lines l;
	struct line line;
	struct buf b;
	struct err e;

	(void)state;
	buf_init(&b, SIZE_MAX);
	while (b.n < 3000000)
		buf_puts(&b, "\xE2\x82\xAC");
	in = input_from_memory(b.p, b.n);
	lines_init(&l, in, 1000, &sink);
	assert_int_equal(lines_next(&l, &line, &e), 1);
	assert_int_equal(line.text.n, 999);
	assert_true(line.clipped);
	assert_false(line.ended);
	assert_true(l.text.cap <= 1001);
	assert_int_equal(lines_next(&l, &line, &e), 0);
	assert_int_equal(seen.n, 1);
	lines_release(&l);
	input_close(in);
	buf_release(&b);
}

static void
check_file(const char *path, const char *want, mode_t mode)
{
	struct stat st;
	struct buf b;
	struct err e;

	buf_init(&b, 100000);
	assert_int_equal(io_slurp(path, 100000, &b, &e), 0);
	assert_string_equal(b.p, want);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, mode);
	buf_release(&b);
}

static void
test_output_appears_whole_on_commit(void **state)
{
	struct output *out;
	struct stat st;
	struct err e;
	mode_t old = umask(027);

	(void)state;
	assert_int_equal(output_open("a", &out, &e), 0);
	output_puts(out, "one ");
	output_put(out, SLICE("t\0wo"));
	output_printf(out, " %d\n", 3);
	assert_false(output_is_terminal(out));
	assert_int_not_equal(stat("a", &st), 0);
	assert_int_equal(output_commit(out, &e), 0);
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_size, 11);
	assert_int_equal(st.st_mode & 0777, 0640);

	/* an aborted one leaves the old file, a committed one its mode */
	assert_int_equal(output_open("a", &out, &e), 0);
	output_puts(out, "new");
	output_abort(out);
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_size, 11);
	assert_int_equal(chmod("a", 0600), 0);
	assert_int_equal(symlink("a", "link"), 0);
	assert_int_equal(output_open("link", &out, &e), 0);
	output_puts(out, "new");
	assert_int_equal(output_commit(out, &e), 0);
	check_file("a", "new", 0600);
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	output_abort(NULL);
	umask(old);
}

static void
test_output_reports_every_write_error(void **state)
{
	struct output *out;
	struct stat st;
	struct err e;

	(void)state;
	assert_int_equal(output_open("missing/a", &out, &e), -1);
	assert_null(out);
	assert_int_equal(e.code, ERR_IO);
	assert_non_null(strstr(e.text, "missing/a"));
	assert_int_equal(output_open(".", &out, &e), -1);
	assert_string_equal(e.text, "'.' is a directory");

	if (stat("/dev/full", &st) != 0 || !S_ISCHR(st.st_mode))
		skip();
	/* small enough for the buffer, so that only the flush fails; then too large for it */
	for (int n = 1; n < 100000; n += 99000) {
		assert_int_equal(output_open("/dev/full", &out, &e), 0);
		for (int i = 0; i < n; i++)
			output_puts(out, "x");
		assert_int_equal(output_commit(out, &e), -1);
		assert_string_equal(e.text, "cannot write '/dev/full': No space left on device");
	}
	assert_int_equal(stat("/dev/full", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
}

static void
test_standard_output_that_is_gone_is_an_error(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	fflush(stdout);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct output *out;
		struct err e;
		int ends[2];

		signal(SIGPIPE, SIG_IGN);
		if (pipe(ends) != 0 || dup2(ends[1], STDOUT_FILENO) < 0)
			_exit(10);
		close(ends[0]);
		close(ends[1]);
		if (output_open(NULL, &out, &e) != 0)
			_exit(11);
		output_puts(out, "lost");
		if (output_commit(out, &e) == 0)
			_exit(12);
		_exit(strcmp(e.text, "cannot write 'standard output': Broken pipe") == 0 ? 0 : 13);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		IN_FOLDER(test_reads_plain_and_gzip_from_file_and_memory),
		cmocka_unit_test(test_sha256_reads_what_is_left),
		cmocka_unit_test(test_reads_many_members_as_one),
		cmocka_unit_test(test_a_gzip_cut_anywhere_is_told_and_its_start_kept),
		cmocka_unit_test(test_a_damaged_gzip_is_told_and_its_start_kept),
		cmocka_unit_test(test_no_flipped_byte_crashes_the_reader),
		IN_FOLDER(test_stops_what_expands_too_far),
		IN_FOLDER(test_reads_a_pipe_that_gives_a_byte_at_a_time),
		IN_FOLDER(test_refuses_directories_and_missing_files),
		IN_FOLDER(test_slurps_up_to_its_maximum),
		cmocka_unit_test(test_gives_lines_with_their_places),
		cmocka_unit_test(test_clips_long_lines_wherever_they_lie),
		cmocka_unit_test(test_a_huge_line_is_clipped_between_characters),
		IN_FOLDER(test_output_appears_whole_on_commit),
		IN_FOLDER(test_output_reports_every_write_error),
		cmocka_unit_test(test_standard_output_that_is_gone_is_an_error),
	};

	return cmocka_run_group_tests_name("io", tests, NULL, NULL);
}
