"""People, the first administrator, what is answered from, and what could not be answered."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from bureau.catalogues import yearly
from bureau.feedback import files, replies, search
from bureau.feedback.models import Attachment
from bureau.inquiries import clusters, records
from bureau.office import Office
from bureau.staff import accounts, links
from bureau.staff.models import Clerk
from knowledge import importing
from knowledge.models import Kind
from knowledge.rows import drafts_of
from knowledge.sheets import read_sheet
from tests.catalogues.making import make_live
from tests.clocks import FixedClock
from tests.web.conftest import PASSWORD, Browser, enter, load_shelves, make_ticket

NOW = FixedClock().now()
ONCE = re.compile(r'class="number codes">([0-9A-Z]{12})<')
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def test_a_new_clerk_gets_a_password_that_works_once(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    admin = enter(app, clerks["admin"])
    page = admin.post("/console/staff/", name="李明", role="handler", office="fees").text
    once = ONCE.search(page)
    assert once
    assert once[1] not in admin.get("/console/staff/").text
    clerk = Browser(app.test_client())
    assert clerk.sign_in("李明", once[1]).status_code == 303
    assert clerk.get("/console/tickets/").headers["Location"] == "/console/password"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "请填写用户名。"),
        ({"name": "长" * 61}, "用户名最多60个字"),
        ({"role": "king"}, "请从列出的选项中选择角色。"),
        ({"name": "admin"}, "已经有人使用"),
    ],
)
def test_a_bad_account_gets_a_sentence(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], fields: dict[str, str], sentence: str
) -> None:
    sent = {"name": "李明", "display_name": "李明同志", "role": "handler", **fields}
    answer = enter(app, clerks["admin"]).post("/console/staff/", **sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "李明同志" in answer.text


def test_an_account_is_switched_off_and_its_password_reset(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    admin, handler = enter(app, clerks["admin"]), enter(app, clerks["handler"])
    number = clerks["handler"].id
    admin.post(f"/console/staff/{number}/off")
    assert handler.get("/console/").status_code == 303
    admin.post(f"/console/staff/{number}/on")
    assert ONCE.search(admin.post(f"/console/staff/{number}/reset").text)
    admin.post(f"/console/staff/{clerks['admin'].id}/off")
    assert "不能停用自己的账号" in admin.get("/console/staff/").text


def test_the_first_administrator_comes_in_by_one_link_once(
    office: Office, browser: Browser, clock: FixedClock
) -> None:
    with office.database.write() as db:
        token = links.first_administrator(db, clock.now())
    path = f"/console/first/{token}"
    assert "建立第一个管理员账号" in browser.get(path).text
    bad = browser.post(path, name="王局", new=PASSWORD, again="another one")
    assert "两次输入的密码不一致" in bad.text
    assert 'value="王局"' in bad.text
    assert "至少10个字符" in browser.post(path, name="王局", new="short", again="short").text
    assert browser.post(path, name="王局", new=PASSWORD, again=PASSWORD).status_code == 303
    assert "管理员账号已建立" in browser.get("/console/").text
    assert browser.get(path).status_code == 404
    with office.database.read() as db:
        assert accounts.require(db, "王局").role == "admin"


def test_a_made_up_link_opens_nothing(browser: Browser) -> None:
    assert browser.get("/console/first/made-up").status_code == 404


def test_the_catalogues_are_searched_and_read(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    with stocked.database.write() as db:
        load_shelves(db)
    browser = enter(app, clerks["drafter"])
    page = browser.get("/console/catalogues/?q=护照").text
    assert "普通护照" in page
    assert "不动产" not in page
    assert "发改价格〔2019〕914号" in browser.get("/console/catalogues/fees/fee-001").text
    assert "没有找到" in browser.get("/console/catalogues/?kind=guides&q=无此事项").text


@pytest.fixture
def waiting(stocked: Office, tmp_path: Path) -> int:
    """The number of an import that nobody has decided on."""
    file = tmp_path / "fees.json"
    file.write_text('[{"id": "x-1", "name": "测试收费", "rate_text": "5元"}]', "utf8")
    drafts, problems = drafts_of(read_sheet(file, Kind.FEE), Kind.FEE)
    assert not problems
    with stocked.database.write() as db:
        now = stocked.clock.now()
        return importing.store(
            db, Kind.FEE, drafts, file_name="收费.xlsx", replace=False, now=now
        ).id


def test_an_import_waits_until_two_people_released_it(
    app: Flask, clerks: dict[str, Clerk], waiting: int
) -> None:
    head, secrecy = enter(app, clerks["head"]), enter(app, clerks["secrecy"])
    assert "收费.xlsx" in head.get("/console/catalogues/").text
    path = f"/console/catalogues/imports/{waiting}"
    assert "测试收费" in head.get(path).text
    head.post(f"{path}/approve")
    head.post(f"{path}/approve")
    assert "一个人不能走完全部审核" in head.post(f"{path}/approve").text
    assert head.get("/fees/x-1").status_code == 404
    secrecy.post(f"{path}/approve")
    assert "已经生效" in secrecy.get(path).text
    assert "5元" in secrecy.get("/fees/x-1").text
    assert "已经处理过了" in secrecy.post(f"{path}/approve").text


def test_an_import_is_rejected_with_a_reason(
    app: Flask, clerks: dict[str, Clerk], waiting: int
) -> None:
    head = enter(app, clerks["head"])
    path = f"/console/catalogues/imports/{waiting}"
    assert "请填写不通过的理由" in head.post(f"{path}/reject", reason="").text
    head.post(f"{path}/reject", reason="标准有误")
    page = head.get(path).text
    assert "未通过" in page
    assert "标准有误" in page


def test_what_could_not_be_answered_is_seen_and_settled(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    asked = {"openid": "", "text": "停车费找谁", "hits": [], "slot": "", "outcome": "unknown"}
    at = int(stocked.clock.now().timestamp())
    with stocked.database.write() as db:
        records.keep(db, [{**asked, "origin": f"q{number}", "at": at} for number in range(3)])
        wording = clusters.misses(db)[0].wording
    browser = enter(app, clerks["drafter"])
    assert "停车费找谁" in browser.get("/console/inquiries/").text
    browser.post("/console/inquiries/settle", wording=wording)
    page = browser.get("/console/inquiries/").text
    assert "已标记 3 条" in page
    assert "没有待补充的问题" in page


def test_statistics_are_drawn_and_told(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    make_ticket(stocked)
    asked = {"openid": "", "text": "问", "hits": [], "slot": "", "outcome": "answer"}
    late = stocked.clock.now().replace(hour=23, minute=30)  # still this day in China
    at = int(late.timestamp()) - 24 * 3600
    with stocked.database.write() as db:
        records.keep(db, [{**asked, "origin": "q", "at": at}])
    page = enter(app, clerks["leader"]).get("/console/statistics/").text
    assert "共 1 次" in page
    assert "<td>3月1日</td>" in page


def test_a_picture_of_a_letter_is_seen_by_who_may_read_it(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], tmp_path: Path
) -> None:
    ticket = make_ticket(stocked).ticket
    kept = files.keep(tmp_path / "uploads", BytesIO(PNG))
    with stocked.database.write() as db:
        row = Attachment(
            ticket_id=ticket.id,
            message_key="m1",
            media_id="media",
            state="kept",
            path=kept.path,
            content_type="image/png",
            size_bytes=len(PNG),
            next_try_at=stocked.clock.now(),
            created_at=stocked.clock.now(),
        )
        db.add(row)
    path = f"/console/tickets/{ticket.number}/pictures/{row.id}"
    seen = enter(app, clerks["general_office"]).get(path)
    assert (seen.status_code, seen.data) == (200, PNG)
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    seen.close()
    assert enter(app, clerks["handler"]).get(path).status_code == 404
    other = make_ticket(stocked, "另一件").ticket.number
    wrong = f"/console/tickets/{other}/pictures/{row.id}"
    assert enter(app, clerks["general_office"]).get(wrong).status_code == 404


def test_a_letter_is_made_public_masked_and_by_two_people(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    text = "建议公布收费，电话13812345678"
    number = make_ticket(stocked, text, may_publish=True).ticket.number
    path = f"/console/tickets/{number}"
    author, other = enter(app, clerks["general_office"]), enter(app, clerks["publisher"])
    author.post(f"{path}/reply", text="您好，已公布。", step="send")
    shown = author.get(path).text
    assert "138****5678" in shown
    hot = author.post(f"{path}/publication", question=text, answer="已公布。")
    assert "手机号码" in hot.text
    author.post(f"{path}/publication", question="建议公布收费", answer="已公布。")
    assert "另一人" in author.post(f"{path}/publication/1/approve").text
    assert "建议公布收费" not in author.get("/letters/").text
    enter(app, clerks["admin"]).post(f"{path}/publication/1/approve")
    assert "建议公布收费" in author.get("/letters/").text
    assert other.get("/letters/").status_code == 200
    author.post(f"{path}/publication/1/withdraw", reason="来信人要求")
    assert "建议公布收费" not in author.get("/letters/").text


def test_a_request_is_completed_by_code_on_the_page(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], browser: Browser
) -> None:
    done = make_ticket(stocked, "请公开预算", kind="request", openid=None)
    number = done.ticket.number
    staff = enter(app, clerks["general_office"])
    staff.post(f"/console/tickets/{number}/supplement", what="请写明年度", days="10")
    assert browser.post(f"/tickets/{number}/supplement", text="2025年").status_code == 200
    browser.post("/tickets", number=number, code=done.secret_code)
    asked = browser.get(f"/tickets/{number}").text
    assert "请补正" in asked
    assert "请写明年度" in asked
    assert "含当天" in asked
    assert "收到补正后重新计算" in asked
    browser.post(f"/tickets/{number}/supplement", text="2025年度")
    assert "2025年度" in staff.get(f"/console/tickets/{number}").text
    page = browser.get(f"/tickets/{number}").text
    assert "补正已收到" in page
    assert "请补正" not in page


def test_a_yearly_review_is_finished_with_words(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    with stocked.database.write() as db:
        make_live(db, "fund", [{"id": "j-1", "name": "教育费附加", "rate_text": "3%"}], NOW)
        yearly.open_tasks(db, NOW)
        number = yearly.waiting(db)[0].id
    head = enter(app, clerks["head"])
    assert "2026年政府性基金" in head.get("/console/catalogues/").text
    path = f"/console/catalogues/yearly/{number}/finish"
    head.post(path, note="")
    assert "请填写核对情况" in head.get("/console/catalogues/").text
    head.post(path, note="对照财政部目录，无变动")
    page = head.get("/console/catalogues/").text
    assert "核对过的年度" in page
    assert "对照财政部目录，无变动" in page


def test_who_wrote_by_the_page_reads_the_progress_there(
    stocked: Office, clerks: dict[str, Clerk], browser: Browser
) -> None:
    done = make_ticket(stocked, openid=None)
    number = done.ticket.number
    with stocked.database.write() as db:
        found, by = search.one(db, number), db.merge(clerks["general_office"])
        replies.answer(db, found, "正在向窗口核实", by, stocked.clock.now(), interim=True)
    browser.post("/tickets", number=number, code=done.secret_code)
    page = browser.get(f"/tickets/{number}").text
    assert "正在向窗口核实" in page
    assert "最迟答复" in page
