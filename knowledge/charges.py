"""What a charge or fund answers: its standard, and what a list of charges does not hold."""

import re

from knowledge.bases import why_stopped
from knowledge.known import Known
from knowledge.models import Kind
from knowledge.provenance import plainly

EMPTY = "未载明"
DATED = re.compile(r"\d\s*个?(?:工作|自然)?[日天月]|截止|期限")


def charge_lines(entry: Known, slot: str) -> list[str]:
    rate = rate_of(entry)
    what = {
        Kind.FEE: "收费标准",
        Kind.FUND: "征收标准",
    }[Kind(entry.kind)]
    first = f"{what}：{rate or missing(entry)}"
    by = entry.text("collecting_unit", "collector", "dept")
    if slot == "basis":
        return [f"依据：{entry.text('legal_basis') or missing(entry)}", first]
    if slot in ("where", "phone", "materials"):
        return [*beside_rate(entry, slot), first]
    return [
        *beside_rate(entry, slot),
        first,
        f"计算：{_formula(entry, rate)}" if _formula(entry, rate) else "",
        f"对象：{entry.text('payer')}" if entry.text("payer") else "",
        f"执收：{by}" if by else "",
        f"说明：{plainly(entry.text('note'))}" if entry.text("note") else "",
        f"依据：{entry.text('legal_basis')}" if entry.text("legal_basis") else "",
    ]


def rate_of(entry: Known) -> str:
    """The standard with its unit where the text does not name it."""
    if entry.stopped_by:
        return why_stopped(entry.stopped_by)
    rate, unit = entry.text("rate_text"), entry.text("unit")
    if rate == "0":
        return "免征"
    return f"{rate}（{unit}）" if unit and rate and "元" not in rate and "%" not in rate else rate


def beside_rate(entry: Known, slot: str) -> list[str]:
    """What else than its standard is asked of a charge: place, telephone, papers, days."""
    if entry.stopped_by or entry.kind == Kind.FAQ:
        return []
    if slot == "where":
        by = entry.text("collecting_unit", "collector", "dept")
        place = [f"办理地点：{missing(entry)}"] if by else []
        return [f"执收单位：{by or missing(entry)}", *place]
    if slot == "phone":
        return [f"电话：{entry.text('supervision_phone') or missing(entry)}"]
    if slot == "materials":
        return [f"申请材料：{missing(entry)}"]
    return [line for line in [_gap(entry, slot)] if line]


def _gap(entry: Known, slot: str) -> str:
    """What is asked and a list of charges does not hold; empty where its note may say it."""
    if slot == "process":
        return f"办理流程：{missing(entry)}"
    note = entry.text("note")
    if slot == "time_limit" and not (DATED.search(note) or entry.status == "abolished"):
        asked = "缴纳时间" if entry.kind == Kind.FUND else "办理时限"
        return f"{asked}：{missing(entry)}"
    if slot == "conditions" and not note:
        return f"办理条件：{missing(entry)}"
    dated = entry.valid_from or entry.valid_to or note or entry.status == "abolished"
    return f"执行时间：{missing(entry)}" if slot == "period" and not dated else ""


def _formula(entry: Known, rate: str) -> str:
    """The formula where it is in words: max(0,N*0.015-D)*W and ×0.5 tell a citizen nothing."""
    formula = entry.text("formula")
    in_words = len(formula) > 4 and not re.search("[A-Za-z]", formula)
    return formula if in_words and formula != rate else ""


def missing(entry: Known) -> str:
    office = office_of(entry)
    return f"{EMPTY}，可向{office}询问" if office else EMPTY


def office_of(entry: Known) -> str:
    return entry.text("responsible_office", "collecting_unit", "collector", "dept")
