"""What people do with a semakd that is to be killed, and the journal of everything it acknowledged to them."""

import collections
import http.client
import json
import random
import re
import signal
import subprocess
import threading
import time

REGISTER = "pesalah"
FORM = "multipart/form-data; boundary=XyZ"


class Findings(Exception):
    pass


class Gone(Exception):
    """The service was killed before it answered."""


Answer = collections.namedtuple("Answer", "status body headers")


def expect(condition, what):
    if not condition:
        raise Findings(what)


class People:
    """Invented ones, no two with the same number."""

    GIVEN = ("Ahmad Siti Aminah Farid Nurul Hafiz Rosmah Kamal Azizah Ismail Zainab Lim Tan Wong Chong Mei Ling Raju "
             "Muthu Devi Jelani Awang Dayang Salleh Halim Puteri Yusof Rahim Latifah Nordin").split()

    def __init__(self, seed):
        self.random, self.serial = random.Random(seed), 0

    def one(self):
        self.serial += 1
        year, month, day = self.random.randint(1960, 2003), self.random.randint(1, 12), self.random.randint(1, 28)
        sex = self.random.choice("MF")
        tail = 2 * (self.serial % 4999) + (1 if sex == "M" else 2)
        given, father = self.random.sample(self.GIVEN, 2), self.random.sample(self.GIVEN, 2)
        return {"name": f"{' '.join(given)} {'bin' if sex == 'M' else 'binti'} {' '.join(father)}",
                "id_number": f"{year % 100:02}{month:02}{day:02}-{self.random.randint(1, 14):02}-{tail:04}",
                "date_of_birth": f"{year}-{month:02}-{day:02}", "sex": sex}


class Service:
    def __init__(self, programs, folder):
        self.semakd, self.folder, self.home = programs / "semakd", folder, folder / "service"
        self.process = None
        made = json.loads(subprocess.run([self.semakd, "init", "--dir", self.home, "--format", "json"], check=True,
                                         capture_output=True, text=True).stdout)
        self.keys = {key["role"]: key["key"] for key in made["keys"]}
        config = self.home / "semakd.toml"
        text = config.read_text()
        # Nobody is refused for asking much, nor for being slow where the machine stands still for a while.
        for name, value in (("requests_per_second", 1_000_000), ("requests_burst", 1_000_000),
                            ("lookups_a_day", 1_000_000_000), ("near_numbers", 100_000), ("header_seconds", 3600),
                            ("body_seconds", 3600), ("write_seconds", 3600), ("idle_seconds", 86_400),
                            ("queue_milliseconds", 600_000)):
            text, found = re.subn(rf"(?m)^#?{name} =.*$", f"{name} = {value}", text)
            expect(found == 1, f"semakd.toml has {name} {found} times")
        config.write_text(text)

    def spawn(self):
        self.log = self.folder / "semakd.log"
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen([self.semakd, "serve", "--dir", self.home, "--no-tls", "--listen",
                                             "127.0.0.1:0"], stderr=log)

    def ready(self):
        until = time.monotonic() + 600
        while time.monotonic() < until:
            found = re.search(r'"event":"listening".*?"port":(\d+)', self.log.read_text(encoding="utf-8"))
            if found:
                self.port = int(found[1])
                if Client(self, None).get("/readyz").status == 200:
                    return
            expect(self.process.poll() is None, f"semakd does not come up again: {self.log.read_text()[-2000:]}")
            time.sleep(0.01)
        raise Findings("semakd is not ready after ten minutes")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        expect(self.process.wait(600) == 0, f"semakd ended with status {self.process.returncode}")


class Client:
    def __init__(self, service, who):
        self.key = service.keys[who] if who else None
        self.connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=600)

    def send(self, method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items() if value}
        if self.key:
            headers["Authorization"] = "Bearer " + self.key
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
            body = body.encode() if isinstance(body, str) else json.dumps(body, ensure_ascii=False).encode()
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            return Answer(answer.status, answer.read().decode(), answer.headers)
        except (OSError, http.client.HTTPException) as error:
            raise Gone from error

    def get(self, path):
        return self.send("GET", path)

    def read(self, path):
        answer = self.get(path)
        expect(answer.status == 200, f"GET {path}: {answer.status} {answer.body[:300]}")
        return json.loads(answer.body)

    def pages(self, path):
        items, cursor = [], ""
        while True:
            page = self.read(f"{path}{'&' if '?' in path else '?'}limit=200{cursor}")
            items += page["items"]
            if not page.get("next_cursor") or not page["items"]:
                return items
            cursor = "&cursor=" + page["next_cursor"]


