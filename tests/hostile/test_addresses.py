"""Every address with every hostile word in its path and its query: understood or refused."""

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bureau.office import Office
from bureau.staff.models import Clerk
from tests.hostile.conftest import PIECE, path_with, rules
from tests.hostile.words import BROKEN, WORDS
from tests.web.conftest import enter, make_clerk

PARAMETERS = (
    *("q", "page", "size", "topic", "kind", "state", "tab", "office"),
    *("after", "days", "back", "next", "number", "nobody_knows"),
)
METHODS = ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "FOO", "OPTIONS", "HEAD")


def admin_of(app: Flask) -> FlaskClient:
    """A client in which an administrator of this application's database is signed in."""
    office: Office = app.extensions["yangguang"].office
    return enter(app, make_clerk(office, "admin")).client


def get(client: FlaskClient, path: str) -> int:
    answer = client.get(path)
    assert answer.status_code < 500, path[:300]
    assert "Traceback" not in answer.text
    assert "sqlalchemy" not in answer.text.lower()
    return answer.status_code


@pytest.mark.slow
def test_no_word_in_an_address_breaks_a_page(each_app: Flask) -> None:
    client = admin_of(each_app)
    pages = rules(each_app, "GET")
    for sent in (quote(word, safe="") for word in WORDS):
        everywhere = "&".join(f"{name}={sent}" for name in PARAMETERS)
        for rule in pages:
            get(client, f"{path_with(rule, 'x')}?{everywhere}")
        for rule in (one for one in pages if PIECE.search(one.rule)):
            get(client, path_with(rule, sent))


@pytest.mark.parametrize("word", BROKEN)
def test_bytes_that_are_no_text_break_no_page(app: Flask, word: str) -> None:
    client = admin_of(app)
    everywhere = "&".join(f"{name}={word}" for name in PARAMETERS)
    for rule in rules(app, "GET"):
        get(client, path_with(rule, word))
        get(client, f"{path_with(rule, 'x')}?{everywhere}")


@pytest.mark.parametrize(
    "number", ["0", "9" * 18, "9" * 25, "9" * 5_000, "-1", "٣", "1.5", "1e3", "0x1"]
)
def test_no_number_in_an_address_breaks_a_page(each_app: Flask, number: str) -> None:
    client = admin_of(each_app)
    for rule in (one for one in rules(each_app, "GET") if "<int:" in one.rule):
        assert get(client, path_with(rule, "x", number)) in (308, 404)


@pytest.mark.parametrize(
    "address",
    [
        "/large/on?back=//%5B",
        "/large/on?back=http://%E2%84%80",
        "/large/on?back=/%0D%0AX:1",
        "/disclosures/?q=" + "a" * 60_000,
        "/fees/x~" + "9" * 25,
        "/fees/x~" + "9" * 5_000,
        "/tickets/%00",
        "/fees/%00",
        "/api/v1/fees/%00",
        "/api/v1/disclosures?topic=%00",
        "/fees/?q=%00",
        "/disclosures/?q=%00",
    ],
)
def test_what_broke_a_page_once_does_not_any_more(each_app: Flask, address: str) -> None:
    get(each_app.test_client(), address)


@pytest.mark.parametrize("method", METHODS)
def test_no_method_breaks_a_page(
    app: Flask, clerks: dict[str, Clerk], method: str, stocked: Office
) -> None:
    client = enter(app, clerks["admin"]).client
    for rule in rules(app, "GET") + rules(app, "POST"):
        answer = client.open(path_with(rule, "x"), method=method)
        assert answer.status_code < 500, (method, rule.rule)
        if method not in ("OPTIONS", "HEAD"):
            assert answer.status_code in (400, 404, 405), (method, rule.rule)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../web/security.py",
        "/static/..%2f..%2fcore%2fsettings.py",
        "/static/%2e%2e/%2e%2e/core/settings.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/..%5c..%5ccore%5csettings.py",
        "/static/%00house.css",
        "/static/house.css%00.png",
        "/static/.",
        "/static/",
        "/static/" + "a/" * 2_000,
        "/static/" + "a" * 5_000,
        "/static/house.css/x",
    ],
)
def test_static_files_lead_nowhere_else(app: Flask, path: str) -> None:
    assert get(app.test_client(), path) in (308, 400, 404)
