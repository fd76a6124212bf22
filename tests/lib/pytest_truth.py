"""pytest_truth.py LOG FORM TESTS [more] <ROWS - do rows read from a console say what pytest recorded?

LOG is a report log of pytest (--report-log) of the same suite, FORM the console text; TESTS is how
many tests the run had.
ROWS is TSV: nodeid, outcome, phase, message. With "more" the run had two tests more than LOG, of
tests/sub/test_sub.py. Written from pytest's own description of its reports, and knows nothing of
how the program reads a console.

A row has a name or stands for a letter ("file#3"). Named rows must agree in outcome, phase and
message, as far as the form holds them: a message may be cut with "...", a skip without its phase.
Rows without a name must be as many of each outcome as there are tests left.

Prints: NAMED named, UNNAMED unnamed, WRONG wrong; then one line per fault.
"""
import collections
import json
import re
import sys


def first(text):
    """The first line of a message, without what only some styles put before it."""
    line = text.split("\n")[0]
    for word in ("AssertionError:", "Failed:", "_pytest.outcomes.XFailed:", "Skipped:"):
        if line.startswith(word):
            line = line[len(word):].lstrip()
    return line


def message_of(report):
    rep = report["longrepr"]
    if "wasxfail" in report:
        return report["wasxfail"]
    if isinstance(rep, list):
        return rep[2]
    if isinstance(rep, dict):
        return (rep.get("reprcrash") or {}).get("message") or ""
    if not rep:
        return ""
    return rep


def truth_of(path):
    reports = collections.OrderedDict()
    for line in open(path, encoding="utf-8"):
        report = json.loads(line)
        if report["$report_type"] in ("TestReport", "SubTestReport"):
            reports.setdefault(report["nodeid"], []).append(report)
    truth = collections.OrderedDict()
    for nodeid, parts in reports.items():
        outcome, phase, messages = "passed", "call", []
        for part in parts:
            if part["outcome"] == "failed":
                if part["when"] == "call":
                    outcome, phase = "failed", "call"
                else:
                    outcome, phase = "error", part["when"]
                messages.append(message_of(part))
            elif "wasxfail" in part:
                outcome = "xfailed" if part["outcome"] == "skipped" else "xpassed"
                phase = part["when"]
                messages.append(message_of(part))
            elif part["outcome"] == "skipped":
                outcome, phase = "skipped", part["when"]
                messages.append(message_of(part))
        # the text of a missing fixture begins with its place
        messages += re.findall(r"^E +(.*)$", "\n".join(messages), re.M)
        truth[nodeid] = (outcome, phase, [first(m) for m in messages] or [""])
    return truth


def untab(field):
    """As the program writes TSV: \\t, \\n, \\\\."""
    return re.sub(r"\\(.)", lambda m: {"t": "\t", "n": "\n"}.get(m.group(1), m.group(1)), field)


def judge(row, want, form, faults):
    nodeid, outcome, phase, message = row
    w_outcome, w_phase, w_messages = want
    if outcome != w_outcome:
        faults.append("%s is %s, not %s" % (nodeid, outcome, w_outcome))
    held = re.search("at (setup|teardown) of", form) if outcome == "error" else False
    if outcome == "xfailed" and "[NOTRUN]" not in form:
        w_phase = phase
    if phase != w_phase and not (outcome in ("skipped", "error") and phase == "" and not held):
        faults.append("%s: phase %s, not %s" % (nodeid, phase, w_phase))
    line = message.split("\n")[0]
    said = first(message)
    wanted = [w + m for m in w_messages for w in ("", "AssertionError: ", "Failed: ")]
    if line.endswith("..."):
        fits = any(m.startswith(line[:-3].rstrip()) for m in wanted)
    else:
        fits = said in w_messages or any(m.split(" ...")[0] == said for m in w_messages)
    # in the short summary, behind the row, or under the heading of the test
    title = nodeid.split("::", 1)[-1]
    title = re.sub(r"::(?=[^\[]*(\[|$))", ".", title)
    held = "_ " + title + " _" in form or any(
        m and (nodeid + " - " + w + m[:12]) in form or "(" + m[:12] in form
        for m in w_messages for w in ("", "AssertionError: ", "Failed: "))
    if not fits and not (said == "" and not held):
        faults.append("%s: message %r, not %r" % (nodeid, said, w_messages))


def main():
    truth = truth_of(sys.argv[1])
    form = open(sys.argv[2], encoding="utf-8").read()
    if "more" in sys.argv[4:]:
        truth["tests/sub/test_sub.py::test_in_sub"] = ("passed", "call", [""])
        truth["tests/sub/test_sub.py::test_in_sub_fail"] = ("failed", "call", ["assert 1 == 2"])
    faults, left, unnamed, named = [], dict(truth), collections.Counter(), 0
    for line in sys.stdin:
        row = [untab(f) for f in line.rstrip("\n").split("\t")]
        if re.search(r"(^|\.py)#\d+$", row[0]):
            unnamed[row[1]] += 1
        elif row[0] not in left:
            faults.append("%s is no test, or there twice" % row[0])
        else:
            named += 1
            judge(row, left.pop(row[0]), form, faults)
    if len(truth) != int(sys.argv[3]):
        faults.append("the log has %d tests" % len(truth))
    rest = collections.Counter(want[0] for want in left.values())
    if rest != unnamed:
        faults.append("left are %s, without a name %s" % (dict(rest), dict(unnamed)))
    print("%d named, %d unnamed, %d wrong" % (named, sum(unnamed.values()), len(faults)))
    for fault in faults[:12]:
        print("# " + fault)


main()
