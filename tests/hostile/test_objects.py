"""What a role may open in general is not yet every object: rooms, letters and their parts."""

from io import BytesIO

import pytest
from flask import Flask

from bureau.feedback import files, handling, replies, search
from bureau.feedback.models import Attachment
from bureau.office import Office
from bureau.staff import accounts
from bureau.staff.models import Clerk
from bureau.staff.roles import may
from core.errors import Refusal
from tests.web.conftest import enter, make_disclosure, make_ticket

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture
def admin(app: Flask, clerks: dict[str, Clerk]) -> Clerk:
    app.config["WTF_CSRF_ENABLED"] = False
    return clerks["admin"]


def assigned(office: Office, admin: Clerk, text: str) -> str:
    """A letter in the hands of the fees room."""
    number = make_ticket(office, text).ticket.number
    with office.database.write() as db:
        room = accounts.office_by_slug(db, "fees")
        handling.assign(db, search.one(db, number), room, admin, office.clock.now())
    return number


def under_review(office: Office, number: str, by: Clerk) -> int:
    with office.database.write() as db:
        found = search.one(db, number)
        return replies.draft(db, found, "答复内容", by, office.clock.now()).id


def test_the_notice_of_a_letter_is_read_nowhere_but_with_the_letter(
    app: Flask, stocked: Office, admin: Clerk, clerks: dict[str, Clerk]
) -> None:
    number = assigned(stocked, admin, "我家的私事")
    with stocked.database.write() as db:
        found = search.one(db, number)
        sent = replies.answer(db, found, "您反映的私事答复如下", admin, stocked.clock.now())
    for role, clerk in clerks.items():
        client = enter(app, clerk).client
        answer = client.get(f"/console/pushes/{sent.push_id}")
        assert answer.status_code == 404, role
        assert "私事" not in answer.text, role
        if may(role, "push.manage"):
            assert client.post(f"/console/pushes/{sent.push_id}/cancel").status_code == 404, role


def test_no_part_of_a_letter_is_reached_by_way_of_another(
    app: Flask, stocked: Office, admin: Clerk
) -> None:
    mine, other = make_ticket(stocked).ticket.number, make_ticket(stocked).ticket.number
    reply = under_review(stocked, other, admin)
    client = enter(app, admin).client
    for deed in ("release", "refuse"):
        path = f"/console/tickets/{mine}/replies/{reply}/{deed}"
        assert client.post(path, data={"reason": "不行"}).status_code == 404
    with stocked.database.read() as db:
        assert replies.one(db, reply).state == "in_review"


def test_a_clerk_does_nothing_to_a_letter_of_another_room(
    app: Flask, stocked: Office, admin: Clerk, clerks: dict[str, Clerk]
) -> None:
    number = assigned(stocked, admin, "别的科室的来信")
    reply = under_review(stocked, number, admin)
    fields = {
        "text": "x",
        "reason": "x",
        "days": "3",
        "what": "x",
        "into": number,
        "outcome": "adopted",
        "question": "x",
        "answer": "x",
        "granted": "yes",
    }
    deeds = (
        *("reply", "notes", "return", "extend", "supplement", "merge", "remind", "look"),
        *("close", "progress", "assign", "publication"),
        *(f"replies/{reply}/release", f"replies/{reply}/refuse", "extensions/1"),
    )
    for role, clerk in clerks.items():
        if may(role, "feedback.read_all"):
            continue
        client = enter(app, clerk).client
        assert client.get(f"/console/tickets/{number}").status_code == 404, role
        assert "别的科室" not in client.get(f"/console/tickets/?tab=all&q={number}").text
        for deed in deeds:
            answer = client.post(f"/console/tickets/{number}/{deed}", data=fields)
            assert answer.status_code in (403, 404), (role, deed)
            assert "别的科室" not in answer.text, (role, deed)
    with stocked.database.read() as db:
        assert search.one(db, number).state == "in_review"


