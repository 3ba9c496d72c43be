"""来信办理: split into matters, handed to several offices, laid before the leader."""

import re

from flask import Flask

from bureau.feedback import chain, handling, search, splitting
from bureau.office import Office
from bureau.staff.models import Clerk
from core.numbering import NUMBER
from tests.web.conftest import Browser, enter, make_ticket
from tests.web.test_letters import seat


def test_a_letter_of_two_matters_is_split_and_both_pages_show_the_other(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], browser: Browser
) -> None:
    made = make_ticket(stocked, "大厅设退税专窗。另外停车位不够。", openid=None, origin="h5")
    number = made.ticket.number
    dispatcher = enter(app, clerks["general_office"])
    sent = {"kind": "complaint", "first": "停车位不够。", "reason": "两件事"}
    assert dispatcher.post(f"/console/tickets/{number}/split", **sent).status_code == 303
    page = dispatcher.get(f"/console/tickets/{number}").text
    part = next(n for n in re.findall(NUMBER, page) if n.startswith("TS"))
    assert f"分出{part}" in page
    shown = dispatcher.get(f"/console/tickets/{part}").text
    assert f"由{number}分出" in shown
    assert "（原来信）" in shown
    browser.post("/tickets", number=number, code=made.secret_code)
    assert part in browser.get(f"/tickets/{number}").text
    opened = browser.post("/tickets", number=part, code=made.secret_code)
    assert opened.headers["Location"] == f"/tickets/{part}"


def test_a_split_that_is_refused_loses_nothing_typed(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    number = make_ticket(stocked).ticket.number
    dispatcher = enter(app, clerks["general_office"])
    answer = dispatcher.post(
        f"/console/tickets/{number}/split", kind="complaint", first="", second="写好的第二件"
    )
    assert (answer.status_code, "请填写另一件事。" in answer.text) == (422, True)
    assert "写好的第二件" in answer.text
    with stocked.database.read() as db:
        assert splitting.split_off(db, search.one(db, number)) == []


def test_assisting_offices_are_named_when_a_letter_is_handed_out(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    number = make_ticket(stocked).ticket.number
    dispatcher = enter(app, clerks["general_office"])
    dispatcher.post(
        f"/console/tickets/{number}/assign", office="fees", assist="budget", assist_2="fees"
    )
    seat(stocked, clerks["handler"], "budget")
    assert enter(app, clerks["handler"]).get(f"/console/tickets/{number}").status_code == 200
    with stocked.database.read() as db:
        ticket = search.one(db, number)
        assert [room.slug for room in handling.assisting(db, ticket)] == ["budget"]


def test_the_leader_finds_what_was_laid_before_him_and_instructs(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    number = make_ticket(stocked).ticket.number
    dispatcher, leader = enter(app, clerks["general_office"]), enter(app, clerks["leader"])
    assert "没有等局领导批示的来信" in leader.get("/console/tickets/?tab=escalated").text
    dispatcher.post(f"/console/tickets/{number}/escalate", reason="涉及两个科室")
    assert number in leader.get("/console/tickets/?tab=escalated").text
    assert "待局领导批示" in leader.get("/console/").text
    page = leader.get(f"/console/tickets/{number}").text
    path = re.search(rf"/console/tickets/{number}/escalations/\d+", page)
    assert path
    assert dispatcher.post(path[0], words="我来批").status_code == 403
    assert leader.post(path[0], words="由办公室牵头").status_code == 303
    page = dispatcher.get(f"/console/tickets/{number}").text
    assert "批示：由办公室牵头" in page
    assert "待局领导批示" not in page
    with stocked.database.read() as db:
        actions = [event.action for event in chain.events(db, search.one(db, number))]
    assert actions == ["received", "escalated", "instructed"]
