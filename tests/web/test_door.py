"""Signing in, signing out, and who is kept outside."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from bureau.office import Office
from bureau.staff import accounts
from bureau.staff.models import Clerk
from knowledge.library import Library
from tests.clocks import FixedClock
from tests.web.conftest import PASSWORD, Browser, enter, make_clerk
from web import create_pages


def test_a_stranger_is_sent_to_sign_in_and_back_to_what_was_wanted(browser: Browser) -> None:
    answer = browser.get("/console/?x=1")
    assert answer.status_code == 303
    assert "/console/sign-in?next=" in answer.headers["Location"]


def test_a_clerk_signs_in_with_name_and_password(office: Office, browser: Browser) -> None:
    make_clerk(office, "handler")
    answer = browser.sign_in("handler")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/console/")
    assert "承办人" in browser.get("/console/").text


def test_a_wrong_password_keeps_the_name_and_shows_no_password(
    office: Office, browser: Browser
) -> None:
    make_clerk(office, "handler")
    answer = browser.sign_in("handler", "not the password")
    assert answer.status_code == 422
    assert "用户名或密码不正确" in answer.text
    assert 'value="handler"' in answer.text
    assert "not the password" not in answer.text


def test_five_wrong_passwords_lock_the_account(office: Office, browser: Browser) -> None:
    make_clerk(office, "handler")
    for _ in range(5):
        answer = browser.sign_in("handler", "wrong")
    assert "锁定" in answer.text
    assert browser.sign_in("handler").status_code == 422


def test_one_address_cannot_try_for_ever(office: Office, browser: Browser) -> None:
    make_clerk(office, "handler")
    for number in range(20):
        browser.sign_in(f"nobody{number}", "wrong")
    assert "过于频繁" in browser.sign_in("handler").text


def test_signing_in_works_with_redis_away(office: Office, library: Library) -> None:
    make_clerk(office, "handler")
    office.redis.close()
    away = replace(office, redis=type(office.redis)("redis://127.0.0.1:1"))
    browser = Browser(create_pages(away, library).test_client())
    assert browser.sign_in("handler").status_code == 303


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil", "/x"])
def test_signing_in_never_leads_to_another_site(
    office: Office, browser: Browser, wanted: str
) -> None:
    make_clerk(office, "handler")
    answer = browser.post("/console/sign-in", name="handler", password=PASSWORD, next=wanted)
    assert answer.headers["Location"] == "/console/"


def test_a_one_time_password_must_be_changed_first(
    office: Office, browser: Browser, clock: FixedClock
) -> None:
    with office.database.write() as db:
        once = accounts.add(db, "new", "handler", clock.now())
    browser.sign_in("new", once)
    assert browser.get("/console/").headers["Location"] == "/console/password"
    answer = browser.post("/console/password", old=once, new=PASSWORD, again=PASSWORD)
    assert answer.status_code == 303
    assert browser.get("/console/").status_code == 200


def test_a_changed_password_ends_the_other_sessions(app: Flask, clerks: dict[str, Clerk]) -> None:
    here, there = enter(app, clerks["handler"]), enter(app, clerks["handler"])
    new = "quite another one"
    assert here.post("/console/password", old=PASSWORD, new=new, again=new).status_code == 303
    assert here.get("/console/").status_code == 200
    assert there.get("/console/").status_code == 303


def test_a_switched_off_clerk_is_out_at_once(
    app: Flask, clerks: dict[str, Clerk], office: Office, clock: FixedClock
) -> None:
    browser = enter(app, clerks["handler"])
    with office.database.write() as db:
        clerk = accounts.require(db, "handler")
        accounts.set_active(db, clerk, False, clock.now(), by=accounts.require(db, "admin"))
    assert browser.get("/console/").status_code == 303


def test_the_demo_door_takes_a_role_in_one_click(office: Office, browser: Browser) -> None:
    make_clerk(office, "leader", demo=True)
    page = browser.get("/console/sign-in").text
    assert "选一个角色" in page
    assert "局领导" in page
    assert browser.post("/console/sign-in/demo/leader").status_code == 303
    assert "局领导" in browser.get("/console/").text


def test_there_is_no_demo_door_without_the_sandbox(office: Office, library: Library) -> None:
    make_clerk(office, "leader", demo=True)
    real = replace(office, settings=replace(office.settings, sandbox=False))
    browser = Browser(create_pages(real, library).test_client())
    assert "选一个角色" not in browser.get("/console/sign-in").text
    assert browser.post("/console/sign-in/demo/leader").status_code == 404


def test_a_real_account_never_opens_by_the_demo_door(office: Office, browser: Browser) -> None:
    make_clerk(office, "admin")
    assert browser.post("/console/sign-in/demo/admin").status_code == 404


def test_a_session_ends_with_leaving(app: Flask, clerks: dict[str, Clerk]) -> None:
    browser = enter(app, clerks["handler"])
    browser.post("/console/leave")
    assert browser.get("/console/").status_code == 303


def test_a_session_ends_after_eight_hours(app: Flask) -> None:
    assert app.permanent_session_lifetime == timedelta(hours=8)
