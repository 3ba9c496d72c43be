"""Citizens' pages: no sign-in, the same answers as in chat, and a way in without WeChat."""

import re
import xml.etree.ElementTree as ET

import pytest

from bot.inbound.journal import STREAM
from bureau.catalogues import find
from bureau.disclosures.models import Attachment
from bureau.feedback import search, tickets
from bureau.office import Office
from knowledge.models import Kind
from tests.clocks import FixedClock
from tests.web.conftest import Browser, load_shelves, make_disclosure, make_ticket

CODE = re.compile(r'class="number code">([0-9A-Z]{10})<')
NUMBER = re.compile(r'class="number">([A-Z]{2}\d\d-\d{4}-[0-9A-Z])<')
LETTER = {"kind": "suggestion", "text": "建议增设退税专窗"}


def kept(office: Office, number: str) -> str:
    with office.database.read() as db:
        return search.one(db, number).text


def test_a_suggestion_gets_a_number_and_a_code_that_open_it(
    stocked: Office, browser: Browser
) -> None:
    browser.get("/suggest")
    assert browser.post("/suggest", **LETTER).status_code == 303
    page = browser.get("/suggest/receipt").text
    number, code = NUMBER.search(page), CODE.search(page)
    assert number
    assert code
    assert kept(stocked, number[1]) == LETTER["text"]
    stranger = Browser(browser.client.application.test_client())
    assert LETTER["text"] not in stranger.get(f"/tickets/{number[1]}").text
    opened = stranger.post("/tickets", number=number[1].lower(), code=code[1].lower())
    assert opened.headers["Location"] == f"/tickets/{number[1]}"
    assert LETTER["text"] in stranger.get(f"/tickets/{number[1]}").text


def test_the_sender_reads_how_the_due_day_was_counted(stocked: Office, browser: Browser) -> None:
    made = make_ticket(stocked)
    browser.post("/tickets", number=made.ticket.number, code=made.secret_code)
    page = browser.get(f"/tickets/{made.ticket.number}").text
    assert "收到当日不计" in page
    assert page.count("，工作日</td>") == 5
    assert "周末" in page


