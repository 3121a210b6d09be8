"""Query files of one kind each, made from the generator's: names only, hard, with a number, of strangers."""

import collections
import csv
import itertools
import re

WORD = re.compile(r"[^\W_]+(?:/[^\W_]+)?")
COMMONEST = 200  # a name made of these alone is hard: every list it touches is long


def words_of(name):
    return WORD.findall(name.lower().replace("'", ""))


def commonest_words(people, count=COMMONEST):
    """The commonest words of the names in a register file; a million people tell them."""
    seen = collections.Counter()
    with open(people, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        at = next(rows).index("name")
        for row in itertools.islice(rows, 1_000_000):
            seen.update(words_of(row[at]))
    return {word for word, _ in seen.most_common(count)}


def read_queries(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_queries(path, queries, columns):
    with open(path, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("query_id", *columns))
        for query in queries:
            rows.writerow((query["query_id"], *(query[column] for column in columns)))
    return len(queries)


def write_kinds(folder, people, standard, many, strangers):
    """-> {kind: number of queries}; files FOLDER/<kind>.csv. `many`: more queries, of which the hard ones are taken."""
    common = commonest_words(people)
    hard = [query for query in many if words_of(query["name"]) and set(words_of(query["name"])) <= common][:5000]
    with_number = [query for query in standard if query["id_number"] and "E+" not in query["id_number"].upper()]
    write = lambda kind, queries, *columns: write_queries(folder / f"{kind}.csv", queries, columns)
    return {"names": write("names", standard, "name"),
            "hard": write("hard", hard, "name"),
            "name_and_mykad": write("name_and_mykad", with_number, "name", "id_number"),
            "all_columns": write("all_columns", standard, "name", "id_number", "dob", "sex"),
            "strangers": write("strangers", strangers, "name")}
