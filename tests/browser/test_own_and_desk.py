"""In a real browser: own letters in a hand, files and ready sentences at the desk."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.followers import own_page
from bureau.disclosures import correcting, publish
from bureau.feedback import canned, replies, search
from bureau.staff import accounts
from tests.browser.conftest import Site
from tests.browser.test_telephone import SMALL, WIDER
from tests.release.test_files import sheet
from tests.web.conftest import make_disclosure, make_ticket

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def fits(page: Page) -> None:
    assert page.evaluate(WIDER) <= 0, page.url
    assert page.evaluate(SMALL) == [], page.url


def enter(desk: Page, site: Site, role: str) -> None:
    desk.goto(f"{site.url}/console/sign-in")
    desk.locator(f"form[action$='demo-{role}'] button").click()
    expect(desk.get_by_role("heading", name="工作台")).to_be_visible()


def test_an_answer_is_graded_in_a_hand(phone: Page, site: Site) -> None:
    office, now = site.office, site.office.clock.now()
    made = make_ticket(office, openid=None, origin="h5")
    with office.database.write() as db:
        clerk = accounts.require(db, "demo-admin")
        replies.answer(db, search.one(db, made.ticket.number), "专窗下月设立。", clerk, now)
    phone.goto(f"{site.url}/tickets?number={made.ticket.number}")
    phone.get_by_label("查询码").fill(made.secret_code)
    phone.get_by_role("button", name="查询").tap()
    expect(phone.get_by_role("heading", name="评价这次答复")).to_be_visible()
    fits(phone)
    phone.get_by_label("您对答复满意吗").select_option(label="不满意")
    phone.get_by_label("哪里不满意").fill("没有说清时间")
    phone.get_by_role("button", name="提交评价").tap()
    expect(phone.get_by_text("已退回重新办理")).to_be_visible()
    fits(phone)


def test_the_own_page_and_a_withdrawn_text_fit_the_smallest_telephone(
    phone: Page, site: Site
) -> None:
    office, now = site.office, site.office.clock.now()
    made = make_disclosure(office)
    with office.database.write() as db:
        correcting.withdraw(db, publish.one(db, made.id), "依据文件已废止" * 12, now)
    for path in (
        own_page.path_for("oANNA", office.settings.secret_key, now),
        f"/disclosures/{made.id}",
    ):
        phone.goto(site.url + path)
        fits(phone)
    expect(phone.get_by_text("已撤回", exact=True)).to_be_visible()


def test_a_hidden_column_is_shown_to_the_clerk_who_uploads_it(
    desk: Page, site: Site, tmp_path: Path
) -> None:
    file = tmp_path / "名单.xlsx"
    file.write_bytes(sheet(hide="column"))
    enter(desk, site, "drafter")
    desk.goto(f"{site.url}/console/disclosures/new")
    desk.get_by_label("标题").fill("发放名单")
    desk.get_by_label("摘要").fill("现将名单公开。")
    desk.get_by_label("主题").select_option(index=1)
    desk.get_by_role("button", name="保存草稿").click()
    desk.get_by_label("上传附件").set_input_files(file)
    desk.get_by_role("button", name="上传", exact=True).click()
    expect(desk.get_by_text("隐藏的行、列或工作表")).to_be_visible()
    expect(desk.get_by_text("须处理")).to_be_visible()


def test_ready_sentences_go_into_the_reply(desk: Page, site: Site) -> None:
    office, now = site.office, site.office.clock.now()
    number = make_ticket(office, "护照多少钱", kind="question").ticket.number
    with office.database.write() as db:
        canned.add(db, "感谢您的来信。", accounts.require(db, "demo-admin"), now)
    enter(desk, site, "admin")
    desk.goto(f"{site.url}/console/tickets/{number}")
    desk.get_by_text("常用语", exact=True).click()
    desk.get_by_role("button", name="用这句").click()
    desk.get_by_text("知识库里的答案").click()
    desk.get_by_role("button", name="填入答复").first.click()
    written = re.compile("^感谢您的来信。\n.*护照", re.DOTALL)
    expect(desk.locator("#reply-text")).to_have_value(written)
