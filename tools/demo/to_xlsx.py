#!/usr/bin/env python3
"""to_xlsx.py IN.csv OUT.xlsx: the sheet an employer's clerk would send of a query CSV.

Malay headings, and identity numbers as numbers, so that leading zeros are lost as they are in real sheets.
"""

import csv
import sys
import zipfile
from xml.sax.saxutils import escape

HEADINGS = {"query_id": "query_id", "name": "Nama", "id_number": "No Kad Pengenalan", "dob": "Tarikh Lahir",
            "sex": "Jantina", "state": "Negeri"}

CONTENT_TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""
RELATION = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>
</Relationships>"""
WORKBOOK = """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets><sheet name="Pemohon" sheetId="1" r:id="r1"/></sheets></workbook>"""
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'


def cell(text):
    digits = text.replace("-", "")
    if len(digits) == 12 and digits.isdigit():
        return f"<c><v>{int(digits)}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>' if text else "<c/>"


def main(source, target):
    with open(source, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = [name for name in HEADINGS if rows and name in rows[0]]
    lines = [[HEADINGS[name] for name in columns]] + [[row[name] or "" for name in columns] for row in rows]
    body = "".join("<row>" + "".join(map(cell, line)) + "</row>" for line in lines)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", CONTENT_TYPES)
        book.writestr("_rels/.rels", RELATION.format(kind="officeDocument", target="xl/workbook.xml"))
        book.writestr("xl/workbook.xml", WORKBOOK)
        book.writestr("xl/_rels/workbook.xml.rels", RELATION.format(kind="worksheet", target="worksheets/sheet1.xml"))
        book.writestr("xl/worksheets/sheet1.xml", SHEET.format(rows=body))


if __name__ == "__main__":
    main(*sys.argv[1:])
