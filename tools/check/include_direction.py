#!/usr/bin/env python3
"""Includes point one way. The table below is the one of ARCHITECTURE.md; change both together."""

import pathlib
import sys

import house

ANY = frozenset({"engine", "normalize", "loaders", "index", "engine/store", "engine/match", "engine/screen",
                 "engine/keys", "engine/audit", "engine/policies", "engine/desk", "engine/casework", "engine/monitor",
                 "engine/receipts", "engine/office"})

# room -> other rooms that its files may include. A room always may include itself.
MAY_INCLUDE = {
    "engine": set(),
    "normalize": {"engine"},
    "loaders": {"engine", "normalize"},
    "index": {"engine", "normalize", "engine/match"},
    "engine/store": {"engine"},
    "engine/match": {"engine", "normalize"},
    "engine/screen": {"engine", "normalize", "loaders", "index", "engine/store", "engine/match"},
    "engine/keys": {"engine"},
    "engine/audit": {"engine", "engine/store", "engine/keys"},
    "engine/policies": {"engine", "engine/keys"},
    "engine/desk": {"engine", "engine/store", "engine/keys", "engine/audit"},
    "engine/casework": {"engine", "engine/store", "engine/keys", "engine/audit", "engine/desk", "normalize"},
    "engine/monitor": {"engine", "engine/store", "engine/keys", "engine/audit", "engine/desk", "engine/screen",
                       "engine/match", "index", "normalize"},
    "engine/receipts": {"engine", "engine/store", "engine/keys", "engine/casework"},
    "engine/office": ANY,
    "tools/semak": {"engine", "normalize", "loaders", "index", "engine/keys", "engine/audit", "engine/policies",
                    "engine/desk", "engine/casework", "engine/monitor", "engine/receipts", "engine/office", "engine/screen",
                    "tools/gen", "tools/words"},
    "tools/semakd": {"engine", "loaders", "engine/match", "engine/keys", "engine/audit", "engine/policies",
                     "engine/desk", "engine/casework", "engine/monitor", "engine/receipts", "engine/office",
                     "engine/screen", "tools/words"},
    "tools/words": set(),
    "tools/gen": {"engine", "normalize", "loaders"},
    "tools/fit": {"engine", "normalize", "loaders", "engine/match", "index"},
    "bench": ANY | {"tools/gen", "tools/fit", "tests"},
    "tests": ANY | {"tools/gen", "tools/semak", "tools/semakd", "tools/fit", "tools/words"},
}

# From another room only these headers of a room may be included.
DOORS = {
    ("engine/audit", "engine/store"): {"engine/store/database.h", "engine/store/bytes.h"},
    ("engine/desk", "engine/store"): {"engine/store/database.h", "engine/store/bytes.h"},
    ("engine/casework", "engine/store"): {"engine/store/database.h", "engine/store/bytes.h"},
    ("engine/receipts", "engine/store"): {"engine/store/bytes.h"},
    # the exhaustive twin, for `semak bench --exhaustive`
    ("tools/semak", "index"): {"index/exhaustive.h"},
    # the words for a line of evidence
    ("tools/semakd", "engine/match"): {"engine/match/evidence_text.h"},
    # dates of arguments, widths of characters, and the twin's subjects
    ("tools/semak", "normalize"): {"normalize/date_parser.h", "normalize/profile.h", "normalize/text.h"},
}

# third-party prefix -> where it may be named. A folder ends in "/", a file stem in "."; tests and benchmarks of
# that place come with it.
CONFINED = {
    "unicode/": ["normalize/"],
    "rocksdb/": ["engine/store/database."],
    "tbb/": ["index/", "engine/screen/", "engine/monitor/", "engine/office/", "tools/fit/", "tests/", "bench/"],
    "oneapi/": ["index/", "engine/screen/", "engine/monitor/", "engine/office/", "tools/fit/", "tests/", "bench/"],
    "catch2/": ["tests/catch.h"],
    "benchmark/": ["bench/"],
    "CLI/": ["tools/"],
    "boost/asio": ["tools/semakd/"],
    "boost/beast": ["tools/semakd/"],
    "cjose/": ["tools/semakd/"],
    "jansson": ["tools/semakd/"],
    "qrencode": ["engine/receipts/"],
}


def confined_to(places, relative):
    name = relative.as_posix()
    for mirror in ("tests/", "bench/"):
        if name.startswith(mirror) and any(name.removeprefix(mirror).startswith(place.rstrip(".")) for place in places):
            return True
    return any(name.startswith(place) for place in places)


def check_file(root, relative):
    room = house.room_of(relative)
    for line, name, quoted in house.includes(root / relative):
        where = f"{relative}:{line}"
        if not quoted:
            for prefix, places in CONFINED.items():
                if name.startswith(prefix) and not confined_to(places, relative):
                    yield f"{where}: <{name}> may be named only in {', '.join(places)}"
            continue
        if not (root / name).is_file():
            yield f'{where}: "{name}" is no file of the tree (includes are written from the root)'
            continue
        target = house.room_of(name)
        if target == room:
            continue
        if room not in MAY_INCLUDE:
            yield f"{where}: {room} has no row in the include table (tools/check/include_direction.py)"
        elif target not in MAY_INCLUDE[room]:
            yield f'{where}: {room} may not include {target} ("{name}")'
        elif name not in DOORS.get((room, target), {name}):
            yield f'{where}: {room} may include of {target} only {", ".join(sorted(DOORS[room, target]))}'


def documented(text):
    """The include table of ARCHITECTURE.md as room -> rooms; rows and columns are named by the last word of a room."""
    rooms = {room.removeprefix("engine/"): room for room in ANY} | {room: room for room in MAY_INCLUDE}
    rows = [[cell.strip(" `") for cell in line.strip().strip("|").split("|")] for line in text.splitlines()
            if line.startswith("|") and ("●" in line or "·" in line or "engine/*.h" in line)]
    columns = [rooms[name.removesuffix("/*.h")] for name in rows[0][1:]]
    return {rooms[row[0].removesuffix("/*.h")]: {room for room, cell in zip(columns, row[1:]) if "●" in cell}
            for row in rows[1:]}


def check_document(root):
    path = root / "ARCHITECTURE.md"
    if not path.is_file():
        return
    for room, rooms in documented(path.read_text(encoding="utf-8")).items():
        allowed = (MAY_INCLUDE[room] & ANY) - {room}
        if rooms != allowed:
            yield f"ARCHITECTURE.md: its row of {room} differs from MAY_INCLUDE in {sorted(rooms ^ allowed)}"


def check(root):
    root = pathlib.Path(root)
    return [*check_document(root), *(finding for relative in house.sources(root) for finding in check_file(root, relative))]


if __name__ == "__main__":
    sys.exit(house.report("include_direction", check(sys.argv[1])))
