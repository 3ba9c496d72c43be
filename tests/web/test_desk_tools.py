"""What helps a clerk: sentences, suggestions, words that route, the clerk's own WeChat, the log."""

import re

from flask import Flask

from bureau.feedback import canned, search
from bureau.inquiries import records
from bureau.office import Office
from bureau.staff import accounts, binding, offices
from bureau.staff.models import Clerk
from tests.web.conftest import enter, load_shelves, make_ticket

CODE = re.compile(r"绑定([0-9A-Z]{12})")


def test_a_canned_sentence_stands_beside_the_reply(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    browser = enter(app, clerks["general_office"])
    for text, status in (("感谢您的建议。", 303), ("感谢您的建议。", 422), ("", 422)):
        assert browser.post("/console/rules/sentences", text=text).status_code == status
    path = f"/console/tickets/{make_ticket(stocked).ticket.number}"
    assert 'data-insert="感谢您的建议。"' in browser.get(path).text
    browser.post("/console/rules/sentences/1/remove")
    assert "感谢您的建议。" not in browser.get(path).text
    with stocked.database.read() as db:
        assert canned.everything(db) == []


def test_a_sentence_with_signs_is_shown_as_text(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    browser = enter(app, clerks["general_office"])
    browser.post("/console/rules/sentences", text='"><script>alert(1)</script>')
    path = f"/console/tickets/{make_ticket(stocked).ticket.number}"
    assert "<script>alert" not in browser.get(path).text


def test_the_library_suggests_an_answer_beside_the_reply(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    known = make_ticket(stocked, "护照多少钱", kind="question").ticket.number
    strange = make_ticket(stocked, "阿里嘎多呱呱呱", kind="question").ticket.number
    browser = enter(app, clerks["general_office"])
    page = browser.get(f"/console/tickets/{known}").text
    assert "知识库里的答案" in page
    assert "护照" in page.partition("知识库里的答案")[2]
    assert "知识库里的答案" not in browser.get(f"/console/tickets/{strange}").text


def test_words_are_taught_and_forgotten_by_hand(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    browser = enter(app, clerks["general_office"])
    path = f"/console/tickets/{make_ticket(stocked, '夜光跑道谁来管').ticket.number}"
    assert "夜光跑道" not in browser.get(path).text.partition("承办")[2]
    taught = {"word": "夜光跑道", "office": "fees"}
    assert browser.post("/console/rules/words", **taught).status_code == 303
    assert "夜光跑道" in browser.get(path).text.partition("承办")[2]
    assert "已经指向" in browser.post("/console/rules/words", **taught).text
    browser.post("/console/rules/words/fees/forget", word="夜光跑道")
    with stocked.database.read() as db:
        assert all("夜光跑道" not in room.words for room in offices.everyone(db))


def test_a_clerk_binds_the_own_wechat_with_a_code_shown_once(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    browser = enter(app, clerks["handler"])
    shown = CODE.search(browser.post("/console/wechat/code").text)
    assert shown
    assert not CODE.search(browser.get("/console/wechat").text)
    with stocked.database.write() as db:
        assert binding.accept(db, shown[1], "oHANDLER", stocked.clock.now()).name == "handler"
    assert "已绑定" in browser.get("/console/wechat").text
    browser.post("/console/wechat/release")
    with stocked.database.read() as db:
        assert accounts.require(db, "handler").openid is None


def test_the_auditor_finds_who_did_what(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    enter(app, clerks["general_office"]).post("/console/rules/sentences", text="您好。")
    browser = enter(app, clerks["auditor"])
    page = browser.get("/console/audit/?q=canned").text
    assert "加常用语" in page
    assert "办公室" in page
    assert "没有找到记录" in browser.get("/console/audit/?q=%25").text


def test_a_third_party_stops_the_clock_of_a_request(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    ticket = make_ticket(stocked, "申请公开会议纪要", kind="request").ticket
    browser, path = enter(app, clerks["admin"]), f"/console/tickets/{ticket.number}"
    assert browser.post(f"{path}/third-party", whom="").status_code == 422
    assert browser.post(f"{path}/third-party", whom="某公司").status_code == 303
    assert "正在征求第三方意见" in browser.get(path).text
    assert browser.post(f"{path}/third-party", whom="又一家").status_code == 422
    stocked.clock.move(days=7)  # type: ignore[attr-defined]
    assert browser.post(f"{path}/third-party/answer", answer="同意公开").status_code == 303
    with stocked.database.read() as db:
        assert search.one(db, ticket.number).due_on > ticket.due_on


def test_a_row_of_a_catalogue_is_written_in_a_clerks_words(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    with stocked.database.write() as db:
        load_shelves(db)
    browser = enter(app, clerks["general_office"])
    page = browser.get("/console/catalogues/fees/fee-027").text
    assert "已核实" in page
    for machine in ("CONFIRMED", "FROM MEMORY", "True", "False"):
        assert machine not in page


def test_an_inquiry_names_the_entry_it_was_answered_from(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    asked = {
        "origin": "q1",
        "text": "护照多少钱",
        "outcome": "answer",
        "hits": [{"id": "fee-001", "score": 0.9}],
        "at": int(stocked.clock.now().timestamp()),
    }
    with stocked.database.write() as db:
        load_shelves(db)
        records.keep(db, [asked])
    page = enter(app, clerks["general_office"]).get("/console/inquiries/all").text
    assert "普通护照" in page
    assert "fee-001" not in page


def test_what_was_done_is_logged_in_words(app: Flask, clerks: dict[str, Clerk]) -> None:
    browser = enter(app, clerks["admin"])
    browser.post("/console/staff/", name="zhang", role="drafter")
    page = browser.get("/console/audit/").text
    assert "科室拟稿" in page
    assert "：drafter" not in page
