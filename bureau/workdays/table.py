"""The working-day table in SQL: reading it, loading a year's notice, what changed by it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bureau.workdays.calendar import DayKind, Exceptional, WorkCalendar
from bureau.workdays.models import WorkdayException, WorkdayYear
from core.errors import Refusal
from core.settings import ROOT

SEEDS = ROOT / "seeds" / "workdays"
EDGE = timedelta(days=7)  # a New Year's holiday may begin in the year before
LONGEST_HOLIDAY = 15  # days; a longer span in a file is a slip of the pen


@dataclass(frozen=True, slots=True)
class YearNotice:
    """One year's arrangement as announced: day → what it is, with its source."""

    year: int
    version: int
    source: str
    days: dict[date, Exceptional]


def load(db: Session, since: date | None = None) -> WorkCalendar:
    """The calendar as the table has it, from the year of `since` on (None: all years)."""
    query = select(WorkdayException.day, WorkdayException.kind, WorkdayException.name)
    if since is not None:
        query = query.where(WorkdayException.day >= date(since.year, 1, 1))
    rows = db.execute(query).all()
    years = db.scalars(select(WorkdayYear.year)).all()
    days = {day: Exceptional(DayKind(kind), name) for day, kind, name in rows}
    return WorkCalendar(days, frozenset(years))


def load_seed(db: Session, now: datetime, folder: Path = SEEDS) -> list[int]:
    """Load every notice of the folder that the table does not have yet; the years loaded."""
    notices = [read_notice(path) for path in sorted(folder.glob("*.json"))]
    rows = db.scalars(select(WorkdayYear)).all()
    known = {row.year: row.version for row in rows}
    fresh = [notice for notice in notices if notice.version > known.get(notice.year, 0)]
    for notice in fresh:
        apply(db, notice, now)
    return [notice.year for notice in fresh]


def apply(db: Session, notice: YearNotice, now: datetime) -> None:
    """Put a year's notice in place of what the table had for that year."""
    first, last = date(notice.year, 1, 1), date(notice.year, 12, 31)
    year = db.get(WorkdayYear, notice.year) or WorkdayYear(year=notice.year)
    ours = WorkdayException.day.between(first, last) | WorkdayException.day.in_(notice.days)
    if year.source:  # a New Year's holiday may begin in the year before
        ours |= WorkdayException.source == year.source
    db.execute(delete(WorkdayException).where(ours))
    for day, special in sorted(notice.days.items()):
        db.add(
            WorkdayException(
                day=day,
                kind=special.kind.value,
                name=special.name,
                source=notice.source,
                version=notice.version,
            )
        )
    year.source, year.version, year.loaded_at = notice.source, notice.version, now
    db.add(year)
    db.flush()


def read_notice(path: Path) -> YearNotice:
    """A notice from its JSON file. Raises Refusal naming what is wrong with it."""
    try:
        return parse_notice(json.loads(path.read_text("utf8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal(f"工作日文件 {path.name} 有误：{error}") from error


def parse_notice(data: Any) -> YearNotice:
    """Raises ValueError, KeyError or TypeError for anything that is not a notice."""
    year, days = int(data["year"]), {}
    for span in data["holidays"]:
        first, last = date.fromisoformat(span["from"]), date.fromisoformat(span["to"])
        if not 0 <= (last - first).days < LONGEST_HOLIDAY:
            raise ValueError(f"{span['name']}: {first} – {last}")
        for offset in range((last - first).days + 1):
            special = Exceptional(DayKind.HOLIDAY, str(span["name"]))
            days[first + timedelta(days=offset)] = special
    for row in data["makeup"]:
        day = date.fromisoformat(row["day"])
        if day.weekday() < 5 or day in days:
            raise ValueError(f"{day} 不是可调休上班的周末")
        days[day] = Exceptional(DayKind.MAKEUP, str(row["name"]))
    check_days(year, days)
    return YearNotice(year, int(data["version"]), str(data["source"]), days)


def check_days(year: int, days: Iterable[date]) -> None:
    """Raises ValueError for days beyond the year and the week around its ends."""
    if any(not date(year, 1, 1) - EDGE <= day <= date(year, 12, 31) + EDGE for day in days):
        raise ValueError(f"有不属于{year}年的日期")


def years(db: Session) -> list[WorkdayYear]:
    """The years that are announced, the newest first."""
    return list(db.scalars(select(WorkdayYear).order_by(WorkdayYear.year.desc())))
