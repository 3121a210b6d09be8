#!/usr/bin/env python3
"""A load that is killed at any moment leaves the register as it was.

kill_test.py SEMAK [--kills N] [--records N] [--folder DIR] [--seed S]

A database with a published generation is loaded with a larger, changed register and killed (SIGKILL) at a random
moment, N times over. After each kill the same questions must get the same answers as before, from the same generation;
now and then `semak verify` must be clean too. In the end the load runs to its end, adds what it was to add, and
`semak verify --recall` is clean. A load that finishes before its kill is put back and tried again, and not counted.
"""

import argparse
import csv
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

REGISTER = "people"


class Findings(Exception):
    pass


class KillTest:
    def __init__(self, semak, folder, records, seed):
        self.semak, self.folder, self.records = pathlib.Path(semak).resolve(), pathlib.Path(folder), records
        self.random = random.Random(seed)
        self.db = self.folder / "db"
        self.saved = self.folder / "saved"  # the database before any of the loads that are killed

    def run(self, *words, accept=(0,)):
        done = subprocess.run([self.semak, *map(str, words)], capture_output=True, text=True, cwd=self.folder)
        if done.returncode not in accept:
            raise Findings(f"semak {' '.join(map(str, words))}: status {done.returncode}\n{done.stderr}")
        return done.stdout

    def prepare(self):
        """The register of the first generation: half of the people; of the second: all, every tenth corrected."""
        self.run("generate", "--people", self.records, "--seed", 7, "--out", "second.csv", "--queries", 200,
                 "--queries-out", "queries.csv")
        with open(self.folder / "second.csv", encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        self.write("first.csv", head, rows[:self.records // 2])
        name = head.index("name")
        for row in rows[::10]:
            row[name] = "Siti " + row[name]
        self.write("second.csv", head, rows)
        self.load("first.csv")
        self.before = self.answers()
        if len(set(self.before["results"].splitlines())) < 100:
            raise Findings("too few answers to compare")
        shutil.copytree(self.db, self.saved)

    def write(self, name, head, rows):
        with open(self.folder / name, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *rows])

    def load_words(self, name):
        return ["load", "--db", str(self.db), "--register", REGISTER, "--kind", "reference", "--format", "json", name]

    def load(self, name):
        return json.loads(self.run(*self.load_words(name)))

    def answers(self):
        self.run("screen", "--db", self.db, "--in", "queries.csv", "--out", "results.csv", accept=(0, 1))
        info = json.loads(self.run("info", "--db", self.db, "--format", "json"))
        return {"generation": info["generation"], "records": info["registers"][0]["records"],
                "results": (self.folder / "results.csv").read_text(encoding="utf-8")}

    def verify(self, *more):
        report = json.loads(self.run("verify", "--db", self.db, "--format", "json", *more, accept=(0, 1)))
        if not report["clean"]:
            raise Findings(f"verify: {report['findings'][:5]}")
        return report

    def seconds_of_a_load(self):
        begun = time.monotonic()
        report = self.load("second.csv")
        seconds = time.monotonic() - begun
        self.expected = (report["added"], report["changed"])
        self.after = self.answers()
        self.put_back()
        return seconds

    def put_back(self):
        shutil.rmtree(self.db)
        shutil.copytree(self.saved, self.db)

    def kill_once(self, seconds):
        """-> moment of the kill in seconds, or None if the load was quicker; and how long it ran."""
        moment = self.random.uniform(0, seconds)
        begun = time.monotonic()
        process = subprocess.Popen([self.semak, *self.load_words("second.csv")], cwd=self.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        ran = time.monotonic() - begun
        if process.returncode == -signal.SIGKILL:
            return moment, ran
        if process.returncode != 0:
            raise Findings(f"a load after a kill ended with status {process.returncode}")
        return None, ran

    def check_after_kill(self, moment):
        """-> True if the previous generation answers; False if the load was published before the kill reached it."""
        now = self.answers()
        if now == self.before:
            return True
        if now == self.after:
            return False
        raise Findings(f"killed after {moment:.3f} s: generation {now['generation']} with {now['records']} records "
                       f"answers otherwise than generation {self.before['generation']}")


def test(kill_test, kills, verify_every, tell):
    kill_test.prepare()
    seconds = kill_test.seconds_of_a_load()
    done = published = quicker = rebuilt = 0
    moments = []
    while done < kills:
        moment, ran = kill_test.kill_once(seconds)
        if moment is None or not kill_test.check_after_kill(moment):
            quicker += moment is None
            published += moment is not None
            # The machine may have stood still while the whole was measured: the rest goes by what it took since.
            seconds = seconds if moment is not None else min(seconds * 0.95, ran)
            kill_test.verify()
            kill_test.put_back()
            rebuilt += 1
            if rebuilt > 10 * kills:
                raise Findings("hardly any load could be killed before it ended")
            continue
        done += 1
        moments.append(moment)
        if done % verify_every == 0:
            kill_test.verify()
        tell(f"kill {done} of {kills} after {moment:.3f} s: the previous generation answers")
    report = kill_test.load("second.csv")
    if (report["added"], report["changed"]) != kill_test.expected:
        raise Findings(f"the load after the kills added and changed {report['added']}, {report['changed']} records "
                       f"instead of {kill_test.expected}")
    if kill_test.answers()["results"] != kill_test.after["results"]:
        raise Findings("the load after the kills answers otherwise than one that was never killed")
    verified = kill_test.verify("--recall", "50")
    left = [path.name for path in (kill_test.db / "index" / REGISTER).iterdir()]
    return {"kills": done, "records_before": kill_test.records // 2, "records_after": verified["records"],
            "seconds_of_a_load": round(seconds, 3), "first_kill_s": round(min(moments), 3),
            "last_kill_s": round(max(moments), 3), "published_before_the_kill": published,
            "ended_before_the_kill": quicker, "previous_generation_answered": done, "verify_clean": True,
            "recall_missing": verified["recall_missing"], "index_files_left": len(left)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("semak")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--verify-every", type=int, default=10)
    parser.add_argument("--folder", help="where to work; a temporary folder by default")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--quiet", action="store_true")
    arguments = parser.parse_args()
    if not os.access(arguments.semak, os.X_OK):
        sys.exit(f"no program: {arguments.semak}")
    tell = (lambda text: None) if arguments.quiet else (lambda text: print(text, file=sys.stderr, flush=True))
    with tempfile.TemporaryDirectory(prefix="semak-kill-", dir=arguments.folder) as folder:
        try:
            summary = test(KillTest(arguments.semak, folder, arguments.records, arguments.seed), arguments.kills,
                           arguments.verify_every, tell)
        except Findings as finding:
            sys.exit(f"kill test: {finding}")
    print(json.dumps(summary, indent=1))


if __name__ == "__main__":
    main()
