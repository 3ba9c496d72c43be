"""An entry and a slot → the sentences of the answer, with source, place, time and what is missing.

Nothing is invented: a field that is empty is said to be 未载明, with the office to ask.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from knowledge.answered import Card
from knowledge.bases import why_stopped
from knowledge.charges import (
    EMPTY,
    beside_rate,
    charge_lines,
    missing,
    office_of,
    rate_of,
)
from knowledge.documents import bracket_of
from knowledge.kinds import path_of
from knowledge.known import Known
from knowledge.models import Kind
from knowledge.places import place_name
from knowledge.provenance import SAMPLE_NOTE, is_unsure, plainly, source_of, times_of

ITEMS_SHOWN = 8
DAYS = re.compile(r"(\d+)\s*[(（](工作日|自然日)[)）]")
FREE = ("不收费", "免费", "不收取费用", "无收费")
SLOT_NAMES = {
    "fee": "收费", "materials": "材料", "process": "流程", "time_limit": "时限",
    "conditions": "条件",
    "phone": "电话", "where": "在哪办", "basis": "依据", "period": "有效期", "eligibility": "条件",
    "general": "概况",
}  # fmt: skip
GUIDE_SLOTS = ("materials", "process", "time_limit", "conditions", "fee", "where", "phone", "basis")
FEE_SLOTS = ("fee", "basis", "where", "phone")


def card_for(entry: Known, slot: str, today: date) -> Card:
    """What is said about an entry when `slot` is asked."""
    if entry.stopped_by:
        return _stopped(entry)
    makers = {Kind.FEE: charge_lines, Kind.FUND: charge_lines, Kind.GUIDE: _guide, Kind.FAQ: _faq}
    lines = [line for line in (*_place(entry), *makers[Kind(entry.kind)](entry, slot)) if line]
    timed = entry.charge if slot == "fee" and entry.charge else entry
    lines += times_of(timed, today)
    return Card(
        id=entry.id,
        kind=entry.kind,
        title=entry.title,
        lines=tuple(lines),
        source=source_of(entry),
        note=SAMPLE_NOTE if is_unsure(entry) or is_unsure(timed) else "",
        path=path_of(entry.kind, entry.id),
        slots=_slots(entry),
    )


def _stopped(entry: Known) -> Card:
    """Nothing is said on a basis that has ended: who is to be asked, and that it is looked at."""
    why = f"{why_stopped(entry.stopped_by)}（{entry.stopped_by}）。"
    lines = (*_place(entry), why, _ask_instead(entry))
    return Card(entry.id, entry.kind, entry.title, lines, path=path_of(entry.kind, entry.id))


def _ask_instead(entry: Known) -> str:
    office = office_of(entry)
    who = f"请向{office}询问" if office else "请点“人工”问工作人员"
    return f"复核完成前，{who}。"


def joined_card(told: Sequence[tuple[Known, str]], today: date) -> Card:
    """One card for several slots of a matter, each line said once; the first entry heads it."""
    cards = [card_for(entry, slot, today) for entry, slot in told]
    lines = dict.fromkeys(line for card in cards for line in card.lines)
    return replace(cards[0], lines=tuple(lines))


def sisters_card(entries: Sequence[Known], bare: str, slot: str, today: date) -> Card:
    """Entries that differ in their brackets only, a line each, none chosen for the citizen.

    slot: what is asked; what their list does not hold is said first.
    """
    first = card_for(entries[0], "fee", today)
    lines = [*_place(entries[0]), *beside_rate(entries[0], slot)]
    lines += [f"· {bracket_of(e.title)}：{rate_of(e) or missing(e)}" for e in entries]
    stopped = [entry for entry in entries if entry.stopped_by]
    lines += [_ask_instead(entry) for entry in stopped[:1]]
    dates = {entry.valid_from for entry in entries}
    bases = set() if stopped else {entry.text("legal_basis") for entry in entries} - {""}
    if len(bases) == 1:
        lines.append(f"依据：{bases.pop()}")
    since = dates.pop() if len(dates) == 1 else None
    if since:
        lines.append(f"自 {since:%Y-%m-%d} 起执行。")
    unsure = any(is_unsure(entry) for entry in entries)
    source = first.source if not stopped and len({entry.source for entry in entries}) == 1 else ""
    return replace(
        first, title=bare, lines=tuple(lines), source=source, note=SAMPLE_NOTE if unsure else ""
    )


def _place(entry: Known) -> list[str]:
    """Whose rule it is, and who handles the matter, where that is not us."""
    lines = []
    if not entry.ours:
        lines.append(f"注意：以下是{place_name(entry.scope)}的规定，不是本市的，仅供参考。")
    handler = entry.text("jurisdiction")
    if entry.kind == Kind.GUIDE and handler not in ("", "finance", "财政"):
        by = "" if handler == "other" else f"由{handler}部门办理，"
        lines.append(f"注意：本事项{by}财政部门不直接受理。")
    return lines


def _guide(entry: Known, slot: str) -> list[str]:
    makers = {
        "fee": lambda: [f"收费：{_charge(entry)}", *_charge_told(entry)],
        "materials": lambda: _listed(entry, "申请材料", "materials"),
        "process": lambda: [*_listed(entry, "办理流程", "process"), *_common(entry)],
        "time_limit": lambda: _limits(entry),
        "conditions": lambda: [*_listed(entry, "办理条件", "conditions"), *_common(entry)],
        "eligibility": lambda: [*_listed(entry, "办理条件", "conditions"), *_common(entry)],
        "phone": lambda: _phones(entry),
        "where": lambda: _where(entry),
        "basis": lambda: [f"依据：{entry.text('legal_basis') or missing(entry)}"],
        "period": lambda: [
            *_dates(entry),
            *_listed(entry, "办理流程", "process"),
            *_common(entry),
        ],
    }
    maker = makers.get(slot)
    if maker is not None:
        return maker()
    return [
        f"办理单位：{entry.text('responsible_office') or EMPTY}",
        *_limits(entry),
        *(_listed(entry, "申请材料", "materials") if entry.fields.get("materials") else []),
        *(_listed(entry, "办理流程", "process") if entry.fields.get("process") else []),
        f"收费：{_charge(entry, free='不收费')}" if entry.text("fee") else "",
        *_common(entry),
    ]


def _charge(entry: Known, free: str = "办理本身不收费") -> str:
    """What handling a matter costs; that it is free says nothing of what is paid through it.

    A guide names its fee, and the amount is read from the catalogue.
    """
    fee = entry.text("fee")
    if entry.charge:
        return f"{rate_of(entry.charge) or missing(entry)}（{entry.charge.title}）"
    if entry.text("fee_item"):  # the row it names is in no catalogue any more
        return missing(entry)
    return free if fee in FREE else fee or missing(entry)


def _charge_told(entry: Known) -> list[str]:
    """Who pays the fee a guide names, on what basis, and where the catalogue has it from."""
    charge = entry.charge
    if charge is None or charge.stopped_by:
        return [_ask_instead(entry)] if charge else []
    source = source_of(charge)
    return [
        f"对象：{charge.text('payer')}" if charge.text("payer") else "",
        f"依据：{charge.text('legal_basis')}" if charge.text("legal_basis") else "",
        f"收费清单来源：{source}" if source else "",
    ]


def _faq(entry: Known, slot: str) -> list[str]:
    return [entry.text("answer") or EMPTY]


def _limits(entry: Known) -> list[str]:
    names = ("promised_limit", "statutory_limit")
    promised, statutory = (DAYS.sub(r"\1个\2", entry.text(name)) for name in names)
    lines = [
        f"承诺时限：{promised}" if promised else "",
        f"法定时限：{statutory}" if statutory else "",
    ]
    dated = [step for step in entry.items("process") if "日" in step or "天" in step]
    if dated:
        lines.append("其中：" + "；".join(map(plainly, dated[:4])))
    return [line for line in lines if line] or [f"办理时限：{missing(entry)}"]


def _dates(entry: Known) -> list[str]:
    """Its days where it has some; that they are missing only when nothing else may say them."""
    lines = _limits(entry)
    if not lines[0].startswith("办理时限"):
        return lines
    return [] if _common(entry) and entry.items("faq") else [f"时间：{missing(entry)}"]


def _phones(entry: Known) -> list[str]:
    asked, complaint = entry.text("consult_phone"), entry.text("complaint_phone")
    lines = [f"咨询电话：{asked or missing(entry)}"]
    return [*lines, f"监督投诉电话：{complaint}"] if complaint else lines


def _where(entry: Known) -> list[str]:
    office = entry.text("responsible_office", "collector", "dept")
    place, online = entry.text("place"), entry.text("channel")
    lines = [
        f"办理单位：{office}" if office else "",
        f"办理地点：{place}" if place else "",
        f"网上办理：{online}" if online else "",
        *(_listed(entry, "办理流程", "process") if entry.fields.get("process") else []),
    ]
    found = [line for line in lines if line]
    return found if place or online or len(found) > 1 else [*found, f"地点：{missing(entry)}"]


def _common(entry: Known) -> list[str]:
    lines = [f"· {plainly(line)}" for line in entry.items("faq")[:ITEMS_SHOWN]]
    if entry.text("note"):
        lines.append(f"说明：{plainly(entry.text('note'))}")
    return lines


def _listed(entry: Known, heading: str, name: str) -> list[str]:
    items = [plainly(item) for item in entry.items(name)]
    if not items:
        return [f"{heading}：{missing(entry)}"]
    if len(items) == 1:
        return [f"{heading}：{items[0]}"]
    more = [f"……共 {len(items)} 项，详见链接"] if len(items) > ITEMS_SHOWN else []
    return [
        f"{heading}：",
        *(f"{i}. {item}" for i, item in enumerate(items[:ITEMS_SHOWN], 1)),
        *more,
    ]


def _slots(entry: Known) -> tuple[str, ...]:
    if entry.kind == Kind.GUIDE:
        return GUIDE_SLOTS
    return FEE_SLOTS if entry.kind in (Kind.FEE, Kind.FUND) else ()
