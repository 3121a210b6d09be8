"""Clients that mean harm, or know no better, beside normal ones: what becomes of the service and of the others."""

import collections
import selectors
import socket
import threading
import time

from service import PORT


def head(key, more=""):
    return f"POST /v1/screenings HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n{more}"


def bad_requests(key):
    """Name -> bytes of one request that no good client sends. Each has an answer below 500, or none."""
    typed = head(key, "Content-Type: application/json\r\n")
    deep = "[" * 5000 + "]" * 5000

    def body(text):
        data = text.encode() if isinstance(text, str) else text
        return typed.encode() + b"Content-Length: %d\r\n\r\n" % len(data) + data

    return {
        "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n",
        "no method": b" / HTTP/1.1\r\n\r\n",
        "HTTP/3.9": b"GET / HTTP/3.9\r\nHost: localhost\r\n\r\n",
        "control characters": b"GET /\x01\x02 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "no host": b"GET /v1/me HTTP/1.1\r\n\r\n",
        "two lengths": (typed + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}").encode(),
        "length and chunks": (typed + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").encode(),
        "negative length": (typed + "Content-Length: -1\r\n\r\n").encode(),
        "bad chunk": (typed + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n").encode(),
        "huge header": (typed + "X-Long: " + "a" * 100_000 + "\r\n\r\n").encode(),
        "many headers": (typed + "".join(f"X-{i}: 1\r\n" for i in range(2000)) + "\r\n").encode(),
        "long target": f"GET /{'a' * 50_000} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(),
        "path upwards": f"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(),
        "announced gigabyte": (typed + "Content-Length: 1073741824\r\n\r\n{").encode(),
        "large body": body('{"purpose":"' + "a" * 2_000_000 + '"}'),
        "not JSON": body("{purpose"),
        "not UTF-8": body(b'{"purpose":"\xff\xfe"}'),
        "too deep": body(deep),
        "wrong types": body('{"purpose":7,"subject":[],"consent":"yes"}'),
        "huge number": body('{"purpose":1e999999}'),
        "doubled member": body('{"purpose":"school_staff","purpose":"default","subject":{"name":"A"}}'),
        "nothing": body(""),
        "wrong key": head("semak_000000000000_" + "0" * 52, "Content-Length: 2\r\n\r\n{}").encode(),
        "unknown type": (head(key, "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}")).encode(),
        "gzip": (typed + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}").encode(),
        "smuggled": (typed + "Content-Length: 0\r\n\r\nGET /v1/keys HTTP/1.1\r\n\r\n").encode(),
    }


def one_answer(data, patience=20):
    """Status line of the first answer; 'closed' without one."""
    try:
        with socket.create_connection(("127.0.0.1", PORT), timeout=patience) as peer:
            try:
                peer.sendall(data)
            except OSError:
                pass  # it was refused before all of it was sent; the answer may be there
            got = b""
            while b"\r\n" not in got:
                more = peer.recv(4096)
                if not more:
                    return "closed"
                got += more
            return got.split(b" ")[1].decode()
    except socket.timeout:
        return "silence"
    except OSError:
        return "closed"


class Background:
    """Something that goes on in a thread until it is told to end."""

    def __init__(self):
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def end(self):
        self.ending.set()
        self.thread.join(60)


class BadClients(Background):
    """Sends every bad request in turn, some hundred a second, and counts the answers of each."""

    def __init__(self, key):
        self.requests = bad_requests(key)
        self.answers = {name: collections.Counter() for name in self.requests}
        super().__init__()

    def work(self):
        while not self.ending.is_set():
            for name, data in self.requests.items():
                self.answers[name][one_answer(data)] += 1
                time.sleep(0.005)

    def figures(self):
        return {name: dict(counts) for name, counts in self.answers.items()}


class Drips(Background):
    """Connections that say a byte now and then: half of them never end their header, half never their body."""

    def __init__(self, key, count, every=1.0):
        self.key, self.count, self.every = key, count, every
        self.opened = self.cut = self.sent = 0
        super().__init__()

    def open(self, i):
        peer = socket.create_connection(("127.0.0.1", PORT))
        peer.setblocking(False)
        if i % 2 == 0:
            peer.send(b"POST /v1/screenings HTTP/1.1\r\nX-Slow: ")
        else:
            peer.send(head(self.key, "Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{").encode())
        self.opened += 1
        return peer

    def work(self):
        peers = [self.open(i) for i in range(self.count)]
        while not self.ending.wait(self.every):
            for i, peer in enumerate(peers):
                try:
                    peer.send(b" ")
                    self.sent += 1
                    closed = peer.recv(4096) is not None  # whatever comes ends it
                except BlockingIOError:
                    continue
                except OSError:
                    closed = True
                if closed:
                    self.cut += 1
                    peer.close()
                    peers[i] = self.open(i)
        for peer in peers:
            peer.close()

    def figures(self):
        return {"connections": self.count, "opened": self.opened, "cut_by_the_service": self.cut}


def idle_connections(count):
    """As many as the service takes; none of them says anything."""
    return [socket.create_connection(("127.0.0.1", PORT)) for _ in range(count)]


def still_open(peers):
    selector = selectors.DefaultSelector()
    for peer in peers:
        peer.setblocking(False)
        selector.register(peer, selectors.EVENT_READ)
    return len(peers) - len(selector.select(0))


def server_errors(*statuses):
    """Counts of answers from 500 on, but for those given on purpose: 503, and 505 to who speaks another HTTP."""
    bad = collections.Counter()
    for counts in statuses:
        for status, times in counts.items():
            if str(status).isdigit() and int(status) >= 500 and int(status) not in (503, 505):
                bad[status] += times
    return dict(bad)


def measured(service, rate, seconds, idle):
    """Normal load alone, beside dripping and bad clients, beside idle connections, and after all of them."""
    figures = {"alone": service.load(rate, seconds), "memory_mb": [service.memory_mb()],
               "descriptors": [service.descriptors()]}
    metrics(service)  # an unknown key is not looked at while bad clients at the same address try wrong ones
    bad, drips = BadClients(service.keys["submitter"]), Drips(service.keys["submitter"], 400)
    figures["beside_bad"] = service.load(rate, max(seconds, 25))
    bad.end()
    drips.end()
    figures["bad_requests"], figures["drips"] = bad.figures(), drips.figures()
    figures["memory_mb"].append(service.memory_mb())
    peers = idle_connections(idle)
    figures["beside_idle"] = service.load(rate, seconds)
    figures["memory_mb"].append(service.memory_mb())
    figures["descriptors"].append(service.descriptors())
    figures["idle"] = {"connections": idle, "open_afterwards": still_open(peers)}
    for peer in peers:
        peer.close()
    time.sleep(2)
    figures["after"] = service.load(rate, seconds)
    figures["memory_mb"].append(service.memory_mb())
    figures["descriptors"].append(service.descriptors())
    figures["alive"] = service.alive()
    figures["server_errors"] = server_errors(*figures["bad_requests"].values(), *(
        figures[name]["statuses"] for name in ("alone", "beside_bad", "beside_idle", "after")))
    figures["metrics"] = [line for line in metrics(service) if line.startswith(
        ("semak_timeouts", "semak_malformed_requests", "semak_connections", "semak_body_bytes"))]
    return figures


def metrics(service):
    data = f"GET /metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {service.keys['auditor']}\r\n" \
           "Connection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", PORT)) as peer:
        peer.sendall(data.encode())
        got = b""
        while more := peer.recv(65536):
            got += more
    return got.decode().split("\r\n\r\n", 1)[1].splitlines()
