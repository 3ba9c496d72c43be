"""Alive, ready part by part, and meters for those who may read them."""

from dataclasses import replace

from flask import Flask

from bot.inbound.journal import STREAM
from bureau.office import Office
from core.db import Database
from core.redis_store import RedisStore
from knowledge.library import Library
from tests.web.conftest import Browser
from web import create_pages


def test_a_whole_house_is_ready(browser: Browser) -> None:
    assert browser.get("/healthz").status_code == 200
    answer = browser.get("/readyz")
    assert (answer.status_code, answer.json["missing"]) == (200, [])  # type: ignore[index]


def test_without_redis_the_parts_are_named(office: Office, library: Library) -> None:
    away = replace(office, redis=RedisStore("redis://127.0.0.1:1"))
    client = create_pages(away, library).test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["missing"] == ["redis", "queue"]  # type: ignore[index]
    assert client.get("/healthz").status_code == 200
    assert client.get("/").status_code == 200


def test_a_database_without_tables_is_named(office: Office, library: Library) -> None:
    empty = replace(office, database=Database("sqlite://"))
    answer = create_pages(empty, library).test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["missing"] == ["database"]  # type: ignore[index]
    empty.database.close()


def test_meters_are_read_on_this_machine_only(app: Flask) -> None:
    client = app.test_client()
    assert b"# HELP" in client.get("/metrics").data
    far = client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"})
    assert far.status_code == 403


def test_with_a_token_meters_are_read_from_anywhere(office: Office, library: Library) -> None:
    settings = replace(office.settings, metrics_token="meter-token")
    client = create_pages(replace(office, settings=settings), library).test_client()
    far = {"REMOTE_ADDR": "203.0.113.7"}
    good = {"Authorization": "Bearer meter-token"}
    assert client.get("/metrics", environ_base=far, headers=good).status_code == 200
    assert client.get("/metrics", environ_base=far).status_code == 403
    assert client.get("/metrics").status_code == 403


def test_the_sandbox_is_one_redirect_away(browser: Browser, office: Office) -> None:
    assert browser.get("/sandbox/").headers["Location"] == "http://127.0.0.1:8123/sandbox/"


def test_without_a_sandbox_there_is_no_such_page(office: Office, library: Library) -> None:
    real = replace(office, settings=replace(office.settings, sandbox=False))
    assert create_pages(real, library).test_client().get("/sandbox/").status_code == 404


def test_notes_that_no_worker_takes_are_named(browser: Browser, office: Office) -> None:
    redis = office.redis.client
    now_s, _ = redis.time()
    redis.xadd(STREAM, {"key": "k", "notes": "[]"}, id=f"{(now_s - 5) * 1000}-0")
    assert browser.get("/readyz").status_code == 200
    redis.delete(STREAM)
    redis.xadd(STREAM, {"key": "k", "notes": "[]"}, id=f"{(now_s - 60) * 1000}-0")
    answer = browser.get("/readyz")
    assert (answer.status_code, answer.json["missing"]) == (503, ["queue"])  # type: ignore[index]
