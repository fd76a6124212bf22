#!/usr/bin/env python3
"""Counts what the samples that machines read hold, with nothing of netra-triage: facts.py FOLDER.

Writes truth.tsv into the folder's src: file, id, outcome, first line of the message. The outcomes are
those the file itself states; an attempt that was followed by another is a row of its own, `rerun`.
"""

import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ET
from collections import Counter

tests = pathlib.Path(sys.argv[1])
rows = []


def add(file, name, outcome, message=""):
    first = next((l for l in (message or "").splitlines() if l.strip()), "")
    rows.append((file, name.replace("\t", " "), outcome, first.strip()))


def junit(path, file):
    def walk(node, suites):
        for child in node:
            if child.tag in ("testsuite", "testsuites"):
                walk(child, suites + [child.get("name") or ""])
            if child.tag != "testcase":
                continue
            name = " > ".join(filter(None, [child.get("classname") or "", child.get("name")]))
            if file.startswith("playwright/"):
                name = f"[{node.get('hostname')}] {name}"
            if file.startswith("node/"):
                name = " > ".join(suites[1:] + [child.get("name")])
            kinds = {"failure": "failed", "error": "error", "skipped": "skipped"}
            found = [(kinds[e.tag], e) for e in child if e.tag in kinds]
            for e in child:
                if re.fullmatch("(flaky|rerun)(Failure|Error)", e.tag):
                    add(file, name, "rerun", e.get("message") or e.text or e.findtext("stackTrace"))
            if child.get("status") == "disabled":
                found.append(("skipped", child))
            if not found:
                add(file, name, "passed")
            for outcome, e in found:
                if outcome == "skipped" and e.get("type") == "pytest.xfail":
                    outcome = "xfailed"
                add(file, name, outcome, e.get("message") or e.text)

    walk(ET.ElementTree(ET.fromstring("<top>" + re.sub(r"^﻿?<\?xml[^>]*\?>", "", path.read_text(encoding="utf-8")) + "</top>")).getroot(), [])


def report_log(records, file):
    open_ = {}
    for r in records:
        kind = r.get("$report_type")
        if kind == "CollectReport" and r["outcome"] == "failed":
            add(file, r["nodeid"], "collection error", str(r["longrepr"]))
        if kind == "SubTestReport":
            context = r["_subtest.context"]
            values = ", ".join(f"{k}={v}" for k, v in context["kwargs"].items())
            add(file, f"{r['nodeid']} [{context['msg']}] ({values})", "subtest " + r["outcome"], crash(r))
            continue
        if kind != "TestReport":
            continue
        open_[r["nodeid"]] = r["when"] != "teardown"
        if r["outcome"] == "rerun":
            add(file, r["nodeid"], "rerun", crash(r))
        elif r["when"] == "call":
            outcome = r["outcome"]
            if "wasxfail" in r:
                outcome = {"skipped": "xfailed", "passed": "xpassed"}.get(outcome, outcome)
            add(file, r["nodeid"], outcome, r.get("wasxfail") or crash(r))
        elif r["outcome"] == "failed":
            add(file, r["nodeid"], f"error at {r['when']}", crash(r))
        elif r["outcome"] == "skipped":
            add(file, r["nodeid"], "skipped", crash(r))


    for name in (n for n, is_open in open_.items() if is_open):
        add(file, name, "not finished")


def crash(r):
    text = r.get("longrepr")
    if isinstance(text, dict):
        return (text.get("reprcrash") or {}).get("message", "")
    if isinstance(text, list):
        return text[2]
    return text or ""


def go(records, file):
    said = {}
    for r in records:
        key = (r.get("Package", ""), r.get("Test", ""))
        if r["Action"] == "output":
            said.setdefault(key, []).append(r["Output"])
        if r["Action"] in ("pass", "fail", "skip") and "Test" in r:
            lines = [l for l in "".join(said.get(key, [])).splitlines() if not re.match(r"\s*(===|---) ", l)]
            add(file, key[0] + " > " + key[1], {"pass": "passed", "fail": "failed", "skip": "skipped"}[r["Action"]],
                "" if r["Action"] == "pass" else "\n".join(lines))
        elif r["Action"] in ("fail", "skip"):
            add(file, key[0], "package " + {"fail": "failed", "skip": "without tests"}[r["Action"]])
    open_ = [k for k in {(r["Package"], r["Test"]): 0 for r in records if r["Action"] == "run"}
             if not any(x[0] == file and x[1] == k[0] + " > " + k[1] for x in rows)]
    for package, test in open_:
        add(file, package + " > " + test, "not finished")


def jest(report, file):
    for suite in report["testResults"]:
        name = suite["name"].removeprefix("/w/shop/")
        if not suite["assertionResults"]:
            add(file, name, "suite failed", suite["message"])
        for t in suite["assertionResults"]:
            add(file, f"{name} > " + " > ".join([*t["ancestorTitles"], t["title"]]), t["status"],
                (t["failureMessages"] or [""])[0])


def json_report(report, file):
    for t in report["tests"]:
        add(file, t["nodeid"], t["outcome"])


for path in sorted(tests.rglob("*")):
    file = str(path.relative_to(tests))
    if file.startswith("src/") or file.startswith("embedded/"):
        continue
    if path.suffix == ".xml":
        junit(path, file)
    elif path.suffix == ".jsonl":
        records = [json.loads(l) for l in path.read_text(encoding="utf-8").splitlines() if l.startswith("{") and l.endswith("}")]
        (go if file.startswith("go/") else report_log)(records, file)
    elif path.suffix == ".json":
        report = json.loads(path.read_text(encoding="utf-8"))
        (jest if "testResults" in report else json_report)(report, file)

with open(tests / "src/truth.tsv", "w", encoding="utf-8") as f:
    f.write("file\tid\toutcome\tmessage\n")
    for row in rows:
        f.write("\t".join(c.replace("\t", " ") for c in row) + "\n")
for file in dict.fromkeys(r[0] for r in rows):
    counts = Counter(r[2] for r in rows if r[0] == file)
    print(file, ", ".join(f"{n} {k}" for k, n in sorted(counts.items())), sep="\t")
