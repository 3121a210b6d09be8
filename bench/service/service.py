"""A semakd of its own folder, filled with invented people, for measuring; and the clients that load it."""

import collections
import csv
import http.client
import io
import json
import os
import pathlib
import re
import resource
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

PORT = 18443
HERE = pathlib.Path(__file__).parent
# Of the people that somebody asks about. A register of offenders holds few of those who want to work with children:
# 4,771 people screened in two years gave no hit (engine/policies/batch_vetting.toml); this is more, not less.
MEMBERS = 0.02
LIMITS = {  # semakd.toml: limits meant for callers are out of the way, those that protect the service stay
    "requests_per_second": 1_000_000,
    "requests_burst": 1_000_000,
    "lookups_a_day": 1_000_000_000,
    "near_numbers": 100_000,
}


def run(*words, **more):
    done = subprocess.run([str(word) for word in words], text=True, capture_output=True, **more)
    if done.returncode != 0:
        sys.exit(f"{words[0]} ended with {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def say(text):
    print(text, file=sys.stderr, flush=True)


class Service:
    def __init__(self, build, folder, people):
        self.build, self.folder, self.process = build, folder, None
        self.home = folder / "service"
        self.bodies = folder / "bodies.jsonl"
        folder.mkdir(parents=True, exist_ok=True)
        self.install()
        self.fill(people)
        self.write_bodies()

    def install(self):
        keys = self.folder / "keys.json"
        if not keys.exists():
            keys.write_text(run(self.build / "bin/semakd", "init", "--dir", self.home, "--format", "json"))
        self.keys = {key["role"]: key["key"] for key in json.loads(keys.read_text())["keys"]}
        config = self.home / "semakd.toml"
        text = config.read_text()
        for name, value in LIMITS.items():
            text, times = re.subn(rf"(?m)^#?{name} = .*$", f"{name} = {value}", text)
            if times != 1:
                sys.exit(f"{config}: no setting {name}")
        config.write_text(text)

    def fill(self, people):
        file, done = self.folder / "people.csv", self.folder / "loaded"
        if not file.exists():
            run(self.build / "bin/semak", "generate", "--people", people, "--seed", 7, "--out", file, "--queries",
                20_000, "--queries-out", self.folder / "queries.csv", "--truth-out", self.folder / "truth.csv")
        if not done.exists():
            run(self.build / "bin/semak", "load", "--db", self.home / "database", "--register", "offenders", "--kind",
                "offender", file, env=dict(os.environ, SEMAK_KEYS=str(self.home / "keys/semak.key")))
            done.touch()

    def write_bodies(self):
        """As a school's form has them: a name with a number, a birth date or both, mistyped as generated."""
        with open(self.folder / "truth.csv", newline="", encoding="utf-8") as file:
            members = {row["query_id"] for row in csv.DictReader(file) if row["registry_id"]}
        kinds = collections.Counter()
        strangers = allowed = 0
        with open(self.folder / "queries.csv", newline="", encoding="utf-8") as file, \
                open(self.bodies, "w", encoding="utf-8") as out:
            for row in csv.DictReader(file):
                subject = {"name": row["name"]}
                for name, column in (("id_number", "id_number"), ("date_of_birth", "dob"), ("sex", "sex")):
                    if row.get(column):
                        subject[name] = row[column]
                if "id_number" not in subject and "date_of_birth" not in subject:
                    continue  # the policy asks for one of them
                member = row["query_id"] in members
                if member and allowed >= strangers * MEMBERS / (1 - MEMBERS):
                    continue
                allowed += member
                strangers += not member
                kinds["member" if member else "stranger"] += 1
                kinds["with number" if "id_number" in subject else "with birth date alone"] += 1
                out.write(json.dumps({"purpose": "school_staff", "reference": row["query_id"], "consent": True,
                                      "subject": subject}, ensure_ascii=False) + "\n")
        self.kinds = dict(kinds)

    def start(self, *options):
        self.secure = "--no-tls" not in options
        self.context = ssl._create_unverified_context() if self.secure else None
        log = open(self.folder / "semakd.log", "a", encoding="utf-8")
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        descriptors = (min(16_384, most), most)  # for 12,000 connections and the databases' files
        self.process = subprocess.Popen(
            [self.build / "bin/semakd", "serve", "--dir", self.home, "--listen", f"127.0.0.1:{PORT}", *options],
            stderr=log, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, descriptors))
        for _ in range(600):
            try:
                if self.request("GET", "/readyz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
            if self.process.poll() is not None:
                sys.exit(f"semakd stopped; see {log.name}")
        sys.exit("semakd is not ready after a minute")

    def stop(self):
        if self.process.poll() is not None:
            return f"died: {self.process.returncode}"
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def alive(self):
        return self.process.poll() is None

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self, what="VmRSS"):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{what}:\s+(\d+)", status)[1]) // 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def request(self, method, path, body=None, content_type="application/json", role="submitter", timeout=120):
        scheme = "https" if self.secure else "http"
        headers = {"Authorization": "Bearer " + self.keys[role]}
        if body is not None:
            headers["Content-Type"] = content_type
        request = urllib.request.Request(f"{scheme}://127.0.0.1:{PORT}{path}", data=body, method=method,
                                         headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=timeout, context=self.context) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error

    def metrics(self):
        scheme = "https" if self.secure else "http"
        request = urllib.request.Request(f"{scheme}://127.0.0.1:{PORT}/metrics",
                                         headers={"Authorization": "Bearer " + self.keys["auditor"]})
        with urllib.request.urlopen(request, timeout=60, context=self.context) as answer:
            return answer.read().decode()

    def hand_in_batch(self, rows):
        """As an agency hands one in: a CSV file of so many subjects."""
        subjects = [json.loads(line)["subject"] for line in open(self.bodies, encoding="utf-8")]
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["query_id", "name", "id_number", "dob"])
        for i in range(rows):
            subject = subjects[i % len(subjects)]
            writer.writerow([i, subject["name"], subject.get("id_number", ""), subject.get("date_of_birth", "")])
        body = ""
        for name, file, value in (("purpose", None, "batch_vetting"), ("consent", None, "true"),
                                  ("file", "people.csv", text.getvalue())):
            extra = f'; filename="{file}"\r\nContent-Type: text/csv' if file else ""
            body += f'--border\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n{value}\r\n'
        status, batch = self.request("POST", "/v1/batches", (body + "--border--\r\n").encode(),
                                     "multipart/form-data; boundary=border")
        if status != 202:
            sys.exit(f"the batch was refused: {status} {batch}")
        return batch

    def batch(self, batch_id):
        return self.request("GET", f"/v1/batches/{batch_id}")[1]

    def wrk(self, path, connections, seconds):
        """A closed loop: the next request when the last was answered. Rate, and processor time of each request."""
        before = self.processor_seconds()
        text = run("wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", HERE / "screenings.lua",
                   f"{'https' if self.secure else 'http'}://127.0.0.1:{PORT}", "--", path, self.keys["submitter"],
                   self.bodies)
        spent = self.processor_seconds() - before
        answers = int(re.search(r"(\d+) requests in", text)[1])
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
        failed = re.search(r"Socket errors: (.*)", text)
        if failed:
            say(f"  {path}: {failed[0]}")
        return {"per_second": float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),
                "server_us": round(spent / max(answers, 1) * 1e6, 1), "not_2xx": int(bad[1]) if bad else 0}

    def load(self, rate, seconds, connections=64, warmup=1):
        """An open loop: requests leave on a schedule, whatever the answers do. Latency from the moment one was due."""
        before = self.processor_seconds()
        answers = json.loads(run(self.build / "bin/semak-load-client", "--port", PORT, "--key", self.keys["submitter"],
                                 "--bodies", self.bodies, "--rate", rate, "--seconds", seconds, "--connections",
                                 connections, "--warmup", warmup))
        spent = self.processor_seconds() - before
        answers["server_us"] = round(spent / max(answers["answers_with_warmup"], 1) * 1e6, 1)
        return answers
