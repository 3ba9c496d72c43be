"""Live entries → a file that imports again without a difference."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Refusal
from knowledge.kinds import COLUMNS, outward_name
from knowledge.models import Entry, EntryState
from knowledge.sheets import FORMULA_SIGNS, guarded


def objects(db: Session, kind: str) -> Iterator[dict[str, Any]]:
    """The live entries of a kind as the objects a .json file carries, in the order they came."""
    statement = select(Entry).where(Entry.kind == kind, Entry.state == EntryState.LIVE)
    for entry in db.scalars(statement.order_by(Entry.id).execution_options(yield_per=1000)):
        values = {"id": entry.key, "name": entry.title, **entry.fields}
        for name in ("scope", "status", "valid_from", "valid_to", "confidence", "source"):
            values[name] = getattr(entry, name)
        yield {
            outward_name(kind, column.key): _plain(values.get(column.key))
            for column in COLUMNS[kind]
        }


def write_file(db: Session, kind: str, path: Path) -> int:
    """Write the live entries of a kind; how many. Raises Refusal for an ending nobody knows."""
    return write_rows(path, kind, list(objects(db, kind)))


def write_rows(path: Path, kind: str, rows: list[dict[str, Any]]) -> int:
    """Write objects whose keys stand in the order of the kind's columns; how many."""
    writers = {".json": _json, ".jsonl": _jsonl, ".csv": _csv, ".xlsx": _xlsx}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise Refusal("请用 .xlsx、.csv、.json 或 .jsonl 结尾的文件名")
    writer(path, kind, rows)
    return len(rows)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _json(path: Path, _kind: str, rows: list[dict[str, Any]]) -> None:
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf8")


def _jsonl(path: Path, _kind: str, rows: list[dict[str, Any]]) -> None:
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), "utf8")


def _csv(path: Path, kind: str, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_headings(kind))
        for row in rows:
            cells = [_cell(value) for value in row.values()]
            writer.writerow([guarded(one) if isinstance(one, str) else one for one in cells])


def _xlsx(path: Path, kind: str, rows: list[dict[str, Any]]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(kind)
    heading = []
    for name in _headings(kind):
        cell = WriteOnlyCell(sheet, value=name)
        cell.font = Font(bold=True)
        heading.append(cell)
    sheet.append(heading)
    for row in rows:
        cells = []
        for value in row.values():
            cell = WriteOnlyCell(sheet, value=_cell(value))
            if isinstance(cell.value, str) and cell.value.startswith(FORMULA_SIGNS):
                cell.data_type = "s"  # a text, never a formula of the reader's machine
            cells.append(cell)
        sheet.append(cells)
    book.save(path)


def _headings(kind: str) -> list[str]:
    """Our own headings; one that two columns share is replaced by the key."""
    return [column.headings[0] for column in COLUMNS[kind]]


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value
