"""One letter, every address, everybody: who may not read it finds no word of it anywhere."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.followers import own_page
from bureau.feedback import escalation, handling, publication, replies, search, splitting
from bureau.feedback.models import Attachment
from bureau.office import Office
from bureau.staff import accounts
from bureau.staff.models import Clerk
from bureau.staff.roles import ROLES, may
from tests.hostile.conftest import path_with, rules
from tests.web.conftest import Browser, enter, make_ticket

WORDS = ("甲标记正文", "乙标记答复", "丙标记备注", "丁标记地点", "戊标记理由", "己标记分件")
IDENTITY = ("庚标记姓名", "13900001234")
LEFT_OUT = ("console.account.leave", "console.sign_in.enter")  # they change who is asking
BODY = {"number": "", "code": "AAAAAAAAAA", "text": "x", "reason": "x", "grade": "5", "q": "甲标记"}


@pytest.fixture
def letter(app: Flask, stocked: Office, clerks: dict[str, Clerk]) -> str:
    """Handled by the fees room, with everything a letter may have around it."""
    app.config["WTF_CSRF_ENABLED"] = False
    made = make_ticket(
        stocked, WORDS[0], place=WORDS[3], name=IDENTITY[0], phone=IDENTITY[1], may_publish=True
    )
    now, by = stocked.clock.now(), clerks["general_office"]
    with stocked.database.write() as db:
        ticket = search.one(db, made.ticket.number)
        splitting.split(db, ticket, [WORDS[5]], by, now)
        handling.assign(db, ticket, accounts.office_by_slug(db, "fees"), by, now)
        handling.note(db, ticket, WORDS[2], by, now)
        handling.ask_extension(db, ticket, 3, WORDS[4], by, now)
        escalation.escalate(db, ticket, by, now, WORDS[4])
        replies.answer(db, ticket, WORDS[1], by, now, interim=True)
        replies.answer(db, ticket, WORDS[1], by, now)
        publication.prepare(db, ticket, WORDS[0], WORDS[1], by, now)
        picture = Attachment(
            ticket_id=ticket.id,
            message_key="p",
            media_id="M",
            state="kept",
            path="a.png",
            content_type="image/png",
            next_try_at=now,
            created_at=now,
        )
        db.add(picture)
    (stocked.settings.data_dir / "uploads").mkdir()
    (stocked.settings.data_dir / "uploads" / "a.png").write_bytes(WORDS[0].encode())
    return made.ticket.number


def heard(app: Flask, client: FlaskClient, number: str) -> Iterator[tuple[str, str]]:
    """(address, all that came back) of every address with this number in it, opened and posted."""
    sent = BODY | {"number": number}
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            if rule.endpoint in LEFT_OUT:
                continue
            path = path_with(rule, number, "1")
            more = f"?q=甲标记&tab=all&number={number}" if method == "GET" else ""
            answer = client.open(path + more, method=method, data=sent if not more else None)
            said = answer.get_data(as_text=True) + str(answer.headers)
            answer.close()
            yield f"{method} {path}", said


def visitor(app: Flask, office: Office) -> FlaskClient:
    return app.test_client()


def other_citizen(app: Flask, office: Office) -> FlaskClient:
    """Somebody with a letter of their own, come in by the chat's link and by number and code."""
    browser = Browser(app.test_client())
    own = make_ticket(office, "自己的来信", openid="oBERTA")
    key, now = office.settings.secret_key, office.clock.now()
    browser.get(own_page.path_for("oBERTA", key, now))
    browser.post("/tickets", number=own.ticket.number, code=own.secret_code)
    assert "自己的来信" in browser.get(f"/tickets/{own.ticket.number}").text
    return browser.client


@pytest.mark.parametrize("who", [visitor, other_citizen])
def test_no_address_tells_a_stranger_anything(
    app: Flask, stocked: Office, letter: str, who: object
) -> None:
    client = who(app, stocked)  # type: ignore[operator]
    for address, said in heard(app, client, letter):
        assert not [word for word in (*WORDS, *IDENTITY) if word in said], address
    assert standing(stocked, letter) == "answered"


@pytest.mark.parametrize("role", ROLES)
def test_a_clerk_reads_what_the_role_and_the_room_allow(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], letter: str, role: str
) -> None:
    with stocked.database.write() as db:
        clerk = accounts.require(db, clerks[role].name)
        clerk.office_id = accounts.office_by_slug(db, "budget").id
    looks = f"POST /console/tickets/{letter}/look"
    read = set()
    for address, said in heard(app, enter(app, clerk).client, letter):
        read |= {word for word in WORDS if word in said}
        if not may(role, "feedback.read_all"):
            assert not [word for word in WORDS if word in said], address
        if not (address == looks and may(role, "feedback.identity")):
            assert not [word for word in IDENTITY if word in said], address
    assert read == (set(WORDS) if may(role, "feedback.read_all") else set())


def standing(office: Office, number: str) -> str:
    with office.database.read() as db:
        return search.one(db, number).state
