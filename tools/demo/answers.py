#!/usr/bin/env python3
"""What the screening of the demo came to.

answers.py REGISTER.csv TRUTH.csv (QUERIES.csv RESULTS.csv)...   a table of referrals, and how right they are
answers.py --pick TRUTH.csv QUERIES.csv RESULTS.csv              name, number, birth date of a telling referral
"""

import csv
import sys


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def best_rows(path):
    """query_id -> the row of its likeliest offender; if it has none, any row, for the outcome."""
    best = {}
    for row in read(path):
        before = best.setdefault(row["query_id"], row)
        if before["register"] != "offenders" and row["register"] == "offenders":
            best[row["query_id"]] = row
    return best


def cut(text, width):
    return text if len(text) <= width else text[: width - 1] + "…"


def percent(probability):
    share = float(probability)
    return "over 99.9 %" if share > 0.999 else f"{100 * share:.1f} %"


def show(register, truth, batches):
    people = {row["id"]: row for row in register}
    known = {row["query_id"]: row["registry_id"] for row in truth}
    applicants = members = found = alarms = clear = not_screened = missed = 0
    print(f"{'applicant writes':<40} {'number':<15} {'register says':<40} {'number':<15} {'probability':<12} in truth")
    for queries, results in batches:
        best = best_rows(results)
        for query in read(queries):
            row = best[query["query_id"]]
            member = bool(known[query["query_id"]])
            applicants += 1
            members += member
            not_screened += row["outcome"] == "incomplete"
            clear += row["outcome"] == "no_record" and not member
            missed += row["outcome"] == "no_record" and member
            if row["outcome"] != "refer":
                continue
            right = row["record_id"] == known[query["query_id"]]
            found += member
            alarms += not member
            record = people.get(row["record_id"], {})
            print(f"{cut(query['name'], 40):<40} {query['id_number']:<15} {cut(record.get('name', ''), 40):<40} "
                  f"{record.get('id_number', ''):<15} {percent(row['probability']):<12} "
                  f"{'the same person' if right else 'somebody else'}")
    print()
    print(f"{applicants} applicants, {members} of them really in the offender register:")
    print(f"  {found:>4} of the {members} were referred to a person")
    print(f"  {missed:>4} of the {members} were not found: what they wrote says too little or something else")
    print(f"  {alarms:>4} others were referred and will be cleared by a person")
    print(f"  {clear:>4} others: no record")
    print(f"  {not_screened:>4} not screened (incomplete): to be asked again, never to be read as clear")


def pick(truth, queries, results):
    """The referral that is right although neither name nor number is as in the register."""
    known = {row["query_id"]: row for row in truth}
    best = best_rows(results)
    choices = []
    for query in read(queries):
        row, answer = best[query["query_id"]], known[query["query_id"]]
        if row["outcome"] != "refer" or row["record_id"] != answer["registry_id"]:
            continue
        kinds = answer["corruption"].split("+")
        worth = len(kinds) + 2 * any(kind.startswith("number_wrong") for kind in kinds) + bool(query["dob"])
        choices.append((worth, query["query_id"], query))
    query = max(choices, key=lambda choice: (choice[0], choice[1]))[2]
    print(query["name"], query["id_number"], query["dob"], sep="\t")


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[0] == "--pick":
        pick(read(words[1]), words[2], words[3])
    else:
        show(read(words[0]), read(words[1]), list(zip(words[2::2], words[3::2])))
