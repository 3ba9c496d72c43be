"""来信办理: handed out, answered, reviewed, closed; nothing typed is lost."""

import re

from flask import Flask

from bot.outbound.models import Push
from bureau.feedback import replies, search
from bureau.office import Office
from bureau.staff import accounts, audit
from bureau.staff.models import Clerk
from tests.clocks import FixedClock
from tests.web.conftest import Browser, enter, make_ticket

ANSWER = "您好，您的来信收悉，现答复如下：专窗下月设立。"


def seat(office: Office, clerk: Clerk, slug: str) -> Clerk:
    """Give a clerk a room."""
    with office.database.write() as db:
        found = accounts.require(db, clerk.name)
        found.office_id = accounts.office_by_slug(db, slug).id
    return clerk


def state_of(office: Office, number: str) -> str:
    with office.database.read() as db:
        return search.one(db, number).state


def test_a_letter_is_handed_out_and_answered(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    number = make_ticket(stocked).ticket.number
    dispatcher, handler = enter(app, clerks["general_office"]), enter(app, clerks["handler"])
    seat(stocked, clerks["handler"], "fees")
    assert handler.get(f"/console/tickets/{number}").status_code == 404
    dispatcher.post(f"/console/tickets/{number}/assign", office="fees")
    assert handler.get(f"/console/tickets/{number}").status_code == 200
    answer = handler.post(f"/console/tickets/{number}/reply", text=ANSWER, step="send")
    assert answer.status_code == 303
    page = handler.get(f"/console/tickets/{number}").text
    assert "答复已发出" in page
    assert ANSWER in page
    assert state_of(stocked, number) == "answered"
    with stocked.database.read() as db:
        push = db.query(Push).one()
    assert push.openid == "oANNA"
    assert ANSWER in push.notice.text


def test_a_public_reply_waits_for_another_person(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    number = make_ticket(stocked).ticket.number
    author, other = enter(app, clerks["general_office"]), enter(app, clerks["admin"])
    path = f"/console/tickets/{number}"
    author.post(f"{path}/reply", text=ANSWER, public="1", step="draft")
    with stocked.database.read() as db:
        reply = replies.of(db, search.one(db, number))[0]
    refused = author.post(f"{path}/replies/{reply.id}/release")
    assert refused.status_code == 422
    assert "另一人审核" in refused.text
    assert other.post(f"{path}/replies/{reply.id}/release").status_code == 303
    assert state_of(stocked, number) == "answered"


def test_a_reply_sent_back_says_why(app: Flask, stocked: Office, clerks: dict[str, Clerk]) -> None:
    number = make_ticket(stocked).ticket.number
    browser = enter(app, clerks["general_office"])
    path = f"/console/tickets/{number}"
    browser.post(f"{path}/reply", text=ANSWER, step="draft")
    browser.post(f"{path}/replies/1/refuse", reason="缺少依据")
    page = browser.get(path).text
    assert "上一稿被退回：缺少依据" in page
    assert "写答复" in page


def test_a_reply_of_another_letter_is_not_released_here(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    first, second = (make_ticket(stocked, f"建议{n}").ticket.number for n in (1, 2))
    browser = enter(app, clerks["general_office"])
    browser.post(f"/console/tickets/{first}/reply", text=ANSWER, step="draft")
    assert browser.post(f"/console/tickets/{second}/replies/1/release").status_code == 404
    assert state_of(stocked, first) == "in_review"


def test_an_empty_reply_gets_a_sentence(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    number = make_ticket(stocked).ticket.number
    browser = enter(app, clerks["general_office"])
    answer = browser.post(f"/console/tickets/{number}/reply", text="  ", step="send")
    assert (answer.status_code, "请填写答复。" in answer.text) == (422, True)


def test_a_reply_too_long_comes_back_whole(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    number = make_ticket(stocked).ticket.number
    text = "答" * 8001
    answer = enter(app, clerks["general_office"]).post(
        f"/console/tickets/{number}/reply", text=text, step="send"
    )
    assert "最多8000个字，现在是8001个字" in answer.text
    assert text in answer.text


def test_a_reply_to_an_answered_letter_is_kept_in_the_refusal(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    number = make_ticket(stocked).ticket.number
    browser = enter(app, clerks["general_office"])
    for _ in range(2):
        answer = browser.post(f"/console/tickets/{number}/reply", text=ANSWER, step="send")
    assert answer.status_code == 422
    assert "不能直接变为" in answer.text


def test_name_and_phone_are_shown_on_request_and_every_look_is_written(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    ticket = make_ticket(stocked, name="王小明", phone="13812345678").ticket
    browser = enter(app, clerks["general_office"])
    path = f"/console/tickets/{ticket.number}"
    assert "13812345678" not in browser.get(path).text
    seen = browser.post(f"{path}/look").text
    assert "王小明" in seen
    assert "13812345678" in seen
    with stocked.database.read() as db:
        rows = audit.latest(db, subject=f"ticket:{ticket.number}")
    assert [row.action for row in rows] == ["feedback.identity_seen"]
    assert "查看了来信人身份" in browser.get(path).text


def test_a_number_in_a_letter_is_masked_in_lists_and_on_its_page(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    number = make_ticket(stocked, "请回电13812345678").ticket.number
    browser = enter(app, clerks["general_office"])
    for path in ("/console/", "/console/tickets/", f"/console/tickets/{number}"):
        page = browser.get(path).text
        assert "138****5678" in page, path
        assert "13812345678" not in page, path


def test_yellow_the_working_day_before_red_the_day_after(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], clock: FixedClock
) -> None:
    make_ticket(stocked)
    browser = enter(app, clerks["general_office"])
    assert "牌" not in browser.get("/console/tickets/").text
    clock.move(days=4)
    assert 'aria-label="黄牌"' in browser.get("/console/tickets/").text
    clock.move(days=3)
    assert "<b>1</b><span>今日到期" in browser.get("/console/").text
    clock.move(days=1)
    assert 'aria-label="红牌"' in browser.get("/console/tickets/").text
    assert "已逾期，红牌" in browser.get("/console/tickets/JY26-0001-D").text


def test_the_way_by_wechat_is_shown_while_it_is_open(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], clock: FixedClock
) -> None:
    number = make_ticket(stocked).ticket.number
    browser = enter(app, clerks["general_office"])
    assert "微信可直接回复至 3月4日 10:00" in browser.get(f"/console/tickets/{number}").text
    clock.move(hours=49)
    assert "已过48小时" in browser.get(f"/console/tickets/{number}").text


def test_open_letters_stand_in_the_order_they_fall_due(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], clock: FixedClock
) -> None:
    later = make_ticket(stocked, "申请公开", kind="request").ticket.number
    sooner = make_ticket(stocked, "建议").ticket.number
    page = enter(app, clerks["general_office"]).get("/console/tickets/").text
    assert page.index(sooner) < page.index(later)


def test_a_letter_is_given_back_once_with_a_reason(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    number = make_ticket(stocked).ticket.number
    seat(stocked, clerks["handler"], "fees")
    path = f"/console/tickets/{number}"
    enter(app, clerks["general_office"]).post(f"{path}/assign", office="fees")
    handler = enter(app, clerks["handler"])
    assert "请填写退回理由。" in handler.post(f"{path}/return", reason="").text
    handler.post(f"{path}/return", reason="属于采购科")
    assert state_of(stocked, number) == "returned"


def test_more_time_is_asked_and_granted_by_another(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    number = make_ticket(stocked).ticket.number
    path = f"/console/tickets/{number}"
    asking, deciding = enter(app, clerks["general_office"]), enter(app, clerks["leader"])
    assert "请填写天数" in asking.post(f"{path}/extend", days="许多", reason="复杂").text
    asking.post(f"{path}/extend", days="5", reason="需与税务会商")
    assert "延期须由他人批准" in asking.post(f"{path}/extensions/1", granted="yes").text
    deciding.post(f"{path}/extensions/1", granted="yes")
    assert "批准延期" in asking.get(path).text


def test_duplicates_are_answered_together(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    first, second = (make_ticket(stocked, "建议设专窗").ticket.number for _ in range(2))
    browser = enter(app, clerks["general_office"])
    wrong = browser.post(f"/console/tickets/{second}/merge", into="XX26-9999-X")
    assert "没有找到编号为“XX26-9999-X”的来信" in wrong.text
    browser.post(f"/console/tickets/{second}/merge", into=first)
    browser.post(f"/console/tickets/{first}/reply", text=ANSWER, step="send")
    assert [state_of(stocked, number) for number in (first, second)] == ["answered"] * 2


def test_not_adopting_needs_a_reason(app: Flask, stocked: Office, clerks: dict[str, Clerk]) -> None:
    number = make_ticket(stocked).ticket.number
    browser = enter(app, clerks["general_office"])
    path = f"/console/tickets/{number}"
    browser.post(f"{path}/reply", text=ANSWER, step="send")
    assert "须说明理由" in browser.post(f"{path}/close", outcome="not_adopted").text
    browser.post(f"{path}/close", outcome="adopted")
    browser.post(f"{path}/progress", text="专窗已开")
    page = browser.get(path).text
    assert "采纳" in page
    assert "专窗已开" in page


def test_notes_stay_among_staff(app: Flask, stocked: Office, clerks: dict[str, Clerk]) -> None:
    done = make_ticket(stocked)
    browser = enter(app, clerks["general_office"])
    browser.post(f"/console/tickets/{done.ticket.number}/notes", text="已电话联系大厅")
    assert "已电话联系大厅" in browser.get(f"/console/tickets/{done.ticket.number}").text
    citizen = Browser(app.test_client())
    citizen.post("/tickets", number=done.ticket.number, code=done.secret_code)
    assert "已电话联系大厅" not in citizen.get(f"/tickets/{done.ticket.number}").text


def test_the_arithmetic_of_the_due_date_can_be_read(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    number = make_ticket(stocked).ticket.number
    page = enter(app, clerks["general_office"]).get(f"/console/tickets/{number}").text
    days = re.findall(r'<td class="nowrap">2026-03-(\d\d)</td>', page)
    assert days == ["02", "03", "04", "05", "06", "07", "08", "09"]
