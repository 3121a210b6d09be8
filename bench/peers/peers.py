#!/usr/bin/env python3
"""peers.py SIZE [FOLDER]: Semak and other name searches on the same names, queries and core, one after the other.

Names only. All but Semak get names after one plain normalisation (lower case, a/l to al, punctuation to spaces). For a
slow peer only the first queries are asked; Semak's figures beside it are of the same queries. Processor time is
compared, because other work on the machine disturbs it least. Peers that are not here are reported as missing:

  Python package rapidfuzz   pip install rapidfuzz numpy into build/peers/venv (or $PEERS_PYTHON names a python)
  rapidfuzz-cpp              its headers in build/peers/rapidfuzz-cpp (or $RAPIDFUZZ_CPP); the source package has them
  PostgreSQL                 apt-get install postgresql postgresql-contrib
"""

import argparse
import csv
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "scale"))

from measured import ROOT, Failed, median, people_count, read_json, rounded, run, setting, size_name  # noqa: E402
from postgres import Cluster, Missing  # noqa: E402
from recall import plain, read_answers, read_truth  # noqa: E402
from subjects import read_queries, write_queries  # noqa: E402

QUERIES = 1000
# queries a peer gets at 1M people; ten times as many, up to all, at 100k, a tenth at 10M
AT_A_MILLION = {"rapidfuzz-cpp, scalar scan": 100, "rapidfuzz-cpp, SIMD scan": 300, "rapidfuzz (Python), extract": 20,
                "rapidfuzz (Python), cdist": 128, "pg_trgm, GIN": 40, "pg_trgm, GiST nearest": 40}


def normalised(name):
    text = name.lower().replace("a/l", "al").replace("a/p", "ap").replace("'", "")
    return " ".join(re.findall(r"[^\W_]+", text))


def in_order(name):
    return " ".join(sorted(normalised(name).split()))


