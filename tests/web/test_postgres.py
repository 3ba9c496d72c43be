"""The same pages over PostgreSQL: every list, a letter answered, a disclosure opened."""

from dataclasses import replace

from bot.followers import topics
from bureau.office import Office
from bureau.staff import offices
from bureau.workdays import table as workdays
from core.db import Database
from knowledge.library import Library
from tests.web.conftest import enter, load_shelves, make_clerk, make_disclosure, make_ticket
from tests.web.test_queries import PAGES
from web import create_pages


def test_pages_stand_on_postgresql(office: Office, postgres: Database, library: Library) -> None:
    there = replace(office, database=postgres)
    with postgres.write() as db:
        offices.load_samples(db)
        workdays.load_seed(db, there.clock.now())
        topics.load_reference(db)
        load_shelves(db)
    browser = enter(create_pages(there, library), make_clerk(there, "admin"))
    done, shown = make_ticket(there), make_disclosure(there)
    number = done.ticket.number
    pages = (
        *PAGES,
        "/readyz",
        "/console/statistics/",
        f"/console/tickets/{number}",
        f"/console/disclosures/{shown.id}",
        f"/console/pushes/{shown.push_id}",
        f"/disclosures/{shown.id}",
        "/letters/",
        "/fees/fee-001",
    )
    for page in pages:
        assert browser.get(page).status_code == 200, page
    answer = browser.post(f"/console/tickets/{number}/reply", text="您好，已办理。", step="send")
    assert answer.status_code == 303
    opened = browser.post("/tickets", number=number, code=done.secret_code)
    assert opened.status_code == 303
    assert "您好，已办理。" in browser.get(f"/tickets/{number}").text
