"""Guessing at letters: one answer for every wrong guess, the same work, and soon the end."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from bureau.office import Office
from core.db import Database
from core.numbering import make_number
from tests.clocks import FixedClock
from tests.web.conftest import Browser, make_ticket

NOT_SAID = ("没有这件", "不存在", "查询码错误")


@contextmanager
def shapes(database: Database) -> Iterator[list[str]]:
    """The statements of what happens meanwhile, without their values."""
    found: list[str] = []

    def note(*arguments: object) -> None:
        found.append(str(arguments[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    yield found
    event.remove(database.engine, "before_cursor_execute", note)


def guess(browser: Browser, number: str, code: str = "AAAAAAAAAA") -> str:
    """The page a guess gets, without what was typed and without the one-time tokens."""
    answer = browser.post("/tickets", number=number, code=code)
    assert answer.status_code == 422
    page = answer.text.replace(number, "").replace(code, "")
    return re.sub(r'(nonce|value|content)="[^"]*"', "", page)


def test_no_such_number_and_a_wrong_code_look_and_work_alike(
    stocked: Office, browser: Browser
) -> None:
    there = make_ticket(stocked).ticket.number
    nowhere = make_number("JY", 2026, 9_999)
    with shapes(stocked.database) as first:
        wrong_code = guess(browser, there)
    with shapes(stocked.database) as second:
        wrong_number = guess(browser, nowhere)
    assert wrong_code == wrong_number
    assert not any(words in wrong_code for words in NOT_SAID)
    assert len(first) == len(second)


def test_the_sixth_guess_is_not_even_looked_at(stocked: Office, browser: Browser) -> None:
    done = make_ticket(stocked)
    for number in range(5):
        guess(browser, done.ticket.number, f"AAAAAAAAA{number}")
    right = guess(browser, done.ticket.number, done.secret_code)
    assert "次数过多" in right


def test_another_browser_or_a_named_proxy_gives_no_new_tries(stocked: Office, app: Flask) -> None:
    done = make_ticket(stocked)
    for number in range(6):
        other = Browser(app.test_client())
        other.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{number}"
        other.client.environ_base["HTTP_X_REAL_IP"] = f"203.0.113.{number}"
        page = guess(other, done.ticket.number, "BBBBBBBBBB")
    assert "次数过多" in page


def test_what_was_opened_closes_by_itself(
    stocked: Office, browser: Browser, clock: FixedClock
) -> None:
    done = make_ticket(stocked, "我的来信内容")
    opened = browser.post("/tickets", number=done.ticket.number, code=done.secret_code)
    assert opened.status_code == 303
    assert "我的来信内容" in browser.get(f"/tickets/{done.ticket.number}").text
    clock.move(minutes=31)
    assert "我的来信内容" not in browser.get(f"/tickets/{done.ticket.number}").text


@pytest.mark.parametrize("path", ["", "/supplement"])
def test_a_letter_never_opened_here_says_nothing(
    stocked: Office, browser: Browser, path: str
) -> None:
    number = make_ticket(stocked, "秘密的事").ticket.number
    nowhere = make_number("JY", 2026, 9_999)
    pages = []
    for one in (number, nowhere):
        address = f"/tickets/{one}{path}"
        answer = browser.post(address, text="x") if path else browser.get(address)
        pages.append(re.sub(r'(nonce|value|content)="[^"]*"', "", answer.text.replace(one, "")))
    assert pages[0] == pages[1]
    assert "秘密" not in pages[0]


def test_a_changed_cookie_opens_nothing(stocked: Office, app: Flask) -> None:
    done = make_ticket(stocked, "秘密的事")
    client = app.test_client()
    Browser(client).post("/tickets", number=done.ticket.number, code=done.secret_code)
    cookie = client.get_cookie("yg_session")
    assert cookie
    assert "秘密的事" in client.get(f"/tickets/{done.ticket.number}").text
    head, _, signature = cookie.value.rpartition(".")
    for forged in (f"{head}.{signature[::-1]}", head, f"{head}.", "x" * 4_000, "\x7f", "eyJh.a.b"):
        other = app.test_client()
        other.set_cookie("yg_session", forged)
        answer = other.get(f"/tickets/{done.ticket.number}")
        assert answer.status_code == 200
        assert "秘密" not in answer.text


@pytest.mark.parametrize("token", ["x", "中.文", "WyJvQSIsMV0.x", "a" * 5_000, "..", "%00", "é"])
def test_a_forged_link_opens_nobodys_subscriptions(browser: Browser, token: str) -> None:
    answer = browser.get(f"/me/{token}")
    assert answer.status_code in (400, 403, 404)
    assert browser.get("/me/").status_code == 403
    assert browser.post("/me/budget/follow").status_code == 403
