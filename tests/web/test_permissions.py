"""Every role at every page of the console: in, refused, or sent to sign in; nothing else."""

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from bureau.office import Office
from bureau.staff.models import Clerk
from bureau.staff.roles import PERMISSIONS, ROLES, may
from tests.web.conftest import enter, make_disclosure, make_ticket

WORDS = {"open", "signed_in"}
PIECES = {"name": "nobody", "folder": "fees", "key": "x", "token": "none", "slug": "none"}


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("console.")]


def path_of(rule: Rule) -> str:
    """An address of this rule that leads to nothing in particular."""
    path = re.sub(r"<any\(([a-z]+)[^)]*\):\w+>", r"\1", rule.rule)
    path = re.sub(r"<int:\w+>", "999999", path)
    return re.sub(r"<(?:path:)?(\w+)>", lambda m: PIECES.get(m[1], "XX26-0000-X"), path)


def permission_of(app: Flask, rule: Rule) -> str:
    return str(app.view_functions[rule.endpoint].permission)  # type: ignore[attr-defined]


def test_every_console_page_names_a_permission_that_exists(app: Flask) -> None:
    found = {permission_of(app, rule) for rule in rules(app)}
    assert len(rules(app)) > 40
    assert found <= WORDS | set(PERMISSIONS)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_in_exactly_where_it_may(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], role: str
) -> None:
    browser = enter(app, clerks[role])
    for rule in rules(app):
        permission = permission_of(app, rule)
        if rule.endpoint == "console.account.leave":
            continue
        post = "POST" in (rule.methods or set())
        answer = browser.post(path_of(rule)) if post else browser.get(path_of(rule))
        refused = answer.status_code == 403 and "权限" in answer.text
        allowed = permission in WORDS or may(role, permission)
        assert refused is not allowed, (role, rule.rule, answer.status_code)
        assert answer.status_code < 500, (role, rule.rule)


def test_a_stranger_gets_in_nowhere(app: Flask, stocked: Office) -> None:
    client = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False
    for rule in rules(app):
        if permission_of(app, rule) == "open":
            continue
        post = "POST" in (rule.methods or set())
        answer = client.post(path_of(rule)) if post else client.get(path_of(rule))
        assert (answer.status_code, answer.text.count("card")) == (303, 0), rule.rule
        assert answer.headers["Location"].startswith("/console/sign-in"), rule.rule


def test_a_clerk_reads_no_letter_of_another_room(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    number = make_ticket(stocked).ticket.number
    for role, clerk in clerks.items():
        answer = enter(app, clerk).get(f"/console/tickets/{number}")
        assert answer.status_code == (200 if may(role, "feedback.read_all") else 404), role


def test_the_menu_shows_only_doors_that_open(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    for role, clerk in clerks.items():
        browser = enter(app, clerk)
        links = re.findall(r'<li><a href="(/console/[^"]*)"', browser.get("/console/").text)
        assert "/console/tickets/" in links
        assert [browser.get(link).status_code for link in links] == [200] * len(links), role


def test_pages_with_content_open_for_those_who_may(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    disclosure, ticket = make_disclosure(stocked), make_ticket(stocked).ticket
    paths = (
        f"/console/disclosures/{disclosure.id}",
        f"/console/pushes/{disclosure.push_id}",
        f"/console/tickets/{ticket.number}",
    )
    browser = enter(app, clerks["admin"])
    assert [browser.get(path).status_code for path in paths] == [200, 200, 200]
