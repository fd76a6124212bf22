/*
 * trace.h - stacks that are not Python's; private to src/sign.
 *
 * Each decides by the shape of a frame whether the text is its own, and returns
 * false otherwise. Their causes are printed last and their innermost frames first:
 * trace_turn() puts both as struct exception has them. They use the chain of
 * python.h to keep links and frames.
 */
#ifndef SIGN_TRACE_H
#define SIGN_TRACE_H

#include "base/arena.h"
#include "model/exception.h"

/* JavaScript and Java (at_trace.c): lines "at function (file:line)" below "Type: message" */
bool	at_exception(struct arena *a, struct slice text, struct exception *x);
/* Go (go_trace.c): a panic with its goroutine, or the one line that failed a test */
bool	go_exception(struct arena *a, struct slice text, struct exception *x);

void	trace_turn(struct exception *x);

#endif
