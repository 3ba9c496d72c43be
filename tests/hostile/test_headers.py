"""What a request says about itself is not believed; what an answer says keeps strangers out."""

from dataclasses import replace
from http.cookies import SimpleCookie

import pytest
from flask import Flask
from structlog.testing import capture_logs

from bureau.office import Office
from bureau.staff.models import Clerk
from knowledge.library import Library
from tests.hostile.conftest import path_with, rules
from tests.web.conftest import PASSWORD, Browser, enter, make_clerk, make_disclosure, make_ticket
from web import create_pages
from web.addresses import is_local

ELSEWHERE = "evil.example"
HOSTS = (ELSEWHERE, 'e"vil<x>', "[::1", "evil.example:99999", "a\tb", "", "x" * 2_000, "中.example")


@pytest.mark.parametrize("host", HOSTS)
def test_the_host_header_leads_nobody_away(app: Flask, clerks: dict[str, Clerk], host: str) -> None:
    client = enter(app, clerks["admin"]).client
    for path in ("/disclosures", "/fees", "/console", "/", "/suggest", "/feed.atom", "/console/"):
        answer = client.get(path, headers={"Host": host.encode().decode("latin1")})
        assert answer.status_code < 500, path
        assert ELSEWHERE not in answer.text + str(answer.headers), path


@pytest.mark.parametrize("path", ["/disclosures", "/fees?q=1&page=2", "/console/tickets"])
def test_a_missing_slash_leads_to_the_same_page_here(app: Flask, path: str) -> None:
    bare, _, query = path.partition("?")
    answer = app.test_client().get(path)
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"{bare}/" + (f"?{query}" if query else "")


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example", "https:evil.example", "http://[", "//[", "javascript:alert(1)", "",
        " /x",
        "//evil.example/console/", "\x00/console/", "http://\u2100", "/\r\nSet-Cookie: a=b",
    ],
)  # fmt: skip
def test_no_address_typed_leads_to_another_site(app: Flask, wanted: str) -> None:
    assert not is_local(wanted)
    answer = app.test_client().get("/large/on", query_string={"back": wanted})
    assert answer.status_code in (303, 400)
    assert answer.headers.get("Location", "/") == "/"


@pytest.mark.parametrize(
    "wanted", ["/console/中文", "/console/tickets/?q=退税", "/console/" + "x" * 600]
)
@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_whatever_was_wanted_signing_in_works(
    office: Office, browser: Browser, wanted: str, htmx: dict[str, str]
) -> None:
    make_clerk(office, "handler")
    page = browser.client.get("/console/sign-in", query_string={"next": wanted}).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    hidden = page.split('name="next" value="')[1].split('"')[0]
    fields = {"csrf_token": token, "name": "handler", "password": PASSWORD, "next": hidden}
    answer = browser.client.post("/console/sign-in", data=fields, headers=htmx)
    assert answer.status_code == (204 if htmx else 303)
    answer.headers.get("HX-Redirect", "").encode("latin1")


FORWARDED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": ELSEWHERE,
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": f"for=203.0.113.9;host={ELSEWHERE};proto=https",
    "X-Original-URL": "/console/",
    "X-Rewrite-URL": "/console/",
    "X-HTTP-Method-Override": "DELETE",
}


def test_what_a_stranger_says_of_the_way_is_not_believed(app: Flask) -> None:
    client = app.test_client()
    for path in (
        "/disclosures",
        "/",
        "/suggest",
        "/feed.atom",
        "/api/v1/openapi.json",
        "/sandbox/",
    ):
        answer = client.get(path, headers=FORWARDED)
        assert answer.status_code in (200, 302, 308), path
        assert ELSEWHERE not in answer.text + str(answer.headers), path
        assert "/evil" not in answer.text + str(answer.headers), path
        assert "Strict-Transport-Security" not in answer.headers


