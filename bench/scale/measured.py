"""Running programs and telling what they cost; the setting a figure belongs to."""

import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Failed(Exception):
    pass


def run(command, core=None, accept=(0,), environment=None):
    """Runs to the end. -> dict: stdout, status, wall and cpu in seconds, peak_mb (resident, of that process)."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["nice", "-n", "-5", *words]
    if core is not None:
        words = ["taskset", "-c", str(core), *words]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        begun = time.monotonic()
        process = subprocess.Popen(words, stdout=out, stderr=errors, env={**os.environ, **(environment or {})})
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        text = out.read().decode("utf-8", "replace")
        if process.returncode not in accept:
            raise Failed(f"{' '.join(words)}: status {process.returncode}\n{errors.read().decode('utf-8', 'replace')}")
    return {"stdout": text, "status": process.returncode, "wall": wall, "cpu": usage.ru_utime + usage.ru_stime,
            "peak_mb": usage.ru_maxrss / 1024}


def read_json(text):
    """The JSON object a program printed."""
    return json.loads(text[text.index("{"):])


def median(values):
    return statistics.median(values)


def rounded(value, digits=3):
    """Numbers of a nested dict or list, readable."""
    if isinstance(value, dict):
        return {key: rounded(each, digits) for key, each in value.items()}
    if isinstance(value, list):
        return [rounded(each, digits) for each in value]
    return round(value, digits) if isinstance(value, float) else value


def people_count(text):
    """'100k' -> 100000"""
    factor = {"k": 1000, "M": 1_000_000}.get(text[-1:], 1)
    return int(text.rstrip("kM").replace(",", "").replace("_", "")) * factor


def size_name(count):
    for name, factor in (("M", 1_000_000), ("k", 1000)):
        if count % factor == 0:
            return f"{count // factor}{name}"
    return str(count)


def _lines_of(path, key):
    try:
        text = pathlib.Path(path).read_text(encoding="utf-8")
    except OSError:
        return []
    return [line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith(key)]


def _output(*command):
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def setting(semak):
    """Machine, date, commit and compiler: what a figure means nothing without."""
    build = pathlib.Path(semak).resolve().parents[1]
    cache = build / "CMakeCache.txt"
    flags = {line.split(":", 1)[0]: line.split("=", 1)[1] for line in
             (cache.read_text(encoding="utf-8").splitlines() if cache.exists() else [])
             if line.startswith(("CMAKE_CXX_FLAGS_RELEASE:", "CMAKE_CXX_COMPILER:", "CMAKE_BUILD_TYPE:"))}
    commit = os.environ.get("SEMAK_COMMIT") or _output("git", "rev-parse", "--short", "HEAD")
    changed = "" if os.environ.get("SEMAK_COMMIT") else _output("git", "status", "--porcelain", "-uno", "--", "engine",
                                                                "index", "loaders", "normalize", "tools")
    memory = next(iter(_lines_of("/proc/meminfo", "MemTotal")), "")
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "commit": commit + (" and changes not committed" if changed else ""),
        "processor": next(iter(_lines_of("/proc/cpuinfo", "model name")), platform.machine()),
        "cores": os.cpu_count(),
        "memory": memory,
        "system": f"{platform.system()} {platform.release()}",
        "compiler": _output(flags.get("CMAKE_CXX_COMPILER", "c++"), "--version").splitlines()[:1],
        "build": {"type": flags.get("CMAKE_BUILD_TYPE", ""), "flags": flags.get("CMAKE_CXX_FLAGS_RELEASE", "")},
        "load_average": os.getloadavg(),
        "command": " ".join(sys.argv),
    }
