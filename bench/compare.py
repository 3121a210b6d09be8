#!/usr/bin/env python3
"""compare.py OLD.json NEW.json [--all]: the change of each figure between two runs of the same bench.

Figures that moved by less than 3 % are left out unless --all is given. Prints a warning where the runs were not made on
the same machine or on a machine as busy.
"""

import argparse
import json


def figures(value, path=()):
    """Every number of a nested dict or list. -> {'look_up.names.p50_us': 12.5}"""
    if isinstance(value, bool):
        return {".".join(path): int(value)}
    if isinstance(value, (int, float)):
        return {".".join(path): value}
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = ((str(number), each) for number, each in enumerate(value))
    else:
        return {}
    found = {}
    for key, each in items:
        if key != "setting":
            found.update(figures(each, (*path, key)))
    return found


def warnings(old, new):
    before, after = old.get("setting", {}), new.get("setting", {})
    found = [f"{key}: {before.get(key)} / {after.get(key)}" for key in ("processor", "cores", "compiler", "build")
             if before.get(key) != after.get(key)]
    loads = [each.get("load_average", [0])[0] for each in (before, after)]
    if abs(loads[0] - loads[1]) > 1:
        found.append(f"load average: {loads[0]:.1f} / {loads[1]:.1f}")
    return found


def compare(old, new, everything=False, least=0.03):
    """-> rows (figure, old, new, change as text)"""
    before, after = figures(old), figures(new)
    rows = []
    for name in {**before, **after}:
        one, other = before.get(name), after.get(name)
        if one is None or other is None:
            change = "new" if one is None else "gone"
        elif one == other:
            change = "" if everything else None
        elif one == 0:
            change = "from 0"
        else:
            share = other / one - 1
            change = f"{100 * share:+.1f} %" if everything or abs(share) >= least else None
        if change is not None:
            rows.append((name, "" if one is None else f"{one:,}", "" if other is None else f"{other:,}", change))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--all", action="store_true")
    arguments = parser.parse_args()
    loaded = []
    for path in (arguments.old, arguments.new):
        with open(path, encoding="utf-8") as file:
            loaded.append(json.load(file))
    for old_or_new, each in zip(("old", "new"), loaded):
        setting = each.get("setting", {})
        print(f"{old_or_new}: {setting.get('date', '?')}, commit {setting.get('commit', '?')}")
    for warning in warnings(*loaded):
        print(f"not alike: {warning}")
    rows = [("figure", "old", "new", "change"), *compare(*loaded, arguments.all)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        print(row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:])))


if __name__ == "__main__":
    main()
