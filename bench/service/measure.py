#!/usr/bin/env python3
"""Measures semakd over loopback: requests a second beside its own echo, latencies at 70 % load and beside a batch,
overload at five times the capacity, idle connections, TLS. Server and client share the machine's processors.

usage: measure.py BUILD_DIR --people 1000000 --work DIR [--json FILE] [--short]

BUILD_DIR holds bin/semak, bin/semakd and bin/semak-load-client (target `benchmarks`). Needs wrk. Everything is
invented people; --work is made, filled once and used again."""

import argparse
import csv
import io
import json
import os
import pathlib
import re
import resource
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request

PORT = 18443
HERE = pathlib.Path(__file__).parent


def run(*words, **more):
    return subprocess.run([str(word) for word in words], check=True, text=True, capture_output=True, **more).stdout


def say(text):
    print(text, file=sys.stderr, flush=True)


class Service:
    """A semakd of its own folder, with limits out of the way."""

    def __init__(self, build, folder, people):
        self.build, self.folder, self.process = build, folder, None
        folder.mkdir(parents=True, exist_ok=True)
        self.keys_file = folder / "keys.txt"
        home = folder / "service"
        self.home = home
        if not self.keys_file.exists():
            self.keys_file.write_text(run(build / "bin/semakd", "init", "--dir", home))
            config = home / "semakd.toml"
            text = config.read_text()
            for name, value in {"requests_per_second": 1_000_000, "requests_burst": 1_000_000,
                                "lookups_a_day": 1_000_000_000, "near_numbers": 1_000_000,
                                "log_requests": '"none"'}.items():
                key = name.removeprefix("log_") if name == "log_requests" else name
                text = re.sub(rf"(?m)^#?\s*{key}\s*=.*$", f"{key} = {value}", text, count=1)
            config.write_text(text)
        people_file = folder / "people.csv"
        queries = folder / "queries.csv"
        if not people_file.exists():
            run(build / "bin/semak", "generate", "--people", people, "--seed", 7, "--out", people_file, "--queries",
                20_000, "--queries-out", queries, "--truth-out", folder / "truth.csv")
        if not (folder / "loaded").exists():
            # The service's own folder and key; the service does not run yet.
            run(build / "bin/semak", "load", "--db", home / "database", "--register", "offenders", "--kind", "offender",
                people_file, env=dict(os.environ, SEMAK_KEYS=str(home / "keys/semak.key")))
            (folder / "loaded").touch()
        self.bodies = folder / "bodies.jsonl"
        self.write_bodies(queries)

    def write_bodies(self, queries):
        """Half of the subjects with their number, as a school's form has it; names and numbers as mistyped as generated."""
        with open(queries, newline="", encoding="utf-8") as file, open(self.bodies, "w", encoding="utf-8") as out:
            for row in csv.DictReader(file):
                subject = {"name": row["name"]}
                if row.get("id_number"):
                    subject["id_number"] = row["id_number"]
                if row.get("dob"):
                    subject["date_of_birth"] = row["dob"]
                if "id_number" not in subject and "date_of_birth" not in subject:
                    continue
                out.write(json.dumps({"purpose": "school_staff", "reference": row["query_id"], "consent": True,
                                      "subject": subject}, ensure_ascii=False) + "\n")

    def key(self, role):
        found = re.search(rf"(?m)^\s*{role}\b\W+(\S+)\s*$", self.keys_file.read_text())
        if not found:
            sys.exit(f"no key of {role} in {self.keys_file}")
        return found[1]

    def start(self, *options):
        self.process = subprocess.Popen(
            [self.build / "bin/semakd", "serve", "--dir", self.home, "--listen", f"127.0.0.1:{PORT}", *options],
            stderr=open(self.folder / "semakd.log", "a"))
        scheme = "http" if "--no-tls" in options else "https"
        context = ssl._create_unverified_context()
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"{scheme}://127.0.0.1:{PORT}/readyz", timeout=2,
                                            context=context if scheme == "https" else None) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
            if self.process.poll() is not None:
                sys.exit(f"semakd stopped; see {self.folder / 'semakd.log'}")
        sys.exit("semakd is not ready after a minute")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def memory_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) // 1024

    def post(self, path, body, content_type="application/json"):
        request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", data=body, method="POST", headers={
            "Authorization": "Bearer " + self.key("submitter"), "Content-Type": content_type})
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def upload_batch(self, rows):
        """As an agency hands one in: a CSV file of so many subjects."""
        bodies = [json.loads(line)["subject"] for line in open(self.bodies, encoding="utf-8")]
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["query_id", "name", "id_number", "dob"])
        for i in range(rows):
            body = bodies[i % len(bodies)]
            writer.writerow([i, body["name"], body.get("id_number", ""), body.get("date_of_birth", "")])
        parts = [("purpose", None, "batch_vetting"), ("consent", None, "true"), ("file", "people.csv", text.getvalue())]
        body = ""
        for name, file, value in parts:
            extra = f'; filename="{file}"\r\nContent-Type: text/csv' if file else ""
            body += f'--border\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n{value}\r\n'
        return self.post("/v1/batches", (body + "--border--\r\n").encode(), "multipart/form-data; boundary=border")

    def get(self, path):
        request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", headers={
            "Authorization": "Bearer " + self.key("submitter")})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


