"""What a citizen may do on the pages with the own letters: grade, have redone, copy, erase."""

import json

from flask import Flask

from bot.followers import own_page
from bureau.feedback import replies, search
from bureau.feedback.models import Ticket
from bureau.feedback.tickets import Submitted
from bureau.office import Office
from bureau.staff.models import Clerk
from tests.web.conftest import Browser, make_ticket

WORDS = "建议在大厅设退税专窗"


def answered(office: Office, clerk: Clerk, **letter: str | None) -> Submitted:
    made = make_ticket(office, WORDS, **letter)
    with office.database.write() as db:
        ticket = search.one(db, made.ticket.number)
        replies.answer(db, ticket, "专窗下月设立。", clerk, office.clock.now())
    return made


def state_of(office: Office, number: str) -> str:
    with office.database.read() as db:
        return search.one(db, number).state


def open_by_code(browser: Browser, made: Submitted) -> str:
    browser.post("/tickets", number=made.ticket.number, code=made.secret_code)
    return f"/tickets/{made.ticket.number}"


def own(browser: Browser, office: Office, person: str = "oANNA") -> None:
    browser.get(own_page.path_for(person, office.settings.secret_key, office.clock.now()))


def test_a_letter_from_a_page_is_graded_and_done_again(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], browser: Browser
) -> None:
    made = answered(stocked, clerks["admin"], openid=None, origin="h5")
    path = open_by_code(browser, made)
    assert "评价这次答复" in browser.get(path).text
    assert "请选择" in browser.post(f"{path}/rating").text
    assert "哪里不满意" in browser.post(f"{path}/rating", grade="5").text
    again = browser.post(f"{path}/rating", grade="5", reason="没有说清时间")
    assert again.status_code == 303
    page = browser.get(path).text
    assert "已退回重新办理" in page
    assert state_of(stocked, made.ticket.number) == "redo"


def test_a_content_citizen_grades_once(
    stocked: Office, clerks: dict[str, Clerk], browser: Browser
) -> None:
    made = answered(stocked, clerks["admin"], openid=None, origin="h5")
    path = open_by_code(browser, made)
    browser.post(f"{path}/rating", grade="1")
    assert "您的评价：<b>非常满意</b>" in browser.get(path).text
    assert browser.post(f"{path}/rating", grade="2").status_code == 422
    assert state_of(stocked, made.ticket.number) == "answered"


def test_nobody_grades_without_the_code(
    stocked: Office, clerks: dict[str, Clerk], browser: Browser
) -> None:
    made = answered(stocked, clerks["admin"], openid=None, origin="h5")
    answer = browser.post(f"/tickets/{made.ticket.number}/rating", grade="5", reason="坏")
    assert "查询码" in answer.text
    assert state_of(stocked, made.ticket.number) == "answered"


def test_a_person_takes_a_copy_of_the_own_letters_only(
    stocked: Office, clerks: dict[str, Clerk], browser: Browser
) -> None:
    mine = answered(stocked, clerks["admin"], name="王小明")
    make_ticket(stocked, "别人的来信", openid="oBERT")
    assert browser.get("/me/copy").status_code == 403
    own(browser, stocked)
    answer = browser.get("/me/copy")
    kept = json.loads(answer.text)
    assert [one["number"] for one in kept["tickets"]] == [mine.ticket.number]
    assert kept["tickets"][0]["name"] == "王小明"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_old_link_neither_copies_nor_erases(
    stocked: Office, clerks: dict[str, Clerk], browser: Browser
) -> None:
    answered(stocked, clerks["admin"])
    own(browser, stocked)
    stocked.clock.move(minutes=31)  # type: ignore[attr-defined]
    assert browser.get("/me/").status_code == 200
    assert "30分钟内" in browser.get("/me/copy").text
    assert browser.post("/me/erase", sure="1").status_code == 403


def test_letters_are_erased_when_they_are_over_and_the_person_is_sure(
    stocked: Office, clerks: dict[str, Clerk], browser: Browser
) -> None:
    done = answered(stocked, clerks["admin"])
    waiting = make_ticket(stocked, "还在办的一件")
    own(browser, stocked)
    browser.post("/me/erase", sure="1")
    assert "正在办理" in browser.get("/me/").text
    with stocked.database.write() as db:
        replies.answer(
            db, search.one(db, waiting.ticket.number), "好。", clerks["admin"], stocked.clock.now()
        )
    browser.post("/me/erase")
    assert "请先勾选" in browser.get("/me/").text
    browser.post("/me/erase", sure="1")
    assert "已删除您来信的内容" in browser.get("/me/").text
    with stocked.database.read() as db:
        texts = [db.get_one(Ticket, made.ticket.id).text for made in (done, waiting)]
    assert all(WORDS not in text and "删除" in text for text in texts)


def test_a_letter_from_a_page_is_taken_back_by_its_code(
    app: Flask, stocked: Office, browser: Browser
) -> None:
    made = make_ticket(stocked, WORDS, openid=None, origin="h5")
    path = open_by_code(browser, made)
    assert "请先勾选" in browser.get(browser.post(f"{path}/withdraw").headers["Location"]).text
    stranger = Browser(app.test_client())
    assert "查询码" in stranger.post(f"{path}/withdraw", sure="1").text
    assert state_of(stocked, made.ticket.number) == "received"
    browser.post(f"{path}/withdraw", sure="1")
    page = browser.get(path).text
    assert "已撤回，不再办理" in page
    assert "删除来信内容" in page
    assert state_of(stocked, made.ticket.number) == "withdrawn"


def test_a_letter_from_a_page_is_copied_and_deleted_by_its_code(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], browser: Browser
) -> None:
    made = answered(stocked, clerks["admin"], openid=None, origin="h5", name="王小明")
    path = open_by_code(browser, made)
    kept = json.loads(browser.get(f"{path}/copy").text)
    assert (kept["text"], kept["name"], kept["replies"]) == (WORDS, "王小明", ["专窗下月设立。"])
    stranger = Browser(app.test_client())
    assert WORDS not in stranger.get(f"{path}/copy").text
    stranger.post(f"{path}/erase", sure="1")
    browser.post(f"{path}/erase")
    assert WORDS in browser.get(path).text
    browser.post(f"{path}/erase", sure="1")
    page = browser.get(path).text
    assert WORDS not in page
    assert "专窗下月设立" not in page
    assert "已按本人要求删除" in page
    with stocked.database.read() as db:
        assert search.one(db, made.ticket.number).name_sealed == ""


def test_an_open_letter_is_not_deleted(
    stocked: Office, clerks: dict[str, Clerk], browser: Browser
) -> None:
    made = make_ticket(stocked, WORDS, openid=None, origin="h5")
    path = open_by_code(browser, made)
    back = browser.post(f"{path}/erase", sure="1").headers["Location"]
    assert "请先撤回或等待答复" in browser.get(back).text
    assert WORDS in browser.get(path).text
