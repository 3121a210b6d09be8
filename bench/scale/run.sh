#!/usr/bin/env bash
# run.sh SIZE [FOLDER]: everything bench/scale measures at one size (20k, 100k, 1M, 10M), with the semak of
# build/release or of $SEMAK. The figures go to FOLDER/result.json (default build/scale/SIZE). Options of measure.py
# may follow. Ten million people take 12 GB of disk and some ten minutes.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
exec python3 "$here/measure.py" "$@"
