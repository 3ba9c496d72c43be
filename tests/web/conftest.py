"""A browser without a screen: pages over real SQL and Redis, a clerk of every role."""

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.outbound.fake import FakeWechat
from bureau.office import Office
from bureau.staff import accounts
from bureau.staff.models import Clerk
from bureau.staff.roles import ROLES
from core.db import Database
from core.privacy import Box
from core.redis_store import RedisStore
from core.settings import Settings
from knowledge.library import Library
from tests.clocks import FixedClock
from web import create_pages

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PASSWORD = "correct horse battery"
PASSWORD_HASH = accounts.HASHER.hash(PASSWORD)  # dear: paid once


@dataclass
class Browser:
    """Follows a person through pages; posts carry the CSRF token as a form would."""

    client: FlaskClient

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers=headers)

    def post(self, path: str, **fields: str) -> TestResponse:
        token = TOKEN.search(self.get("/console/sign-in").text)
        assert token
        return self.client.post(path, data={"csrf_token": unescape(token[1]), **fields})

    def sign_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/console/sign-in", name=name, password=password)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path, secret_key="s" * 40, data_key="d" * 40, sandbox_port=8123, port=8000
    )


@pytest.fixture
def office(settings: Settings, database: Database, redis: RedisStore, clock: FixedClock) -> Office:
    return Office(settings, database, redis, clock, FakeWechat(), Box("d" * 40))


@pytest.fixture
def library(office: Office) -> Library:
    """A library with nothing on its shelves."""
    library = Library.__new__(Library)
    library.version = 0
    return library


@pytest.fixture
def app(office: Office, library: Library) -> Flask:
    return create_pages(office, library)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def clerks(office: Office) -> dict[str, Clerk]:
    """A clerk of every role, named by the role, past the first password."""
    return {role: make_clerk(office, role) for role in ROLES}


def make_clerk(office: Office, role: str, *, demo: bool = False) -> Clerk:
    """A clerk named like the role; the password is PASSWORD."""
    clerk = Clerk(
        name=role,
        display_name=ROLES[role].label,
        role=role,
        password_hash=PASSWORD_HASH,
        must_change=False,
        demo=demo,
        created_at=office.clock.now(),
    )
    with office.database.write() as db:
        db.add(clerk)
    return clerk


def enter(app: Flask, clerk: Clerk) -> Browser:
    """A browser in which `clerk` is signed in, without paying for a password hash."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["clerk"] = clerk.id
        session["version"] = clerk.session_version
    return Browser(client)
