"""The phone in a real browser: what is tapped is pushed, what comes is shown and never run."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import xmltodict
from playwright.sync_api import Browser, Page, expect

from tests.sandbox.project import reply
from tests.sandbox.test_server import Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.slow]
EVIL = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
WORDS = (
    '您好 <a href="weixin://bizmsgmenu?msgmenucontent=材料&amp;msgmenuid=7">要什么材料</a> '
    '<a href="https://example.org/a">看原文</a> <a href="javascript:alert(1)">坏链接</a> ' + EVIL
)


class Echo(BaseHTTPRequestHandler):
    """A project in plain mode that answers every push with the same words."""

    pushes: list[dict[str, str]]

    def do_POST(self) -> None:
        push = xmltodict.parse(self.rfile.read(int(self.headers["Content-Length"])))["xml"]
        self.pushes.append(push)
        body = reply(push["FromUserName"], push["ToUserName"], WORDS).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture
def pushes() -> list[dict[str, str]]:
    return []


@pytest.fixture
def sandbox(tmp_path: Path, pushes: list[dict[str, str]]) -> Iterator[Sandbox]:
    handler = type("Handler", (Echo,), {"pushes": pushes})
    project = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=project.serve_forever, daemon=True).start()
    running = Sandbox(tmp_path)
    address = f"http://127.0.0.1:{project.server_port}/wechat"
    running.act("settings", mode="plain", callback=address)
    yield running
    running.end()
    project.shutdown()
    project.server_close()


@pytest.fixture
def page(sandbox: Sandbox, chromium: Browser) -> Iterator[Page]:
    shown = chromium.new_page(viewport={"width": 1366, "height": 820})
    problems: list[str] = []
    shown.on("pageerror", lambda error: problems.append(str(error)))
    shown.goto(f"http://127.0.0.1:{sandbox.port}/sandbox/")
    yield shown
    shown.close()
    assert problems == []


def test_a_person_follows_reads_taps_and_nothing_is_run(
    page: Page, sandbox: Sandbox, pushes: list[dict[str, str]]
) -> None:
    sandbox.act("followers", name=EVIL[:40])
    page.get_by_role("button", name="关注公众号").click()
    bubble = page.locator(".msg.out .bubble").first
    expect(bubble).to_contain_text("<script>")
    link = bubble.get_by_role("link", name="看原文")
    assert link.get_attribute("href") == "https://example.org/a"
    assert link.get_attribute("target") == "_blank"
    assert bubble.get_by_text("坏链接").locator("xpath=self::a").count() == 0
    bubble.get_by_role("button", name="要什么材料").click()
    expect(page.locator(".msg.in .bubble")).to_have_text("材料")
    expect(page.locator(".msg.out")).to_have_count(2)
    assert (pushes[-1]["Content"], pushes[-1]["bizmsgmenuid"]) == ("材料", "7")
    assert "run" not in page.title()


def test_menu_consent_clock_and_log_are_within_reach(
    page: Page, sandbox: Sandbox, pushes: list[dict[str, str]]
) -> None:
    button = {"type": "click", "name": "订阅主题", "key": "topics"}
    menu = {"button": [{"name": "订阅", "sub_button": [button]}]}
    sandbox.act("follow", follower="张敏")
    path = f"/cgi-bin/menu/create?access_token={sandbox.token()}"
    assert sandbox.ask(path, menu)[0] == 200
    page.get_by_role("button", name="订阅", exact=True).click()
    page.get_by_role("button", name="订阅主题").click()
    expect(page.locator(".msg.out")).to_have_count(2)
    assert pushes[-1]["EventKey"] == "topics"
    page.get_by_label("改用键盘").click()
    page.get_by_label("更多").click()
    page.get_by_role("button", name="订阅通知").click()
    page.locator("dialog").get_by_role("button", name="允许").click()
    expect(page.locator(".note").last).to_contain_text("允许接收")
    page.get_by_role("button", name="两天后").click()
    expect(page.locator("#offset")).to_have_text("已拨快 2 天")
    page.locator("#callbacks .entry").first.click()
    expect(page.locator("#callbacks pre").first).to_contain_text("<xml>")


@pytest.mark.parametrize("width", [320, 768, 1366])
def test_no_width_needs_sideways_scrolling(page: Page, sandbox: Sandbox, width: int) -> None:
    sandbox.act("follow", follower="张敏")
    sandbox.act("say", follower="张敏", text="很长的网址 https://example.org/" + "a" * 300)
    page.set_viewport_size({"width": width, "height": 640})
    for view in ("people", "phone", "panel"):
        page.evaluate("view => document.body.dataset.view = view", view)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_trouble_is_ordered_on_the_page_and_taken_away(page: Page, sandbox: Sandbox) -> None:
    page.get_by_role("tab", name="故障").click()
    offered = page.locator("#fault select[name=kind] option")
    for says in ("答 −1", "受理后不回答", "受理后断开", "慢", "前后颠倒", "同一条推两遍"):
        expect(offered.filter(has_text=says).first).to_be_attached()
    page.get_by_label("毛病").select_option("lost:-1")
    page.get_by_role("button", name="加上").click()
    expect(page.locator("#faults-on li")).to_contain_text("受理了却答 −1")
    (fault,) = sandbox.see("state")["faults"]
    assert (fault["kind"], fault["code"], fault["where"]) == ("lost", -1, "api")
    page.get_by_role("button", name="撤掉").click()
    expect(page.locator("#faults-on li")).to_have_count(0)
    assert sandbox.see("state")["faults"] == []