class Wanted:
    """Something asked for under an Idempotency-Key, or, not `repeatable`, once without one: `key` is its reference only.
    `answer`: what was acknowledged; None as long as nothing was. `found`: of what was asked for once and not answered,
    whether it was made, once that was looked up."""

    def __init__(self, kind, who, path, body, key, content_type=None, repeatable=True):
        self.kind, self.who, self.path, self.body, self.key = kind, who, path, body, key
        self.content_type, self.repeatable = content_type, repeatable
        self.answer = self.found = None

    def ask(self, client):
        for _ in range(100):
            answer = client.send("POST", self.path, self.body, Idempotency_Key=self.key if self.repeatable else None,
                                 Content_Type=self.content_type)
            # A register was changed at that very moment: nothing was made, and the answer asks for another try.
            if answer.status != 422 or "stale_index" not in answer.body:
                break
            time.sleep(0.05)
        return answer

    def made(self):
        return json.loads(self.answer.body)


class Record:
    """`revisions`: what was acknowledged, oldest first, as (ETag, state, what it says); `under_way`: what was not."""

    def __init__(self, record_id, enrolled):
        self.id, self.enrolled, self.revisions, self.under_way = record_id, enrolled, [], None


class Journal:
    def __init__(self):
        self.wanted, self.records, self.numbers = [], {}, collections.Counter()
        self.case_texts = collections.defaultdict(list)  # case -> (text, acknowledged, version after it)
        self.alerts, self.acknowledged = {}, set()
        self.enrolled, self.refused = [], collections.Counter()
        self.naming = threading.Lock()

    def name(self, kind):
        with self.naming:  # two threads of one kind must never get the same name: it is their Idempotency-Key
            self.numbers[kind] += 1
            return f"{kind}-{self.numbers[kind]:06}"

    def of(self, kind):
        return [each for each in self.wanted if each.kind == kind and each.answer]

    def once_unanswered(self, kind):
        return [each for each in self.wanted if each.kind == kind and not each.answer and not each.repeatable]


