#!/usr/bin/env python3
"""A service that is killed at any moment keeps everything it acknowledged, and makes nothing twice.

service_kill_test.py BIN_FOLDER [--kills N] [--folder DIR] [--seed S]

A semakd of its own is killed (SIGKILL) at a random moment, N times over, while people screen, hand in batches, decide
cases, change a register and watch persons. What was acknowledged is kept in a journal. After each kill the service must
come up again and everything in the journal must be there as it was answered; what was asked for with an
Idempotency-Key, answered or not, is asked for again and must be one thing with one answer; screenings asked for once,
without a key, are there if they were answered, and otherwise once or not at all and so for good; receipts and the audit
chain must verify; and every batch must end with each of its rows checked once. Killing the process loses nothing that
the kernel has: what a power cut loses is not seen here.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import sys
import tempfile
import time

from service_traffic import FORM, REGISTER, Client, Findings, Journal, People, Service, Traffic, expect

STANDS = ("id", "purpose", "reference", "tenant", "policy", "as_of", "subject", "requested_by", "receipt_salt")


class Inspection:
    """Holds the journal against a service that came up again."""

    def __init__(self, service, journal, chooser):
        self.journal, self.random = journal, chooser
        self.clients = {who: Client(service, who) for who in service.keys}
        self.submitter, self.caseworker = self.clients["submitter"], self.clients["caseworker"]

    def everything(self, since, whole):
        """`since`: how many wanted things were inspected before; `whole`: those too, else a few of them."""
        fresh = self.journal.wanted[since:]
        asked_again = [each for each in fresh if not each.answer and each.repeatable]
        for wanted in asked_again:
            self.ask_again(wanted)
        old = self.journal.wanted[:since]
        for wanted in fresh + (old if whole else self.random.sample(old, min(30, len(old)))):
            if not wanted.answer:
                continue
            if wanted.repeatable:
                self.same_answer(wanted)
            {"screening": self.screening, "batch": self.batch, "enrolment": self.enrolment,
             "record": lambda _: None}[wanted.kind](wanted)
        self.only_one_of_each()
        records = list(self.journal.records.values())
        for record in records if whole else records[-40:] + self.random.sample(records, min(20, len(records))):
            self.record(record)
        self.cases()
        self.alerts()
        report = json.loads(self.clients["auditor"].send("POST", "/v1/audit/verify").body)
        expect(report.get("clean"), f"audit: {report}")
        return len(asked_again), report["entries"]

    def ask_again(self, wanted):
        """What the service was killed over, as a client would whose connection broke."""
        answer = wanted.ask(self.clients[wanted.who])
        expect(answer.status in (201, 202), f"{wanted.key} asked again: {answer.status} {answer.body[:400]}")
        wanted.answer = answer
        if wanted.kind == "enrolment":
            self.journal.enrolled.append((wanted.made()["id"], wanted.body["subject"]))
        if wanted.kind == "record":
            record = self.journal.records[wanted.key]
            record.revisions.append((answer.headers["ETag"], *record.under_way))
            record.under_way = None

    def same_answer(self, wanted):
        again = wanted.ask(self.clients[wanted.who])
        expect(again.headers["Idempotency-Replayed"] == "true", f"{wanted.key} was made again")
        expect((again.status, again.body, again.headers["ETag"], again.headers["Location"]) ==
               (wanted.answer.status, wanted.answer.body, wanted.answer.headers["ETag"],
                wanted.answer.headers["Location"]), f"{wanted.key} is answered otherwise than before")

    def screening(self, wanted):
        told = wanted.made()
        now = self.submitter.read(f"/v1/screenings/{told['id']}")
        for name in STANDS:
            expect(now.get(name) == told.get(name), f"{wanted.key}: {name} is {now.get(name)}, was {told.get(name)}")
        expect(told["outcome"] == now["outcome"] or told["outcome"] == "under_verification",
               f"{wanted.key}: {told['outcome']} became {now['outcome']}")
        answer = self.submitter.send("POST", "/v1/receipts/verify", {
            "receipt": told["receipt"], "salt": told["receipt_salt"], "subject": wanted.body["subject"]})
        expect(answer.status == 200 and json.loads(answer.body)["state"] == "good",
               f"receipt of {wanted.key}: {answer.status} {answer.body[:300]}")

    def batch(self, wanted):
        told = wanted.made()
        now = self.submitter.read(f"/v1/batches/{told['id']}")
        for name in ("id", "purpose", "reference", "tenant", "requested_by", "created", "rows"):
            expect(now.get(name) == told.get(name), f"{wanted.key}: {name} is {now.get(name)}, was {told.get(name)}")
        expect(now["rows"] == wanted.rows, f"{wanted.key} has {now['rows']} rows of {wanted.rows}")

    def enrolment(self, wanted):
        told = wanted.made()
        now = self.submitter.read(f"/v1/enrolments/{told['id']}")
        expect(now == told, f"{wanted.key} is {now}, was {told}")

    def only_one_of_each(self):
        for kind, path in (("batch", "/v1/batches"), ("enrolment", "/v1/enrolments"), ("screening", "/v1/screenings")):
            counts = collections.Counter(each.get("reference") for each in self.submitter.pages(path)
                                         if not each.get("batch_id"))
            for wanted in self.journal.of(kind):
                expect(counts[wanted.key] == 1, f"{wanted.key} is there {counts[wanted.key]} times")
            for wanted in self.journal.once_unanswered(kind):
                count = counts[wanted.key]
                expect(count <= 1 and wanted.found in (None, count), f"{wanted.key}, asked for once and not answered, "
                       f"is there {count} times; before: {wanted.found}")
                wanted.found = count

    def record(self, record):
        path = f"/v1/registers/{REGISTER}/records/{record.id}"
        answer = self.clients["registrar"].get(path + "/history")
        history = json.loads(answer.body)["items"][::-1] if answer.status == 200 else []
        found = [(f'"{each["revision"]}"', each["state"], each["record"]["names"][0]["text"]) for each in history]
        if len(found) == len(record.revisions) + 1 and record.under_way and found[-1][1:] == record.under_way:
            record.revisions.append(found[-1])  # it was done, only its answer was lost
        expect(found == record.revisions, f"{record.id}: revisions {found}, acknowledged {record.revisions}")
        record.under_way = None
        now = self.clients["registrar"].get(path)
        expect(now.headers["ETag"] == found[-1][0], f"{record.id}: ETag {now.headers['ETag']}, not {found[-1][0]}")

    def cases(self):
        for case_id, texts in self.journal.case_texts.items():
            if all(entry[1] is None for entry in texts):
                continue
            case = self.caseworker.read(f"/v1/cases/{case_id}")
            counts = collections.Counter(event.get("text") for event in case["events"])
            for entry in texts:
                text, acknowledged, version = entry
                expect(counts[text] == 1 or not acknowledged and counts[text] == 0,
                       f"case {case_id} has {text} {counts[text]} times; acknowledged: {acknowledged}")
                expect(case["version"] >= version, f"case {case_id} went back to version {case['version']}")
                entry[1] = counts[text] == 1  # not answered: from now on it must stay as it is
            self.journal.case_texts[case_id] = [entry for entry in texts if entry[1]]

    def alerts(self):
        now = {alert["id"]: alert for alert in self.submitter.pages("/v1/alerts")}
        for alert_id, told in self.journal.alerts.items():
            alert = now.get(alert_id)
            expect(alert is not None, f"alert {alert_id} is lost")
            acknowledged = alert.pop("acknowledged")
            alert.pop("acknowledged_by", None)
            expect(alert == told, f"alert {alert_id} is {alert}, was {told}")
            expect(acknowledged or alert_id not in self.journal.acknowledged,
                   f"alert {alert_id} was acknowledged and is not")
            if acknowledged:
                self.journal.acknowledged.add(alert_id)

    def alerts_complete(self):
        """Who is watched and in the register was told of once."""
        told = collections.Counter((alert["enrolment_id"], alert["record_id"])
                                   for alert in self.caseworker.pages("/v1/alerts") if alert["kind"] == "new_hit")
        for record in self.journal.records.values():
            if record.enrolled and record.revisions and all(state == "active" for _, state, _ in record.revisions):
                count = told[(record.enrolled, record.id)]
                expect(count == 1, f"{count} alerts of {record.id}, whose person {record.enrolled} watches")
        return sum(told.values())

    def batches_end(self, ended=()):
        """Every row of every batch, but of those that have ended before, is checked once -> rows."""
        seen, rows = set(), 0
        for wanted in self.journal.of("batch"):
            if wanted.key in ended:
                continue
            batch_id = wanted.made()["id"]
            until = time.monotonic() + 1200
            while True:
                batch = self.submitter.read(f"/v1/batches/{batch_id}")
                if batch["state"] not in ("waiting", "running"):
                    break
                expect(time.monotonic() < until, f"{wanted.key} does not end: {batch}")
                time.sleep(0.05)
            expect(batch["state"] == "done" and batch["done"] + batch["rejected"] == batch["rows"] == wanted.rows and
                   sum(batch["outcomes"].values()) == batch["done"], f"{wanted.key} ended as {batch}")
            results = self.submitter.pages(f"/v1/batches/{batch_id}/results")
            expect([each["query_id"] for each in results] == [f"{wanted.key}/{i}" for i in range(wanted.rows)],
                   f"{wanted.key}: rows are lost, doubled or out of order")
            expect(collections.Counter(each["state"] for each in results) ==
                   +collections.Counter({"done": batch["done"], "rejected": batch["rejected"]}),
                   f"{wanted.key}: results are not complete")
            ids = [each["screening_id"] for each in results if each["state"] == "done"]
            expect(len(set(ids)) == len(ids) and seen.isdisjoint(ids), f"{wanted.key}: a check has two rows")
            seen.update(ids)
            checks = [each["id"] for each in self.submitter.pages(f"/v1/screenings?batch_id={batch_id}")]
            expect(sorted(checks) == sorted(ids), f"{wanted.key}: {len(checks)} checks of {len(ids)} rows")
            rows += batch["rows"]
        return rows


def prepare(service, people):
    """A register of some people and a second caseworker -> those people."""
    service.spawn()
    service.ready()
    made = Client(service, "admin").send("POST", "/v1/keys", {"label": "Second", "role": "caseworker",
                                                              "tenant": "agency"})
    service.keys["second"] = json.loads(made.body)["secret"]
    known = [people.one() for _ in range(200)]
    rows = "".join(f"K-{i},{each['name']},{each['id_number']},{each['date_of_birth']},{each['sex']},Johor,s.14,\n"
                   for i, each in enumerate(known))
    answer = Client(service, "registrar").send(
        "POST", f"/v1/registers/{REGISTER}/uploads",
        '--XyZ\r\nContent-Disposition: form-data; name="kind"\r\n\r\noffender\r\n'
        '--XyZ\r\nContent-Disposition: form-data; name="file"; filename="register.csv"\r\n\r\n'
        f"id,name,id_number,dob,sex,state,act_section,appeal_status\n{rows}\r\n--XyZ--\r\n", Content_Type=FORM)
    expect(answer.status == 202, f"upload: {answer.status} {answer.body[:300]}")
    registrar, job = Client(service, "registrar"), {"state": "running"}
    while job["state"] == "running":
        time.sleep(0.02)
        job = registrar.read(answer.headers["Location"])
    expect(job["state"] == "done" and job["report"]["added"] == len(known), f"upload: {job}")
    return known


def test(service, kills, chooser, tell):
    people, journal = People(chooser.random()), Journal()
    known = prepare(service, people)
    begun = time.monotonic()
    inspected, over, early, entries, ended = 0, 0, 0, 0, ()
    for kill in range(1, kills + 1):
        if chooser.random() < 0.2 and kill > 1:  # while it comes up and takes up what was left
            service.kill()
            service.spawn()
            time.sleep(chooser.uniform(0, 0.4))
            early += 1
        else:
            traffic = Traffic(service, journal, people, known, chooser.random())
            traffic.start()
            time.sleep(chooser.uniform(0.1, 1.5))
            service.kill()
            traffic.join()
        if service.process.poll() is None:
            service.kill()
        service.spawn()
        service.ready()
        inspection = Inspection(service, journal, chooser)
        again, entries = inspection.everything(inspected, kill == kills)
        inspected, over = len(journal.wanted), over + again
        tell(f"kill {kill} of {kills}: {len(journal.wanted)} things made, {again} of them asked for again after it, "
             f"{entries} audit entries")
        if kill % 10 == 0:
            inspection.batches_end(ended)
            ended = {each.key for each in journal.of("batch")}
    inspection = Inspection(service, journal, chooser)
    rows, told = inspection.batches_end(), inspection.alerts_complete()
    service.stop()
    return {"kills": kills, "while_coming_up": early, "seconds": round(time.monotonic() - begun, 1),
            **{kind + "s": len(journal.of(kind)) for kind in ("screening", "enrolment", "record")},
            "screenings_without_key": sum(not each.repeatable for each in journal.of("screening")),
            "unanswered_without_key": len(journal.once_unanswered("screening")),
            "of_these_made": sum(each.found for each in journal.once_unanswered("screening")),
            "batches": len(journal.of("batch")), "rows": rows, "asked_again_unanswered": over,
            "revisions": sum(len(each.revisions) for each in journal.records.values()),
            "case_notes_and_decisions": sum(len(each) for each in journal.case_texts.values()),
            "case_requests_refused": sum(journal.refused.values()), "alerts_new_hit": told,
            "alerts_acknowledged": len(journal.acknowledged), "audit_entries": entries}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=pathlib.Path, help="the folder of semakd")
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--folder", help="where to work; a temporary folder by default")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--quiet", action="store_true")
    arguments = parser.parse_args()
    if not os.access(arguments.programs / "semakd", os.X_OK):
        sys.exit(f"no program: {arguments.programs / 'semakd'}")
    tell = (lambda text: None) if arguments.quiet else (lambda text: print(text, file=sys.stderr, flush=True))
    with tempfile.TemporaryDirectory(prefix="semak-service-kill-", dir=arguments.folder) as folder:
        service = Service(arguments.programs.resolve(), pathlib.Path(folder))
        try:
            summary = test(service, arguments.kills, random.Random(arguments.seed), tell)
        except Findings as finding:
            sys.exit(f"service kill test: {finding}")
        finally:
            if service.process and service.process.poll() is None:
                service.kill()
    print(json.dumps(summary, indent=1))


if __name__ == "__main__":
    main()
