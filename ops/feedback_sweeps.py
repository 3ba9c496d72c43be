"""What the worker does for tickets by the clock: pictures, cards, seals, ends, staff alerts."""

from datetime import datetime

import apprise
from sqlalchemy.orm import Session

from bureau.feedback import attachments, cards, pictures, requests, rights, seals, tracking
from bureau.office import Office
from bureau.staff import alerts
from bureau.workdays import table
from core.clock import day_of


def fetch_pictures(office: Office) -> int:
    """Fetch what citizens sent before WeChat deletes it."""
    folder = office.settings.data_dir / "uploads"
    largest = office.settings.letter_file_mb * 1024 * 1024
    return pictures.fetch_due(office.database, office.wechat, office.clock, folder, largest)


def look_at_clocks(office: Office) -> None:
    """Cards, nudges, supplements that never came, and the calendar that is missing."""
    now = office.clock.now()
    with office.database.write() as db:
        cards.hand_out(db, now)
        cards.nudge(db, now)
        cards.end_waiting(db, now)
        requests.end_silence(db, now)
        year = table.load(db).missing_year(day_of(now))
        if year:
            words = f"{year}年放假安排还没有载入，涉及{year}年的期限暂按周一至周五计算。"
            alerts.put(db, f"workdays:{year}", words, now)


def keep_house(office: Office) -> None:
    """Seal the days that are over; empty what is kept no longer, pictures after the commit."""
    now = office.clock.now()
    with office.database.write() as db:
        if seals.seal_until_yesterday(db, now):
            _look_at_records(db, now)
        tracking.forget_old(db, now)
        alerts.forget_old(db, now)
        paths = rights.expire(db, now, rights.kept_days(office.settings.keep_letters))
        paths += attachments.forget_forms(db, now)
    for path in paths:
        (office.settings.data_dir / "uploads" / path).unlink(missing_ok=True)


def _look_at_records(db: Session, now: datetime) -> None:
    """Once a day: are the records of the last month what they were when they were sealed?"""
    wrong = seals.what_does_not_fit(db, day_of(now))
    if wrong:
        words = f"来信办理记录与封存不符：{wrong}。请立即核查是谁改动了数据库。"
        alerts.put(db, f"records:{day_of(now)}", words, now)


def tell_staff(office: Office) -> int:
    """Send waiting alerts to STAFF_NOTIFY; without one they lapse."""
    if not office.settings.staff_notify:
        return 0
    post = apprise.Apprise()
    for url in office.settings.staff_notify:
        post.add(url)
    return alerts.send_due(
        office.database, lambda text: bool(post.notify(body=text, title="阳光财政")), office.clock
    )
