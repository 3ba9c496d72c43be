"""Rows of cells → entries ready to be stored, and every problem by row and column."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from knowledge.kinds import COLUMNS, STATUSES, TOP_LEVEL, Cell, Column
from knowledge.models import Kind
from knowledge.places import scope_of
from knowledge.sheet_rows import Row, Sheet

NOTHING = {"", "无", "-", "—", "--", "——", "/", "\\", "null", "none", "n/a", "暂无"}
WIDE = str.maketrans({chr(0xFF10 + i): str(i) for i in range(10)})
DAY = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?$"
)
NUMBERED = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,2}[)）、.．]\s*)")
LONGEST = {"name": 500, "id": 191, "source": 1000, "confidence": 64, "scope": 64}
TOTALS = ("合计", "总计", "小计")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what, and what was there."""

    row: int
    column: str
    wrong: str
    found: str

    def __str__(self) -> str:
        return f"第 {self.row} 行 “{self.column}”：{self.wrong}，原内容：{self.found or '（空）'}"


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry as it will be stored; `content_hash` is over everything it says."""

    row: int
    key: str
    title: str
    scope: str
    source: str
    confidence: str
    status: str
    valid_from: date | None
    valid_to: date | None
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def content_hash(self) -> str:
        said = [
            self.title, self.scope, self.source, self.confidence, self.status,
            str(self.valid_from), str(self.valid_to), self.fields,
        ]  # fmt: skip
        text = json.dumps(said, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


class Wrong(ValueError):
    """A cell that cannot be read; the text says why, in Chinese."""


def drafts_of(
    sheet: Sheet, kind: str, *, scope: str = "", valid_from: date | None = None
) -> tuple[list[Draft], list[Problem]]:
    """All entries of a sheet and all problems; a row with a problem gives no entry."""
    drafts: list[Draft] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for row in sheet.rows:
        if str(row.cells.get("name") or "").strip() in TOTALS:
            continue
        values, wrong = _read(row, sheet, kind)
        key = _key(kind, values)
        if not wrong and key in seen:
            heading = sheet.headings.get("id") or sheet.headings.get("name", "id")
            wrong.append(Problem(row.number, heading, f"与第 {seen[key]} 行重复", key))
        problems += wrong
        if not wrong:
            seen[key] = row.number
            drafts.append(_draft(row.number, key, values, scope, valid_from))
    return drafts, problems


def _read(row: Row, sheet: Sheet, kind: str) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    wrong: list[Problem] = []
    for column in COLUMNS[kind]:
        raw = row.cells.get(column.key)
        heading = sheet.headings.get(column.key, column.headings[0])
        try:
            values[column.key] = _checked(column, READERS[column.cell](raw), raw)
        except Wrong as error:
            wrong.append(Problem(row.number, heading, str(error), shown(raw)))
    since, until = values.get("valid_from"), values.get("valid_to")
    if since and until and until < since:
        heading = sheet.headings.get("valid_to", "终止日期")
        wrong.append(Problem(row.number, heading, f"早于开始日期 {since}", str(until)))
    return values, wrong


def _checked(column: Column, value: Any, raw: Any) -> Any:
    if column.required and not value and (raw is None or column.key == "name"):
        raise Wrong("不能为空")  # an answer left open on purpose ("") is a gap, said as 未载明
    if column.key == "status" and value:
        if value not in STATUSES:
            raise Wrong("不是认识的状态（有效、失效、修改、停征、免征、历史）")
        return STATUSES[value]
    if isinstance(value, str) and len(value) > LONGEST.get(column.key, 20_000):
        raise Wrong(f"超过 {LONGEST.get(column.key, 20_000)} 个字")
    return value


def _key(kind: str, values: dict[str, Any]) -> str:
    """The outward id: `id`, else 实施编码, else name + office."""
    given = values.get("id") or (values.get("item_code") if kind == Kind.GUIDE else None)
    if given:
        return str(given)
    office = values.get("responsible_office") or values.get("dept") or ""
    return f"{values.get('name') or ''}{'@' + office if office else ''}"[:191]


def _draft(
    row: int, key: str, values: dict[str, Any], scope: str, valid_from: date | None
) -> Draft:
    fields = {k: v for k, v in values.items() if k not in TOP_LEVEL and v not in (None, [])}
    return Draft(
        row=row,
        key=key,
        title=values["name"],
        scope=scope_of(values.get("scope") or fields.get("area")) or scope,
        source=values.get("source") or "",
        confidence=values.get("confidence") or "",
        status=values.get("status") or "current",
        valid_from=values.get("valid_from") or valid_from,
        valid_to=values.get("valid_to"),
        fields=fields,
    )


def shown(raw: Any) -> str:
    """A raw cell as a person should see it in a list of problems."""
    text = " ".join(str("" if raw is None else raw).split())
    return text if len(text) <= 60 else text[:57] + "……"


def _text(raw: Any) -> str | None:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, list):
        raw = "；".join(str(part) for part in raw)
    text = str("" if raw is None else raw).translate(WIDE).replace("\r", "\n").strip()
    text = "\n".join(line.strip() for line in text.split("\n") if line.strip())
    return None if text.lower() in NOTHING else text


def _code(raw: Any) -> str | None:
    text = _text(raw)
    return unicodedata.normalize("NFKC", " ".join(text.split())) if text else None


def _list(raw: Any) -> list[str] | None:
    if isinstance(raw, str) and raw.strip().startswith("["):
        try:
            raw = json.loads(raw)
        except json.JSONDecodeError as error:
            raise Wrong("以 [ 开头，但不是正确的 JSON 列表") from error
    if isinstance(raw, list):
        parts = [_text(part) for part in raw]
        return [part for part in parts if part] or None
    text = _text(raw)
    if text is None:
        return None
    lines = [NUMBERED.sub("", part).strip() for part in re.split(r"[\n；;]", text)]
    return [line for line in lines if line] or None


NO_DATE = "不是日期（例如 2026-01-31）"


def _day(raw: Any) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = _text(raw)
    if text is None:
        return None
    match = DAY.match(unicodedata.normalize("NFKC", text))
    if match is None:
        raise Wrong(NO_DATE)
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise Wrong(NO_DATE) from error


def _number(raw: Any) -> float | int | None:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return raw
    text = _text(raw)
    if text is None:
        return None
    try:
        value = float(unicodedata.normalize("NFKC", text).replace(",", ""))
    except ValueError as error:
        raise Wrong("不是数字") from error
    return int(value) if value.is_integer() else value


def _yes_no(raw: Any) -> bool | None:
    if isinstance(raw, bool):
        return raw
    text = str("" if raw is None else raw).strip().lower()
    known = {"是": True, "y": True, "yes": True, "true": True, "1": True, "涉企": True, "√": True}
    known |= dict.fromkeys(("否", "n", "no", "false", "0", "非涉企", "×"), False)
    if text in known:
        return known[text]
    if text in NOTHING:
        return None
    raise Wrong("应为“是”或“否”")


READERS: dict[Cell, Callable[[Any], Any]] = {
    Cell.TEXT: _text,
    Cell.CODE: _code,
    Cell.LIST: _list,
    Cell.DAY: _day,
    Cell.NUMBER: _number,
    Cell.YES_NO: _yes_no,
}
