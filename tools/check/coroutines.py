#!/usr/bin/env python3
"""g++ 12 destroys lambda and aggregate temporaries inside a co_await expression twice (measured with the address
sanitizer; clang does not): they must be named first. And coroutines stay in the HTTP library."""

import pathlib
import re
import sys

import house

HOME = "tools/semakd/http/"
AWAIT = re.compile(r"\bco_await\b")
LITERAL = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|/\*.*?\*/', re.DOTALL)
LAMBDA = re.compile(r"[(,=]\s*\[")
BRACES = re.compile(r"[\w>(,]\s*\{")


def blank(match):
    """The same number of characters and lines without what they say."""
    return re.sub(r"[^\n]", " ", match.group())


def operand(text, start):
    """What is awaited: to the end of the statement, or to the bracket that closes around it."""
    depth = 0
    for at in range(start, len(text)):
        if text[at] in "([":
            depth += 1
        elif text[at] in ")]":
            depth -= 1
        if depth < 0 or (depth == 0 and text[at] == ";"):
            return text[start:at]
    return text[start:]


def check(root):
    root = pathlib.Path(root)
    findings = []
    for relative in house.sources(root):
        text = LITERAL.sub(blank, (root / relative).read_text(encoding="utf-8"))
        for match in AWAIT.finditer(text):
            where = f"{relative}:{text.count(chr(10), 0, match.start()) + 1}"
            if not relative.as_posix().startswith(HOME):
                findings.append(f"{where}: coroutines stay in {HOME}")
                continue
            awaited = operand(text, match.end())
            if LAMBDA.search(awaited):
                findings.append(f"{where}: a lambda inside a co_await expression; name it first")
            elif BRACES.search(awaited):
                findings.append(f"{where}: braces inside a co_await expression; name what they make first")
    return findings


if __name__ == "__main__":
    sys.exit(house.report("coroutines", check(sys.argv[1])))
