#!/usr/bin/env python3
"""Files that nothing uses: sources no build line compiles, headers nothing includes, tables no code reads."""

import argparse
import json
import os
import pathlib
import re
import sys

import house


def compiled(root, commands_path):
    root = os.path.realpath(root)
    with open(commands_path, encoding="utf-8") as file:
        commands = json.load(file)
    files = (os.path.realpath(os.path.join(entry["directory"], entry["file"])) for entry in commands)
    return {os.path.relpath(name, root) for name in files}


def compiled_by_script(root, source):
    """A script beside it that calls the compiler (the peers of bench/peers are not ours to build with everything)."""
    for script in (root / source).parent.glob("*.py"):
        text = script.read_text(encoding="utf-8")
        if f'"{source.name}"' in text and "g++" in text:
            return True
    return False


def stage_of(table):
    """How cmake/semak.cmake names the stage whose folder (or tables/ folder) holds a table."""
    folder = table.parent.parent if table.parent.name == "tables" else table.parent
    return folder.name


def check(root, commands_path):
    root = pathlib.Path(root)
    built = compiled(root, commands_path)
    findings = [f"{source}: no build line names it" for source in house.sources(root, (".cc",))
                if source.as_posix() not in built and not compiled_by_script(root, source)]

    texts = {path: (root / path).read_text(encoding="utf-8") for path in house.sources(root)}
    included = {name for path in texts for _, name, quoted in house.includes(root / path) if quoted}
    findings += [f"{header}: nothing includes it" for header in house.sources(root, (".h",))
                 if header.as_posix() not in included]

    for table in house.sources(root, (".csv", ".toml")):
        if table.parts[0] in ("tools", "tests", "bench"):
            continue
        symbol = f"semak_{stage_of(table)}_{table.stem}_begin"
        named = re.compile(rf"\b{symbol}\b")
        listed = re.compile(rf"\bSEMAK_TABLE\( *{table.stem} *\)")  # a stage's own macro around the symbol
        folder = table.parts[:-2] if table.parent.name == "tables" else table.parts[:-1]
        if not any(named.search(text) or (path.parts[:-1] == folder and listed.search(text))
                   for path, text in texts.items()):
            findings.append(f"{table}: compiled in, but no code names {symbol}")
    return findings


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("root")
    parser.add_argument("--commands", required=True, help="compile_commands.json of a build")
    arguments = parser.parse_args()
    sys.exit(house.report("dead_files", check(arguments.root, arguments.commands)))
