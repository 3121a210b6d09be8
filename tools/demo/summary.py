#!/usr/bin/env python3
"""summary.py RESULTS.csv...: what each batch came to, one row a file."""

import csv
import pathlib
import sys

OUTCOMES = ("no_record", "refer", "record", "incomplete")


def outcomes(path):
    """query_id -> the outcome of the whole query: the gravest of its rows."""
    with open(path, encoding="utf-8", newline="") as file:
        gravest = {}
        for row in csv.DictReader(file):
            before = gravest.get(row["query_id"], "no_record")
            gravest[row["query_id"]] = max(before, row["outcome"], key=OUTCOMES.index)
        return gravest


print(f"{'batch':<28}{'applicants':>11}" + "".join(f"{name:>12}" for name in OUTCOMES))
for name in sys.argv[1:]:
    found = outcomes(name)
    counts = "".join(f"{sum(outcome == kind for outcome in found.values()):>12}" for kind in OUTCOMES)
    print(f"{pathlib.Path(name).name:<28}{len(found):>11}{counts}")
