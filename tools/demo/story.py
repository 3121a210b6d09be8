#!/usr/bin/env python3
"""What the demo's story of one answer reads from Semak's JSON, and the files it hands in.

story.py check RECEIPT.json              the check's number
story.py case CHECK <CASES.json          the number of its case
story.py record <CASE.json               the record of its first candidate
story.py person NAME NUMBER BORN         a query file of this person
story.py quash REGISTER.csv RECORD       the register's row of the record, its conviction set aside
"""

import csv
import json
import sys


def rows(head, lines):
    out = csv.DictWriter(sys.stdout, head, lineterminator="\n")
    out.writeheader()
    out.writerows(lines)


def main(wish, *words):
    if wish == "check":
        with open(words[0], encoding="utf-8") as file:
            print(json.load(file)["receipt"]["id"])
    elif wish == "case":
        print(next(case["id"] for case in json.load(sys.stdin)["cases"] if case["check_id"] == words[0]))
    elif wish == "record":
        print(json.load(sys.stdin)["candidates"][0]["record_id"])
    elif wish == "person":
        head = ["query_id", "name", "id_number", "dob"]
        rows(head, [dict(zip(head, ("HR-17", *words)))])
    elif wish == "quash":
        with open(words[0], encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            row = next(row for row in reader if row["id"] == words[1])
            rows(reader.fieldnames, [row | {"quashed": "yes"}])


if __name__ == "__main__":
    main(*sys.argv[1:])
