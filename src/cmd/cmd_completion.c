/* cmd_completion.c - completions for bash, zsh and fish, made from the option tables */
#include "config.h"

#include <string.h>

#include "cmd/cmd.h"

static void
bash_opts(const struct opt *o, struct output *out)
{
	for (; o && o->name; o++)
		output_printf(out, " --%s", o->name);
}

/* options whose value is one of a few words, and those that take a file */
static void
bash_values(const struct opt *o, struct output *out)
{
	for (; o && o->name; o++) {
		if (!o->arg)
			continue;
		output_printf(out, "\t--%s", o->name);
		if (o->letter)
			output_printf(out, "|-%c", o->letter);
		if (o->words)
			output_printf(out, ") COMPREPLY=($(compgen -W '%s' -- \"$cur\")); "
			    "return ;;\n", o->words);
		else
			output_puts(out, ") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n");
	}
}

static void
bash(struct output *out)
{
	const struct cmd *c;
	size_t i;

	output_puts(out, "# bash completion of netra-triage; made by: "
	    "netra-triage completion bash\n"
	    "_netra_triage()\n{\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} "
	    "prev=${COMP_WORDS[COMP_CWORD-1]} cmd= w\n"
	    "\tfor w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n\t\tcase $w in\n\t\t");
	for (i = 0; (c = cmd_at(i)); i++)
		output_printf(out, "%s%s", i ? "|" : "", c->name);
	output_puts(out, ") cmd=$w; break ;;\n\t\tesac\n\tdone\n\tcase $prev in\n");
	bash_values(common_opts, out);
	output_puts(out, "\tesac\n\tcase $cmd in\n");
	for (i = 0; (c = cmd_at(i)); i++) {
		output_printf(out, "\t%s)\n", c->name);
		if (opt_count(c->opts)) {
			output_puts(out, "\tcase $prev in\n");
			bash_values(c->opts, out);
			output_puts(out, "\tesac\n");
		}
		output_puts(out, "\tif [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '");
		bash_opts(c->opts, out);
		bash_opts(common_opts, out);
		output_puts(out, "' -- \"$cur\")); else ");
		output_printf(out, "COMPREPLY=($(compgen %s '%s' -- \"$cur\")); fi ;;\n",
		    c->words ? "-W" : "-f -W", c->words ? c->words : "");
	}
	output_puts(out, "\t*) COMPREPLY=($(compgen -W '");
	for (i = 0; (c = cmd_at(i)); i++)
		output_printf(out, "%s%s", i ? " " : "", c->name);
	bash_opts(common_opts, out);
	output_puts(out, "' -- \"$cur\")) ;;\n\tesac\n}\n"
	    "complete -o filenames -F _netra_triage netra-triage\n");
}

/* help text inside zsh's [..] and '..' */
static void
zsh_text(const char *s, struct output *out)
{
	for (; *s; s++) {
		if (strchr("[]:'\\", *s))
			output_puts(out, *s == '\'' ? "'\\'" : "\\");
		output_printf(out, "%c", *s);
	}
}

static void
zsh_opts(const struct opt *o, struct output *out)
{
	for (; o && o->name; o++) {
		output_printf(out, "\t\t\t'%s--%s[", o->kind == OPT_STRINGS ? "*" : "", o->name);
		zsh_text(o->help, out);
		output_puts(out, "]");
		if (o->words)
			output_printf(out, ":%s:(%s)", o->arg, o->words);
		else if (o->arg)
			output_printf(out, ":%s:_files", o->arg);
		output_puts(out, "' \\\n");
	}
}

static void
zsh(struct output *out)
{
	const struct cmd *c;
	size_t i;

	output_puts(out, "#compdef netra-triage\n# made by: netra-triage completion zsh\n"
	    "_netra_triage() {\n\tlocal -a cmds\n\tlocal cmd= w\n"
	    "\tfor w in ${words[2,CURRENT-1]}; do [[ $w != -* ]] && { cmd=$w; break }; done\n"
	    "\tcase $cmd in\n");
	for (i = 0; (c = cmd_at(i)); i++) {
		output_printf(out, "\t\t%s) _arguments \\\n", c->name);
		zsh_opts(c->opts, out);
		zsh_opts(common_opts, out);
		if (c->words)
			output_printf(out, "\t\t\t'*:operand:(%s %s)' ;;\n", c->name, c->words);
		else
			output_puts(out, "\t\t\t'*:file:_files' ;;\n");
	}
	output_puts(out, "\t\t*) cmds=(\n");
	for (i = 0; (c = cmd_at(i)); i++) {
		output_printf(out, "\t\t\t'%s:", c->name);
		zsh_text(c->about, out);
		output_puts(out, "'\n");
	}
	output_puts(out, "\t\t)\n\t\t_describe command cmds ;;\n\tesac\n}\n_netra_triage \"$@\"\n");
}

static void
fish_text(const char *s, struct output *out)
{
	for (; *s; s++)
		output_printf(out, strchr("'\\", *s) ? "\\%c" : "%c", *s);
}

static void
fish_opts(const char *cmd, const struct opt *o, struct output *out)
{
	for (; o && o->name; o++) {
		output_puts(out, "complete -c netra-triage");
		if (cmd)
			output_printf(out, " -n '__fish_seen_subcommand_from %s'", cmd);
		if (o->letter)
			output_printf(out, " -s %c", o->letter);
		output_printf(out, " -l %s", o->name);
		if (o->words)
			output_printf(out, " -x -a '%s'", o->words);
		else if (o->arg)
			output_puts(out, " -r");
		output_puts(out, " -d '");
		fish_text(o->help, out);
		output_puts(out, "'\n");
	}
}

static void
fish(struct output *out)
{
	const struct cmd *c;
	size_t i;

	output_puts(out, "# fish completion of netra-triage; made by: "
	    "netra-triage completion fish\n");
	fish_opts(NULL, common_opts, out);
	for (i = 0; (c = cmd_at(i)); i++) {
		output_printf(out, "complete -c netra-triage -n __fish_use_subcommand -f "
		    "-a %s -d '", c->name);
		fish_text(c->about, out);
		output_puts(out, "'\n");
		if (c->words)
			output_printf(out, "complete -c netra-triage -n "
			    "'__fish_seen_subcommand_from %s' -f -a '%s'\n", c->name, c->words);
		fish_opts(c->name, c->opts, out);
	}
}

static int
run(struct app *app, void *args, int argc, char **argv, struct err *e)
{
	void (*write)(struct output *) = NULL;
	struct output *out;

	(void)app;
	(void)args;
	if (argc == 1)
		write = strcmp(argv[0], "bash") == 0 ? bash : strcmp(argv[0], "zsh") == 0 ? zsh :
		    strcmp(argv[0], "fish") == 0 ? fish : NULL;
	if (!write)
		return err_set(e, ERR_USAGE, "completion takes one of bash, zsh and fish");
	if (output_open(NULL, &out, e) == -1)
		return -1;
	write(out);
	return output_commit(out, e);
}

const struct cmd cmd_completion = {
	.name = "completion", .about = "Print completions for a shell",
	.operands = "bash|zsh|fish", .words = "bash zsh fish", .run = run,
};
