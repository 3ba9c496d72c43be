"""Lists cost the same few questions to SQL whether they are short or long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from bot.followers import registry, topics
from bureau.feedback import handling, search
from bureau.inquiries import records
from bureau.office import Office
from bureau.staff import accounts
from bureau.staff.models import Clerk
from core.db import Database
from tests.web.conftest import enter, load_shelves, make_disclosure, make_ticket

MOST = 14  # statements of one list page, the clerk's own row counted


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    found: list[str] = []

    def note(*arguments: Any) -> None:
        found.append(arguments[2])

    event.listen(database.engine, "before_cursor_execute", note)
    yield found
    event.remove(database.engine, "before_cursor_execute", note)


def fill(office: Office, clerk: Clerk, rows: int) -> None:
    """As many of everything."""
    now = office.clock.now()
    for number in range(rows):
        ticket = make_ticket(office, f"建议{number}").ticket
        make_disclosure(office, f"公开{number}")
        with office.database.write() as db:
            room = accounts.office_by_slug(db, "fees")
            handling.assign(db, search.one(db, ticket.number), room, clerk, now)
            registry.subscribed(db, f"o{number}", now)
            topics.follow(db, f"o{number}", "budget", now)
            asked = {"origin": f"q{number}{now}", "openid": "", "text": f"问{number}", "hits": []}
            at = int((now - timedelta(hours=number)).timestamp())
            records.keep(db, [{**asked, "outcome": "unknown", "slot": "", "at": at}])


PAGES = (
    "/console/",
    "/console/tickets/",
    "/console/tickets/?tab=all&q=建议",
    "/console/disclosures/",
    "/console/pushes/",
    "/console/inquiries/",
    "/console/inquiries/all",
    "/console/catalogues/",
    "/console/topics/",
    "/console/staff/",
    "/",
    "/disclosures/",
    "/fees/",
    "/feed.atom",
    "/api/v1/disclosures",
    "/api/v1/fees",
    "/api/v1/statistics",
)


@pytest.mark.slow
def test_no_list_asks_more_when_it_is_longer(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    browser = enter(app, clerks["admin"])
    with stocked.database.write() as db:
        load_shelves(db)
    fill(stocked, clerks["admin"], 2)
    few = count_all(browser.get, stocked.database)
    fill_more(stocked, clerks["admin"])
    many = count_all(browser.get, stocked.database)
    assert few == many
    assert max(many.values()) <= MOST, many


def fill_more(office: Office, clerk: Clerk) -> None:
    office.clock.move(seconds=1)  # type: ignore[attr-defined]
    fill(office, clerk, 16)


def count_all(get: Callable[[str], Any], database: Database) -> dict[str, int]:
    found = {}
    for page in PAGES:
        with counted(database) as statements:
            assert get(page).status_code == 200, page
        found[page] = len([one for one in statements if not one.startswith("BEGIN")])
    return found
