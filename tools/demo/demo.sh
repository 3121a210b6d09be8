#!/usr/bin/env bash
# demo.sh SEMAK [FOLDER]: the whole way once, on invented people: two registers are generated and loaded, applicants
# of a CSV and of an Excel sheet are screened against both. Leaves its files in FOLDER (build/demo).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
semak=$(realpath "$1")
folder=${2:-build/demo}
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"

# Prints a command and runs it. Exit status 1 of semak says "done, with rejects or findings".
run() {
  printf '\n$ semak %s\n' "$*"
  "$semak" "$@" || [ $? -eq 1 ]
}

echo "Everybody here is invented; any likeness to a real person is chance."
run generate --people 20000 --seed 11 --out offenders.csv \
    --queries 500 --queries-out applicants.csv --truth-out truth.csv
run generate --people 5000 --seed 12 --out fit_persons.csv
run load --db register --register offenders --kind offender offenders.csv
run load --db register --register fit_persons --kind oyls fit_persons.csv

head -n 201 applicants.csv >school.csv
(head -n 1 applicants.csv && tail -n +202 applicants.csv) >clinic.csv
python3 "$here/to_xlsx.py" clinic.csv clinic.xlsx
run screen --db register --in school.csv --out school.results.csv
run screen --db register --in clinic.xlsx --out clinic.results.csv
echo
python3 "$here/summary.py" school.results.csv clinic.results.csv

name=$(python3 -c 'import csv; print(next(csv.DictReader(open("offenders.csv", encoding="utf-8")))["name"])')
run lookup --db register --register offenders --name "$name" --top 3 --explain
run info --db register
printf '\nThe files are in %s\n' "$PWD"
