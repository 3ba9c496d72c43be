"""What a failure leaves behind: a number for the person, the same in the log, and nobody's data."""

import io
import json
import logging
import re
import sqlite3
from collections.abc import Callable

import pytest
import structlog
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from structlog.testing import capture_logs

from bureau.office import Office
from bureau.staff.models import Clerk
from core.logs import get_log, set_up_logs
from tests.web.conftest import Browser, enter

MOBILE, IDENTITY, CARD = "13812345678", "37130219900307123X", "6222021610012345678"
PERSONAL = f"我叫王小明，手机{MOBILE}，身份证{IDENTITY}，卡{CARD}"
INCIDENT = re.compile(r"[0-9A-F]{8}")
PAGES = ("/", "/disclosures/", "/ask?q=x", "/api/v1/fees", "/console/", "/tickets", "/feed.atom")


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """The log as it is written in production, since the test began."""
    before, handlers = structlog.get_config(), logging.getLogger().handlers[:]
    sink = io.StringIO()
    set_up_logs(production=True)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(file=sink))
    yield sink.getvalue  # type: ignore[misc]
    structlog.configure(**before)
    logging.getLogger().handlers = handlers


def break_tables(office: Office) -> None:
    """The database is there and everything in it is gone."""
    office.database.engine.dispose()
    path = office.database.engine.url.database or ""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("DELETE FROM sqlite_master")
    connection.close()
    office.database.engine.dispose()


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_broken_database_is_a_number_on_every_page_and_in_the_log(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], signed_in: bool
) -> None:
    client = enter(app, clerks["admin"]).client if signed_in else app.test_client()
    break_tables(stocked)
    for path in PAGES:
        with capture_logs() as logs:
            answer = client.get(path)
        assert "Traceback" not in answer.text, path
        assert "sqlite" not in answer.text.lower(), path
        if answer.status_code < 500:
            continue
        assert answer.status_code == 500
        number = INCIDENT.search(re.sub(r"#[0-9a-fA-F]+|nonce[^ ]+|v=\w+", "", answer.text))
        assert number, path
        assert number[0] in {line.get("incident") for line in logs}, path
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_sql_that_fails_says_nothing_of_the_letter_in_it(
    stocked: Office, logged: Callable[[], str]
) -> None:
    try:
        with stocked.database.write() as db:
            db.execute(text("INSERT INTO nowhere (a) VALUES (:letter)"), {"letter": PERSONAL})
    except SQLAlchemyError as error:
        get_log("test").error("failed", exc_info=error)
    assert "nowhere" in logged()
    for piece in (MOBILE, IDENTITY, CARD, "王小明"):
        assert piece not in logged()


def test_numbers_of_people_are_masked_in_every_line(logged: Callable[[], str]) -> None:
    log = get_log("test")
    log.error("failed", path=f"/x/{MOBILE}", say=PERSONAL)
    log.error("failed", why={"who": IDENTITY}, all=[IDENTITY])
    try:
        raise ValueError(PERSONAL)
    except ValueError as error:
        log.error("failed", exc_info=error)
    for piece in (MOBILE, IDENTITY, CARD):
        assert piece not in logged()
    assert "138****5678" in logged()


@pytest.mark.parametrize("word", ["a\nb", "a\r\nb", "a\u2028b", "a\x1b[31mb", '"}\n{"event": "x"}'])
def test_nobody_writes_a_line_of_the_log(logged: Callable[[], str], word: str) -> None:
    get_log("test").error("failed", path=word)
    lines = logged().splitlines() if "\u2028" not in word else logged().split("\n")[:-1]
    assert len(lines) == 1
    assert json.loads(lines[0])["event"] == "failed"


def test_a_letter_leaves_no_personal_word_in_the_log(
    browser: Browser, stocked: Office, logged: Callable[[], str]
) -> None:
    fields = {"kind": "suggestion", "text": PERSONAL, "name": "王小明", "phone": MOBILE}
    assert browser.post("/suggest", **fields).status_code == 303
    browser.get(f"/ask?q={PERSONAL}")
    browser.get(f"/tickets/{MOBILE}")
    browser.post("/tickets", number=MOBILE, code=IDENTITY)
    browser.post("/console/sign-in", name=MOBILE, password=IDENTITY)
    for piece in (MOBILE, IDENTITY, CARD, "王小明"):
        assert piece not in logged()


def test_what_is_kept_of_a_question_is_masked(browser: Browser, stocked: Office) -> None:
    browser.get(f"/ask?q={PERSONAL}")
    rows = stocked.redis.client.xrange("yg:journal")
    assert rows
    for piece in (MOBILE, IDENTITY, CARD):
        assert piece not in str([{k: v.decode() for k, v in row.items()} for _, row in rows])


def test_name_and_phone_lie_sealed(browser: Browser, stocked: Office) -> None:
    fields = {"kind": "suggestion", "text": "建议", "name": "王小明", "phone": MOBILE}
    assert browser.post("/suggest", **fields).status_code == 303
    with stocked.database.read() as db:
        row = db.execute(text("SELECT * FROM tickets")).one()
    assert "王小明" not in str(row)
    assert MOBILE not in str(row)