def wrk(service, path, connections, seconds, scheme="http"):
    text = run("wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", HERE / "screenings.lua",
               f"{scheme}://127.0.0.1:{PORT}", "--", path, service.key("submitter"), service.bodies)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    if bad and int(bad[1]) > 0:
        say(f"  {bad[1]} answers of {path} were not 2xx")
    return rate


def load(service, rate, seconds, connections=64):
    return json.loads(run(service.build / "bin/semak-load-client", "--port", PORT, "--key", service.key("submitter"),
                          "--bodies", service.bodies, "--rate", rate, "--seconds", seconds, "--connections",
                          connections))


def median(values):
    return sorted(values)[len(values) // 2]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--short", action="store_true", help="seconds instead of minutes: to try the measuring itself")
    arguments = parser.parse_args()
    seconds, rounds, overload_seconds, batch_rows = (2, 1, 5, 2_000) if arguments.short else (8, 3, 60, 100_000)
    service = Service(arguments.build.resolve(), arguments.work.resolve(), arguments.people)
    figures = {"people": arguments.people}

    service.start("--no-tls", "--echo")
    try:
        pairs = {}
        for connections in (16, 64, 256):
            rates = [(wrk(service, "/v1/echo", connections, seconds), wrk(service, "/v1/screenings", connections, seconds))
                     for _ in range(rounds)]
            echo, screening = median([pair[0] for pair in rates]), median([pair[1] for pair in rates])
            pairs[connections] = {"echo": echo, "screenings": screening,
                                  "ratio": round(median([pair[1] / pair[0] for pair in rates]), 3)}
            say(f"{connections} connections: echo {echo:,.0f}/s, screenings {screening:,.0f}/s")
        figures["closed_loop"] = pairs
        peak = max(pair["screenings"] for pair in pairs.values())

        figures["at_70_percent"] = load(service, 0.7 * peak, seconds * 2)
        say(f"70 % load: {figures['at_70_percent']['ms_from_due']}")

        quiet = load(service, 0.2 * peak, seconds)
        begun = time.monotonic()
        batch = service.upload_batch(batch_rows)
        beside = load(service, 0.2 * peak, seconds)
        state = service.get(f"/v1/batches/{batch['id']}")
        figures["batch"] = {"rows": batch_rows, "interactive_p99_quiet": quiet["ms_from_due"]["p99"],
                            "interactive_p99_beside": beside["ms_from_due"]["p99"],
                            "still_running": state["state"] in ("waiting", "running")}
        while state["state"] in ("waiting", "running"):
            time.sleep(0.5)
            state = service.get(f"/v1/batches/{batch['id']}")
        figures["batch"]["seconds"] = round(time.monotonic() - begun, 1)
        figures["batch"]["state"] = state
        say(f"batch: {figures['batch']}")

        before = service.memory_mb()
        overload = load(service, 5 * peak, overload_seconds, connections=1024)
        after = service.memory_mb()
        recovered = load(service, 0.2 * peak, seconds)
        figures["overload"] = {"answers": overload, "share_of_peak": round(overload["good_per_second"] / peak, 3),
                               "memory_mb": [before, after], "p99_after": recovered["ms_from_due"]["p99"]}
        say(f"overload: {figures['overload']['share_of_peak']} of the peak, memory {before} -> {after} MB")

        idle = 200 if arguments.short else 10_000
        resource.setrlimit(resource.RLIMIT_NOFILE, (idle + 1000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        sockets = [socket.create_connection(("127.0.0.1", PORT)) for _ in range(idle)]
        beside_idle = load(service, 0.2 * peak, seconds)
        figures["idle"] = {"connections": idle, "memory_mb": service.memory_mb(),
                           "p99": beside_idle["ms_from_due"]["p99"], "statuses": beside_idle["statuses"]}
        for each in sockets:
            each.close()
        say(f"idle: {figures['idle']}")
    finally:
        figures["exit"] = service.stop()

    service.start("--echo")
    try:
        figures["tls"] = {"echo": wrk(service, "/v1/echo", 64, seconds, "https"),
                          "screenings": wrk(service, "/v1/screenings", 64, seconds, "https")}
    finally:
        service.stop()
    text = json.dumps(figures, indent=1)
    print(text)
    if arguments.json:
        arguments.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
