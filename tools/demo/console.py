#!/usr/bin/env python3
"""console.py SEMAK SEMAKD: the demo's registers behind the service, with a school's applicants handed in, and how to
open the web console. Run in the demo's folder; makes service/ there. Everybody is invented."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import urllib.request
import uuid

PORT = 8080


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode > 1:
        sys.exit(f"{words[0]} {words[1]}: {done.stderr.strip()}")
    return done.stdout


class Service:
    """semakd on a port of its choice, for as long as the `with` lasts."""

    def __init__(self, semakd, folder):
        self.words = [str(semakd), "serve", "--dir", str(folder), "--listen", "127.0.0.1:0", "--no-tls"]

    def __enter__(self):
        self.process = subprocess.Popen(self.words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            found = re.search(r'listening.*?"?port"?\s*[:=]\s*"?(\d+)', line)
            if found:
                self.url = f"http://127.0.0.1:{found[1]}"
                return self
        sys.exit("semakd does not listen")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.stdout.read()
        self.process.wait()

    def ask(self, key, path, body=None, content_type="application/json"):
        request = urllib.request.Request(self.url + path, data=body, headers={"Authorization": f"Bearer {key}"})
        if body is not None:
            request.add_header("Content-Type", content_type)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            return json.load(answer)


def hand_in(service, key, file):
    edge = uuid.uuid4().hex
    parts = [("purpose", None, b"school_staff"), ("consent", None, b"true"), ("reference", None, b"SK Melati 2026"),
             ("file", file.name, file.read_bytes())]
    body = b""
    for name, file_name, content in parts:
        body += f'--{edge}\r\nContent-Disposition: form-data; name="{name}"'.encode()
        body += f'; filename="{file_name}"'.encode() if file_name else b""
        body += b"\r\n\r\n" + content + b"\r\n"
    body += f"--{edge}--\r\n".encode()
    batch = service.ask(key, "/v1/batches", body, f"multipart/form-data; boundary={edge}")
    while batch["state"] in ("waiting", "running"):
        time.sleep(0.2)
        batch = service.ask(key, f"/v1/batches/{batch['id']}")
    return batch


def main():
    semak, semakd = (pathlib.Path(name).resolve() for name in sys.argv[1:3])
    folder = pathlib.Path("service")
    os.environ["SEMAK_KEYS"] = str(folder / "keys" / "semak.key")  # beside the database, not in it
    keys = {one["role"]: one["key"] for one in
            json.loads(run(semakd, "init", "--dir", folder, "--tenant", "sk-melati", "--format", "json"))["keys"]}
    second = json.loads(run(semakd, "key", "--dir", folder, "--role", "caseworker", "--tenant", "agency",
                            "--name", "Second caseworker", "--format", "json"))["key"]
    for register, kind in (("offenders", "offender"), ("carers", "oyls")):
        run(semak, "load", "--db", folder / "database", "--register", register, "--kind", kind, f"{register}.csv")
    with Service(semakd, folder) as service:
        batch = hand_in(service, keys["submitter"], pathlib.Path("school.csv"))
    outcomes = batch["outcomes"]
    print(f"A school's {batch['rows']} applicants were handed in: {outcomes['no_record']} without a record, "
          f"{outcomes['under_verification']} to be verified by a caseworker, "
          f"{outcomes['incomplete'] + batch['rejected']} not screened for want of details.\n")
    print("To open the web console, start the service (it holds the terminal; Ctrl+C ends it):\n")
    print(f"  {semakd} serve --dir {folder.resolve()} --listen 127.0.0.1:{PORT} --no-tls\n")
    print(f"then open http://127.0.0.1:{PORT}/ and sign in with one of these keys of the demo:\n")
    names = {"submitter": "a school", "caseworker": "a caseworker", "registrar": "the registrar",
             "auditor": "an auditor", "admin": "the administrator"}
    for role, name in names.items():
        print(f"  {name:<22} {keys[role]}")
        if role == "caseworker":
            print(f"  {'a second caseworker':<22} {second}")
    print("\nA confirmed record needs two caseworkers: decide a referral with one key, confirm it with the other.")


if __name__ == "__main__":
    main()
