#!/usr/bin/env python3
"""Verifies an export of Semak's audit log with nothing but Python's standard library.

verify_audit_export.py EXPORT.jsonl [--key HEX] [--witness SEQUENCE:HASH]...

An outside auditor's second opinion: it shares no code with Semak. Exit status 0: the export is whole; 1: findings,
one a line; 2: wrong use, or no such file. Give the public key that you were told by another way than with the export (--key): without
it the signatures are checked against the key that the export itself names, which proves only that they belong
together. A witness is a head that you noted earlier: the log must still contain it.

The file is JSON Lines in one spelling (sorted members, no spaces, UTF-8). Line 1 says what to expect:
  {"entries": N, "format": "semak-audit-export-1", "head": hash of entry N, "key_id", "public_key"}
Then every entry in order, {"entry": {...}}, and behind the entry that it signs each kept checkpoint,
{"checkpoint": {...}}. The hash of an entry is BLAKE2b-256 of these bytes (varint: LEB128; text: its length in bytes
as a varint, then UTF-8):
  0x01, varint sequence, time_ms as 8 bytes little-endian, kind as a byte, text actor, text tenant, role as a byte,
  text object, text details, text token, the 32 bytes of `previous`
`previous` is the hash of the entry before, 32 zero bytes in entry 1. A checkpoint is signed with Ed25519 over
  "semak-audit-checkpoint-1\\n" sequence "\\n" hash "\\n" time_ms "\\n" key_id "\\n" previous "\\n"
where `previous` is the sequence of the checkpoint before it, 0 for the first.
"""

import argparse
import hashlib
import json
import re
import sys

KINDS = ["check", "lookup", "decision", "load", "policy", "key_use", "enrolment", "alert", "erasure", "access",
         "recovery"]
ROLES = ["submitter", "caseworker", "registrar", "auditor", "admin"]
HEADER = ["entries", "format", "head", "key_id", "public_key"]
ENTRY = ["actor", "details", "hash", "kind", "object", "previous", "role", "sequence", "tenant", "time_ms", "token"]
CHECKPOINT = ["hash", "key_id", "previous", "sequence", "signature", "time_ms"]


