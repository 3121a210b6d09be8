#!/usr/bin/env bash
# demo.sh SEMAK [FOLDER]: the whole way once, on invented people. Two registers are made and loaded; a school's CSV and
# an agency's Excel sheet of applicants are screened; answers are shown with their evidence and compared with the truth,
# which is known because everybody is invented. Leaves its files in FOLDER (build/demo).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
semak=$(realpath "$1")
folder=${2:-build/demo}
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\033[1m' plain=$'\033[0m'; fi
step() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }

# Prints a command as one could type it, and runs it. Exit status 1 of semak says "done, with rejects or findings".
run() {
  local word line='semak'
  for word in "$@"; do
    case $word in *[!A-Za-z0-9_./=,-]*) line+=" \"$word\"" ;; *) line+=" $word" ;; esac
  done
  printf '\n%s$ %s%s\n' "$bold" "$line" "$plain"
  "$semak" "$@" || [ $? -eq 1 ]
}

echo "Semak checks people against registers of offenders against children (offenders) and of fit and proper"
echo "carers (OYLS). Everybody in this demo is invented; any likeness to a real person is chance."

step "1. Two registers, and people who apply to work with children"
run generate --people 3000 --kind offender --men 0.93 --seed 11 --out offenders.csv \
    --queries 240 --members 0.1 --queries-out applicants.csv --truth-out truth.csv
run generate --people 1500 --kind oyls --seed 12 --out carers.csv
head -n 161 applicants.csv >school.csv
(head -n 1 applicants.csv && tail -n +162 applicants.csv) >agency.csv
python3 "$here/to_xlsx.py" agency.csv agency.xlsx
echo
echo "A tenth of the applicants are in fact in the offender register, but their names and numbers are written as people"
echo "write them: other spellings, lost titles, slips of the pen, missing numbers. Three of them:"
echo
head -n 4 school.csv

step "2. Load the registers"
run load --db register --register offenders --kind offender offenders.csv
run load --db register --register carers --kind oyls carers.csv

step "3. Screen the applicants: a CSV of a school, an Excel sheet (with Malay headings) of an agency"
run screen --db register --in school.csv --out school.results.csv
run screen --db register --in agency.xlsx --out agency.results.csv

step "4. What came out"
python3 "$here/answers.py" offenders.csv truth.csv school.csv school.results.csv agency.csv agency.results.csv

step "5. Why: one referral with its evidence"
hit=$(python3 "$here/answers.py" --pick truth.csv school.csv school.results.csv)
IFS=$'\t' read -r name number born <<<"$hit"
ask=(lookup --db register --name "$name" --explain)
[ -z "$number" ] || ask+=(--id "$number")
[ -z "$born" ] || ask+=(--born "$born")
run "${ask[@]}" --top 2
echo
echo "Each line is evidence in bits (powers of two): a rare name that agrees weighs more than a common one, what"
echo "contradicts counts against. The sum says how much likelier the same person is than chance."

step "6. The same in Malay, and what the database holds"
run "${ask[@]}" --top 1 --lang ms
run info --db register
run verify --db register --recall 100

semakd=$(dirname "$semak")/semakd
if [ -x "$semakd" ]; then
  step "7. The service and its web console"
  python3 "$here/console.py" "$semak" "$semakd"
fi

printf '\nResult files: %s/school.results.csv and agency.results.csv\n' "$PWD"
