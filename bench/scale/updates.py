#!/usr/bin/env python3
"""updates.py SIZE [FOLDER]: the time from a change of a register to being found by it (semak-updates), as JSON."""

import argparse
import json
import os
import pathlib
import shutil

from measured import ROOT, people_count, read_json, rounded, run, setting, size_name
from subjects import read_queries, write_queries

MORE = 12_000


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size")
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--semak", default=os.environ.get("SEMAK", ROOT / "build/release/bin/semak"))
    parser.add_argument("--keep", action="store_true", help="keep the database")
    arguments = parser.parse_args()
    people = people_count(arguments.size)
    semak = pathlib.Path(arguments.semak).resolve()
    folder = pathlib.Path(arguments.folder or ROOT / "build/scale" / f"updates-{size_name(people)}")
    folder.mkdir(parents=True, exist_ok=True)

    # Person i is the same in a register of any size: the last ones of a larger register are nobody in the smaller.
    run([semak, "generate", "--people", people + MORE, "--out", folder / "all.csv", "--queries", 5000, "--queries-out",
         folder / "queries_all.csv"])
    with open(folder / "all.csv", encoding="utf-8") as every, \
            open(folder / "people.csv", "w", encoding="utf-8") as first, \
            open(folder / "more.csv", "w", encoding="utf-8") as rest:
        head = next(every)
        first.write(head)
        rest.write(head)
        for number, line in enumerate(every):
            (first if number < people else rest).write(line)
    write_queries(folder / "names.csv", [query for query in read_queries(folder / "queries_all.csv")
                                         if "," not in query["name"] and '"' not in query["name"]], ["name"])
    shutil.rmtree(folder / "db", ignore_errors=True)
    run([semak, "load", "--db", folder / "db", "--register", "people", "--kind", "reference", folder / "people.csv"])
    result = read_json(run([semak.parent / "semak-updates", folder / "db", "people", folder / "more.csv",
                            folder / "names.csv"])["stdout"])
    check = run([semak, "verify", "--db", folder / "db", "--recall", 100, "--format", "json"], accept=(0, 1))
    verified = read_json(check["stdout"])
    result = {"people": people, "setting": setting(semak), **result,
              "verify": {key: verified[key] for key in ("clean", "records", "recall_missing")}}
    (folder / "updates.json").write_text(json.dumps(rounded(result), indent=1) + "\n", encoding="utf-8")
    print(json.dumps(rounded(result), indent=1))
    if not arguments.keep:
        for name in ("all.csv", "people.csv", "queries_all.csv"):
            (folder / name).unlink()
        shutil.rmtree(folder / "db")


if __name__ == "__main__":
    main()
