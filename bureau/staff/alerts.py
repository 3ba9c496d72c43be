"""Alerts to the staff in 企业微信, 钉钉 or mail: put beside the change, sent by the worker."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bureau.staff.models import StaffAlert
from core.clock import Clock
from core.db import Database

BATCH = 20
KEPT = timedelta(days=90)
LIFE = timedelta(hours=12)  # older news is in the console anyway
CLAIM = timedelta(minutes=2)
Send = Callable[[str], bool]


def put(db: Session, key: str, text: str, now: datetime) -> None:
    """Tell the staff once under this key. No names, no words of citizens: it leaves the house."""
    if db.scalar(select(StaffAlert.id).where(StaffAlert.key == key)) is None:
        db.add(StaffAlert(key=key, text=text, next_try_at=now, created_at=now))
        db.flush()


def send_due(database: Database, send: Send, clock: Clock) -> int:
    """Send what is waiting, each alone and with no transaction open; how many went."""
    with database.write() as db:
        claimed = _claim(db, clock.now())
    done = [(number, send(text)) for number, text in claimed]
    with database.write() as db:
        for number, sent in done:
            row = db.get(StaffAlert, number)
            if row is not None and sent:
                row.state = "sent"
    return sum(sent for _, sent in done)


def forget_old(db: Session, now: datetime) -> None:
    """Delete alerts of more than 90 days: what they told of is in the tickets themselves."""
    db.execute(delete(StaffAlert).where(StaffAlert.created_at < now - KEPT))


def _claim(db: Session, now: datetime) -> list[tuple[int, str]]:
    query = (
        select(StaffAlert)
        .where(StaffAlert.state == "waiting", StaffAlert.next_try_at <= now)
        .order_by(StaffAlert.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    claimed = []
    for row in db.scalars(query).all():
        if now - row.created_at > LIFE:
            row.state = "lapsed"
            continue
        row.tries, row.next_try_at = row.tries + 1, now + CLAIM * (row.tries + 1)
        claimed.append((row.id, row.text))
    return claimed