def test_meters_are_for_this_machine_or_a_token(office: Office, library: Library) -> None:
    strange = {"REMOTE_ADDR": "203.0.113.9"}
    open_app = create_pages(office, library)
    assert open_app.test_client().get("/metrics", environ_overrides=strange).status_code == 403
    forged = {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"}
    answer = open_app.test_client().get("/metrics", environ_overrides=strange, headers=forged)
    assert answer.status_code == 403
    settings = replace(office.settings, metrics_token="t" * 32)
    closed = create_pages(replace(office, settings=settings), library).test_client()
    for given in ("", "Bearer", "Bearer x", f"Basic {'t' * 32}", "Bearer é", f"Bearer {'t' * 31}"):
        assert closed.get("/metrics", headers={"Authorization": given}).status_code == 403, given
    right = {"Authorization": f"Bearer {'t' * 32}"}
    assert closed.get("/metrics", headers=right).status_code == 200


def test_readiness_names_parts_and_nothing_of_the_inside(app: Flask, office: Office) -> None:
    answer = app.test_client().get("/readyz", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert answer.status_code == 200
    assert set(answer.json or {}) == {"ready", "parts", "missing"}
    assert str(office.settings.data_dir) not in answer.text


def test_what_may_be_kept_by_others_never_carries_a_session(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    shown = make_disclosure(stocked)
    client = enter(app, clerks["admin"]).client
    with client.session_transaction() as session:
        session.permanent = True
    for path in (
        *("/feed.atom", "/api/v1/disclosures", "/api/v1/openapi.json", "/static/house.css"),
        *("/", "/disclosures/", f"/disclosures/{shown.id}"),
    ):
        with client.get(path) as answer:
            kept = "no-store" not in answer.headers.get("Cache-Control", "")
            assert not (kept and "Set-Cookie" in answer.headers), path


def test_pages_with_somebodys_own_things_are_stored_nowhere(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    done = make_ticket(stocked)
    browser = Browser(app.test_client())
    browser.post("/tickets", number=done.ticket.number, code=done.secret_code)
    own = (f"/tickets/{done.ticket.number}", "/suggest/receipt", "/suggest", "/tickets", "/me/")
    for path in own:
        assert browser.get(path).headers["Cache-Control"] == "no-store", path
    staff = enter(app, clerks["admin"]).client
    for rule in rules(app, "GET"):
        if rule.endpoint.startswith("console."):
            answer = staff.get(path_with(rule, done.ticket.number))
            assert answer.headers["Cache-Control"] == "no-store", rule.rule


def test_a_session_given_before_signing_in_is_not_the_one_after(app: Flask, office: Office) -> None:
    make_clerk(office, "handler")
    client = app.test_client()
    client.get("/suggest")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        session["clerk"] = 999
    before = client.get_cookie("yg_session")
    Browser(client).sign_in("handler")
    after = client.get_cookie("yg_session")
    assert before
    assert after
    assert before.value != after.value
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["clerk"] != 999


def test_signing_out_takes_everything_along(app: Flask, clerks: dict[str, Clerk]) -> None:
    browser = enter(app, clerks["admin"])
    browser.post("/console/leave")
    assert browser.get("/console/").status_code == 303
    with browser.client.session_transaction() as session:
        assert "clerk" not in session


def test_a_copied_cookie_ends_with_signing_out(app: Flask, clerks: dict[str, Clerk]) -> None:
    browser, thief = enter(app, clerks["admin"]), app.test_client()
    copied = browser.client.get_cookie("yg_session")
    assert copied
    thief.set_cookie("yg_session", copied.value)
    assert thief.get("/console/").status_code == 200
    browser.post("/console/leave")
    assert thief.get("/console/").status_code == 303


def test_a_token_of_another_session_opens_no_form(app: Flask, clerks: dict[str, Clerk]) -> None:
    stranger = Browser(app.test_client())
    page = stranger.get("/console/sign-in").text
    foreign = page.split('name="csrf_token" value="')[1].split('"')[0]
    client = enter(app, clerks["admin"]).client
    for token in (foreign, "", "x", foreign[:-1], "é"):
        answer = client.post("/console/leave", data={"csrf_token": token})
        assert answer.status_code == 400, token
    assert client.get("/console/").status_code == 200


def test_a_get_changes_nothing(app: Flask, stocked: Office, clerks: dict[str, Clerk]) -> None:
    number = make_ticket(stocked).ticket.number
    client = enter(app, clerks["admin"]).client
    for rule in rules(app, "POST"):
        if "GET" in (rule.methods or set()):
            continue
        answer = client.get(path_with(rule, number))
        assert answer.status_code in (200, 303, 403, 404, 405), rule.rule
    with capture_logs() as logs:
        assert client.get("/console/").status_code == 200
    assert not logs


def test_cookies_are_marked(app: Flask, office: Office) -> None:
    make_clerk(office, "handler")
    browser = Browser(app.test_client())
    answers = [browser.get("/suggest"), browser.get("/large/on"), browser.sign_in("handler")]
    for answer in answers:
        for line in answer.headers.getlist("Set-Cookie"):
            for cookie in SimpleCookie(line).values():
                assert cookie["httponly"], line
                assert cookie["samesite"] == "Lax", line
                assert not cookie["domain"], line