def test_a_form_sent_twice_is_one_letter(stocked: Office, browser: Browser) -> None:
    browser.get("/suggest")
    receipts = set()
    for _ in range(2):
        browser.post("/suggest", **LETTER)
        receipts.add(CODE.search(browser.get("/suggest/receipt").text)[1])  # type: ignore[index]
    assert len(receipts) == 1
    with stocked.database.read() as db:
        assert len(search.everything(db)) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "请填写内容。"),
        ({"text": " \n "}, "请填写内容。"),
        ({"text": "长" * 3001}, "内容最多3000个字，现在是3001个字。"),
        ({"kind": "bribe"}, "请从列出的选项中选择类型。"),
        ({"kind": ""}, "请选择类型。"),
        ({"kind": "request", "name": "", "phone": ""}, "依申请公开须写明姓名和联系方式"),
        ({"place": "某" * 121}, "地点最多120个字"),
        ({"website": "http://spam.example"}, "提交没有成功"),
    ],
)
def test_a_bad_letter_gets_a_sentence_and_keeps_what_was_typed(
    stocked: Office, browser: Browser, fields: dict[str, str], sentence: str
) -> None:
    browser.get("/suggest")
    sent = {**LETTER, "name": "王小明", **fields}
    answer = browser.post("/suggest", **sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    for typed in (sent["text"].strip(), sent["name"]):
        assert typed in answer.text


def test_signs_that_steer_a_screen_are_taken_out(stocked: Office, browser: Browser) -> None:
    browser.get("/suggest")
    browser.post("/suggest", kind="suggestion", text="好\u202e坏\x00\x1b[31m<b>红</b>]]>")
    with stocked.database.read() as db:
        assert search.everything(db)[0].text == "好坏[31m<b>红</b>]]>"


def test_a_wrong_code_and_no_such_number_get_the_same_answer(
    stocked: Office, browser: Browser
) -> None:
    number = make_ticket(stocked).ticket.number
    answers = [
        browser.post("/tickets", number=one, code="0000000000")
        for one in (number, "JY26-9999-X", "<script>")
    ]
    said = {re.search(r'role="alert">([^<]+)<', one.text)[1] for one in answers}  # type: ignore[index]
    assert said == {"编号与查询码不相符，请核对后再试。一小时内最多试5次。"}


def test_after_five_tries_even_the_right_code_waits_an_hour(
    stocked: Office, browser: Browser, clock: FixedClock
) -> None:
    done = make_ticket(stocked)
    number, code = done.ticket.number, done.secret_code
    for _ in range(5):
        browser.post("/tickets", number=number, code="0000000000")
    blocked = browser.post("/tickets", number=number, code=code)
    assert "查询次数过多" in blocked.text
    clock.move(hours=1)
    assert browser.post("/tickets", number=number, code=code).status_code == 303


def test_a_ticket_opened_by_code_closes_after_half_an_hour(
    stocked: Office, browser: Browser, clock: FixedClock
) -> None:
    done = make_ticket(stocked, "建议内容")
    browser.post("/tickets", number=done.ticket.number, code=done.secret_code)
    clock.move(minutes=31)
    assert "建议内容" not in browser.get(f"/tickets/{done.ticket.number}").text


def test_a_wish_is_shown_the_form_for_suggestions(browser: Browser) -> None:
    page = browser.client.get("/ask", query_string={"q": "希望你们增加一个办事日历功能"}).text
    assert "像是一条意见" in page
    assert "由建言献策负责" not in page


def test_a_question_is_answered_from_the_library_and_noted(
    stocked: Office, browser: Browser
) -> None:
    page = browser.get("/ask?q=代理记账要什么材料").text
    assert "代理记账资格审批" in page
    assert stocked.redis.client.xlen(STREAM) == 1


def test_nonsense_is_not_answered_with_something(browser: Browser) -> None:
    page = browser.get("/ask?q=" + "火星移民签证去哪里换外星币").text
    assert "没有现成的答案" in page or "您要问的是哪一项" in page or "负责" in page


@pytest.mark.parametrize("question", ["x" * 5000, "\x01\x02", "' OR 1=1 --", "％" * 300])
def test_any_question_gets_a_page(browser: Browser, question: str) -> None:
    answer = browser.client.get("/ask", query_string={"q": question})
    assert answer.status_code == 200


def test_a_sign_no_text_holds_gets_a_sentence(browser: Browser) -> None:
    answer = browser.client.get("/ask", query_string={"q": "\x00"})
    assert (answer.status_code, "请求有误" in answer.text) == (400, True)


def test_entries_have_pages_under_both_addresses(stocked: Office, browser: Browser) -> None:
    with stocked.database.write() as db:
        load_shelves(db)
    page = browser.get("/fees/fee-001").text
    assert "普通护照" in page
    assert "120元/本" in page
    assert "未载明" in page
    assert browser.get("/k/fee/fee-001").headers["Location"] == "/fees/fee-001"
    assert browser.get("/fees/fee-999").status_code == 404
    assert browser.get("/k/nothing/1").status_code == 404


def test_every_entry_has_a_page(stocked: Office, browser: Browser) -> None:
    with stocked.database.write() as db:
        load_shelves(db)
        rows = [
            (folder, row.key)
            for folder, kind in (("fees", Kind.FEE), ("funds", Kind.FUND), ("guides", Kind.GUIDE))
            for row in find.page(db, kind, size=500)[0]
        ]
    assert len(rows) > 150
    for folder, key in rows:
        page = browser.get(f"/{folder}/{key}")
        assert page.status_code == 200, key
        assert "FROM MEMORY" not in page.text, key


def test_rules_of_another_place_are_never_shown_as_ours(stocked: Office, browser: Browser) -> None:
    with stocked.database.write() as db:
        load_shelves(db)
        ours = ("", *stocked.settings.bureau_scopes)
        other = next(row for row in find.page(db, Kind.FEE, size=500)[0] if row.scope not in ours)
    assert "不是本市的" in browser.get(f"/fees/{other.key}").text


def test_the_feed_is_an_atom_feed_of_what_is_public(stocked: Office, browser: Browser) -> None:
    made = make_disclosure(stocked, "预算<公开> & 说明")
    answer = browser.get("/feed.atom")
    assert answer.content_type.startswith("application/atom+xml")
    feed = ET.fromstring(answer.text)
    atom = "{http://www.w3.org/2005/Atom}"
    assert [one.findtext(f"{atom}title") for one in feed.iter(f"{atom}entry")] == [made.title]


def test_a_disclosure_shows_when_it_was_published_and_by_whom(
    stocked: Office, browser: Browser
) -> None:
    made = make_disclosure(stocked)
    page = browser.get(f"/disclosures/{made.id}").text
    for part in (made.title, "2026年3月2日 10:00", made.index_number, "主动公开"):
        assert part in page


def test_a_draft_is_not_public(stocked: Office, browser: Browser) -> None:
    made = make_disclosure(stocked)
    with stocked.database.write() as db:
        db.merge(made).state = "draft"
    assert browser.get(f"/disclosures/{made.id}").status_code == 404
    assert made.title not in browser.get("/disclosures/").text


def test_an_attachment_is_served_and_never_run(stocked: Office, browser: Browser) -> None:
    made = make_disclosure(stocked)
    with stocked.database.write() as db:
        file = Attachment(
            disclosure_id=made.id,
            name="预算表.html",
            content_type="text/html",
            size=9,
            sha256="0" * 64,
            content=b"<script/>",
            at=stocked.clock.now(),
        )
        db.add(file)
        db.merge(made).files = [file.sha256]
    answer = browser.get(f"/disclosures/{made.id}/files/{file.id}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert browser.get(f"/disclosures/999/files/{file.id}").status_code == 404


def test_large_type_is_kept_and_leads_back_to_our_pages_only(browser: Browser) -> None:
    assert 'class="large"' not in browser.get("/").text
    assert browser.get("/large/on?back=/privacy").headers["Location"] == "/privacy"
    assert 'class="large"' in browser.get("/").text
    assert browser.get("/large/off?back=//evil.example").headers["Location"] == "/"
    assert 'class="large"' not in browser.get("/").text


def test_codes_are_nowhere_in_sql(stocked: Office) -> None:
    done = make_ticket(stocked)
    with stocked.database.read() as db:
        row = search.one(db, done.ticket.number)
        kept_texts = [str(getattr(row, column.key)) for column in row.__table__.columns]
    assert done.secret_code not in " ".join(kept_texts)
    assert len(done.secret_code) == tickets.CODE_LENGTH


def test_one_network_may_not_flood_us_and_loses_no_words(stocked: Office, browser: Browser) -> None:
    for number in range(30):
        browser.get("/suggest")
        browser.post("/suggest", kind="suggestion", text=f"建议{number}")
    browser.get("/suggest")
    answer = browser.post("/suggest", **LETTER)
    assert "稍后再提交" in answer.text
    assert LETTER["text"] in answer.text
