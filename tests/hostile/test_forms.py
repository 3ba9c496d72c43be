"""Every form with every hostile word in every field: taken, refused in Chinese, never broken."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as some
from werkzeug.routing import Rule

from bureau.feedback import replies, search
from bureau.office import Office
from bureau.staff import accounts
from bureau.staff.models import Clerk
from tests.hostile.conftest import path_with, rules
from tests.hostile.words import WORDS
from tests.web.conftest import enter, make_clerk, make_disclosure, make_ticket

# Good values of fields that offer a choice: a hostile neighbour gets past the door with them.
GOOD = {
    "kind": "suggestion",
    "topic": "budget",
    "office": "fees",
    "attribute": "proactive",
    "answer_type": "",
    "outcome": "adopted",
    "granted": "yes",
    "passed": "yes",
    "role": "handler",
    "days": "5",
    "produced_on": "2026-03-02",
    "step": "send",
}
TYPED = (
    *("title", "summary", "body_html", "attribute_reason", "source_url", "text", "reason"),
    *("what", "why", "decision", "note", "seen", "wording", "question", "answer", "into"),
    *("name", "display_name", "phone", "place", "number", "code", "password", "old", "new"),
    *("at", "grade", "whom", "word", "words", "first", "second"),
    *("again", "next", "anonymous", "may_publish", "interim", "public", "urgent", "website"),
)
LEAVES = "console.account.leave"
DEAR = ("console.sign_in.enter", "console.staff.add", "console.staff.reset")  # argon2 each time


@dataclass(frozen=True)
class Prey:
    """What the forms are about: a letter with a reply under review, and who is signed in."""

    client: FlaskClient
    ticket: str
    reply: str
    disclosure: str


def prey(app: Flask, office: Office, admin: Clerk) -> Prey:
    made = make_ticket(office, kind="request", name="王小明", phone="13800138000")
    with office.database.write() as db:
        found = search.one(db, made.ticket.number)
        reply = replies.draft(db, found, "答复", admin, office.clock.now(), answer_type="provided")
    shown = make_disclosure(office, f"与{found.number}有关")
    return Prey(enter(app, admin).client, found.number, str(reply.id), str(shown.id))


def post(app: Flask, rule: Rule, one: Prey, fields: Mapping[str, str]) -> None:
    number = one.reply if "reply" in rule.rule else "1"
    number = one.disclosure if "/disclosures/" in rule.rule else number
    answer = one.client.post(path_with(rule, one.ticket, number), data=fields)
    assert answer.status_code < 500, (rule.rule, {k: v[:40] for k, v in fields.items()})
    assert "Traceback" not in answer.text


@pytest.fixture
def admin(app: Flask, stocked: Office) -> Clerk:
    app.config["WTF_CSRF_ENABLED"] = False  # the stolen token is not what is tried here
    make_clerk(stocked, "auditor")  # the first clerk: others may be reset, switched off
    return make_clerk(stocked, "admin")


def forms(app: Flask) -> list[Rule]:
    return [rule for rule in rules(app, "POST") if rule.endpoint not in (LEAVES, *DEAR)]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_no_word_in_a_form_breaks_it(app: Flask, stocked: Office, admin: Clerk, part: int) -> None:
    for word in WORDS[part::4]:
        one = prey(app, stocked, admin)
        for rule in forms(app):
            post(app, rule, one, GOOD | dict.fromkeys(TYPED, word))
            post(app, rule, one, dict.fromkeys((*GOOD, *TYPED), word))


@pytest.mark.parametrize("word", ["\x00", "\u202e", "9" * 25, "//[", "9999-12-31", "0001-01-01"])
def test_the_dear_forms_take_no_harm(app: Flask, stocked: Office, admin: Clerk, word: str) -> None:
    one = prey(app, stocked, admin)
    for rule in (one for one in rules(app, "POST") if one.endpoint in DEAR):
        post(app, rule, one, GOOD | dict.fromkeys(TYPED, word))


@pytest.mark.slow
def test_no_mixture_of_fields_breaks_a_form(app: Flask, stocked: Office, admin: Clerk) -> None:
    one, addresses = prey(app, stocked, admin), forms(app)
    value = some.one_of(
        some.sampled_from([*GOOD.values(), *(word for word in WORDS if len(word) < 9_000)]),
        some.text(some.characters(codec="utf8"), max_size=60),
    )
    sent = some.dictionaries(some.sampled_from([*GOOD, *TYPED]), value, max_size=12)

    @trying(
        max_examples=400,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(some.sampled_from(addresses), sent)
    def check(rule: Rule, fields: dict[str, str]) -> None:
        post(app, rule, one, fields)

    check()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-W53-7", "20260302"])
def test_a_day_at_the_end_of_time_is_refused_or_kept(
    app: Flask, stocked: Office, admin: Clerk, day: str
) -> None:
    client = enter(app, admin).client
    fields = GOOD | {"kind": "notice", "title": "题", "body_html": "<p>文</p>"}
    with stocked.database.read() as db:
        room = accounts.office_by_slug(db, "fees").name
    answer = client.post(
        "/console/disclosures/new", data=fields | {"office": room, "produced_on": day}
    )
    assert answer.status_code in (303, 422)
    for path in ("/console/", "/console/disclosures/", "/console/disclosures/1"):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"text", "text/plain"),
        (b"{}", "application/json"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"a=%ED%A0%80&text=%FF", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"--x\r\n", "multipart/form-data"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (
            b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n",
            "multipart/form-data; boundary=x",
        ),
        (b"&" * 100_000, "application/x-www-form-urlencoded"),
        (b"<x/>", "text/xml"),
        (b"", ""),
    ],
)
def test_no_body_of_another_shape_breaks_a_form(
    app: Flask, admin: Clerk, body: bytes, kind: str
) -> None:
    client = enter(app, admin).client
    for rule in forms(app):
        answer = client.post(path_with(rule, "x"), data=body, content_type=kind)
        assert answer.status_code < 500, (rule.rule, kind)


def test_a_thousand_parts_are_refused(app: Flask, admin: Clerk) -> None:
    parts = {f"a{number}": "x" for number in range(1_000)}
    answer = app.test_client().post("/suggest", data=parts, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "超过了上限" in answer.text


def test_a_file_where_text_belongs_is_not_kept(app: Flask, admin: Clerk, stocked: Office) -> None:
    with open(__file__, "rb") as page:
        fields = {"kind": "suggestion", "text": (page, "../../x.html", "text/html")}
        answer = app.test_client().post("/suggest", data=fields)
    assert answer.status_code == 422
    assert not list(stocked.settings.data_dir.rglob("*.html"))
