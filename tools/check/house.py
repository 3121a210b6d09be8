"""The tree as the house checks see it: which files are ours, which room each is in."""

import pathlib
import re
import sys

ROOMS = ("engine", "normalize", "loaders", "index", "tools", "bench", "tests")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)


def sources(root, suffixes=(".h", ".cc")):
    """Our files with one of the suffixes, as paths relative to root, sorted."""
    root = pathlib.Path(root)
    found = []
    for room in ROOMS:
        for path in (root / room).rglob("*"):
            relative = path.relative_to(root)
            if path.suffix in suffixes and path.is_file() and "node_modules" not in relative.parts:
                found.append(relative)
    return sorted(found)


def includes(path):
    """(line, name, quoted) of each #include of a file."""
    text = pathlib.Path(path).read_text(encoding="utf-8")
    for match in INCLUDE.finditer(text):
        quoted, angled = match.groups()
        yield text.count("\n", 0, match.start()) + 1, quoted or angled, quoted is not None


def room_of(relative):
    """The row of the include table that a file belongs to."""
    parts = pathlib.PurePath(relative).parts
    if parts[0] in ("engine", "tools") and len(parts) > 2:
        return "/".join(parts[:2])
    return parts[0]


def report(check, findings):
    """Prints the findings; the exit status of the check."""
    for finding in findings:
        print(f"{check}: {finding}")
    if findings:
        print(f"{check}: {len(findings)} finding(s)", file=sys.stderr)
    return 1 if findings else 0
