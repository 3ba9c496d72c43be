"""Files from outside: what a clerk uploads, what a bureau sends as a table, what we hand out."""

import csv
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask

from bureau.office import Office
from bureau.staff import accounts
from bureau.staff.models import Clerk
from core.errors import Refusal
from knowledge.exporting import write_rows
from knowledge.kinds import COLUMNS
from knowledge.models import Kind
from knowledge.sheets import guarded, read_sheet, unguarded
from tests.web.conftest import enter

PDF = b"%PDF-1.7\n%%EOF"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
FORMULAS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "'=1", "''=1", "=cmd|'/c calc'!A0")


def packed(parts: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return made.getvalue()


def form_with(name: str, data: bytes) -> dict[str, Any]:
    """The body of a form with one file, as a browser sends it."""
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + data + b"\r\n--x--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=x"}


@pytest.fixture
def draft(app: Flask, stocked: Office, clerks: dict[str, Clerk]) -> str:
    """The address at which a draft takes files."""
    app.config["WTF_CSRF_ENABLED"] = False
    with stocked.database.read() as db:
        room = accounts.office_by_slug(db, "fees").name
    fields = {
        "kind": "notice",
        "topic": "budget",
        "attribute": "proactive",
        "office": room,
        "title": "题",
        "body_html": "<p>文</p>",
        "produced_on": "2026-03-02",
    }
    made = enter(app, clerks["admin"]).client.post("/console/disclosures/new", data=fields)
    return str(made.headers["Location"])


BAD = {
    "page.html": b"<script>alert(1)</script>",
    "drawing.svg": SVG,
    "renamed.pdf": SVG,
    "renamed.png": b"MZ\x90\x00",
    "twice.pdf.html": PDF,
    "macro.xlsx": packed({"xl/workbook.xml": b"", "xl/vbaProject.bin": b"x"}),
    "bomb.xlsx": packed({"xl/workbook.xml": b"0" * 60_000_000}),
    "parts.docx": packed({f"word/{n}": b"" for n in range(2_100)} | {"word/document.xml": b""}),
    "other.docx": packed({"xl/workbook.xml": b""}),
    "broken.docx": b"PK\x03\x04" + b"x" * 100,
    "empty.pdf": b"",
    "large.pdf": PDF + b"0" * (10 * 1024 * 1024),
    "noending": PDF,
    "": PDF,
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_not_what_it_says_is_refused(
    app: Flask, clerks: dict[str, Clerk], draft: str, name: str
) -> None:
    client = enter(app, clerks["admin"]).client
    answer = client.post(f"{draft}/files", **form_with(name, BAD[name]))
    assert answer.status_code in (413, 422), answer.status_code
    assert "Traceback" not in answer.text


NAMES = (
    *("../../etc/passwd.pdf", "..\\..\\x.pdf", "a\r\nX-Evil: 1.pdf", 'a"; filename="b.html.pdf'),
    *(
        "预算\u202efdp.pdf",
        "a" * 3_000 + ".pdf",
        "\x00.pdf",
        "<script>.pdf",
        "年度预算.pdf",
        ".pdf",
    ),
)


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_file_reaches_a_path_or_a_header(
    app: Flask, clerks: dict[str, Clerk], draft: str, name: str
) -> None:
    client = enter(app, clerks["admin"]).client
    sent = client.post(f"{draft}/files", data={"file": (BytesIO(PDF), name)})
    assert sent.status_code in (303, 422)
    if sent.status_code == 303:
        answer = client.get(f"{draft}/files/1")
        assert answer.status_code == 200
        assert "X-Evil" not in answer.headers
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        said = answer.headers["Content-Disposition"]
        assert not set(said) & set("\r\n\x00\u202e")
        assert ".." not in said.replace("...", "")
        assert "<script>" not in client.get(draft).text


def table(path: Path, *, merged: str = "", stray: str = "") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    headings = [column.headings[0] for column in COLUMNS[Kind.FAQ]]
    sheet.append(headings)
    sheet.append(["x" for _ in headings])
    if stray:
        sheet[stray] = "x"
    book.save(path)
    if merged:  # written into the file: the library would build every cell of it
        with zipfile.ZipFile(path) as file:
            parts = {name: file.read(name) for name in file.namelist()}
        name = "xl/worksheets/sheet1.xml"
        mark = f'</sheetData><mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>'
        parts[name] = parts[name].replace(b"</sheetData>", mark.encode())
        path.write_bytes(packed(parts))
    return path


def test_a_stray_cell_at_the_end_of_the_world_costs_little(tmp_path: Path) -> None:
    found = read_sheet(table(tmp_path / "stray.xlsx", stray="XFD300"), Kind.FAQ)
    assert len(found.rows) == 1
    with pytest.raises(Refusal, match="空行空列"):
        read_sheet(table(tmp_path / "stray.xlsx", stray="XFD900000"), Kind.FAQ)


@pytest.mark.parametrize("merged", ["A1:XFD1048576", "A5:C1048576", "A1:XFD5000"])
def test_cells_merged_without_end_are_refused(tmp_path: Path, merged: str) -> None:
    with pytest.raises(Refusal, match="合并单元格"):
        read_sheet(table(tmp_path / "merged.xlsx", merged=merged), Kind.FAQ)


def test_a_table_that_unpacks_without_measure_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file, file.open("a", "w") as part:
        for _ in range(310):
            part.write(bytes(1024 * 1024))
    with pytest.raises(Refusal, match="展开后太大"):
        read_sheet(path, Kind.FAQ)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"\x00" * 100, b"<html>", packed({"a": b"b"}), b"\xff\xfe\x00"]
)
@pytest.mark.parametrize("ending", ["xlsx", "csv", "json", "jsonl"])
def test_a_table_that_is_none_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes, ending: str
) -> None:
    path = tmp_path / f"x.{ending}"
    path.write_bytes(content)
    with suppress(Refusal):  # an empty list of objects is a table without rows
        assert not read_sheet(path, Kind.FAQ).rows


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_we_hand_out_is_a_formula(tmp_path: Path, formula: str) -> None:
    assert unguarded(guarded(formula)) == formula
    keys = [column.key for column in COLUMNS[Kind.FAQ]]
    rows = [dict.fromkeys(keys, formula)]
    write_rows(tmp_path / "x.csv", Kind.FAQ, rows)
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = list(csv.reader(file))[1]
    assert {cell[0] for cell in cells} == {"'"}
    assert set(read_sheet(tmp_path / "x.csv", Kind.FAQ).rows[0].cells.values()) == {formula}
    write_rows(tmp_path / "x.xlsx", Kind.FAQ, rows)
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").worksheets[0]
    assert {cell.data_type for cell in sheet[2]} == {"s"}
