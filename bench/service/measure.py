#!/usr/bin/env python3
"""Measures semakd over loopback: requests a second beside its own echo, latencies at 70 % load and beside a batch,
overload at five times the capacity, hostile clients, idle connections, TLS. Server and client share the machine's
processors.

usage: measure.py BUILD_DIR --people 1000000 --work DIR [--json FILE] [--short] [--only PART ...]

Without --short everything is as long as it was asked for: a minute of overload, a batch of 100,000 rows, 10,000 idle
connections; some 15 minutes, on a machine that does nothing else.

BUILD_DIR holds bin/semak, bin/semakd and bin/semak-load-client (target `benchmarks`). Needs wrk. Everything is
invented people; --work is made, filled once and used again."""

import argparse
import json
import pathlib
import re
import resource
import time

from hostile import measured as measured_hostile
from service import Service, say

PARTS = ("closed", "latency", "batch", "overload", "hostile", "tls")


def median(values):
    return sorted(values)[len(values) // 2]


def closed_loop(service, seconds, rounds):
    pairs = {}
    for connections in (16, 64, 256):
        pairs_of = lambda: [(service.wrk("/v1/echo", connections, seconds),
                             service.wrk("/v1/screenings", connections, seconds)) for _ in range(rounds)]
        runs, size = group_size(service, pairs_of)
        pairs[connections] = {
            "echo": median([echo["per_second"] for echo, _ in runs]),
            "screenings": median([screening["per_second"] for _, screening in runs]),
            "ratio": round(median([screening["per_second"] / echo["per_second"] for echo, screening in runs]), 3),
            "echo_server_us": median([echo["server_us"] for echo, _ in runs]),
            "screening_server_us": median([screening["server_us"] for _, screening in runs]),
            "commits_in_a_group": size,
            "not_2xx": sum(echo["not_2xx"] + screening["not_2xx"] for echo, screening in runs)}
        say(f"{connections} connections: {pairs[connections]}")
    return pairs


def beside_batch(service, rate, seconds, rows):
    quiet = service.load(rate, seconds)
    begun = time.monotonic()
    batch = service.hand_in_batch(rows)
    accepted = time.monotonic()
    before = service.batch(batch["id"])
    beside = service.load(rate, seconds)
    state = after = service.batch(batch["id"])
    figures = {"rows": rows, "interactive_per_second": round(rate), "hand_in_seconds": round(accepted - begun, 2),
               "p50": [quiet["ms_from_due"]["p50"], beside["ms_from_due"]["p50"]],
               "p99": [quiet["ms_from_due"]["p99"], beside["ms_from_due"]["p99"]],
               "ratio_of_p99": round(beside["ms_from_due"]["p99"] / quiet["ms_from_due"]["p99"], 2),
               "statuses": beside["statuses"], "ran_throughout": after["state"] in ("waiting", "running"),
               "rows_done_meanwhile": after["done"] - before["done"]}
    while state["state"] in ("waiting", "running"):
        time.sleep(0.2)
        state = service.batch(batch["id"])
    figures["seconds"] = round(time.monotonic() - accepted, 1)
    figures["state"], figures["outcomes"] = state["state"], state["outcomes"]
    return figures


def commits(service):
    """How many commits and groups of them the service has made: of its metrics."""
    text = service.metrics()
    values = {name: float(value) for name, value in re.findall(r"(?m)^(semak_desk_\w+) (\S+)$", text)}
    return values["semak_desk_commits_total"], values["semak_desk_groups_total"]


def group_size(service, run):
    """Commits that shared one fsync while `run` ran, on average -> (what it gave, that)."""
    before = commits(service)
    given = run()
    after = commits(service)
    return given, round((after[0] - before[0]) / max(after[1] - before[1], 1), 2)


def overload(service, peak, seconds):
    """Against the rate of a closed loop just before, so that a machine busy with other things is busy with both. With
    more connections than the queue has places, too: those are refused at once."""
    figures = {"asked_per_second": round(5 * peak)}
    for connections in (1024, 6000):
        near = service.wrk("/v1/screenings", 256, max(2, seconds // 10))["per_second"]
        before = service.memory_mb()
        answers = service.load(5 * peak, seconds, connections=connections)
        during = service.memory_mb("VmHWM")
        recovered = service.load(0.2 * peak, 2, warmup=0)
        figures[f"{connections}_connections"] = {
            "answers": answers, "share_of_peak": round(answers["good_per_second"] / peak, 3),
            "peak_just_before": near, "share_of_that": round(answers["good_per_second"] / near, 3),
            "memory_mb": {"before": before, "most": during, "after": service.memory_mb()},
            "first_2_seconds_after": recovered["ms_from_due"], "statuses_after": recovered["statuses"]}
        say(f"  {connections} connections: {figures[f'{connections}_connections']}")
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--short", action="store_true", help="seconds instead of minutes: to try the measuring itself")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="leave out the other parts")
    parser.add_argument("--peak", type=float, help="screenings a second, where `closed` is left out")
    arguments = parser.parse_args()
    seconds, rounds, long, rows, idle = (2, 1, 5, 5_000, 1_000) if arguments.short else (8, 3, 60, 100_000, 10_000)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(14_000, most), most))
    service = Service(arguments.build.resolve(), arguments.work.resolve(), arguments.people)
    figures = {"time": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), "people": arguments.people,
               "bodies": service.kinds}

    service.start("--no-tls", "--echo")
    try:
        peak = arguments.peak
        if "closed" in arguments.only:
            figures["closed"] = closed_loop(service, seconds, rounds)
            peak = max(pair["screenings"] for pair in figures["closed"].values())
        elif peak is None:
            peak = service.wrk("/v1/screenings", 64, seconds)["per_second"]
        figures["peak"] = peak
        parts = {"latency": lambda: dict(zip(("load", "commits_in_a_group"), group_size(
                     service, lambda: service.load(0.7 * peak, seconds * 2)))),
                 "batch": lambda: beside_batch(service, 0.2 * peak, seconds, rows),
                 "overload": lambda: overload(service, peak, long),
                 "hostile": lambda: measured_hostile(service, 0.2 * peak, seconds, idle)}
        for name, part in parts.items():
            if name in arguments.only:
                figures[name] = part()
                say(f"{name}: {json.dumps(figures[name])}")
    finally:
        figures["exit"] = service.stop()

    if "tls" in arguments.only:
        service.start("--echo")
        try:
            figures["tls"] = {"echo": service.wrk("/v1/echo", 64, seconds),
                              "screenings": service.wrk("/v1/screenings", 64, seconds)}
        finally:
            figures["tls"]["exit"] = service.stop()
        say(f"tls: {figures['tls']}")
    text = json.dumps(figures, indent=1)
    print(text)
    if arguments.json:
        arguments.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
