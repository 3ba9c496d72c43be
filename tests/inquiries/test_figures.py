"""Questions are counted by the day of China, whatever the database keeps its moments in."""

from datetime import date, datetime

from bureau.inquiries import figures, records
from core.clock import SHANGHAI
from core.db import Database


def test_a_question_counts_for_its_day_in_china(each_database: Database) -> None:
    asked = {"openid": "", "text": "问", "hits": [], "slot": ""}
    moments = {
        "answer": datetime(2026, 3, 1, 0, 5, tzinfo=SHANGHAI),
        "unknown": datetime(2026, 3, 1, 23, 55, tzinfo=SHANGHAI),
        "choose": datetime(2026, 3, 2, 7, 59, tzinfo=SHANGHAI),
    }
    rows = [
        {**asked, "origin": name, "outcome": name, "at": int(moment.timestamp())}
        for name, moment in moments.items()
    ]
    with each_database.write() as db:
        records.keep(db, rows)
    with each_database.read() as db:
        found = figures.by_day(db, date(2026, 3, 2), days=3)
    assert found == [
        figures.Day(date(2026, 2, 28), 0, 0, 0),
        figures.Day(date(2026, 3, 1), 1, 0, 1),
        figures.Day(date(2026, 3, 2), 0, 1, 0),
    ]
