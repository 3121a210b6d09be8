"""Whether the truth is among the answers of `semak screen`."""

import csv
import re


def read_truth(path):
    """-> {query id: record id} of the queries that ask for somebody in the register."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return {row["query_id"]: row["registry_id"] for row in csv.DictReader(file) if row["registry_id"]}


def read_answers(path):
    """-> {query id: record ids, best first}"""
    answers = {}
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            ids = answers.setdefault(row["query_id"], [])
            if row["record_id"]:
                ids.append(row["record_id"])
    return answers


def plain(name):
    return " ".join(sorted(re.findall(r"\w+", name.lower())))


def names_of(people, ids):
    """Names of the records asked for: namesakes of the truth cannot be told from it by name alone."""
    with open(people, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        head = next(rows)
        record, name = head.index("id"), head.index("name")
        return {row[record]: plain(row[name]) for row in rows if row[record] in ids}


def recall(truth, answers, people):
    """Shares of the members: the record itself first or in the first five; a record of the same name in the five."""
    asked = {query: record for query, record in truth.items() if query in answers}
    wanted = set(asked.values()).union(*(answers[query][:5] for query in asked))
    names = names_of(people, wanted)
    first = five = same = 0
    for query, record in asked.items():
        ids = answers[query][:5]
        first += ids[:1] == [record]
        five += record in ids
        same += any(names[each] == names[record] for each in ids)
    return {"members": len(asked), "recall_at_1": first / len(asked), "recall_at_5": five / len(asked),
            "same_name_at_5": same / len(asked)}
