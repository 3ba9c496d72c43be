"""放假安排: a notice is pasted, looked at as it was read, and sets every open letter."""

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from bot.outbound.models import Push
from bureau.feedback import search
from bureau.office import Office
from bureau.staff.models import Clerk
from core.clock import SHANGHAI
from tests.clocks import FixedClock
from tests.web.conftest import enter, make_ticket

NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕9号
一、元旦：1月1日（周五）至4日（周一）放假调休，共4天。1月9日（周六）上班。"""


def test_the_warning_stands_until_the_notice_is_loaded_and_people_are_told(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], clock: FixedClock
) -> None:
    clock.moment = datetime(2026, 12, 29, 10, tzinfo=SHANGHAI)  # a Tuesday
    number = make_ticket(stocked).ticket.number
    browser = enter(app, clerks["general_office"])
    assert "2027年放假安排还没有载入" in browser.get("/console/").text
    assert "2027年放假安排还没有载入" in browser.get("/console/workdays/").text
    looked = browser.post("/console/workdays/", text=NOTICE, step="look").text
    assert "2027-01-01 至 2027-01-04" in looked
    assert "调休上班" in looked
    assert "2027年放假安排还没有载入" in browser.get("/console/").text
    told = browser.post("/console/workdays/", text=NOTICE, step="load")
    assert told.status_code == 303
    shown = browser.get("/console/workdays/").text
    assert "1件来信的期限有变动" in shown
    assert "国办发明电〔2026〕9号" in shown
    assert "还没有载入" not in browser.get("/console/").text
    with stocked.database.read() as db:
        ticket = search.one(db, number)
        assert (str(ticket.due_on), ticket.provisional) == ("2027-01-07", False)
        text = db.scalars(select(Push)).one().notice_json["text"]
    assert "由2027-01-06" in text
    assert "国办发明电〔2026〕9号" in text
    page = browser.get(f"/console/tickets/{number}").text
    assert "期限由2027-01-06调整为2027-01-07" in page
    assert "星期一，元旦放假" in page


def test_a_slip_in_the_notice_is_named_and_the_words_stay(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    wrong = NOTICE.replace("周五", "周四")
    answer = enter(app, clerks["admin"]).post("/console/workdays/", text=wrong, step="load")
    assert answer.status_code == 422
    assert "2027年1月1日是星期五，写的是周四" in answer.text
    assert wrong.splitlines()[2] in answer.text


def test_only_who_may_loads_a_notice(app: Flask, stocked: Office, clerks: dict[str, Clerk]) -> None:
    for role in ("handler", "auditor", "leader"):
        browser = enter(app, clerks[role])
        assert "载入新的通知" not in browser.get("/console/workdays/").text
        assert browser.post("/console/workdays/", text=NOTICE, step="load").status_code == 403
