"""Reference data: loaded at every start, before anyone is served; what is there stays."""

from datetime import datetime

from bot.followers import topics
from bureau.catalogues.reference import ensure_reference
from bureau.feedback import dates
from bureau.office import Office
from bureau.staff import demo, links, offices
from bureau.workdays import table as workdays


def load_reference(office: Office, now: datetime) -> None:
    """Topics, 办公室, the years of working days, lexicon, everyday names and doors.

    Roles, disclosure kinds and word lists of the scan are part of the program.
    """
    with office.database.write() as db:
        topics.load_reference(db)
        offices.load_reference(db)
        ensure_reference(db, now)
        fresh = workdays.load_seed(db, now)
        if fresh:  # a year that was announced meanwhile moves open due dates
            years = "、".join(f"{year}年" for year in fresh)
            dates.announce(db, now, f"已载入{years}放假安排。")


def open_doors(office: Office, now: datetime) -> str | None:
    """Demo accounts with the sandbox on, none without it; the path of a one-time link for the first
    administrator, when there is none yet and no demo account to use."""
    with office.database.write() as db:
        if office.settings.sandbox:
            demo.ensure_demo(db, now)
            return None
        demo.switch_off(db)
        token = links.first_administrator(db, now)
    return f"/console/first/{token}" if token else None