class Traffic:
    """What people do all at once, each on a connection of their own, until the service is gone."""

    def __init__(self, service, journal, people, known, seed):
        self.service, self.journal, self.people, self.known = service, journal, people, known
        self.random, self.findings, self.running = random.Random(seed), [], True
        self.threads = [threading.Thread(target=self.run, args=words) for words in (
            (self.screen, "submitter"), (self.screen_once, "submitter"), (self.screen_once, "submitter"),
            (self.screen_once, "submitter"), (self.hand_in, "submitter"), (self.enrol, "submitter"),
            (self.follow_alerts, "submitter"), (self.decide, "caseworker"), (self.decide, "second"),
            (self.change_register, "registrar"))]

    def start(self):
        for thread in self.threads:
            thread.start()

    def join(self):
        self.running = False
        for thread in self.threads:
            thread.join()
        if self.findings:
            raise self.findings[0]

    def run(self, act, who):
        try:
            client = Client(self.service, who)
            while self.running:
                act(client)
                time.sleep(0.002)
        except Gone:
            pass
        except Exception as finding:  # told by join()
            self.findings.append(finding)

    def ask(self, client, wanted):
        self.journal.wanted.append(wanted)
        answer = wanted.ask(client)
        expect(answer.status in (201, 202), f"{wanted.kind}: {answer.status} {answer.body[:400]}")
        wanted.answer = answer
        return wanted

    def anybody(self):
        return self.random.choice(self.known) if self.random.random() < 0.3 else self.people.one()

    def screen(self, client, repeatable=True):
        name = self.journal.name("screening")
        self.ask(client, Wanted("screening", "submitter", "/v1/screenings",
                                {"purpose": "school_staff", "reference": name, "consent": True,
                                 "subject": self.anybody()}, name, repeatable=repeatable))

    def screen_once(self, client):
        self.screen(client, repeatable=False)

    def hand_in(self, client):
        name, people = self.journal.name("batch"), [self.anybody() for _ in range(self.random.randint(50, 300))]
        if self.random.random() < 0.5:
            rows = [{"query_id": f"{name}/{i}", "subject": person} for i, person in enumerate(people)]
            body, kind = {"purpose": "school_staff", "reference": name, "consent": True, "rows": rows}, None
        else:  # a file with some rows that cannot be checked
            lines = [f"{name}/{i},{'' if i % 17 == 3 else person['name']},{person['id_number']},"
                     f"{person['date_of_birth']}\n" for i, person in enumerate(people)]
            parts = (("purpose", "school_staff"), ("reference", name), ("consent", "true"))
            body = "".join(f'--XyZ\r\nContent-Disposition: form-data; name="{part}"\r\n\r\n{text}\r\n'
                           for part, text in parts)
            body += ('--XyZ\r\nContent-Disposition: form-data; name="file"; filename="people.csv"\r\n\r\n'
                     f"query_id,name,id_number,dob\n{''.join(lines)}\r\n--XyZ--\r\n")
            kind = FORM
        wanted = Wanted("batch", "submitter", "/v1/batches", body, name, kind)
        wanted.rows = len(people)
        self.ask(client, wanted)
        self.pause(0.4)

    def pause(self, seconds):
        until = time.monotonic() + seconds
        while self.running and time.monotonic() < until:
            time.sleep(0.01)

    def enrol(self, client):
        name, person = self.journal.name("enrolment"), self.people.one()
        wanted = self.ask(client, Wanted("enrolment", "submitter", "/v1/enrolments",
                                         {"purpose": "school_staff", "reference": name, "consent": True,
                                          "until": time.strftime("%Y-%m-%d", time.gmtime(time.time() + 30 * 86400)),
                                          "subject": person}, name))
        self.journal.enrolled.append((wanted.made()["id"], person))
        self.pause(0.03)

    def follow_alerts(self, client):
        page = client.read("/v1/alerts?unacknowledged=true&limit=50")
        for alert in page["items"]:
            del alert["acknowledged"]
            seen = self.journal.alerts.setdefault(alert["id"], alert)
            expect(seen == alert, f"alert {alert['id']} says something else than before")
            expect(alert["id"] not in self.journal.acknowledged, f"alert {alert['id']} was acknowledged already")
            answer = client.send("POST", f"/v1/alerts/{alert['id']}/acknowledge")
            expect(answer.status == 204, f"alert: {answer.status} {answer.body[:300]}")
            self.journal.acknowledged.add(alert["id"])
        self.pause(0.05)

    def decide(self, client):
        cases = client.read("/v1/cases?limit=50")["items"]
        if not cases:
            return self.pause(0.05)
        case = client.read(f"/v1/cases/{self.random.choice(cases)['id']}")
        text, path = self.journal.name("words"), f"/v1/cases/{case['id']}"
        open_ones = [each["index"] for each in case["candidates"] if not each["decided"] and not each.get("gone")]
        if self.random.random() < 0.3 or not open_ones:
            path, body = path + "/notes", {"text": text}
        else:
            path, body = path + "/decision", {"candidate": self.random.choice(open_ones), "reason": text,
                                              "verdict": self.random.choice(["same_person", "not_same", "need_more"])}
        entry = [text, False, 0]
        self.journal.case_texts[case["id"]].append(entry)
        answer = client.send("POST", path, body, If_Match=f'"{case["version"]}"')
        if answer.status == 200:
            entry[1:] = True, json.loads(answer.body)["version"]
        else:  # another caseworker was quicker, or the four-eyes rule says no
            expect(answer.status in (403, 409, 412, 422), f"case: {answer.status} {answer.body[:300]}")
            self.journal.refused[answer.status] += 1
            self.journal.case_texts[case["id"]].remove(entry)
        return None

    def change_register(self, client):
        changeable = [each for each in self.journal.records.values() if each.revisions and not each.under_way]
        if changeable and self.random.random() < 0.4:
            self.correct_or_withdraw(client, self.random.choice(changeable))
        else:
            self.add_record(client)
        self.pause(0.02)

    def add_record(self, client):
        name, enrolled, person = self.journal.name("REC"), None, None
        if self.journal.enrolled and self.random.random() < 0.4:
            enrolled, person = self.random.choice(self.journal.enrolled)
        person = person or self.people.one()
        record = Record(name, enrolled)
        record.under_way = ("active", person["name"])
        self.journal.records[name] = record
        wanted = self.ask(client, Wanted("record", "registrar", f"/v1/registers/{REGISTER}/records",
                                         {"record": content(name, person), "reason": "Surat mahkamah"}, name))
        record.revisions.append((wanted.answer.headers["ETag"], *record.under_way))
        record.under_way = None

    def correct_or_withdraw(self, client, record):
        etag, _, said = record.revisions[-1]
        path = f"/v1/registers/{REGISTER}/records/{record.id}"
        seen = json.loads(client.get(path).body)
        if seen["state"] == "active" and self.random.random() < 0.3:
            record.under_way = ("withdrawn", said)
            answer = client.send("POST", path + "/withdraw", {"reason": "Rayuan dibenarkan"}, If_Match=etag)
        else:
            new = seen["record"]
            new["fields"] = {**new.get("fields", {}), "catatan": self.journal.name("correction")}
            record.under_way = ("active", said)
            answer = client.send("PUT", path, {"record": new, "reason": "Pembetulan"}, If_Match=etag)
        expect(answer.status == 200, f"{record.id}: {answer.status} {answer.body[:300]}")
        record.revisions.append((answer.headers["ETag"], *record.under_way))
        record.under_way = None


def content(record_id, person):
    return {"id": record_id, "names": [{"type": "registered", "text": person["name"]}],
            "numbers": [{"kind": "mykad", "text": person["id_number"]}], "date_of_birth": person["date_of_birth"],
            "sex": person["sex"], "fields": {"act_section": "Akta 792 s.14"}}