def test_a_letter_is_not_merged_into_one_nobody_here_may_read(
    app: Flask, stocked: Office, admin: Clerk, clerks: dict[str, Clerk]
) -> None:
    client = enter(app, clerks["general_office"]).client
    number = make_ticket(stocked).ticket.number
    answer = client.post(f"/console/tickets/{number}/merge", data={"into": "JY26-9999-9"})
    assert answer.status_code == 422
    assert "没有找到编号" in answer.text


def test_a_picture_opens_only_with_its_own_letter(
    app: Flask, stocked: Office, admin: Clerk, clerks: dict[str, Clerk]
) -> None:
    mine, other = make_ticket(stocked).ticket, make_ticket(stocked).ticket
    path = files.keep(stocked.settings.data_dir / "uploads", BytesIO(PNG)).path
    with stocked.database.write() as db:
        row = Attachment(
            ticket_id=other.id, message_key="k", media_id="m", state="kept",
            content_type="image/png", path=path, size_bytes=len(PNG),
            created_at=stocked.clock.now(), next_try_at=stocked.clock.now(),
        )  # fmt: skip
        db.add(row)
        db.flush()
        number = row.id
    client = enter(app, admin).client
    with client.get(f"/console/tickets/{other.number}/pictures/{number}") as answer:
        assert answer.status_code == 200
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(f"/console/tickets/{mine.number}/pictures/{number}").status_code == 404
    stranger = enter(app, clerks["handler"]).client
    assert stranger.get(f"/console/tickets/{other.number}/pictures/{number}").status_code == 404


@pytest.mark.parametrize(
    "content", [b"<svg onload=alert(1)>", b"<html>", b"MZ\x90", b"PK\x03\x04", b"GIF", b"", b"\x00"]
)
def test_what_is_no_picture_is_never_kept(content: bytes) -> None:
    with pytest.raises(Refusal):
        files.kind_of(BytesIO(content), "x.png")


def test_a_draft_is_read_by_no_citizen(app: Flask, stocked: Office, admin: Clerk) -> None:
    fields = {
        "kind": "notice",
        "topic": "budget",
        "attribute": "proactive",
        "title": "未公开的事",
        "body_html": "<p>未公开</p>",
        "produced_on": "2026-03-02",
    }
    with stocked.database.read() as db:
        fields["office"] = accounts.office_by_slug(db, "fees").name
    made = enter(app, admin).client.post("/console/disclosures/new", data=fields)
    assert made.status_code == 303, made.text
    number = made.headers["Location"].rsplit("/", 1)[1]
    stranger = app.test_client()
    for path in (f"/disclosures/{number}", f"/api/v1/disclosures/{number}"):
        assert stranger.get(path).status_code == 404
    for path in (
        "/disclosures/",
        "/disclosures/?q=未公开",
        "/feed.atom",
        "/api/v1/disclosures",
        "/",
    ):
        assert "未公开的事" not in stranger.get(path).text, path


def test_a_public_disclosure_is_not_edited(app: Flask, stocked: Office, admin: Clerk) -> None:
    shown = make_disclosure(stocked)
    fields = {"title": "改过的标题", "topic": "budget", "attribute": "proactive"}
    client = enter(app, admin).client
    client.post(f"/console/disclosures/{shown.id}/edit", data=fields)
    assert "改过的标题" not in app.test_client().get(f"/disclosures/{shown.id}").text


@pytest.mark.parametrize("role", ["general_office", "leader", "auditor", "handler"])
def test_nobody_else_makes_an_administrator(
    app: Flask, stocked: Office, admin: Clerk, clerks: dict[str, Clerk], role: str
) -> None:
    client = enter(app, clerks[role]).client
    fields = {"name": "mallory", "role": "admin"}
    assert client.post("/console/staff/", data=fields).status_code == 403
    for deed in ("reset", "off", "on"):
        assert client.post(f"/console/staff/{admin.id}/{deed}").status_code == 403
