#!/usr/bin/env python3
"""Puts outputs of runners into what they are found in: embed.py FOLDER, the folder of the samples."""

import datetime
import json
import pathlib
import re
import sys

tests = pathlib.Path(sys.argv[1])
out = tests / "embedded"
out.mkdir(exist_ok=True)
BEFORE = 15  # lines of the log before the run
STEP = datetime.timedelta(microseconds=7321)


def read(name):
    return (tests / name).read_text(encoding="utf-8")


def write(name, text):
    (out / name).write_text(text, encoding="utf-8")


begin = datetime.datetime.fromisoformat(re.search(r'timestamp="([^"]+)"', read("pytest/one-run.xml"))[1])


def stamped(lines, pattern):
    """Each line behind its time, a few milliseconds after the one before; the run begins when it began."""
    for i, line in enumerate(lines):
        at = begin + (i - BEFORE) * STEP
        yield pattern.format(at.strftime("%Y-%m-%dT%H:%M:%S."), at.microsecond, at.microsecond // 1000) + line


commit = "5b0fa7c0de5b0fa7c0de5b0fa7c0de5b0fa7c0de"
run = read("pytest/one-run.log").splitlines()
github = [
    "##[group]Run actions/checkout@v4",
    "with:",
    "  repository: shop/checkout",
    "##[endgroup]",
    "HEAD is now at 5b0fa7c checkout: totals in cents",
    "##[group]Run python -m pytest -v --tb=short",
    "\x1b[36;1mpython -m pytest -v --tb=short tests/test_orders.py tests/test_parts.py\x1b[0m",
    "shell: /usr/bin/bash -e {0}",
    "env:",
    "  CI: true",
    "  GITHUB_SHA: " + commit,
    "  GITHUB_REF_NAME: main",
    "  ENVIRONMENT: staging",
    "  BASE_URL: https://checkout-api.staging.example.internal",
    "##[endgroup]",
    *run,
    "##[error]Process completed with exit code 1.",
    "##[group]Run actions/upload-artifact@v4",
    "##[endgroup]",
    "Artifact test-report has been successfully uploaded!",
]
assert github[BEFORE] == run[0]
write("github-actions.log", "\ufeff" + "".join(l + "\n" for l in stamped(github, "{0}{1:06d}0Z ")))

jenkins = [
    "+ git rev-parse HEAD",
    commit,
    "+ go test -v ./cart ./order ./quiet",
    *read("go/verbose.log").splitlines(),
    "script returned exit code 1",
]
write("jenkins.log", "".join(l + "\n" for l in stamped(jenkins, "[{0}{2:03d}Z] ")))

compose = ["Attaching to checkout-api-1, checkout-tests-1, ledger-1"]
for i, line in enumerate(run):
    compose.append("checkout-tests-1  | " + line)
    if i % 9 == 4:
        compose.append('checkout-api-1    | INFO:     172.18.0.4:53814 - "GET /health HTTP/1.1" 200 OK')
    if i % 23 == 11:
        compose.append("ledger-1          | " + begin.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + " UTC [31] LOG:  checkpoint complete: FAILED to sync 0 files")
compose.append("checkout-tests-1 exited with code 1")
write("compose.log", "".join(l + "\n" for l in compose))

text = "\n".join(run) + "\n"
agrees = {
    "command": "python -m pytest -v --tb=short tests/test_orders.py tests/test_parts.py",
    "environment": "staging",
    "exit_code": 1,
    "started": begin.strftime("%Y-%m-%dT%H:%M:%SZ"),
    "stdout": text,
    "stderr": "",
}
differs = {
    "suite": "checkout e2e",
    "status": "passed",
    "total": 17,
    "passed": 17,
    "failed": 0,
    "skipped": 0,
    "success_rate": 100.0,
    "result": {"returncode": 1, "output": text},
}
write("wrapper.json", json.dumps(agrees, indent=2, ensure_ascii=False) + "\n")
write("wrapper-differs.json", json.dumps(differs, indent=2) + "\n")

reruns = read("pytest/reruns.log").rstrip("\n")
write(
    "report.md",
    "# Test report of checkout\n\nAll 412 tests passed in production. The last run of the flaky ones:\n\n```text\n"
    + reruns
    + "\n```\n\nAnd the orders, with go:\n\n~~~\n"
    + read("go/fail-fast.log").rstrip("\n")
    + "\n~~~\n\nOverall: **3 passed, 0 failed**.\n",
)

write(
    "two-runs.log",
    "$ make test\n"
    + "python -m pytest -v -rR extra/test_flaky.py\n"
    + reruns
    + "\nmake: *** [Makefile:7: test] Error 1\n$ make slow\n"
    + read("pytest/live-log.log").rstrip("\n")
    + "\nmake: *** [Makefile:9: slow] Error 1\n$ make quiet\n"
    + read("pytest/quiet.log").rstrip("\n")
    + "\nmake: *** [Makefile:11: quiet] Error 1\n",
)
