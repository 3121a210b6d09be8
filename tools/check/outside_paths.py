#!/usr/bin/env python3
"""The tree stands alone: no file names a folder beside the checkout or a place of one machine."""

import pathlib
import re
import shutil
import subprocess
import sys

import house

# Written in pieces, so that this file passes its own check.
OUTSIDE = re.compile("\\.\\." + "/shared" + "|" + "/work" + "/(?:main|shared)")
ALLOWED = {".ci/run"}


def tracked(root):
    if shutil.which("git"):
        done = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root,
                              capture_output=True, text=True)
        if done.returncode == 0:
            return [name for name in done.stdout.split("\0") if name]
    root = pathlib.Path(root)  # an unpacked archive: everything but what a build made
    return [path.relative_to(root).as_posix() for path in root.rglob("*")
            if path.is_file() and path.relative_to(root).parts[0] not in ("build", ".git")]


def check(root):
    findings = []
    for name in tracked(root):
        path = pathlib.Path(root) / name
        if name in ALLOWED or not path.is_file() or path.is_symlink():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if OUTSIDE.search(line):
                findings.append(f"{name}:{number}: names a place outside the tree")
    return findings


if __name__ == "__main__":
    sys.exit(house.report("outside_paths", check(sys.argv[1])))
