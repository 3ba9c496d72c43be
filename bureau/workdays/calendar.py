"""Counting working days: pure, from a table of days that differ from the plain week."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)
WEEK = "一二三四五六日"

# Free in every year by date alone (《全国年节及纪念日放假办法》2024年修订 第二条). The other
# festivals follow the moon or the sun and wait for the State Council's notice.
FIXED = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    MAKEUP = "makeup"


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A day that is not what its weekday says."""

    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class Due:
    """A due day; `provisional` (暂按) when a year on the way is not announced yet."""

    day: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arithmetic: was this day counted, as which one, and why."""

    day: date
    counted: int | None
    why: str


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """`exceptions` by day, and the years whose notice is in the table."""

    exceptions: Mapping[date, Exceptional]
    years: frozenset[int]

    def is_workday(self, day: date) -> bool:
        """True for a working day; an unannounced year counts Monday–Friday less FIXED days."""
        special = self.exceptions.get(day)
        if special is not None:
            return special.kind is DayKind.MAKEUP
        if day.year not in self.years and (day.month, day.day) in FIXED:
            return False
        return day.weekday() < 5

    def add_workdays(self, start: date, days: int) -> Due:
        """The day `days` working days after `start`; `start` itself is day zero."""
        if days < 0:
            raise ValueError("days must not be negative")
        day, provisional = start, False
        for day in self._walk(start, days):
            provisional = provisional or day.year not in self.years
        return Due(day, provisional)

    def add_days(self, start: date, days: int) -> Due:
        """The day `days` calendar days after `start`, moved on to a working day if it is none.

        民法典 第二百零三条: a period that would end on a holiday ends on the day after it.
        """
        day = start + timedelta(days=days)
        while not self.is_workday(day):
            day += ONE_DAY
        return Due(day, day.year not in self.years)

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; 0 when `end` is not later."""
        span = (end - start).days
        return sum(self.is_workday(start + timedelta(days=n)) for n in range(1, span + 1))

    def workday_before(self, day: date) -> date:
        """The last working day before `day`."""
        day -= ONE_DAY
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def explain(self, start: date, days: int) -> list[Step]:
        """The arithmetic day by day, from day zero to the due day."""
        steps, counted = [Step(start, 0, "收到当日不计")], 0
        for day in self._walk(start, days):
            works = self.is_workday(day)
            counted += works
            steps.append(Step(day, counted if works else None, self.why(day)))
        return steps

    def why(self, day: date) -> str:
        """What kind of day it is, in words."""
        special = self.exceptions.get(day)
        weekday = f"星期{WEEK[day.weekday()]}"
        doubt = "" if day.year in self.years else "（该年放假安排未公布，暂按）"
        if special is not None and special.kind is DayKind.MAKEUP:
            return f"{weekday}，{special.name}调休上班"
        if special is not None:
            return f"{weekday}，{special.name}放假"
        if not self.is_workday(day) and day.weekday() < 5:
            return f"{weekday}，{FIXED[day.month, day.day]}放假{doubt}"
        return f"{weekday}{'，工作日' if day.weekday() < 5 else '，周末'}{doubt}"

    def missing_year(self, today: date) -> int | None:
        """The year whose notice is missed: this one, and from 1 November on the next."""
        if today.year not in self.years:
            return today.year
        return today.year + 1 if today.month >= 11 and today.year + 1 not in self.years else None

    def _walk(self, start: date, days: int) -> Iterator[date]:
        """Every day after `start` up to the one on which `days` working days are full."""
        day = start
        while days > 0:
            day += ONE_DAY
            days -= self.is_workday(day)
            yield day
