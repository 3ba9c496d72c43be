"""What every answer carries, what every form must bring, and what never gets out."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from bureau.office import Office
from bureau.staff.models import Clerk
from core.errors import Unready
from core.settings import Settings
from knowledge.library import Library
from tests.web.conftest import Browser, enter, make_disclosure, make_ticket
from web import create_pages
from web.security import TrustedProxies

SCRIPT = "<script>alert('x')</script>"


def posts(app: Flask) -> list[str]:
    found = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())]
    texts = [re.sub(r"<any\(([a-z]+)[^)]*\):\w+>", r"\1", rule.rule) for rule in found]
    return [re.sub(r"<[^>]+>", "1", text) for text in texts]


def test_no_form_is_taken_without_its_token(app: Flask, clerks: dict[str, Clerk]) -> None:
    client = enter(app, clerks["admin"]).client
    assert len(posts(app)) > 25
    for path in posts(app):
        answer = client.post(path, data={"text": "x"})
        assert answer.status_code == 400, path
        assert "刷新" in answer.text, path


def test_htmx_may_bring_the_token_in_a_header(app: Flask, clerks: dict[str, Clerk]) -> None:
    browser = enter(app, clerks["admin"])
    page = browser.get("/console/").text
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token
    answer = browser.client.post("/console/leave", headers={"X-CSRFToken": token[1]})
    assert answer.status_code == 303


@pytest.mark.parametrize("path", ["/", "/console/sign-in", "/nowhere", "/healthz", "/suggest"])
def test_every_answer_is_dressed(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("path", ["/", "/console/sign-in", "/suggest", "/ask?q=护照多少钱"])
def test_pages_hold_no_inline_script_style_or_handler(browser: Browser, path: str) -> None:
    page = browser.get(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", page)
    assert not re.search(r"\s(style|on[a-z]+)=", page)
    assert "<style" not in page


def test_pages_of_staff_are_never_stored(app: Flask, clerks: dict[str, Clerk]) -> None:
    assert enter(app, clerks["admin"]).get("/console/").headers["Cache-Control"] == "no-store"


def test_the_session_cookie_is_out_of_reach(app: Flask, browser: Browser) -> None:
    cookie = browser.get("/suggest").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_over_https_the_session_cookie_stays_there(office: Office, library: Library) -> None:
    settings = replace(office.settings, public_url="https://czj.example.gov.cn")
    app = create_pages(replace(office, settings=settings), library)
    cookie = app.test_client().get("/suggest", base_url="https://localhost").headers["Set-Cookie"]
    assert "Secure" in cookie


def test_pages_are_not_served_without_a_key(office: Office, library: Library) -> None:
    bare = replace(office, settings=replace(office.settings, secret_key=""))
    with pytest.raises(Unready):
        create_pages(bare, library)


def test_what_people_write_is_shown_and_never_run(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    number = make_ticket(stocked, f"建议{SCRIPT}").ticket.number
    shown = make_disclosure(stocked, "预算", body_html=f"<p>正文</p>{SCRIPT}", summary=SCRIPT)
    browser = enter(app, clerks["admin"])
    pages = (
        f"/console/tickets/{number}",
        "/console/tickets/",
        "/console/",
        f"/disclosures/{shown.id}",
        f"/console/disclosures/{shown.id}",
        "/feed.atom",
        f"/ask?q={SCRIPT}",
        f"/fees/?q={SCRIPT}",
        f"/disclosures/?q={SCRIPT}",
        f"/console/tickets/?q={SCRIPT}",
    )
    for path in pages:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert SCRIPT not in answer.text, path


def test_a_failure_shows_a_number_and_no_trace(app: Flask, browser: Browser) -> None:
    def break_down() -> str:
        raise RuntimeError("secret detail")

    app.view_functions["h5.home.page"] = break_down
    answer = browser.get("/")
    assert answer.status_code == 500
    assert re.search(r"编号 <span class=\"number\">[0-9A-F]{8}", answer.text)
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/console/nowhere", 404)])
def test_a_wrong_address_is_answered_in_chinese(browser: Browser, path: str, status: int) -> None:
    answer = browser.get(path)
    assert answer.status_code == status
    assert "没有找到" in answer.text


def test_a_wrong_method_is_answered_in_chinese(app: Flask) -> None:
    answer = app.test_client().delete("/suggest")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert "这个地址不支持" in answer.text


def test_a_body_of_fifty_megabytes_is_refused_politely(app: Flask, browser: Browser) -> None:
    answer = browser.client.post("/suggest", data={"text": "x" * 50_000_000})
    assert answer.status_code == 413
    assert "超过了上限" in answer.text


def test_the_api_fails_in_json(browser: Browser) -> None:
    answer = browser.get("/api/v1/disclosures/999")
    assert answer.status_code == 404
    assert answer.json
    assert answer.json["error"]["message"] == "没有这条公开信息"


def test_only_named_proxies_are_believed(settings: Settings) -> None:
    seen = []

    def app(environ: dict[str, str], _start: object) -> list[bytes]:
        seen.append(environ["REMOTE_ADDR"])
        return []

    proxied = TrustedProxies(app, ("10.0.0.0/8",))
    for peer in ("10.1.1.1", "192.0.2.9", "garbage"):
        proxied({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": "203.0.113.7"}, None)
    assert seen == ["203.0.113.7", "192.0.2.9", "garbage"]
