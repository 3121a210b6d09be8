#!/usr/bin/env python3
"""summary.py BROKEN FILE...: sums several ctest runs (their JUnit files) into one line: N passed, N failed."""

import pathlib
import re
import sys
import typing
import xml.etree.ElementTree


class Count(typing.NamedTuple):
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Count(*(mine + yours for mine, yours in zip(self, other)))


ALL_PASSED = re.compile(r"All tests passed \(\d+ assertions? in (\d+) test cases?\)")
SOME_FAILED = re.compile(r"test cases: *\d+ \|(?: *(\d+) passed \|)? *(\d+) failed")


def count_case(case):
    """Catch2 says how many test cases a program ran; anything else is one."""
    output = case.findtext("system-out") or ""
    if case.get("status") not in ("run", "fail"):
        return Count(0, 0, 1)
    failed = case.get("status") == "fail"
    if match := SOME_FAILED.search(output):
        return Count(int(match[1] or 0), int(match[2]))
    if match := ALL_PASSED.search(output):
        return Count(int(match[1]), int(failed))  # failed all the same: a sanitizer's report at the end
    return Count(int(not failed), int(failed))


def count(path):
    if not pathlib.Path(path).is_file():
        return Count(0, 1, 0)
    return sum(map(count_case, xml.etree.ElementTree.parse(path).iter("testcase")), Count())


def main(broken, paths):
    """broken: how many steps failed; one that failed without a failed test counts as a failure too."""
    total = Count()
    for path in paths:
        one = count(path)
        total += one
        skipped = f", {one.skipped} skipped" if one.skipped else ""
        print(f"{pathlib.Path(path).parent.name}: {one.passed} passed, {one.failed} failed{skipped}")
    failed = max(total.failed, broken)
    print(f"{total.passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