class Ed25519:
    """Checking a signature (RFC 8032) in plain integers: slow, some milliseconds, and enough for checkpoints."""

    P = 2 ** 255 - 19                                                # the field
    Q = 2 ** 252 + 27742317777372353535851937790883648493            # order of the base point
    D = -121665 * pow(121666, P - 2, P) % P
    ROOT = pow(2, (P - 1) // 4, P)                                   # of -1

    @classmethod
    def x_of(cls, y, sign):
        square = (y * y - 1) * pow(cls.D * y * y + 1, cls.P - 2, cls.P) % cls.P
        x = pow(square, (cls.P + 3) // 8, cls.P)
        if (x * x - square) % cls.P:
            x = x * cls.ROOT % cls.P
        if (x * x - square) % cls.P or (x == 0 and sign):
            return None
        return cls.P - x if x & 1 != sign else x

    # points are (X, Y, Z, T): x = X/Z, y = Y/Z, xy = T/Z
    @classmethod
    def point(cls, data):
        number = int.from_bytes(data, "little")
        y, sign = number & (2 ** 255 - 1), number >> 255
        x = cls.x_of(y, sign) if y < cls.P else None
        return None if x is None else (x, y, 1, x * y % cls.P)

    @classmethod
    def add(cls, a, b):
        p = cls.P
        m = (a[1] - a[0]) * (b[1] - b[0]) % p
        n = (a[1] + a[0]) * (b[1] + b[0]) % p
        t = 2 * a[3] * b[3] * cls.D % p
        z = 2 * a[2] * b[2] % p
        e, f, g, h = n - m, z - t, z + t, n + m
        return e * f % p, g * h % p, f * g % p, e * h % p

    @classmethod
    def times(cls, factor, point):
        sum_ = (0, 1, 1, 0)
        while factor:
            if factor & 1:
                sum_ = cls.add(sum_, point)
            point = cls.add(point, point)
            factor >>= 1
        return sum_

    @classmethod
    def is_good(cls, message, signature, key):
        public, nonce = cls.point(key), cls.point(signature[:32])
        scalar = int.from_bytes(signature[32:], "little")
        if len(signature) != 64 or public is None or nonce is None or scalar >= cls.Q:
            return False
        challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % cls.Q
        left, right = cls.times(scalar, cls.base()), cls.add(nonce, cls.times(challenge, public))
        return ((left[0] * right[2] - right[0] * left[2]) % cls.P == 0
                and (left[1] * right[2] - right[1] * left[2]) % cls.P == 0)

    @classmethod
    def base(cls):
        y = 4 * pow(5, cls.P - 2, cls.P) % cls.P
        x = cls.x_of(y, 0)
        return x, y, 1, x * y % cls.P


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def text(value):
    data = value.encode("utf-8")
    return varint(len(data)) + data


def hash_of(entry):
    data = (b"\x01" + varint(entry["sequence"]) + entry["time_ms"].to_bytes(8, "little")
            + bytes([KINDS.index(entry["kind"]) + 1]) + text(entry["actor"]) + text(entry["tenant"])
            + bytes([ROLES.index(entry["role"]) + 1]) + text(entry["object"]) + text(entry["details"])
            + text(entry["token"]) + bytes.fromhex(entry["previous"]))
    return hashlib.blake2b(data, digest_size=32).hexdigest()


def is_hex(value, size):
    return isinstance(value, str) and re.fullmatch(f"[0-9a-f]{{{2 * size}}}", value) is not None


def is_count(value):
    return type(value) is int and 0 <= value < 2 ** 63


def object_in(line, name, members):
    """The object of a line, if it has exactly these members in the one spelling."""
    try:
        parsed = json.loads(line)
        if json.dumps(parsed, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8") != line:
            return None
    except (ValueError, RecursionError):
        return None
    found = parsed if name is None else parsed.get(name) if isinstance(parsed, dict) and len(parsed) == 1 else None
    if not isinstance(found, dict) or sorted(found) != members:
        return None
    hashes = all(is_hex(found[key], 32) for key in ("hash", "head", "public_key") if key in found)
    counts = all(is_count(found[key]) for key in ("entries", "sequence", "time_ms") if key in found)
    strings = all(isinstance(found[key], str) for key in ("actor", "details", "key_id", "object", "tenant", "token",
                                                          "format", "signature") if key in found)
    return found if hashes and counts and strings else None


def entry_in(line):
    entry = object_in(line, "entry", ENTRY)
    good = entry and entry["kind"] in KINDS and entry["role"] in ROLES and is_hex(entry["previous"], 32)
    return entry if good else None


def checkpoint_in(line):
    checkpoint = object_in(line, "checkpoint", CHECKPOINT)
    return checkpoint if checkpoint and is_count(checkpoint["previous"]) and is_hex(checkpoint["signature"], 64) else None


class Chain:
    def __init__(self, header, key, witnesses):
        self.header, self.key, self.witnesses = header, key, witnesses
        self.sequence, self.hash, self.time_ms = 0, "00" * 32, 0
        self.signed = self.entries = self.checkpoints = 0
        self.findings = []

    def find(self, finding):
        self.findings.append(finding)

    def entry(self, number, entry):
        self.entries += 1
        sequence = entry["sequence"]
        if sequence != self.sequence + 1:
            self.find(f"line {number}: entry {sequence} stands where entry {self.sequence + 1} is expected: removed, "
                      "moved or replayed")
        elif entry["previous"] != self.hash:
            self.find(f"line {number}: entry {sequence} does not follow the entry before it: one of the two was replaced")
        if hash_of(entry) != entry["hash"]:
            self.find(f"line {number}: entry {sequence} was changed: its content does not have its hash")
        if entry["time_ms"] < self.time_ms:
            self.find(f"line {number}: entry {sequence} is dated before the entry before it")
        if self.witnesses.get(sequence, entry["hash"]) != entry["hash"]:
            self.find(f"line {number}: entry {sequence} is not the one that a witness knows: the log was rewritten")
        self.sequence, self.hash, self.time_ms = sequence, entry["hash"], entry["time_ms"]

    def checkpoint(self, number, checkpoint):
        self.checkpoints += 1
        where = f"line {number}: the checkpoint at entry {checkpoint['sequence']}"
        if (checkpoint["sequence"], checkpoint["hash"]) != (self.sequence, self.hash):
            self.find(f"{where} is not about the entry before it")
        if checkpoint["previous"] != self.signed:
            self.find(f"{where} follows one at entry {checkpoint['previous']}, not {self.signed}: removed or added")
        if checkpoint["key_id"] != self.header["key_id"]:
            self.find(f"{where} names other keys than line 1")
        message = "semak-audit-checkpoint-1\n" + "".join(
            f"{checkpoint[member]}\n" for member in ("sequence", "hash", "time_ms", "key_id", "previous"))
        if not Ed25519.is_good(message.encode("utf-8"), bytes.fromhex(checkpoint["signature"]), self.key):
            self.find(f"{where} has a wrong signature")
        self.signed = checkpoint["sequence"]

    def finish(self):
        if (self.sequence, self.hash) != (self.header["entries"], self.header["head"]):
            self.find(f"line 1 says that the log ends at entry {self.header['entries']}; it ends at {self.sequence} or "
                      "with another one")
        if self.signed != self.sequence:
            self.find(f"entries {self.signed + 1} to {self.sequence} stand behind the newest checkpoint")
        for sequence in self.witnesses:
            if sequence > self.sequence:
                self.find(f"the log ends at entry {self.sequence}, but a witness knows entry {sequence}: it was cut off")


def verify(path, key, witnesses):
    """-> the chain with its findings, or None with one finding if there is no header."""
    with open(path, "rb") as file:
        first = file.readline()
        header = object_in(first.rstrip(b"\n"), None, HEADER)
        if header is None or header["format"] != "semak-audit-export-1":
            return None, ["line 1 is not the head of an export of this version"]
        chain = Chain(header, key or bytes.fromhex(header["public_key"]), witnesses)
        if key and key.hex() != header["public_key"]:
            chain.find("line 1 names another public key")
        last = first
        for number, last in enumerate(file, 2):
            line = last[:-1] if last.endswith(b"\n") else last
            if entry := entry_in(line):
                chain.entry(number, entry)
            elif checkpoint := checkpoint_in(line):
                chain.checkpoint(number, checkpoint)
            else:
                chain.find(f"line {number} cannot be read or was changed")
        if not last.endswith(b"\n"):
            chain.find("the last line is not ended: the file was cut off")
    chain.finish()
    return chain, chain.findings


def key_of(argument):
    if not is_hex(argument.lower(), 32):
        raise argparse.ArgumentTypeError("a public key is 64 hexadecimal digits")
    return bytes.fromhex(argument)


def witness_of(argument):
    sequence, _, hash_ = argument.partition(":")
    if not sequence.isdecimal() or not is_hex(hash_, 32):
        raise argparse.ArgumentTypeError("a witness is SEQUENCE:HASH")
    return int(sequence), hash_


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export")
    parser.add_argument("--key", type=key_of)
    parser.add_argument("--witness", type=witness_of, action="append", default=[])
    arguments = parser.parse_args()
    try:
        chain, findings = verify(arguments.export, arguments.key, dict(arguments.witness))
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    for finding in findings:
        print(finding)
    if chain:
        print(f"{chain.entries} entries, {chain.checkpoints} checkpoints, head {chain.sequence}:{chain.hash}, "
              f"{len(findings)} findings")
        if not arguments.key:
            print("the signatures were checked against the key that the export names itself (no --key)")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
