"""How many questions a day, and how many of them were answered: for the chart."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bureau.inquiries.models import Inquiry
from bureau.inquiries.records import OUTCOMES
from core.clock import SHANGHAI


@dataclass(frozen=True, slots=True)
class Day:
    """The questions of one day by outcome."""

    day: date
    answered: int
    asked_back: int
    unknown: int


def by_day(db: Session, until: date, days: int = 30) -> list[Day]:
    """The last `days` days up to `until`, oldest first, days without a question too.

    One statement: moments are kept as UTC, so a day of China is cut out 8 hours later (China
    has kept one time without summer time since 1991).
    """
    first = until - timedelta(days=days - 1)
    since = datetime.combine(first, time(), SHANGHAI)
    end = datetime.combine(until + timedelta(days=1), time(), SHANGHAI)
    day = _day_in_china(db)
    query = (
        select(day, Inquiry.outcome, func.count())
        .where(Inquiry.asked_at >= since, Inquiry.asked_at < end)
        .group_by(day, Inquiry.outcome)
    )
    found = {(str(row[0]), row[1]): int(row[2]) for row in db.execute(query)}
    every = [first + timedelta(days=number) for number in range(days)]
    return [
        Day(one, *(found.get((one.isoformat(), name), 0) for name in OUTCOMES)) for one in every
    ]


def _day_in_china(db: Session) -> ColumnElement[str]:
    if db.get_bind().dialect.name == "sqlite":
        return func.date(Inquiry.asked_at, "+8 hours")
    return func.to_char(func.timezone("Asia/Shanghai", Inquiry.asked_at), "YYYY-MM-DD")
