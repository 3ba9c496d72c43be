"""Each page of the console names who may open it, and the permissions named are real."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, Rule
from werkzeug.routing.converters import NumberConverter

from bot.outbound.fake import FakeWechat
from bureau.office import Office
from bureau.staff.roles import PERMISSIONS, ROLES
from core.db import Database
from core.privacy import Box
from core.redis_store import RedisStore
from core.settings import Settings
from knowledge.library import Library
from tests.clocks import FixedClock
from tests.house.tree import ROOT, text_of, tracked_files
from web.access import OPEN, SIGNED_IN
from web.pages import create_pages

# The only pages of the console that anybody may open: signing in, and the one-time link.
DOOR = ("console.sign_in.", "console.account.first", "console.account.become_first")
BY_SCRIPT = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture(scope="module")
def app(
    migrated_file: Path, redis_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The pages over a database without rows; the index is dear, so one application for all."""
    folder = tmp_path_factory.mktemp("pages")
    shutil.copy(migrated_file, folder / "yangguang.db")
    settings = Settings(data_dir=folder, secret_key="s" * 40, data_key="d" * 40, port=8000)
    database = Database(f"sqlite:///{folder / 'yangguang.db'}")
    redis = RedisStore(redis_server)
    office = Office(settings, database, redis, FixedClock(), FakeWechat(), Box("d" * 40))
    yield create_pages(office, Library.open(database, settings))
    redis.close()
    database.close()


def console_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/console")]


def permission_of(app: Flask, rule: Rule) -> Any:
    return getattr(app.view_functions[rule.endpoint], "permission", None)


def test_every_console_page_names_its_permission(app: Flask) -> None:
    rules = console_rules(app)
    naked = [rule.rule for rule in rules if permission_of(app, rule) is None]
    assert len(rules) > 5
    assert not naked, naked


def test_every_permission_named_is_one_that_a_role_can_have(app: Flask) -> None:
    known = {*PERMISSIONS, OPEN, SIGNED_IN}
    wrong = {
        rule.rule: permission_of(app, rule)
        for rule in console_rules(app)
        if permission_of(app, rule) not in known
    }
    assert not wrong, wrong


def test_only_the_door_is_open(app: Flask) -> None:
    opened = [rule for rule in console_rules(app) if permission_of(app, rule) == OPEN]
    inside = [rule.endpoint for rule in opened if not rule.endpoint.startswith(DOOR)]
    assert opened
    assert not inside, inside


def test_nobody_reads_a_console_page_without_signing_in(app: Flask) -> None:
    """Asked for without a session, a page gives the way to the door or a refusal, never itself."""
    client = app.test_client()
    for rule in console_rules(app):
        if permission_of(app, rule) == OPEN or "GET" not in (rule.methods or ()):
            continue
        answer = client.get(filled(rule))
        assert answer.status_code in (302, 303, 401, 403), f"{rule.rule}: {answer.status_code}"


def test_nothing_at_the_console_changes_by_a_link(app: Flask) -> None:
    """What changes something is a form with its token: a link can be sent to a clerk."""
    verbs = ("delete", "remove", "publish", "approve", "release", "close", "resume", "pause")
    wrong = [
        rule.rule
        for rule in console_rules(app)
        if rule.rule.rstrip("/").rsplit("/", 1)[-1] in verbs
        and not (rule.methods or set()) & BY_SCRIPT
    ]
    assert not wrong, wrong


def test_every_permission_of_a_role_is_in_the_table() -> None:
    unknown = {
        name: role.permissions - PERMISSIONS.keys()
        for name, role in ROLES.items()
        if role.permissions - PERMISSIONS.keys()
    }
    assert not unknown, unknown


def test_pages_fetch_nothing_from_other_hosts() -> None:
    """A citizen's address is not told to strangers, and the pages work in a closed network."""
    wrong = [
        f"{path}: {line.strip()}"
        for path in tracked_files()
        if path.suffix in {".html", ".css"} and path.parts[0] in ("web", "sandbox")
        for line in text_of(path).splitlines()
        if any(mark in line for mark in ('src="http', 'src="//', "url(http", "@import"))
        or ("<link" in line and 'href="http' in line)
    ]
    assert not wrong, "\n".join(wrong)
    assert (ROOT / "web").is_dir()


def filled(rule: Rule) -> str:
    """The rule's address with a number or a word in each gap."""
    values = {name: fitting(converter) for name, converter in rule._converters.items()}
    built = rule.build(values, append_unknown=False)
    return built[1] if built else rule.rule


def fitting(converter: BaseConverter) -> Any:
    if isinstance(converter, NumberConverter):
        return 1
    return min(converter.items) if isinstance(converter, AnyConverter) else "x"
