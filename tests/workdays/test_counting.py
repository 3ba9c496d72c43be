"""Working days are counted as the State Council's notices say."""

from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.workdays.calendar import DayKind, Exceptional, WorkCalendar
from bureau.workdays.table import SEEDS, apply, load, load_seed, parse_notice, read_notice
from core.clock import SHANGHAI
from core.db import Database
from core.errors import Refusal

# Weekend days worked, read from the notices themselves (and not from the library).
WORKED = {
    2019: "02-02 02-03 04-28 05-05 09-29 10-12",
    2020: "01-19 04-26 05-09 06-28 09-27 10-10",
    2021: "02-07 02-20 04-25 05-08 09-18 09-26 10-09",
    2022: "01-29 01-30 04-02 04-24 05-07 10-08 10-09",
    2023: "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}
NOW = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)


def seeded() -> WorkCalendar:
    notices = [read_notice(path) for path in sorted(SEEDS.glob("*.json"))]
    days = {day: special for notice in notices for day, special in notice.days.items()}
    return WorkCalendar(days, frozenset(notice.year for notice in notices))


CALENDAR = seeded()
DAYS = st.dates(date(2019, 1, 1), date(2026, 12, 31))
ANY_DAY = st.dates(date(2019, 1, 1), date(2031, 12, 31))
SPANS = st.integers(0, 60)


@pytest.mark.parametrize("year", WORKED)
def test_every_makeup_day_of_the_notice_is_worked_and_no_other_weekend(year: int) -> None:
    worked = {date.fromisoformat(f"{year}-{day}") for day in WORKED[year].split()}
    ours = {d for d, x in CALENDAR.exceptions.items() if x.kind is DayKind.MAKEUP}
    assert {d for d in ours if d.year == year} == worked
    assert all(CALENDAR.is_workday(day) for day in worked)


def test_every_day_of_eight_years_is_what_the_library_says() -> None:
    day = date(2019, 1, 1)
    while day <= date(2026, 12, 31):
        assert CALENDAR.is_workday(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_the_day_of_receipt_is_not_counted_and_a_worked_saturday_is() -> None:
    # Friday 8 May 2026; Saturday 9 May makes up for Labour Day.
    due = CALENDAR.add_workdays(date(2026, 5, 8), 5)
    assert due.day == date(2026, 5, 14)
    assert not due.provisional


def test_the_spring_festival_stretches_a_due_date() -> None:
    # Friday 13 February 2026: Saturday 14 worked, 15–23 free, Saturday 28 worked.
    assert CALENDAR.add_workdays(date(2026, 2, 13), 5).day == date(2026, 2, 27)
    assert CALENDAR.add_workdays(date(2026, 2, 13), 6).day == date(2026, 2, 28)


def test_a_year_not_announced_is_counted_and_marked_provisional() -> None:
    due = CALENDAR.add_workdays(date(2026, 12, 30), 2)
    assert due.day == date(2027, 1, 4)  # 31 December, then 1 January free, then Monday
    assert due.provisional
    assert not CALENDAR.add_workdays(date(2026, 12, 30), 1).provisional


def test_next_year_is_missed_from_the_first_of_november() -> None:
    assert CALENDAR.missing_year(date(2026, 10, 31)) is None
    assert CALENDAR.missing_year(date(2026, 11, 1)) == 2027
    assert CALENDAR.missing_year(date(2025, 11, 1)) is None
    assert CALENDAR.missing_year(date(2027, 1, 4)) == 2027, "New Year does not end the warning"


def test_the_arithmetic_names_every_day() -> None:
    steps = CALENDAR.explain(date(2026, 4, 30), 3)
    assert [s.counted for s in steps] == [0, None, None, None, None, None, 1, 2, 3]
    assert steps[1].why == "星期五，劳动节放假"
    assert steps[-1].day == date(2026, 5, 8)
    assert "暂按" in CALENDAR.why(date(2027, 5, 3))


@given(DAYS, SPANS)
def test_the_due_day_is_worked_and_exactly_so_many_days_lie_between(start: date, n: int) -> None:
    due = CALENDAR.add_workdays(start, n).day
    assert CALENDAR.workdays_between(start, due) == n
    assert n == 0 or CALENDAR.is_workday(due)


@given(ANY_DAY, SPANS, SPANS)
def test_two_spans_after_each_other_are_one(start: date, a: int, b: int) -> None:
    half = CALENDAR.add_workdays(start, a).day
    assert CALENDAR.add_workdays(half, b).day == CALENDAR.add_workdays(start, a + b).day


@given(ANY_DAY, ANY_DAY, SPANS)
def test_a_later_start_is_never_due_earlier(one: date, other: date, n: int) -> None:
    early, late = sorted((one, other))
    assert CALENDAR.add_workdays(early, n).day <= CALENDAR.add_workdays(late, n).day


@given(ANY_DAY, st.integers(1, 60))
def test_the_explanation_ends_on_the_due_day(start: date, n: int) -> None:
    steps = CALENDAR.explain(start, n)
    assert (steps[-1].day, steps[-1].counted) == (CALENDAR.add_workdays(start, n).day, n)
    assert [s.day for s in steps] == [start + timedelta(days=i) for i in range(len(steps))]


@given(ANY_DAY)
def test_the_working_day_before_comes_just_before(day: date) -> None:
    before = CALENDAR.workday_before(day)
    assert CALENDAR.is_workday(before)
    assert CALENDAR.workdays_between(before, day) == CALENDAR.is_workday(day)


@given(ANY_DAY, st.integers(0, 90))
def test_calendar_days_never_end_on_a_free_day(start: date, n: int) -> None:
    due = CALENDAR.add_days(start, n).day
    assert due >= start + timedelta(days=n)
    assert CALENDAR.is_workday(due)


def test_the_table_gives_back_what_the_files_say(each_database: Database) -> None:
    with each_database.write() as db:
        assert load_seed(db, NOW) == sorted(WORKED)
        assert load_seed(db, NOW) == []
    with each_database.read() as db:
        assert load(db) == CALENDAR
        assert load(db, date(2026, 6, 1)).exceptions.keys() == {
            day for day in CALENDAR.exceptions if day.year >= 2026
        }


def test_a_newer_version_replaces_the_year_whole(database: Database) -> None:
    notice = parse_notice(
        {
            "year": 2027,
            "version": 1,
            "source": "测试",
            "holidays": [{"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"}],
            "makeup": [{"day": "2027-01-10", "name": "元旦"}],
        }
    )
    with database.write() as db:
        load_seed(db, NOW)
        apply(db, notice, NOW)
        apply(db, notice, NOW)
        calendar = load(db, date(2027, 1, 1))
    assert calendar.is_workday(date(2027, 1, 10))
    assert calendar.exceptions[date(2027, 1, 2)] == Exceptional(DayKind.HOLIDAY, "元旦")
    assert not calendar.add_workdays(date(2026, 12, 31), 5).provisional


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"year": 2027}',
        '{"year":2027,"version":1,"source":"x","holidays":[],"makeup":[{"day":"2027-01-05","name":"x"}]}',
        '{"year":2027,"version":1,"source":"x","holidays":[{"name":"x","from":"2027-02-01","to":"2027-03-01"}],"makeup":[]}',
        '{"year":2027,"version":1,"source":"x","holidays":[{"name":"x","from":"2026-02-01","to":"2026-02-01"}],"makeup":[]}',
    ],
)
def test_a_bad_file_is_refused_with_its_name(text: str, tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "2027.json"
    path.write_text(text, "utf8")
    with pytest.raises(Refusal, match=r"2027\.json"):
        read_notice(path)
