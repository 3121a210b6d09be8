#!/usr/bin/env bash
# scale.sh SEMAK [FOLDER] [SIZE...]: the same world at several sizes: how fast it loads, how large it is, how long
# answers take. One JSON object a size on standard output and in FOLDER/scale.jsonl. Sizes default to 100k 1M 10M; ten
# million need 12 GB of disk. Pin the processor's other work elsewhere: figures move with load.
set -euo pipefail
semak=$(realpath "$1")
folder=${2:-build/scale}
shift $(($# > 1 ? 2 : 1))
sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(100k 1M 10M)
mkdir -p "$folder"
cd "$folder"
: >scale.jsonl

for size in "${sizes[@]}"; do
  # The first 100,000 people are the same at every size, and so are the queries: about them and about strangers.
  "$semak" generate --people 100k --out people.csv --queries 10k --queries-out queries.csv --truth-out truth.csv >/dev/null
  "$semak" generate --people "$size" --out people.csv >/dev/null
  rm -rf db
  /usr/bin/env time -f '%e %U %S %M' -o load.time "$semak" load --db db --register people --kind reference people.csv \
      --format json >load.json 2>load.err
  "$semak" bench --db db --in queries.csv --format json >one.json
  "$semak" bench --db db --in queries.csv --format json --threads "$(nproc)" >all.json
  "$semak" bench --db db --in queries.csv --format json --evidence >evidence.json
  head -n 501 queries.csv >some.csv
  "$semak" bench --db db --in some.csv --format json --exhaustive --sample 50 >twin.json || true
  "$semak" info --db db --format json >info.json
  python3 - "$size" <<'PYTHON' | tee -a scale.jsonl
import json, sys
read = lambda name: json.load(open(name))
seconds, user, system, kilobytes = map(float, open("load.time").read().split()[-4:])
one, all_cores, evidence, twin, info = map(read, ("one.json", "all.json", "evidence.json", "twin.json", "info.json"))
keys = ("p50_us", "p90_us", "p99_us", "p999_us", "queries_per_second")
print(json.dumps({
    "size": sys.argv[1], "people": one["people"], "queries": one["queries"],
    "load_seconds": seconds, "load_cpu_seconds": user + system, "load_memory_mb": round(kilobytes / 1024),
    "records_mb": round(info["records_bytes"] / 1e6, 1), "index_mb": round(info["index_bytes"] / 1e6, 1),
    "bytes_per_person": one["bytes_per_person"],
    "one_thread": {**{k: one[k] for k in keys}, "processor": one["processor"]}, "all_threads": {"threads": all_cores["threads"], **{k: all_cores[k] for k in keys}},
    "with_evidence": {k: evidence[k] for k in keys},
    "exhaustive": twin["exhaustive"], "missed_by_lookup": twin["missed_by_lookup"]}))
PYTHON
done
