"""Words of citizens wherever they are shown: as words. Bytes of ours: as what they say they are."""

import json
import re
from xml.etree import ElementTree

import pytest
from flask import Flask

from bureau.feedback import replies, search
from bureau.office import Office
from bureau.staff.models import Clerk
from tests.hostile.words import HANDLER, SCRIPT
from tests.web.conftest import Browser, enter, make_disclosure, make_ticket

ATTACKS = (
    SCRIPT,
    HANDLER,
    "</textarea><script>alert(1)</script>",
    "</title><svg onload=alert(1)>",
    '" onmouseover="alert(1)',
    "<a href=javascript:alert(1)>x</a>",
    "<math><mtext><style><img src=x onerror=alert(1)>",
)
LIVE = re.compile(r"<script>alert|<img src=x|<svg onload|<a href=javascript|<math>|=\"\" onmouse")
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_letter_is_shown_as_it_was_written(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], attack: str
) -> None:
    stranger = Browser(app.test_client())
    fields = {"text": f"建议{attack}", "place": attack, "name": attack[:60], "phone": attack[:30]}
    sent = stranger.post("/suggest", kind="suggestion", **fields)
    assert sent.status_code == 303
    stranger.get("/suggest/receipt")
    app.config["WTF_CSRF_ENABLED"] = False
    client = enter(app, clerks["admin"]).client
    with stocked.database.read() as db:
        found = search.everything(db)[0]
    base = f"/console/tickets/{found.number}"
    note = {"text": attack, "reason": attack, "interim": "1", "step": "send"}
    for deed in ("notes", "reply", "remind"):
        client.post(f"{base}/{deed}", data=note | {"why": attack})
    pages = [client.get(path) for path in (base, "/console/", "/console/tickets/?tab=all")]
    pages += [client.get(f"/console/tickets/?q={attack}"), client.post(f"{base}/look")]
    for page in pages:
        assert page.status_code == 200
        assert not LIVE.search(page.text), LIVE.findall(page.text)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_disclosure_runs_nothing(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], attack: str
) -> None:
    shown = make_disclosure(stocked, f"预算{attack}", summary=attack, body_html=attack + SCRIPT)
    client = enter(app, clerks["admin"]).client
    for path in (
        *(f"/disclosures/{shown.id}", f"/console/disclosures/{shown.id}", "/disclosures/", "/"),
        *(f"/console/pushes/{shown.push_id}", "/console/pushes/", "/console/disclosures/"),
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert not LIVE.search(answer.text), path


@pytest.mark.parametrize("attack", [*ATTACKS, "\x0b\x1f", "]]>", "<!DOCTYPE x>", "\ufffe"])
def test_the_feed_stays_well_formed(app: Flask, stocked: Office, attack: str) -> None:
    make_disclosure(stocked, f"预算{attack}公开", summary=f"摘要{attack}")
    answer = app.test_client().get("/feed.atom")
    assert answer.content_type.startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.data)
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 1


def test_open_data_is_json_and_never_a_page(app: Flask, stocked: Office) -> None:
    make_disclosure(stocked, f"预算{SCRIPT}")
    client = app.test_client()
    for path in ("disclosures", "disclosures/1", "disclosures/9", f"fees?q={SCRIPT}", "nowhere"):
        answer = client.get(f"/api/v1/{path}")
        assert answer.content_type.startswith("application/json"), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        json.loads(answer.data)


def test_open_data_lets_others_read_and_never_with_a_session(app: Flask, stocked: Office) -> None:
    answer = app.test_client().get("/api/v1/fees", headers={"Origin": "https://evil.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Access-Control-Allow-Origin" not in app.test_client().get("/").headers


@pytest.mark.parametrize("word", ["\u202e反转", "\u2066隐藏\u2069", "a\x07b"])
def test_no_letter_turns_the_words_around_it(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], word: str
) -> None:
    chat = make_ticket(stocked, f"从公众号来的{word}").ticket
    Browser(app.test_client()).post("/suggest", kind="suggestion", text=f"从网页来的{word}")
    client = enter(app, clerks["admin"]).client
    for path in (f"/console/tickets/{chat.number}", "/console/tickets/?tab=all", "/console/"):
        page = client.get(path).text
        assert not BIDI.search(page), path
        assert "\x07" not in page, path


@pytest.mark.parametrize("word", ["%", "_", "\\", "%%", "[a-z]", "*", "' OR '1'='1"])
def test_a_wildcard_finds_only_itself(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], word: str
) -> None:
    make_ticket(stocked, "没有记号的来信")
    marked = make_ticket(stocked, f"有记号{word}的来信").ticket.number
    client = enter(app, clerks["admin"]).client
    page = client.get("/console/tickets/", query_string={"tab": "all", "q": word}).text
    assert marked in page
    assert "没有记号的来信" not in page


def test_the_reply_is_shown_to_its_citizen_as_words(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    done = make_ticket(stocked)
    with stocked.database.write() as db:
        found = search.one(db, done.ticket.number)
        replies.answer(db, found, SCRIPT + HANDLER, clerks["admin"], stocked.clock.now())
    browser = Browser(app.test_client())
    browser.post("/tickets", number=done.ticket.number, code=done.secret_code)
    page = browser.get(f"/tickets/{done.ticket.number}").text
    assert "alert(1)" in page
    assert not LIVE.search(page)
