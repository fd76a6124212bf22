#include "config.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

struct output {
	char *path;		/* as asked for, for messages */
	char *target, *temp;	/* both NULL when written in place: stdout, devices, pipes */
	FILE *file;
	mode_t mode;
	int fault;		/* errno of the first write that failed */
};

static mode_t
new_file_mode(void)
{
	mode_t mask = umask(077);

	umask(mask);
	return 0666 & ~mask;
}

/* ".name.XXXXXX" beside the target, so that the rename stays inside one file system */
static char *
temp_name(const char *target)
{
	const char *slash = strrchr(target, '/');
	size_t folder = slash ? (size_t)(slash - target) + 1 : 0;
	struct buf b;

	buf_init(&b, strlen(target) + sizeof "..XXXXXX");
	buf_put(&b, target, folder);
	buf_printf(&b, ".%s.XXXXXX", target + folder);
	return b.p;
}

static int
open_temp(struct output *out, struct err *e)
{
	int fd;

	out->temp = temp_name(out->target);
	fd = mkstemp(out->temp);
	if (fd < 0) {
		int number = errno;

		free(out->temp);
		out->temp = NULL;
		errno = number;
		return err_errno(e, ERR_IO, "cannot create a file beside '%s'", out->path);
	}
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	out->file = fdopen(fd, "w");
	if (out->file)
		return 0;
	err_errno(e, ERR_IO, "cannot write '%s'", out->path);
	close(fd);
	return -1;
}

/* what is no regular file (/dev/null, a pipe) is written in place, as a rename would replace it */
static int
open_target(struct output *out, struct err *e)
{
	struct stat st;
	int fd;

	if (stat(out->path, &st) != 0) {
		out->target = mem_strdup(out->path);
		out->mode = new_file_mode();
		return open_temp(out, e);
	}
	if (S_ISDIR(st.st_mode))
		return err_set(e, ERR_IO, "'%s' is a directory", out->path);
	if (S_ISREG(st.st_mode)) {
		out->target = realpath(out->path, NULL);
		if (!out->target)
			return err_errno(e, ERR_IO, "cannot write '%s'", out->path);
		out->mode = st.st_mode & 0777;
		return open_temp(out, e);
	}
	fd = open(out->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_errno(e, ERR_IO, "cannot open '%s'", out->path);
	out->file = fdopen(fd, "w");
	if (out->file)
		return 0;
	err_errno(e, ERR_IO, "cannot write '%s'", out->path);
	close(fd);
	return -1;
}

int
output_open(const char *path, struct output **out, struct err *e)
{
	struct output *o = mem_calloc(1, sizeof *o);

	*out = NULL;
	if (!path || strcmp(path, "-") == 0) {
		o->path = mem_strdup("standard output");
		o->file = stdout;
	} else {
		o->path = mem_strdup(path);
		if (open_target(o, e) != 0) {
			output_abort(o);
			return -1;
		}
	}
	*out = o;
	return 0;
}

static void
keep_fault(struct output *out)
{
	if (!out->fault)
		out->fault = errno ? errno : EIO;
}

void
output_put(struct output *out, struct slice s)
{
	if (s.n == 0 || out->fault)
		return;
	errno = 0;
	if (fwrite(s.p, 1, s.n, out->file) != s.n)
		keep_fault(out);
}

void
output_puts(struct output *out, const char *s)
{
	output_put(out, slice_str(s));
}

void
output_printf(struct output *out, const char *fmt, ...)
{
	va_list ap;

	if (out->fault)
		return;
	errno = 0;
	va_start(ap, fmt);
	if (vfprintf(out->file, fmt, ap) < 0)
		keep_fault(out);
	va_end(ap);
}

bool
output_is_terminal(const struct output *out)
{
	return isatty(fileno(out->file)) == 1;
}

/* after a rename the folder is synced too, where the system can do that */
static void
sync_folder(const char *target)
{
	const char *slash = strrchr(target, '/');
	char *folder = slash ? mem_strndup(target, (size_t)(slash - target) + 1) : mem_strdup(".");
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(folder);
}

static void
flush_output(struct output *out)
{
	errno = 0;
	if (fflush(out->file) != 0 || ferror(out->file))
		keep_fault(out);
	if (!out->temp || out->fault)
		return;
	if (fchmod(fileno(out->file), out->mode) != 0 || fsync(fileno(out->file)) != 0)
		keep_fault(out);
}

static void
close_output(struct output *out)
{
	if (!out->file || out->file == stdout)
		return;
	errno = 0;
	if (fclose(out->file) != 0)
		keep_fault(out);
	out->file = NULL;
}

int
output_commit(struct output *out, struct err *e)
{
	int rc = 0;

	flush_output(out);
	close_output(out);
	if (!out->fault && out->temp) {
		if (rename(out->temp, out->target) != 0) {
			keep_fault(out);
		} else {
			sync_folder(out->target);
			free(out->temp);
			out->temp = NULL;
		}
	}
	if (out->fault) {
		errno = out->fault;
		rc = err_errno(e, ERR_IO, "cannot write '%s'", out->path);
	}
	output_abort(out);
	return rc;
}

void
output_abort(struct output *out)
{
	if (!out)
		return;
	close_output(out);
	if (out->temp)
		unlink(out->temp);
	free(out->temp);
	free(out->target);
	free(out->path);
	free(out);
}
