"""Guides: the eight fields of the plan (一-9), all needed when written here, else counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.catalogues import proposing
from bureau.staff import roles
from bureau.staff.models import Clerk
from core.errors import Refusal
from knowledge.models import Batch, Entry, EntryState, Kind
from knowledge.rows import drafts_of
from knowledge.sheet_rows import Row, Sheet

EIGHT: Mapping[str, str] = {
    "name": "事项名称",
    "legal_basis": "办事依据",
    "responsible_office": "受理单位",
    "process": "基本流程",
    "materials": "申请材料",
    "fee": "收费标准",
    "promised_limit": "办理时限",
    "consult_phone": "咨询电话",
}
OTHER_LIMIT = "statutory_limit"  # either of the two limits tells how long it takes
FREE = "不收费"


@dataclass(frozen=True, slots=True)
class Gap:
    """A guide that answers, and which of the eight it does not tell."""

    key: str
    title: str
    office: str
    missing: tuple[str, ...]


def write(db: Session, cells: Mapping[str, str], by: Clerk, now: datetime) -> Batch:
    """A guide written here, new or in the place of one, as a review item of one.

    cells: the eight, and id to replace a guide; `fee` is 不收费 or the id of a fee in the
    catalogue, whose name is said. Raises Refusal naming all that is missing.
    """
    roles.require(by.role, "catalogues.draft")
    said = {name: str(cells.get(name) or "").strip() for name in (*EIGHT, "id", "conditions")}
    missing = [label for name, label in EIGHT.items() if not said[name]]
    if missing:
        raise Refusal(f"缺少{'、'.join(missing)}。八项都写全才能送审。")
    before = proposing.live(db, Kind.GUIDE, said["id"]) if said["id"] else None
    kept = before.fields if before else {}
    row: dict[str, Any] = {
        **kept,
        **{name: text for name, text in said.items() if text},
        **_fee(db, said["fee"]),
        "source": before.source if before else "",
        "confidence": "工作人员编写",
    }
    drafts, problems = drafts_of(Sheet([Row(1, row)], {}, []), Kind.GUIDE)
    if problems:
        raise Refusal("；".join(map(str, problems)))
    draft = drafts[0]
    left = gaps_in(draft.title, draft.fields)
    if left:  # “无”, “—” and the like say nothing
        raise Refusal(f"{'、'.join(left)}没有写清楚。")
    if before is None and proposing.live(db, Kind.GUIDE, draft.key) is not None:
        raise Refusal("已有同名同单位的指南，请打开它修改。")
    name = f"{'修改' if before else '新'}指南：{draft.title}"
    return proposing.propose(db, Kind.GUIDE, draft, name, by, now)


def _fee(db: Session, said: str) -> dict[str, str]:
    """What a guide says of its cost: the fee itself stays in the catalogue, named here."""
    if said == FREE:
        return {"fee": FREE, "fee_item": ""}
    fee = proposing.live(db, Kind.FEE, said)
    if fee is None:
        raise Refusal("收费标准请选“不收费”或收费清单里的一项。")
    return {"fee": f"按收费清单“{fee.title}”执行", "fee_item": fee.key}


def gaps_in(title: str, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Which of the eight a guide does not tell, by their names."""
    told = {**fields, "name": title}
    told["promised_limit"] = told.get("promised_limit") or told.get(OTHER_LIMIT)
    return tuple(label for name, label in EIGHT.items() if told.get(name) in (None, "", [], "—"))


def gaps(db: Session) -> tuple[list[Gap], int]:
    """Guides with gaps, those with most first, and how many guides answer in all."""
    live = (Entry.kind == Kind.GUIDE) & (Entry.state == EntryState.LIVE)
    rows = db.execute(select(Entry.key, Entry.title, Entry.fields).where(live).order_by(Entry.id))
    found = [
        Gap(key, title, str(fields.get("responsible_office") or ""), gaps_in(title, fields))
        for key, title, fields in rows
    ]
    open_ones = [one for one in found if one.missing]
    return sorted(open_ones, key=lambda one: -len(one.missing)), len(found)


def cells_of(entry: Entry) -> dict[str, str]:
    """A guide as its form shows it."""
    cells = {"id": entry.key, "name": entry.title}
    for name in (*EIGHT, "conditions"):
        value = entry.fields.get(name)
        if name != "name" and value:
            cells[name] = "\n".join(value) if isinstance(value, list) else str(value)
    cells["promised_limit"] = cells.get("promised_limit") or str(
        entry.fields.get(OTHER_LIMIT) or ""
    )
    fee = entry.fields.get("fee_item")
    cells["fee"] = str(fee) if fee else (FREE if cells.get("fee") == FREE else "")
    return cells
