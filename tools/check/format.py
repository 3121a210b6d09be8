#!/usr/bin/env python3
"""Formatted as clang-format-19 would. Skipped (77) where it is not installed: other versions disagree with it."""

import pathlib
import shutil
import subprocess
import sys

import house

TOOL = "clang-format-19"


def check(root):
    root = pathlib.Path(root)
    files = [path.as_posix() for path in house.sources(root)]
    if not files:
        return []
    done = subprocess.run([TOOL, "--dry-run", "--Werror", *files], cwd=root, capture_output=True, text=True)
    if done.returncode == 0:
        return []
    named = sorted({line.split(":")[0] for line in done.stderr.splitlines() if "error:" in line})
    return [f"{name}: not as {TOOL} writes it (make format)" for name in named] or [done.stderr]


if __name__ == "__main__":
    if not shutil.which(TOOL):
        print(f"format: skipped, {TOOL} is not installed")
        sys.exit(77)
    sys.exit(house.report("format", check(sys.argv[1])))
