#!/usr/bin/env python3
"""Every header compiles by itself. Results are kept by content, so that only changed headers compile again."""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys

import house


def closure(root, relative, seen):
    """The header and all headers of ours that it includes."""
    if relative in seen or not (root / relative).is_file():
        return
    seen.add(relative)
    for _, name, quoted in house.includes(root / relative):
        if quoted:
            closure(root, name, seen)


def fingerprint(root, relative, compiler):
    seen = set()
    closure(root, relative, seen)
    digest = hashlib.blake2b(compiler.encode(), digest_size=16)
    for name in sorted(seen):
        digest.update(name.encode() + b"\0" + (root / name).read_bytes() + b"\0")
    return digest.hexdigest()


def compile_alone(root, relative, compiler):
    """The compiler's complaint, or nothing."""
    done = subprocess.run(
        [compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", f"-I{root}", "-x", "c++", "-"],
        input=f'#include "{relative}"\n', capture_output=True, text=True)
    return done.stderr if done.returncode else ""


def check(root, compiler, cache_path=None):
    root = pathlib.Path(root)
    known = {}
    if cache_path and os.path.exists(cache_path):
        with open(cache_path, encoding="utf-8") as file:
            known = set(json.load(file))
    headers = [path.as_posix() for path in house.sources(root, (".h",))]
    marks = {header: fingerprint(root, header, compiler) for header in headers}
    due = [header for header in headers if marks[header] not in known]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = dict(zip(due, pool.map(lambda header: compile_alone(root, header, compiler), due)))
    if cache_path:
        with open(cache_path, "w", encoding="utf-8") as file:
            json.dump(sorted(marks[header] for header in headers if not complaints.get(header)), file)
    return [f"{header} does not compile alone:\n{text}" for header, text in complaints.items() if text]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("root")
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--cache")
    arguments = parser.parse_args()
    sys.exit(house.report("headers_alone", check(arguments.root, arguments.compiler, arguments.cache)))
