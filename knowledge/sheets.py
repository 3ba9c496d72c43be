"""Files as bureaus send them → rows of cells: xlsx with merged titles, csv in GB18030, json."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.cell_range import CellRange

from core.errors import Refusal
from knowledge.kinds import COLUMNS, IGNORED_HEADINGS, Column, outward_name
from knowledge.sheet_rows import Row, Sheet
from knowledge.text import normalise

LOOKED_AT = 15  # rows searched for the headings: titles and notes stand above them
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")  # OWASP, CSV injection
SHEET_ROWS = 200_000
CELLS_READ = 3_000_000  # empty ones count: reading builds each of them
COLUMNS_READ = 100  # one stray cell at the far right makes a table 16 384 columns wide
UNPACKED_BYTES = 300 * 1024 * 1024
MERGED = re.compile(rb'<mergeCell ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
MERGED_CELLS = 100_000


def read_sheet(path: Path, kind: str) -> Sheet:
    """Read a file by its ending. Raises Refusal when it cannot be read as what it says it is."""
    readers = {".xlsx": _tables_xlsx, ".csv": _tables_csv}
    ending = path.suffix.lower()
    if ending in readers:
        return _with_headings(list(readers[ending](path)), kind)
    if ending in (".json", ".jsonl"):
        return _from_objects(_objects(path, lines=ending == ".jsonl"), kind)
    raise Refusal(f"不认识的文件类型 {ending or path.name}，请用 .xlsx、.csv、.json 或 .jsonl")


def _tables_xlsx(path: Path) -> Iterator[Sequence[Any]]:
    try:
        _check_unpacked(path)
        book = openpyxl.load_workbook(path, data_only=True)
    except Refusal:
        raise
    except Exception as error:
        raise Refusal(f"{path.name} 不是能打开的 Excel 表格") from error
    sheet = book.worksheets[0]
    for merged in list(sheet.merged_cells.ranges):
        value = sheet.cell(merged.min_row, merged.min_col).value
        sheet.unmerge_cells(str(merged))
        if merged.max_col - merged.min_col >= 3:
            continue  # a title over the sheet, not a cell that several rows share
        for row in range(merged.min_row, merged.max_row + 1):
            for column in range(merged.min_col, merged.max_col + 1):
                sheet.cell(row, column).value = value
    rows, columns = min(sheet.max_row, SHEET_ROWS), min(sheet.max_column, COLUMNS_READ)
    if rows * columns > CELLS_READ:
        raise Refusal(f"{path.name} 有 {rows} 行 {columns} 列，请删去后面的空行空列再导入")
    yield from sheet.iter_rows(values_only=True, max_row=rows, max_col=columns)
    book.close()


def _check_unpacked(path: Path) -> None:
    """Raises Refusal for a table that unpacks without measure or merges cells without end."""
    with zipfile.ZipFile(path) as packed:
        if sum(one.file_size for one in packed.infolist()) > UNPACKED_BYTES:
            raise Refusal(f"{path.name} 展开后太大，请拆分后再导入")
        sheets = [name for name in packed.namelist() if name.startswith("xl/worksheets/")]
        for name in sheets:
            for ref in MERGED.findall(packed.read(name)):
                size = CellRange(ref.decode()).size
                if size["rows"] * size["columns"] > MERGED_CELLS:
                    raise Refusal(f"{path.name} 有过大的合并单元格，请取消合并后再导入")


def _tables_csv(path: Path) -> Iterator[Sequence[Any]]:
    lines = csv.reader(io.StringIO(decode(path.read_bytes()), newline=""))
    try:
        for line in lines:
            yield [unguarded(cell) for cell in line]
    except csv.Error as error:
        raise Refusal(f"{path.name} 第 {lines.line_num} 行读不了：{error}") from error


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one apostrophe before its sign."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_SIGNS) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    is_guarded = text.startswith("'") and text.lstrip("'").startswith(FORMULA_SIGNS)
    return text[1:] if is_guarded else text


def decode(data: bytes) -> str:
    """UTF-8 (with or without mark), else GB18030. Raises Refusal when it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal("文件的文字编码既不是 UTF-8 也不是 GB18030")


def _objects(path: Path, *, lines: bool) -> list[tuple[int, Any]]:
    text = decode(path.read_bytes())
    found = []
    try:
        if not lines:
            data = json.loads(text)
            data = data if isinstance(data, list) else [data]
            return list(enumerate(data, 1))
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                found.append((number, json.loads(line)))
    except json.JSONDecodeError as error:
        where = f"第 {len(found) + 1} 行" if lines else f"第 {error.lineno} 行"
        raise Refusal(f"{path.name} {where}不是正确的 JSON：{error.msg}") from error
    return found


def _from_objects(objects: list[tuple[int, Any]], kind: str) -> Sheet:
    known = _heading_table(kind)
    rows: list[Row] = []
    headings: dict[str, str] = {}
    unknown: dict[str, None] = {}
    for number, item in objects:
        if not isinstance(item, dict):
            raise Refusal(f"第 {number} 条不是一个对象，而是 {str(item)[:40]}")
        cells = {}
        for name, value in item.items():
            key = known.get(_plain(name))
            if key is None:
                unknown[name] = None
            else:
                cells[key] = value
                headings.setdefault(key, name)
        rows.append(Row(number, cells))
    return Sheet(rows, headings, list(unknown))


def _with_headings(table: list[Sequence[Any]], kind: str) -> Sheet:
    known = _heading_table(kind)
    ignored = {_plain(name) for name in IGNORED_HEADINGS}
    top, columns = _heading_row(table, known)
    line = table[top]
    unknown = [
        str(c) for i, c in enumerate(line) if c and i not in columns and _plain(c) not in ignored
    ]
    headings: dict[str, str] = {}
    for i, key in columns.items():
        headings.setdefault(key, str(line[i]).strip())
    rows = []
    for number, cells in enumerate(table[top + 1 :], top + 2):
        row: dict[str, Any] = {}
        for i, key in columns.items():
            if i < len(cells) and row.get(key) is None:
                row[key] = None if cells[i] == "" else cells[i]
        if any(str(value).strip() for value in row.values() if value is not None):
            rows.append(Row(number, row))
    return Sheet(rows, headings, unknown)


def _heading_row(table: list[Sequence[Any]], known: dict[str, str]) -> tuple[int, dict[int, str]]:
    """The row of the headings and column → field. Raises Refusal when there is none."""
    for top, line in enumerate(table[:LOOKED_AT]):
        columns = {i: known[_plain(cell)] for i, cell in enumerate(line) if _plain(cell) in known}
        if "name" in columns.values() and len(set(columns.values())) >= 2:
            return top, columns
    raise Refusal("没有找到表头：前 15 行里要有名称列（如“项目名称”“事项名称”“问题”）和另一列")


def _plain(heading: Any) -> str:
    return normalise(str(heading or "")).replace(" ", "")


def _heading_table(kind: str) -> dict[str, str]:
    table: dict[str, str] = {}
    for column in reversed(COLUMNS[kind]):
        for name in _names(kind, column):
            table[_plain(name)] = column.key
    return table


def _names(kind: str, column: Column) -> tuple[str, ...]:
    return (*column.headings, column.key, outward_name(kind, column.key))
