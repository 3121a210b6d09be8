#!/usr/bin/env python3
"""Throws generated requests at every operation of a real semakd and fails on a crash, a 5xx or an answer that
openapi.json does not describe. A development tool: needs schemathesis (pip install schemathesis, in a venv of its own).

    tools/semakd/fuzz.py build/dev/bin/semakd [--examples 50] [--schemathesis ~/venv/bin/schemathesis] [--seed 1]

Each role's key meets the operations that the role may use, and one that it may not."""

import argparse
import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance," \
         "response_schema_conformance,negative_data_rejection,unsupported_method"
OFFENDERS = """id,name,id_number,dob,sex,state,act_section
KPK-1,Ahmad bin Kassim,700101-01-5555,1970-01-01,M,Johor,Akta 792 s.14
KPK-2,Rosmah binti Dollah,810214-03-5228,1981-02-14,F,Kelantan,Akta 611 s.31
"""
# Fuzzing must not run into limits that are there to stop it.
SETTINGS = {"requests_per_second": 100000, "requests_burst": 100000, "lookups_a_day": 1000000000,
            "near_numbers": 100000}
# What schemathesis takes for a refusal by itself, and addresses, bodies and headers that are too long.
CONFIG = """[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "413", "414", "415", "422", "428", "429", "431"]
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def install(semakd, folder):
    made = subprocess.run([semakd, "init", "--dir", folder, "--format", "json"], check=True, capture_output=True, text=True)
    config = next(folder.glob("*.toml"))
    text = config.read_text()
    for key, value in SETTINGS.items():
        text, count = re.subn(rf"^#? ?{key} = .*$", f"{key} = {value}", text, flags=re.M)
        if count != 1:
            sys.exit(f"fuzz: {config} has no setting {key}")
    config.write_text(text)
    return {key["role"]: key["key"] for key in json.loads(made.stdout)["keys"]}


def request(url, key, body=None, content_type=None, headers=None):
    wanted = urllib.request.Request(url, data=body, headers={"Authorization": f"Bearer {key}", **(headers or {})})
    if content_type:
        wanted.add_header("Content-Type", content_type)
    with urllib.request.urlopen(wanted) as answer:
        return json.loads(answer.read() or b"null")


def wait_until_ready(url, process):
    for _ in range(200):
        if process.poll() is not None:
            sys.exit(f"fuzz: semakd ended with {process.returncode} before it was ready")
        try:
            urllib.request.urlopen(f"{url}/readyz").read()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("fuzz: semakd was not ready in 20 seconds")


def fill(url, keys):
    form = ("--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"offenders.csv\"\r\n\r\n" + OFFENDERS +
            "\r\n--B\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\noffender\r\n--B--\r\n").encode()
    request(f"{url}/v1/registers/offenders/uploads", keys["registrar"], form, "multipart/form-data; boundary=B")
    subject = {"name": "Ahmad bin Kassim", "id_number": "700101-01-5555"}
    time.sleep(2)
    request(f"{url}/v1/screenings", keys["submitter"], json.dumps(
        {"purpose": "school_staff", "consent": True, "subject": subject}).encode(), "application/json")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("semakd")
    arguments.add_argument("--examples", type=int, default=50)
    arguments.add_argument("--schemathesis", default="schemathesis")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--operation", action="append", help="only this operationId; may be repeated")
    arguments.add_argument("--log", default="fuzz.log", help="where the service's log goes")
    given = arguments.parse_args()
    document = json.loads((HERE / "openapi.json").read_text())
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    with tempfile.TemporaryDirectory() as place, open(given.log, "wb") as log:
        folder = pathlib.Path(place) / "service"
        keys = install(given.semakd, folder)
        settings = pathlib.Path(place) / "schemathesis.toml"
        settings.write_text(CONFIG)
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        process = subprocess.Popen([given.semakd, "serve", "--dir", folder, "--listen", f"127.0.0.1:{port}", "--no-tls"],
                                   stderr=log, stdout=log)
        try:
            wait_until_ready(url, process)
            fill(url, keys)
            failed = []
            # Signing in with invented keys locks the address out for a while: last.
            runs = [(role, key, [o["operationId"] for o in operations if role in o["x-roles"]]) for role, key in keys.items()]
            runs.append(("nobody", "", [o["operationId"] for o in operations if not o["x-roles"] and o["operationId"] != "signIn"]))
            runs.append(("nobody", "", ["signIn"]))
            for role, key, names in runs:
                names = [name for name in names if not given.operation or name in given.operation]
                if not names:
                    continue
                print(f"== {role}: {len(names)} operations", flush=True)
                command = [given.schemathesis, "--config-file", settings, "run", HERE / "openapi.json", "--url", url,
                           "--checks", CHECKS,
                           "--max-examples", str(given.examples), "--seed", str(given.seed), "--no-color",
                           "--generation-database", "none", "--request-timeout", "20", "--suppress-health-check", "all",
                           "--max-failures", "40", "--continue-on-failure"]
                if key:
                    command += ["--header", f"Authorization: Bearer {key}"]
                for name in names:
                    command += ["--include-operation-id", name]
                if subprocess.run(command).returncode != 0:
                    failed.append(role)
                if process.poll() is not None:
                    sys.exit(f"fuzz: semakd died with {process.returncode} under {role}; see {given.log}")
        finally:
            process.terminate()
            status = process.wait(timeout=60)
    if status != 0:
        sys.exit(f"fuzz: semakd ended with {status}; see {given.log}")
    if failed:
        sys.exit(f"fuzz: findings under {', '.join(failed)}")
    print("fuzz: no findings")


if __name__ == "__main__":
    main()
