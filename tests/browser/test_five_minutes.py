"""The five-minute story as a person lives it: phone and console side by side, in Chromium."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import PATIENCE_MS
from tests.house_at_work import House, house_at_work

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK = {"width": 1280, "height": 860}
NUMBER = re.compile(r"JY\d{2}-\d{4,}-[0-9A-Z]")
TITLE = "2026年市级部门预算公开"
REPLY = "感谢您的建议，收费目录已经汇成一张表，见门户网站“收费清单”栏目。"
# Where screenshots for the README go when a person asks for them.
SHOTS = Path(os.environ["SCREENSHOTS"]) if "SCREENSHOTS" in os.environ else None


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=SHOTS / f"{name}.png")


def say(phone: Page, words: str) -> None:
    if not phone.locator("#words").is_visible():
        phone.get_by_label("改用键盘").click()
    phone.locator("#words").fill(words)
    phone.locator("#words").press("Enter")


def told(phone: Page, words: str) -> None:
    """The newest bubble from the account holds these words."""
    expect(phone.locator("#chat")).to_contain_text(words)


def enter_as(console: Page, house: House, role: str) -> None:
    console.goto(f"{house.url}/console/sign-in")
    console.get_by_role("button", name=role, exact=True).click()
    console.wait_for_url(re.compile("/console/(?!sign-in)"))


def open_disclosure(console: Page) -> None:
    console.get_by_role("link", name="公开信息").first.click()
    console.get_by_role("link", name=TITLE).first.click()


def review(console: Page, house: House, role: str) -> None:
    enter_as(console, house, role)
    open_disclosure(console)
    console.get_by_role("button", name="通过", exact=True).click()
    expect(console.locator(".timeline .when").first).to_contain_text(role)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_at_work(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def windows(chromium: Browser) -> Iterator[tuple[Page, Page]]:
    """Two windows of two people: the phone and the console."""
    contexts = [chromium.new_context(viewport=DESK, locale="zh-CN") for _ in range(2)]
    pages = [context.new_page() for context in contexts]
    wrong: list[str] = []
    for page in pages:
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: wrong.append(str(error)))
    yield pages[0], pages[1]
    for context in contexts:
        context.close()
    assert wrong == []


def test_a_person_lives_the_product_in_five_minutes(
    house: House, windows: tuple[Page, Page]
) -> None:
    page, console = windows
    page.goto(f"{house.phone}/")
    page.locator("#follow").click()
    told(page, "欢迎关注")

    say(page, "护照多少钱")
    told(page, "120元")
    told(page, "发改价格〔2019〕914号")
    shoot(page, "phone")

    say(page, "订阅 预决算")
    told(page, "已为您订阅“预决算”")
    publish(console, house)
    told(page, TITLE)
    shoot(console, "push")

    say(page, "建议 把收费目录做成一张表，方便群众查询")
    told(page, "1 提交")
    say(page, "1")
    told(page, "已收到")
    number = NUMBER.findall(page.locator("#chat").inner_text())[-1]
    answer(console, house, number)
    told(page, "收费目录已经汇成一张表")
    shoot(page, "reply")


def publish(console: Page, house: House) -> None:
    """A disclosure on its lawful way: drafted, reviewed by others, approved, let out."""
    enter_as(console, house, "科室拟稿")
    console.get_by_role("link", name="公开信息").first.click()
    console.get_by_role("link", name="拟写").first.click()
    console.locator("#kind").select_option("notice")
    console.get_by_role("button", name="换类别").click()
    console.wait_for_url(re.compile("kind=notice"))
    console.locator("[name=title]").fill(TITLE)
    console.locator("[name=summary]").fill("市级各部门2026年预算已经公开，可在市财政局网站查看。")
    console.locator("[name=topic]").select_option("budget")
    console.locator("[name=produced_on]").fill("2026-11-02")
    console.get_by_role("button", name="保存草稿").click()
    expect(console.locator("main")).to_contain_text(TITLE)
    for role in ("科室负责人", "保密审查员", "局领导"):
        review(console, house, role)
    enter_as(console, house, "发布员")
    open_disclosure(console)
    shoot(console, "release")
    console.on("dialog", lambda dialog: dialog.accept())
    console.get_by_role("button", name="发布并通知").click()
    console.get_by_role("link", name="看推送").click()
    expect(console.locator("main")).to_contain_text("已完成")


def answer(console: Page, house: House, number: str) -> None:
    """A clerk opens the suggestion and answers it."""
    enter_as(console, house, "办公室")
    console.get_by_role("link", name="来信办理").first.click()
    console.get_by_role("link", name=number).first.click()
    expect(console.locator("main")).to_contain_text("把收费目录做成一张表")
    console.locator("[name=text]").first.fill(REPLY)
    shoot(console, "ticket")
    console.get_by_role("button", name=re.compile("^发出")).click()
    expect(console.locator("main")).to_contain_text("已答复")
