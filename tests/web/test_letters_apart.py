"""来信办理: split into matters, handed to several offices, laid before the leader."""

import re

from flask import Flask

from bureau.feedback import chain, handling, publication, ratings, replies, search, splitting
from bureau.office import Office
from bureau.staff import accounts
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


def test_what_may_spare_the_letter_is_shown_once_and_nothing_typed_is_lost(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], browser: Browser
) -> None:
    words, now = "建议在大厅设一个退税专窗，周末也开", stocked.clock.now()
    known = make_ticket(stocked, words, may_publish=True).ticket.number
    with stocked.database.write() as db:
        ticket, author = search.one(db, known), clerks["general_office"]
        replies.answer(db, ticket, "专窗下月设立。", author, now)
        row = publication.prepare(db, ticket, words, "专窗下月设立。", author, now)
        publication.approve(db, row, clerks["admin"], now)
    browser.get("/suggest")
    typed = {"kind": "suggestion", "text": "大厅应设退税专窗，周末也开", "place": "一楼"}
    page = browser.post("/suggest", **typed)
    assert (page.status_code, "是不是这件事" in page.text) == (200, True)
    assert all(value in page.text for value in typed.values())
    assert "专窗下月设立。" in browser.get(f"/letters/{row.id}").text
    sent = browser.post("/suggest", **typed, looked="1")
    assert sent.headers["Location"] == "/suggest/receipt"
    with stocked.database.write() as db:
        publication.withdraw(db, publication.one(db, row.id), clerks["admin"], now, "有误")
    assert browser.get(f"/letters/{row.id}").status_code == 404
    assert browser.get(f"/letters/{10**30}").status_code == 404


def test_another_departments_door_is_named_on_the_page_too(
    stocked: Office, browser: Browser
) -> None:
    browser.get("/suggest")
    page = browser.post("/suggest", kind="complaint", text="退休金发放太慢了")
    assert "人力资源和社会保障局" in page.text
    sent = browser.post("/suggest", kind="complaint", text="退休金发放太慢了", looked="1")
    assert sent.headers["Location"] == "/suggest/receipt"


def test_the_public_figures_are_counted_by_office(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], browser: Browser
) -> None:
    number = make_ticket(stocked).ticket.number
    make_ticket(stocked, "另一件")
    with stocked.database.write() as db:
        ticket, by, now = search.one(db, number), clerks["general_office"], stocked.clock.now()
        handling.assign(db, ticket, accounts.office_by_slug(db, "fees"), by, now)
        replies.answer(db, ticket, "好", by, now)
        ratings.rate(db, ticket, "oANNA", 1, now)
        room = accounts.office_by_slug(db, "fees").name
    page = browser.get("/letters/").text
    row = page.split(f"<td>{room}</td>")[1].split("</tr>")[0]
    assert re.findall(r">([^<>]+)</td>", row) == ["1", "1", "100%", "0天", "—"]
    assert "待分办" in page
