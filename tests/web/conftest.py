"""A browser without a screen: pages over real SQL and Redis, a clerk of every role."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from bot.followers import topics
from bureau.catalogues import reference
from bureau.disclosures import outside
from bureau.disclosures.models import Disclosure
from bureau.feedback import tickets
from bureau.feedback.tickets import Letter, Submitted
from bureau.office import Office
from bureau.staff import accounts, offices
from bureau.staff.models import Clerk
from bureau.staff.roles import ROLES
from bureau.workdays import table as workdays
from core.db import Database
from core.settings import Settings
from knowledge.library import Library
from tests.clocks import FixedClock
from web import create_pages

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PASSWORD = "correct horse battery"
SERIAL = count(1)
PASSWORD_HASH = accounts.HASHER.hash(PASSWORD)  # dear: paid once


@dataclass
class Browser:
    """Follows a person through pages; posts carry the CSRF token as a form would."""

    client: FlaskClient

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers=headers)

    def post(self, path: str, **fields: Any) -> TestResponse:
        token = TOKEN.search(self.get("/console/sign-in").text)
        assert token
        return self.client.post(path, data={"csrf_token": unescape(token[1]), **fields})

    def sign_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/console/sign-in", name=name, password=password)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The house's settings for pages: a sandbox at work on a known port."""
    return Settings(
        data_dir=tmp_path, secret_key="s" * 40, data_key="d" * 40, sandbox_port=8123, port=8000
    )


@pytest.fixture(scope="session")
def library(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The real library with the sample catalogues on its shelves; read by all tests."""
    folder = tmp_path_factory.mktemp("library")
    shutil.copy(migrated_file, folder / "y.db")
    database = Database(f"sqlite:///{folder / 'y.db'}")
    with database.write() as db:
        load_shelves(db)
    library = Library.open(database, Settings(data_dir=folder))
    yield library
    library.close()
    database.close()


def load_shelves(db: Session) -> None:
    """The reference words and the sample catalogues."""
    now = FixedClock().now()
    reference.ensure_reference(db, now)
    reference.load_samples(db, now)


@pytest.fixture
def stocked(office: Office) -> Office:
    """The office with the reference data every house has, and its sample rooms."""
    with office.database.write() as db:
        offices.load_samples(db)
        workdays.load_seed(db, office.clock.now())
        topics.load_reference(db)
    return office


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


def make_ticket(office: Office, text: str = "建议在大厅设退税专窗", **letter: Any) -> Submitted:
    """A letter handed in now, from chat unless told otherwise."""
    key = f"test:{next(SERIAL)}"
    made = Letter(**{"kind": "suggestion", "text": text, "openid": "oANNA", **letter})
    with office.database.write() as db:
        return tickets.submit(db, made, office.clock.now(), message_key=key, box=office.box)


def make_disclosure(office: Office, title: str = "2026年部门预算公开", **more: Any) -> Disclosure:
    """A disclosure reviewed outside and published now."""
    data = {
        "title": title,
        "kind": "notice",
        "topic": "budget",
        "produced_on": office.clock.now().date().isoformat(),
        "summary": "现将部门预算公开。",
        "review": {"drafted_by": "赵", "reviewed_by": "钱", "approved_by": "孙"},
        **more,
    }
    with office.database.write() as db:
        return outside.publish_reviewed(db, data, office.clock.now())[0]
