"""Fifty megabytes to every form: a sentence, every word that was typed, and little memory."""

import tracemalloc
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bureau.feedback import replies, requests, search
from bureau.office import Office
from bureau.staff.models import Clerk
from tests.hostile.conftest import path_with, rules
from tests.hostile.test_forms import DEAR, GOOD, LEAVES, TYPED
from tests.web.conftest import Browser, enter, make_clerk, make_disclosure, make_ticket
from web.bodies import BODY_BYTES, TYPED_BYTES

SIZE = 50_000_000
LITTLE = 3_000_000
FEW_BYTES = 8 * 1024 * 1024  # of memory while any of them is read
WORDS = "市民写了半天的话"
END = b"\r\n--x--\r\n"


class Poured:
    """A body that is made while it is read: a form, and a file of so many bytes behind it."""

    def __init__(self, fields: Mapping[str, str], name: str, size: int, begins: bytes) -> None:
        said = [part(field) + value.encode() + b"\r\n" for field, value in fields.items()]
        self._head = b"".join(said) + part(f'{name}"; filename="a.pdf') + begins
        self._zeros = size
        self._end, self._at_end = END, False
        self.length = len(self._head) + size + len(END)

    def seek(self, _place: int, whence: int = 0) -> None:
        """The test client only looks how long it is."""
        self._at_end = whence == 2

    def tell(self) -> int:
        return self.length if self._at_end else 0

    def read(self, size: int = -1) -> bytes:
        size = size if size >= 0 else self.length
        if self._head:
            piece, self._head = self._head[:size], self._head[size:]
            return piece
        if self._zeros:
            piece = bytes(min(size, self._zeros))
            self._zeros -= len(piece)
            return piece
        piece, self._end = self._end[:size], self._end[size:]
        return piece


def part(name: str) -> bytes:
    return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()


def pour(
    client: FlaskClient, path: str, fields: Mapping[str, str], name: str = "files",
    size: int = SIZE, begins: bytes = b"%PDF-",
) -> TestResponse:  # fmt: skip
    body: Any = Poured(fields, name, size, begins)
    kind = "multipart/form-data; boundary=x"
    return client.post(path, input_stream=body, content_type=kind)


@pytest.fixture
def admin(app: Flask, stocked: Office) -> Clerk:
    app.config["WTF_CSRF_ENABLED"] = False
    make_clerk(stocked, "auditor")
    return make_clerk(stocked, "admin")


@pytest.fixture
def opened(app: Flask, stocked: Office, admin: Clerk) -> tuple[FlaskClient, str]:
    """A request that waits for its supplement, opened in this browser by its code."""
    made = make_ticket(stocked, kind="request", name="王", phone="0539-1234567")
    with stocked.database.write() as db:
        ticket = search.one(db, made.ticket.number)
        requests.ask_supplement(db, ticket, "证明", 5, admin, stocked.clock.now())
    browser = Browser(app.test_client())
    browser.post("/tickets", number=made.ticket.number, code=made.secret_code)
    return browser.client, made.ticket.number


def test_a_file_field_says_how_large_it_was_and_keeps_every_word(
    app: Flask, stocked: Office, opened: tuple[FlaskClient, str]
) -> None:
    client, number = opened
    typed = {"kind": "suggestion", "text": WORDS, "place": "兰山区银雀山路"}
    tracemalloc.start()
    for path in ("/suggest", f"/tickets/{number}/supplement"):
        answer = pour(client, path, typed)
        assert answer.status_code == 422
        assert "“a.pdf”有48MB，超过了10MB，没有收下" in answer.text
        assert WORDS in answer.text
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < FEW_BYTES, peak
    assert "兰山区银雀山路" in pour(client, "/suggest", typed).text
    assert not list(stocked.settings.data_dir.glob("uploads/*"))


def test_a_clerks_file_field_says_so_too(app: Flask, stocked: Office, admin: Clerk) -> None:
    shown = make_disclosure(stocked)
    client = enter(app, admin).client
    answer = pour(client, f"/console/disclosures/{shown.id}/files", {}, "file")
    assert answer.status_code == 422
    assert "文件不能超过10MB" in answer.text


@pytest.mark.slow
def test_a_form_without_a_file_field_says_so_and_keeps_every_word(
    app: Flask, stocked: Office, admin: Clerk
) -> None:
    made = make_ticket(stocked, kind="request", name="王", phone="0539-1234567")
    number, now = made.ticket.number, stocked.clock.now()
    shown = make_disclosure(stocked)
    with stocked.database.write() as db:
        ticket = search.one(db, number)
        reply = replies.draft(db, ticket, "答复", admin, now, answer_type="provided")
    client = enter(app, admin).client
    fields = GOOD | dict.fromkeys(TYPED, WORDS) | {"website": ""}
    tried = 0
    for rule in rules(app, "POST"):
        if rule.endpoint in (LEAVES, *DEAR) or rule.endpoint.startswith("h5.me."):
            continue
        item = str(reply.id) if "reply" in rule.rule else str(shown.id)
        answer = pour(client, path_with(rule, number, item), fields, "text_2", LITTLE)
        assert answer.status_code < 500, rule.rule
        if answer.status_code == 422:
            tried += 1
            assert "这里不能附文件" in answer.text, rule.rule
    assert tried > 20
    assert WORDS in pour(client, f"/console/tickets/{number}/notes", fields, "x").text


@pytest.mark.parametrize("path", ["/suggest", "/tickets", "/console/sign-in"])
def test_more_than_anybody_sends_is_not_read_at_all(app: Flask, admin: Clerk, path: str) -> None:
    body: Any = Poured({"text": WORDS}, "files", BODY_BYTES, b"")
    answer = app.test_client().post(
        path, input_stream=body, content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 413
    assert "超过了上限" in answer.text


def test_typed_words_without_end_are_refused_in_either_shape(app: Flask, admin: Clerk) -> None:
    client = app.test_client()
    many = pour(client, "/suggest", {f"t{n}": "x" * 1_000_000 for n in range(3)}, size=0)
    one = client.post("/suggest", data={"text": "x" * (TYPED_BYTES + 1)})
    assert (many.status_code, one.status_code) == (413, 413)
    assert "超过了上限" in one.text
