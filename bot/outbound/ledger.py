"""What WeChat still allows with each person: windows of 客服消息, consents, the month's mass count.

Windows: developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from bot.followers.registry import moment_of
from bot.outbound.models import Brake, Consent, MassLedger, NoticeTemplate, Window

# trigger → (messages, how long)
TRIGGERS: dict[str, tuple[int, timedelta]] = {
    "message": (5, timedelta(hours=48)),
    "menu": (3, timedelta(minutes=1)),
    "subscribe": (3, timedelta(minutes=1)),
    "scan": (3, timedelta(minutes=1)),
    "menu_message": (3, timedelta(minutes=1)),
}
_WINDOWS = cast("Table", Window.__table__)
SPEND_KEFU = (
    update(_WINDOWS)
    .where(_WINDOWS.c.openid.in_(bindparam("people", expanding=True)), _WINDOWS.c.kefu_left > 0)
    .values(kefu_left=_WINDOWS.c.kefu_left - 1)
)
LONG, ONCE = "long", "once"
EVERYTHING = "*"


def note_seen(db: Session, rows: Iterable[Mapping[str, Any]], _now: datetime) -> None:
    """Open or renew windows. rows: {"openid", "trigger", "at"}, in any order, repeats allowed.

    A short trigger inside a longer window changes nothing: counts do not add up.
    """
    seen: dict[str, list[tuple[datetime, str]]] = {}
    for row in rows:
        if row["trigger"] in TRIGGERS:
            opened = (moment_of(row["at"]), str(row["trigger"]))
            seen.setdefault(str(row["openid"]), []).append(opened)
    found = db.scalars(select(Window).where(Window.openid.in_(seen)))
    known = {window.openid: window for window in found}
    new = []
    for openid, triggers in seen.items():
        window = known.get(openid)
        for at, trigger in sorted(triggers):
            window = _renewed(window, openid, at, trigger)
        if openid not in known and window is not None:
            new.append(window)
    db.add_all(new)
    db.flush()


def _renewed(window: Window | None, openid: str, at: datetime, trigger: str) -> Window:
    count, span = TRIGGERS[trigger]
    if window is None:
        until = at + span
        return Window(openid=openid, kefu_until=until, kefu_left=count, trigger=trigger, seen_at=at)
    if at <= window.seen_at:
        return window
    window.seen_at = at
    if at + span >= window.kefu_until:
        window.kefu_until, window.kefu_left, window.trigger = at + span, count, trigger
    return window


def spend_kefu(db: Session, openids: Iterable[str]) -> None:
    """One 客服消息 of each person's window is used."""
    db.connection().execute(SPEND_KEFU, {"people": list(openids)})


def refund_kefu(db: Session, openid: str) -> None:
    """A 客服消息 that WeChat did not take is still there."""
    db.execute(update(Window).where(Window.openid == openid).values(kefu_left=Window.kefu_left + 1))


def refund_credit(db: Session, template_id: str, openid: str) -> None:
    db.execute(
        update(Consent)
        .where(Consent.openid == openid, Consent.template_id == template_id, Consent.kind == ONCE)
        .values(credits=Consent.credits + 1)
    )


def close_window(db: Session, openid: str) -> None:
    """WeChat said that the window is closed or used up."""
    db.execute(update(Window).where(Window.openid == openid).values(kefu_left=0))


def consent(db: Session, openid: str, template_id: str, accepted: bool, now: datetime) -> None:
    """A person accepted or refused a notice: a long-term right, or one more credit."""
    row = db.get(Consent, (openid, template_id))
    template = db.get(NoticeTemplate, template_id)
    kind = template.kind if template else ONCE
    if not accepted:
        if row is not None:
            db.delete(row)
    elif row is None:
        credit = 0 if kind == LONG else 1
        db.add(
            Consent(
                openid=openid, template_id=template_id, kind=kind, credits=credit, changed_at=now
            )
        )
    else:
        row.kind, row.changed_at = kind, now
        row.credits += 0 if kind == LONG else 1
    db.flush()


def spend_credit(db: Session, template_id: str, openids: Iterable[str]) -> None:
    """One one-time credit of each person is used."""
    mine = (Consent.openid.in_(list(openids)), Consent.template_id == template_id)
    db.execute(
        update(Consent)
        .where(*mine, Consent.kind == ONCE, Consent.credits > 0)
        .values(credits=Consent.credits - 1)
    )


def revoke(db: Session, openid: str, template_id: str) -> None:
    """WeChat said 43101: nothing is left of this person's consent."""
    db.execute(
        update(Consent)
        .where(Consent.openid == openid, Consent.template_id == template_id)
        .values(kind=ONCE, credits=0)
    )


def month_of(now: datetime) -> str:
    return now.strftime("%Y-%m")


def count_mass(db: Session, openids: list[str], now: datetime) -> None:
    """Each of these people has one mass message more in this month."""
    month = month_of(now)
    for start in range(0, len(openids), 500):
        part = openids[start : start + 500]
        mine = (MassLedger.openid.in_(part), MassLedger.month == month)
        known = set(db.scalars(select(MassLedger.openid).where(*mine)))
        db.execute(update(MassLedger).where(*mine).values(count=MassLedger.count + 1))
        new = [{"openid": o, "month": month, "count": 1} for o in part if o not in known]
        if new:
            db.execute(insert(MassLedger), new)


def uncount_mass(db: Session, openids: list[str], now: datetime) -> None:
    """A mass message that WeChat did not take is not counted."""
    for start in range(0, len(openids), 500):
        part = openids[start : start + 500]
        mine = (MassLedger.openid.in_(part), MassLedger.month == month_of(now))
        db.execute(update(MassLedger).where(*mine).values(count=MassLedger.count - 1))


def brake(
    db: Session, call: str, code: int, why: str, rid: str, now: datetime, until: datetime | None
) -> None:
    """An API rests; `until` None: until a person lets it go. call "*": all of them."""
    row = db.get(Brake, call)
    if row is None:
        row = Brake(call=call, since=now)
        db.add(row)
    row.until, row.code, row.why, row.rid = until, code, why, rid
    db.flush()


def braked(db: Session, now: datetime) -> dict[str, Brake]:
    """call → its brake, those that have ended left out."""
    rows = db.scalars(select(Brake)).all()
    return {row.call: row for row in rows if row.until is None or row.until > now}


def of_call(db: Session, call: str) -> Brake | None:
    return db.get(Brake, call)


def release(db: Session, call: str | None = None) -> None:
    """A person lets an API go again, or all of them."""
    for row in db.scalars(select(Brake)):
        if call is None or row.call == call:
            db.delete(row)
    db.flush()
