"""A released list drafts its change card: 取消 2 项、降低 1 项, to be reviewed like all else."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.followers import topics
from bureau.catalogues import changes, review
from bureau.catalogues.changes import Change
from bureau.disclosures import content, publish
from bureau.disclosures.models import Disclosure
from bureau.staff import alerts
from core.clock import day_of
from core.wording import cut
from knowledge.kinds import LABELS
from knowledge.models import Batch

KIND, TOPIC = "catalogue_change", "fees"
DRAFTED_BY = "系统（清单导入）"
TO_FILL = "（请补充变动依据）"
SHOWN = 200  # rows of the table; a longer list is attached by hand
BASIS_BYTES = 900
NOTHING = "—"
HEADINGS = ("变动", "项目", "原标准", "现标准", "依据", "执行日期")


def draft(db: Session, batch_id: int, now: datetime) -> Disclosure | None:
    """The card of what this import changed, as a draft; None when it changed nothing to tell of.

    Made once: the same import again gives None.
    """
    batch, key = review.one(db, batch_id), f"import:{batch_id}"
    there = db.scalar(select(Disclosure.id).where(Disclosure.origin_key == key))
    found = [] if there is not None else changes.of_batch(db, batch)
    if not found or topics.find(db, TOPIC) is None:
        return None
    made = publish.keep(
        db, content.read(_data(batch, found, now)), now, drafted_by=DRAFTED_BY, key=key
    )
    words = f"{LABELS[batch.kind]}{changes.in_words(found)}，变动公告已起草，请补充后送审。"
    alerts.put(db, f"change_card:{batch_id}", words, now)
    return made


def _data(batch: Batch, found: Sequence[Change], now: datetime) -> dict[str, object]:
    label, told = LABELS[batch.kind], changes.in_words(found)
    bases = "；".join(dict.fromkeys(one.basis for one in found if one.basis))
    days = [one.since for one in found if one.since]
    return {
        "title": f"{label}调整：{told}",
        "kind": KIND,
        "topic": TOPIC,
        "produced_on": day_of(now),
        "summary": f"{label}有调整：{told}。",
        "body_html": _table(found),
        "fields": {
            "change": told,
            "basis": cut(bases, BASIS_BYTES) or TO_FILL,
            "effective_on": (max(days) if days else day_of(now)).isoformat(),
        },
    }


def _table(found: Sequence[Change]) -> str:
    head = "".join(f"<th>{name}</th>" for name in HEADINGS)
    rows = [
        "".join(f"<td>{escape(cell or NOTHING)}</td>" for cell in _cells(one))
        for one in found[:SHOWN]
    ]
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    more = f"<p>其余 {len(found) - SHOWN} 项见附件。</p>" if len(found) > SHOWN else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _cells(one: Change) -> tuple[str, ...]:
    since = one.since.isoformat() if one.since else ""
    return one.way, one.title, one.before, one.after, one.basis, since
