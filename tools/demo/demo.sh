#!/usr/bin/env bash
# demo.sh SEMAK [FOLDER]: the whole way once, on invented people. Two registers are made and loaded; a school's CSV and
# an agency's Excel sheet of applicants are screened; answers are shown with their evidence and compared with the truth,
# which is known because everybody is invented. Then one answer's life: a check with its receipt, a case decided by two,
# a quashed conviction that takes the answer back. Leaves its files in FOLDER (build/demo).
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

step "7. A check that stands: receipt, case, two caseworkers"
about=(--name "$name")
[ -z "$number" ] || about+=(--id "$number")
[ -z "$born" ] || about+=(--born "$born")
check=(check --db register --purpose school_staff "${about[@]}" --consent)
run "${check[@]}" --reference HR-17 --receipt receipt.json
answer=$(python3 "$here/story.py" check receipt.json)
run receipt --db register --check "$answer" --out letter.html
echo
echo "letter.html is what the applicant gets. Whoever is shown receipt.json can verify it without the database:"
printf '\n%s$ semak receipt --db register --public-key >agency.key%s\n' "$bold" "$plain"
"$semak" receipt --db register --public-key >agency.key
run receipt --verify receipt.json --key agency.key
echo
echo "The school reads 'under verification' and no more. The case waits for two different people. Nobody can say who"
echo "they are: each has a key of their own."
run caller --db register --add aminah --role caseworker --out aminah.key
run caller --db register --add bala --role caseworker --out bala.key
run case --db register
case=$("$semak" case --db register --format json | python3 "$here/story.py" case "$answer")
run case --db register --decide "$case" --candidate 1 --verdict same --reason "same face; one digit of the card was mistyped" --as aminah.key
run case --db register --decide "$case" --candidate 1 --verdict same --reason "fingerprints agree" --as bala.key

step "8. Monitoring: the conviction is quashed, and the answer is taken back"
python3 "$here/story.py" person "$name" "$number" "$born" >staff.csv
run monitor --db register --enrol staff.csv --purpose school_staff --until 2099-12-31 --consent
record=$("$semak" case --db register --show "$case" --format json | python3 "$here/story.py" record)
python3 "$here/story.py" quash offenders.csv "$record" >appeal.csv
echo
echo "The Court of Appeal sets the conviction of $record aside; the court's next list says so (appeal.csv):"
run load --db register --register offenders appeal.csv
run monitor --db register --alerts
run "${check[@]}"

step "9. Nobody has changed what was asked, answered and decided"
run audit --db register --top 8
run verify --db register --audit

semakd=$(dirname "$semak")/semakd
if [ -x "$semakd" ]; then
  step "10. The service and its web console"
  python3 "$here/console.py" "$semak" "$semakd"
fi

printf '\nResults: school.results.csv, agency.results.csv; the letter: letter.html; all in %s\n' "$PWD"
