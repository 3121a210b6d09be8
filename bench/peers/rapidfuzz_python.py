"""rapidfuzz_python.py extract|cdist NAMES QUERIES: what rapidfuzz_scan.cc does, by the Python package.

extract: process.extract with token_sort_ratio, one query at a time. cdist: process.cdist with the indel ratio over names
and queries whose words are sorted already, 64 queries at once (its SIMD path) on one thread; a query's time is its share.
"""

import sys
import time

import numpy
from rapidfuzz import fuzz, process

SIDE_BY_SIDE = 64


def lines(path):
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()


def tell(processor, wall, ids):
    print(f"{1e6 * processor:.1f} {1e6 * wall:.1f}", *ids)


def extract(names, queries):
    for query in queries:
        wall, processor = time.perf_counter(), time.thread_time()
        found = process.extract(query, names, scorer=fuzz.token_sort_ratio, limit=5)
        tell(time.thread_time() - processor, time.perf_counter() - wall, [line for _, _, line in found])


def cdist(names, queries):
    for at in range(0, len(queries), SIDE_BY_SIDE):
        some = queries[at:at + SIDE_BY_SIDE]
        wall, processor = time.perf_counter(), time.process_time()
        scores = process.cdist(some, names, scorer=fuzz.ratio, workers=1, dtype=numpy.float32)
        best = []
        for row in scores:
            five = numpy.argpartition(row, -5)[-5:]
            best.append(five[numpy.argsort(-row[five])])
        processor, wall = time.process_time() - processor, time.perf_counter() - wall
        for five in best:
            tell(processor / len(some), wall / len(some), five.tolist())


{"extract": extract, "cdist": cdist}[sys.argv[1]](lines(sys.argv[2]), lines(sys.argv[3]))