class Peers:
    def __init__(self, semak, folder, people, core, only):
        self.semak, self.folder, self.people, self.core, self.only = semak, folder, people, core, only
        self.python = os.environ.get("PEERS_PYTHON", ROOT / "build/peers/venv/bin/python")
        self.headers = os.environ.get("RAPIDFUZZ_CPP", ROOT / "build/peers/rapidfuzz-cpp")
        self.rows = []

    def prepare(self):
        within = min(self.people, 100_000)
        run([self.semak, "generate", "--people", within, "--out", self.folder / "people.csv", "--queries", QUERIES,
             "--queries-out", self.folder / "standard.csv", "--truth-out", self.folder / "truth.csv"])
        run([self.semak, "generate", "--people", self.people, "--out", self.folder / "people.csv"])
        self.truth = read_truth(self.folder / "truth.csv")
        self.queries = read_queries(self.folder / "standard.csv")
        with open(self.folder / "people.csv", encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            head = next(rows)
            record, name = head.index("id"), head.index("name")
            pairs = [(row[record], row[name]) for row in rows]
        self.ids = [record for record, _ in pairs]
        self.names = [name for _, name in pairs]
        self.at = {record: number for number, record in enumerate(self.ids)}
        for words, number in (("normalised", normalised), ("in_order", in_order)):
            self.write(words, map(number, self.names))
        run([self.semak, "load", "--db", self.folder / "db", "--register", "people", "--kind", "reference",
             self.folder / "people.csv"])

    def write(self, name, lines):
        with open(self.folder / name, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)

    def count(self, peer):
        return max(5, min(QUERIES, AT_A_MILLION[peer] * 1_000_000 // self.people))

    def recall(self, answers):
        """answers: for each of the first queries the positions of the five. -> shares of the members among them"""
        five = same = members = 0
        for query, found in zip(self.queries, answers):
            record = self.truth.get(query["query_id"])
            if record is None:
                continue
            members += 1
            five += self.at[record] in found[:5]
            same += plain(self.names[self.at[record]]) in {plain(self.names[each]) for each in found[:5]}
        return {"members": members, "recall_at_5": five / members, "same_name_at_5": same / members}

    def measure_semak(self, count):
        some = self.folder / f"first-{count}.csv"
        write_queries(some, self.queries[:count], ["name"])
        runs = [read_json(run([self.semak, "bench", "--db", self.folder / "db", "--in", some, "--format", "json"],
                              self.core)["stdout"]) for _ in range(5)]
        keys = ("mean_us", "p50_us", "p99_us")
        run([self.semak, "screen", "--db", self.folder / "db", "--in", some, "--out", self.folder / "results.csv",
             "--brief"])
        found = read_answers(self.folder / "results.csv")
        answers = [[self.at[record] for record in found[query["query_id"]]] for query in self.queries[:count]]
        return {"queries": count, **self.recall(answers),
                "processor": {key: median([each["processor"][key] for each in runs]) for key in keys},
                "wall": {key: median([each[key] for each in runs]) for key in keys}}

    def add(self, peer, rows, facts=None):
        """rows: ((processor, wall), positions) of each query"""
        def figures(times):
            times = sorted(times)
            return {"mean_us": sum(times) / len(times), "p50_us": median(times),
                    "p99_us": times[min(len(times) - 1, int(0.99 * len(times)))]}
        semak = self.measure_semak(len(rows))
        processor = figures([times[0] for times, _ in rows])
        self.rows.append({"peer": peer, "queries": len(rows), **self.recall([ids for _, ids in rows]),
                          "processor": processor, "wall": figures([times[1] for times, _ in rows]), **(facts or {}),
                          "semak": semak,
                          "semak_is_faster": {key: processor[key] / semak["processor"][key]
                                              for key in ("mean_us", "p50_us", "p99_us")}})
        print(f"{peer}: {processor['mean_us'] / 1000:.2f} ms, Semak {semak['processor']['mean_us']:.1f} us",
              file=sys.stderr, flush=True)

    def missing(self, peer, why):
        self.rows.append({"peer": peer, "missing": str(why)})
        print(f"{peer}: missing: {why}", file=sys.stderr, flush=True)

    def scan(self, peer, command, names="in_order", order=in_order):
        if self.only and not any(word in peer for word in self.only):
            return
        self.write("queries", (order(query["name"]) for query in self.queries[:self.count(peer)]))
        try:
            cost = run([*command, self.folder / names, self.folder / "queries"], self.core)
        except Failed as failure:
            self.missing(peer, failure)
            return
        rows = []
        for line in cost["stdout"].splitlines():
            processor, wall, *ids = line.split()
            rows.append(((float(processor), float(wall)), [int(each) for each in ids]))
        self.add(peer, rows, {"peak_mb": cost["peak_mb"]})

    def rapidfuzz_cpp(self):
        peers = {"rapidfuzz-cpp, scalar scan": "scalar", "rapidfuzz-cpp, SIMD scan": "simd"}
        program = self.folder / "rapidfuzz-scan"
        built = subprocess.run(["g++", "-std=c++20", "-O3", "-march=native", f"-I{self.headers}",
                                HERE / "rapidfuzz_scan.cc", "-o", program], capture_output=True, text=True)
        for peer, mode in peers.items():
            if built.returncode != 0:
                self.missing(peer, f"no headers in {self.headers}")
            elif mode == "simd" and self.people > 2_000_000:
                self.missing(peer, "would take 1.3 KB of memory a person")
            else:
                self.scan(peer, [program, mode])

    def rapidfuzz_python(self):
        peers = {"rapidfuzz (Python), extract": ("extract", "normalised", normalised),
                 "rapidfuzz (Python), cdist": ("cdist", "in_order", in_order)}
        there = subprocess.run([self.python, "-c", "import rapidfuzz, numpy"], capture_output=True).returncode == 0 \
            if shutil.which(str(self.python)) else False
        for peer, (mode, names, order) in peers.items():
            if there:
                self.scan(peer, [self.python, HERE / "rapidfuzz_python.py", mode], names, order)
            else:
                self.missing(peer, f"not in {self.python}")

    def postgres(self):
        peers = {"pg_trgm, GIN": ("gin", {"threshold": 0.3 if self.people <= 2_000_000 else 0.4}),
                 "pg_trgm, GiST nearest": ("gist", {"siglen": 256 if self.people >= 1_000_000 else 64})}
        if self.only and not any(word in peer for word in self.only for peer in peers):
            return
        try:
            with Cluster(self.core) as cluster:
                cluster.fill(map(normalised, self.names), [normalised(query["name"]) for query in self.queries])
                for peer, (kind, more) in peers.items():
                    rows, facts = cluster.ask(kind, self.count(peer), **more)
                    self.add(peer, rows, {**facts, **more})
        except Missing as why:
            for peer in peers:
                if not any(row["peer"] == peer for row in self.rows):
                    self.missing(peer, why)

    def measure(self):
        self.prepare()
        semak = self.measure_semak(QUERIES)
        print(f"Semak: {semak['processor']['mean_us']:.1f} us", file=sys.stderr, flush=True)
        self.rapidfuzz_cpp()
        self.rapidfuzz_python()
        self.postgres()
        return {"people": self.people, "setting": setting(self.semak), "semak": semak, "peers": self.rows}


def table(result):
    lines = ["| | queries | CPU mean | p50 | p99 | record in 5 | same name in 5 | Semak, same queries: mean | times |",
             "|---|---|---|---|---|---|---|---|---|"]
    def row(name, each, more):
        time = each["processor"]
        return (f"| {name} | {each['queries']} | {time['mean_us']:,.0f} us | {time['p50_us']:,.0f} | "
                f"{time['p99_us']:,.0f} | {100 * each['recall_at_5']:.1f} % | {100 * each['same_name_at_5']:.1f} % | "
                f"{more} |")
    lines.append(row("Semak", result["semak"], " | "))
    for each in result["peers"]:
        if "missing" in each:
            lines.append(f"| {each['peer']} | missing: {each['missing'].splitlines()[0]} | | | | | | | |")
        else:
            lines.append(row(each["peer"], each, f"{each['semak']['processor']['mean_us']:.1f} us | "
                                                 f"{each['semak_is_faster']['mean_us']:,.0f}"))
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size")
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--semak", default=os.environ.get("SEMAK", ROOT / "build/release/bin/semak"))
    parser.add_argument("--core", type=int, default=os.cpu_count() - 1)
    parser.add_argument("--only", default="", help="parts of peers' names, with commas")
    arguments = parser.parse_args()
    people = people_count(arguments.size)
    folder = pathlib.Path(arguments.folder or ROOT / "build/peers" / size_name(people)).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    peers = Peers(pathlib.Path(arguments.semak).resolve(), folder, people, arguments.core,
                  list(filter(None, arguments.only.split(","))))
    result = rounded(peers.measure())
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    (folder / "peers.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(table(result))


if __name__ == "__main__":
    main()
