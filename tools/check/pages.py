#!/usr/bin/env python3
"""The pages promise only what is there: commands and options of the programs, make targets, files that they link to."""

import pathlib
import re
import subprocess
import sys

import house

PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "bench/RESULTS.md",
         "tools/console/README.md")
CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")
EVERYWHERE = {"--help", "--lang", "--version"}


def help_of(program):
    """A function from a subcommand to its help text, None if there is no such subcommand."""
    known = {}

    def ask(verb):
        if verb not in known:
            done = subprocess.run([program, verb, "--help"], capture_output=True, text=True)
            known[verb] = done.stdout if done.returncode == 0 else None
        return known[verb]

    return ask


def check_command(program, command, ask):
    words = command.split()
    if len(words) < 2 or not re.fullmatch("[a-z][a-z-]*", words[1]):
        return
    text = ask(words[1])
    if text is None:
        yield f"{program} has no command {words[1]}"
        return
    for option in re.findall(r"(?<!\S)(--[a-z][a-z-]*)", command):
        if option not in EVERYWHERE and not re.search(rf"{option}(?![a-z-])", text):
            yield f"{program} {words[1]} has no {option}"


def check_page(root, name, programs, targets):
    text = (root / name).read_text(encoding="utf-8")
    for block, inline in CODE.findall(text):
        for line in (block or inline).replace("\\\n", " ").splitlines():
            command = re.sub(r"^([A-Z_]+=\S+ )+", "", line.split("#")[0].strip())
            program = command.split(" ")[0]
            if program in programs:
                yield from (f"{name}: {finding}" for finding in check_command(program, command, programs[program]))
            if (match := re.match(r"make ([a-z]+)", command)) and match[1] not in targets:
                yield f"{name}: no target for make {match[1]}"
    for target in LINK.findall(text):
        if not ((root / name).parent / target).exists():
            yield f"{name}: links to {target}, which is not there"


def check(root, programs):
    """`programs`: by name, what gives the help of a subcommand."""
    root = pathlib.Path(root)
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    pages = [name for name in PAGES if (root / name).is_file()]
    return [finding for name in pages for finding in check_page(root, name, programs, targets)]


if __name__ == "__main__":
    helps = {pathlib.Path(path).name: help_of(path) for path in sys.argv[2:]}
    sys.exit(house.report("pages", check(sys.argv[1], helps)))
