"""Thirty disclosures over three months, each published and pushed the product's own way."""

import json
import re
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from bureau.disclosures import outside
from ops.seeding.audience import make_reachable
from ops.seeding.past import Happening, Past, filled, sample_file
from ops.seeding.pushing import deliver

REVIEW = {"drafted_by": "样例拟稿", "reviewed_by": "样例复核", "approved_by": "样例批准"}
MARK = "（样例内容，并非真实公告）"
DAY = re.compile(r"@([+-]?\d+)")  # days after publication


def publications(past: Past) -> list[Happening]:
    rows = json.loads(sample_file("disclosures.json").read_text("utf8"))
    return [
        Happening(past.at(row["days_ago"], 9.5 + turn % 6), partial(go_out, past, row, turn))
        for turn, row in enumerate(rows)
    ]


def go_out(past: Past, row: dict[str, Any], turn: int, now: datetime) -> None:
    """One disclosure and its push, with receipts."""
    with past.office.database.write() as db:
        make_reachable(db, past, row["topic"], now, turn)
        disclosure, push = outside.publish_reviewed(db, content_of(row, now), now)
        disclosure.sample = True
    deliver(past, push.id, now)


def content_of(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A row of the file as `flask publish` takes it, with its days and years put in."""
    day = now.date()
    return {
        "title": filled(row["title"], now),
        "kind": row["kind"],
        "topic": row["topic"],
        "office": row["office"],
        "summary": filled(row["summary"], now) + MARK,
        "produced_on": (day - timedelta(days=2)).isoformat(),
        "fields": {key: field_of(text, now, day) for key, text in row.get("fields", {}).items()},
        "review": REVIEW,
    }


def field_of(text: str, now: datetime, day: date) -> str:
    """`@+30` is thirty days after publication."""
    relative = DAY.fullmatch(text)
    if relative is None:
        return filled(text, now)
    return (day + timedelta(days=int(relative.group(1)))).isoformat()
