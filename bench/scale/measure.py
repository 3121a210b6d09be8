#!/usr/bin/env python3
"""measure.py SIZE [FOLDER]: generate, load, look up, screen, verify; figures as JSON. See run.sh."""

import argparse
import json
import os
import pathlib
import shutil
import sys
import time

from measured import ROOT, Failed, median, people_count, read_json, rounded, run, setting, size_name
from recall import read_answers, read_truth, recall
from subjects import read_queries, write_kinds

SEED = 1
QUERIES = 10_000
TRUTH_WITHIN = 100_000  # queries ask for people among the first ones, so they are the same at every size
RUN_SECONDS = 3         # of processor time, about, in one measurement of look-ups or screening
RECALL_SECONDS = 20     # and in the run that tells recall
MISTYPES = 0.1          # share of names with a slip in the mistype-rich register


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size")
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--semak", default=os.environ.get("SEMAK", ROOT / "build/release/bin/semak"))
    parser.add_argument("--core", type=int, default=os.cpu_count() - 1, help="the core of single-threaded figures")
    parser.add_argument("--repeats", type=int, default=3, help="of each look-up measurement; medians are reported")
    parser.add_argument("--verify", type=int, default=200, help="subjects compared with the exhaustive scan")
    parser.add_argument("--skip", default="", help="parts left out, with commas: mistyped, verify")
    parser.add_argument("--keep", action="store_true", help="keep the generated files and databases")
    arguments = parser.parse_args()
    people = people_count(arguments.size)
    folder = pathlib.Path(arguments.folder or ROOT / "build/scale" / size_name(people))
    folder.mkdir(parents=True, exist_ok=True)
    scale = Scale(pathlib.Path(arguments.semak).resolve(), folder, people, arguments)
    try:
        result = scale.measure()
    except Failed as failure:
        sys.exit(str(failure))
    (folder / "result.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


class Scale:
    def __init__(self, semak, folder, people, options):
        self.semak, self.folder, self.people, self.options = semak, folder, people, options
        self.skip = set(filter(None, options.skip.split(",")))
        self.begun = time.monotonic()

    def tell(self, what):
        print(f"{time.monotonic() - self.begun:7.1f} s  {what}", file=sys.stderr, flush=True)

    def keep(self, result):
        """What is known so far, should the run be stopped."""
        self.path("so_far.json").write_text(json.dumps(rounded(result), indent=1) + "\n", encoding="utf-8")

    def path(self, name):
        return self.folder / name

    def measure(self):
        result = {"people": self.people, "setting": setting(self.semak), "seed": SEED}
        self.tell("making people and queries")
        kinds = self.generate()
        self.tell("loading")
        result["load"] = self.load("people.csv", "db")
        result["size"] = self.size("db")
        self.tell("opening")
        result["opening"] = self.opening("db")
        result["serving"] = self.serving("db")
        self.tell("screening")
        self.keep(result)
        result["screening"] = {kind: self.screening("db", kind) for kind in ("names", "all_columns")}
        # from here on the query files may be shortened
        result["look_up"] = {}
        for kind in kinds:
            self.tell(f"look-up: {kind}")
            result["look_up"][kind] = self.look_up("db", kind)
            self.keep(result)
        if "verify" not in self.skip:
            self.tell("verifying")
            result["verify"] = self.verify("db")
        if "mistyped" not in self.skip:
            if not self.options.keep:
                shutil.rmtree(self.path("db"))
            self.tell("mistype-rich register")
            run([self.semak, "generate", "--people", self.people, "--seed", SEED, "--mistypes", MISTYPES, "--out",
                 self.path("mistyped.csv")])
            self.load("mistyped.csv", "mistyped.db")
            result["look_up"]["mistyped"] = {"mistypes": MISTYPES, **self.look_up("mistyped.db", "names")}
            result["size_mistyped"] = self.size("mistyped.db")
        if not self.options.keep:
            for name in ("db", "mistyped.db"):
                shutil.rmtree(self.path(name), ignore_errors=True)
            for name in ("people.csv", "mistyped.csv"):
                self.path(name).unlink(missing_ok=True)
        self.path("so_far.json").unlink()
        result["setting"]["load_average_after"] = os.getloadavg()
        self.tell("done")
        return rounded(result)

    def generate(self):
        within = min(self.people, TRUTH_WITHIN)
        def queries(name, count, *more):
            run([self.semak, "generate", "--people", within, "--seed", SEED, "--out", self.path("within.csv"),
                 "--queries", count, "--queries-out", self.path(f"{name}_queries.csv"), "--truth-out",
                 self.path(f"{name}_truth.csv"), *more])
            return read_queries(self.path(f"{name}_queries.csv"))
        standard = queries("standard", QUERIES)
        many = queries("many", QUERIES * 10)
        strangers = queries("strangers", QUERIES, "--members", "0")
        self.path("within.csv").unlink()
        run([self.semak, "generate", "--people", self.people, "--seed", SEED, "--out", self.path("people.csv")])
        return write_kinds(self.folder, self.path("people.csv"), standard, many, strangers)

    def load(self, people, database):
        shutil.rmtree(self.path(database), ignore_errors=True)
        cost = run([self.semak, "load", "--db", self.path(database), "--register", "people", "--kind", "reference",
                    "--format", "json", self.path(people)])
        report = read_json(cost["stdout"])
        if report["added"] != self.people:
            raise Failed(f"loaded {report['added']} of {self.people}: {report}")
        return {"records": report["added"], "seconds": cost["wall"], "cpu_seconds": cost["cpu"],
                "peak_mb": cost["peak_mb"], "records_per_second": self.people / cost["wall"],
                "csv_mb": self.path(people).stat().st_size / 1e6}

    def size(self, database):
        info = read_json(run([self.semak, "info", "--db", self.path(database), "--format", "json"])["stdout"])
        return {"index_bytes_a_person": info["index_bytes"] / self.people,
                "store_bytes_a_person": info["records_bytes"] / self.people}

    def opening(self, database):
        """A process that opens the database, answers one query and ends."""
        command = [self.semak, "lookup", "--db", self.path(database), "--name", "Siti Aminah binti Hassan", "--format",
                   "json"]
        run(command, self.options.core)
        warm = [run(command, self.options.core) for _ in range(self.options.repeats)]
        cold = []
        for _ in range(self.options.repeats):
            forget(self.path(database))
            cold.append(run(command, self.options.core))
        return {"first_answer_ms": 1000 * median([each["wall"] for each in warm]),
                "first_answer_cpu_ms": 1000 * median([each["cpu"] for each in warm]),
                "first_answer_files_not_cached_ms": 1000 * median([each["wall"] for each in cold])}

    def bench(self, database, kind, *more, core=None):
        return read_json(run([self.semak, "bench", "--db", self.path(database), "--in", self.path(f"{kind}.csv"),
                              "--format", "json", *more], core)["stdout"])

    def look_up(self, database, kind):
        """Medians of several runs; of fewer queries where one run would take very long."""
        self.shorten(database, kind)
        runs = [self.bench(database, kind, core=self.options.core) for _ in range(self.options.repeats)]
        keys = ("p50_us", "p90_us", "p99_us", "p999_us", "mean_us")
        return {"queries": runs[0]["queries"], "runs": len(runs), **{key: median([run[key] for run in runs])
                                                                      for key in keys},
                "queries_per_second": median([run["queries_per_second"] for run in runs]),
                "processor": {key: median([run["processor"][key] for run in runs]) for key in keys}}

    def mean_seconds(self, database, kind):
        """Of processor time for one query, roughly."""
        head, *rows = self.path(f"{kind}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        self.path("pilot.csv").write_text(head + "".join(rows[:100]), encoding="utf-8")
        return self.bench(database, "pilot", core=self.options.core)["processor"]["mean_us"] / 1e6

    def shorten(self, database, kind):
        head, *rows = self.path(f"{kind}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        most = max(1000, int(RUN_SECONDS / self.mean_seconds(database, kind)))
        if most < len(rows):
            self.path(f"{kind}.csv").write_text(head + "".join(rows[:most]), encoding="utf-8")

    def serving(self, database):
        """Memory of a process that answers 10,000 queries; the index counted in it is shared between processes."""
        figures = run([self.semak, "bench", "--db", self.path(database), "--in", self.path("names.csv"),
                       "--format", "json"])
        bench = read_json(figures["stdout"])
        return {"peak_mb": figures["peak_mb"], "index_bytes_a_person": bench["bytes_per_person"],
                "peak_bytes_a_person": figures["peak_mb"] * 2**20 / self.people}

    def screening(self, database, kind):
        """All cores, answers written. The rate is that of a file long enough to outlast opening."""
        out, asked = self.path("results.csv"), self.path("asked.csv")
        base = [self.semak, "screen", "--db", self.path(database), "--in", asked, "--out", out, "--format", "json"]
        accept = (0, 1)  # some queries are rejected: their numbers were damaged by a spreadsheet
        head, *rows = self.path(f"{kind}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        mean = self.mean_seconds(database, kind)
        rows = rows[:max(1000, int(RECALL_SECONDS / mean))]
        asked.write_text(head + "".join(rows), encoding="utf-8")
        run([*base, "--brief"], accept=accept)
        found = recall(read_truth(self.path("standard_truth.csv")), read_answers(out), self.path("people.csv"))
        turns = max(1, min(10, int(RUN_SECONDS / mean / len(rows))))
        count = min(len(rows), max(1000, int(RUN_SECONDS / mean))) * turns
        asked.write_text(head + "".join(f"{turn}-{row}" for turn in range(turns) for row in rows[:count // turns]),
                         encoding="utf-8")
        figures = {"recall": found}
        for name, more in (("brief", ["--brief"]), ("with_evidence", [])):
            runs = [run([*base, *more], accept=accept) for _ in range(self.options.repeats)]
            seconds = median([each["wall"] for each in runs])
            figures[name] = {"queries": count, "seconds": seconds, "screenings_per_second": count / seconds,
                             "cpu_us_each": 1e6 * median([each["cpu"] for each in runs]) / count}
        asked.unlink()
        out.unlink()
        return figures

    def verify(self, database):
        cost = run([self.semak, "verify", "--db", self.path(database), "--recall", self.options.verify, "--format",
                    "json"], accept=(0, 1))
        report = read_json(cost["stdout"])
        keys = ("clean", "records", "recall_subjects", "recall_hits", "recall_missing", "recall_too_vague")
        return {**{key: report[key] for key in keys}, "seconds": cost["wall"], "cpu_seconds": cost["cpu"],
                "findings": report["findings"][:5]}


def forget(folder):
    """Drops a folder's files from the page cache."""
    for path in folder.rglob("*"):
        if path.is_file():
            file = os.open(path, os.O_RDONLY)
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(file)


if __name__ == "__main__":
    main()
