"""Citizens' pages in a hand: 320 points wide, both type sizes, by touch."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.web.conftest import make_disclosure

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = (
    "/",
    "/disclosures/",
    "/disclosures/1",
    "/ask?q=代理记账要什么材料",
    "/fees/",
    "/fees/fee-001",
    "/guides/guide-01",
    "/funds/fund-01",
    "/suggest",
    "/tickets",
    "/privacy",
)
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """[...document.querySelectorAll('main a.btn, main button, .tabs-bottom a')]
  .filter(e => e.offsetParent && e.getBoundingClientRect().height < 34).map(e => e.textContent)"""
HIDDEN = """(() => { window.scrollTo(0, document.body.scrollHeight);
  const bar = document.querySelector('.tabs-bottom').getBoundingClientRect().top;
  return document.querySelector('.foot').getBoundingClientRect().bottom > bar + 1; })()"""


@pytest.mark.parametrize("size", ["off", "on"])
def test_every_page_fits_the_smallest_telephone(phone: Page, site: Site, size: str) -> None:
    table = (
        "<table><tr><th>项目</th><th>金额（万元）</th></tr><tr><td>费</td><td>1</td></tr></table>"
    )
    long = "关于印发《临沂市市级财政专项资金管理办法》的通知"
    make_disclosure(site.office, long, body_html=f"<p>正文</p>{table}")
    phone.goto(f"{site.url}/large/{size}")
    for path in PAGES:
        answer = phone.goto(site.url + path)
        assert answer is not None
        assert answer.status == 200, path
        assert phone.evaluate(WIDER) <= 0, path
        assert phone.evaluate(SMALL) == [], path
        assert not phone.evaluate(HIDDEN), path


def test_a_letter_by_touch_and_its_progress_by_code(phone: Page, site: Site) -> None:
    phone.goto(f"{site.url}/")
    phone.get_by_role("link", name="建言献策").tap()
    phone.get_by_label("内容").fill("建议在大厅增设退税专窗")
    phone.get_by_role("button", name="提交").tap()
    expect(phone.get_by_role("heading", name="已收到您的来信")).to_be_visible()
    code = phone.locator(".code").inner_text()
    phone.get_by_role("link", name="查进度").first.tap()
    phone.get_by_label("查询码").fill(code)
    phone.get_by_role("button", name="查询").tap()
    expect(phone.get_by_text("建议在大厅增设退税专窗")).to_be_visible()
    expect(phone.get_by_text("已收到，待分办")).to_be_visible()


def test_half_written_words_survive_a_closed_page(phone: Page, site: Site) -> None:
    phone.goto(f"{site.url}/suggest")
    phone.get_by_label("内容").fill("写到一半的建议")
    phone.goto(f"{site.url}/")
    phone.goto(f"{site.url}/suggest")
    expect(phone.get_by_label("内容")).to_have_value("写到一半的建议")


def test_a_question_leads_to_the_page_of_its_answer(phone: Page, site: Site) -> None:
    phone.goto(f"{site.url}/")
    phone.get_by_label("您的问题").fill("普通护照多少钱")
    phone.get_by_role("button", name="提问").tap()
    expect(phone.get_by_text("普通护照").first).to_be_visible()


def test_pages_hold_without_what_npm_brings(phone: Page, site: Site) -> None:
    phone.route("**/vendor/**", lambda route: route.fulfill(status=200, body=""))
    for path in ("/", "/suggest", "/fees/"):
        phone.goto(site.url + path)
        assert phone.evaluate(WIDER) <= 0, path
        assert phone.evaluate(SMALL) == [], path
