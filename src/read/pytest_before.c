/*
 * pytest_before.c - what scripts print before they start pytest: command, time, environment.
 */
#include "config.h"

#include "base/zone.h"
#include "read/pytest_run.h"

/* "Name: value", in the case given: the value, trimmed */
static bool
value_of(struct slice line, const char *name, struct slice *value)
{
	struct slice s = slice_trim(line);

	if (!slice_take_str(&s, name) || !slice_take_byte(&s, ':'))
		return false;
	*value = slice_trim(s);
	return value->n > 0;
}

static void
set(struct buf *b, struct slice s)
{
	buf_reset(b);
	buf_put_slice(b, s);
}

/* does this run pytest? A prompt or the word before it has been taken off already. */
static bool
is_command(struct slice s)
{
	return slice_starts(s, "pytest ") || slice_starts(s, "py.test ") ||
	    slice_find(s, 0, SLICE(" -m pytest")) != SIZE_MAX ||
	    slice_find(s, 0, SLICE("/pytest ")) != SIZE_MAX || slice_eqs(s, "pytest");
}

static bool
is_word(struct slice s)
{
	return s.n > 0 && s.n <= 40 && slice_find_byte(s, 0, ' ') == SIZE_MAX;
}

static bool
is_hash(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f')))
			return false;
	return s.n >= 7 && s.n <= 40;
}

static void
command_line(struct pytest_before *b, struct slice line)
{
	struct slice s = slice_trim(line), value;

	if (b->command_follows && s.n) {
		b->command_follows = false;
		if (is_command(s)) {
			set(&b->command, s);
			return;
		}
	}
	if (slice_eqs(s, "Running command:") || slice_eqs(s, "Command:"))
		b->command_follows = true;
	else if ((value_of(s, "Command", &value) || value_of(s, "Running command", &value) ||
	    value_of(s, "Running", &value)) && is_command(value))
		set(&b->command, value);
	/* the last one is GitHub's name of a step without a name */
	else if ((slice_take_str(&s, "$ ") || slice_take_str(&s, "+ ") ||
	    slice_take_str(&s, "##[group]Run ")) && is_command(s))
		set(&b->command, s);
}

void
pytest_before_line(struct pytest_run *r, struct slice line)
{
	static const char *const times[] = { "Time", "Started", "Started at", "Start time",
		"Date" };
	struct pytest_before *b = &r->before;
	struct slice value;
	enum clock_zone zone;
	int64_t ns;

	command_line(b, line);
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
		if (value_of(line, times[i], &value) &&
		    zone_parse_clock(r->zone, value, &ns, &zone)) {
			b->started_ns = ns;
			b->clock = zone == CLOCK_ZONE_KNOWN ? RUN_CLOCK_DERIVED :
			    RUN_CLOCK_ASSUMED;
		}
	if (value_of(line, "Environment", &value) && is_word(value))
		set(&b->env, value);
	if ((value_of(line, "Commit", &value) || value_of(line, "commit", &value)) &&
	    is_hash(value))
		set(&b->commit, value);
	if (r->refused.n == 0 && (slice_starts(line, "ImportError while loading conftest ") ||
	    slice_starts(line, "ERROR: usage: ") || slice_starts(line, "ERROR: not found: ") ||
	    slice_starts(line, "ERROR: file or directory not found: ")))
		set(&r->refused, slice_sub(line, 0, 160));
}

bool
pytest_header_line(struct pytest_run *r, struct slice line)
{
	static const char *const starts[] = { "platform ", "cachedir: ", "metadata: ", "rootdir: ",
		"configfile: ", "testpaths: ", "plugins: ", "asyncio: mode=", "timeout: ",
		"timeout method: ", "timeout func_only: ", "session timeout: ",
		"Using --randomly-seed=", "hypothesis profile ", "created: ", "initialized: ",
		"ready: ", "scheduling tests via ", "bringing up nodes" };
	size_t at;

	if (r->table.results)
		return false;
	at = slice_find(line, 0, SLICE(", pytest-"));
	if (at != SIZE_MAX && slice_starts(line, "platform ")) {
		size_t end = slice_find_byte(line, at + 2, ',');

		buf_reset(&r->framework);
		buf_puts(&r->framework, "pytest ");
		buf_put_slice(&r->framework, slice_sub(line, at + 9,
		    end == SIZE_MAX ? line.n : end - at - 9));
		return true;
	}
	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		if (slice_starts(line, starts[i]))
			return true;
	return false;
}
