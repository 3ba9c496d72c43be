"""From 待补充 to an answer: a new FAQ, another wording, an everyday word; two people each time."""

from flask import Flask

from bureau.catalogues import find
from bureau.inquiries import records
from bureau.office import Office
from bureau.staff.models import Clerk
from knowledge.models import Kind, LexiconRow
from tests.web.conftest import Browser, enter

LEARN = "/console/inquiries/learn"
FAQ = {"question": "代账要什么证", "answer": "须有代理记账许可证书。", "source": "财政部令第98号"}


def released(first: Browser, second: Browser, path: str) -> list[int]:
    return [who.post(f"{path}/approve").status_code for who in (first, first, second)]


def test_a_miss_becomes_a_question_with_an_answer_and_another_wording(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    drafter, head, legal = (enter(app, clerks[role]) for role in ("drafter", "head", "legal"))
    at = int(stocked.clock.now().timestamp())
    miss = {"origin": "q1", "text": FAQ["question"], "outcome": "unknown", "at": at}
    with stocked.database.write() as db:
        records.keep(db, [miss])
    assert "learn?q=" in drafter.get("/console/inquiries/").text
    assert FAQ["question"] in drafter.get(f"{LEARN}?q={FAQ['question']}").text
    batch = drafter.post(f"{LEARN}/faq", **FAQ, asked=FAQ["question"]).headers["Location"]
    assert "等待审核，科室拟稿" in drafter.get("/console/inquiries/").text
    assert released(head, legal, batch) == [303, 303, 303]
    with stocked.database.read() as db:
        row = find.page(db, Kind.FAQ, FAQ["question"])[0][0]
    wording = {"key": row.key, "wording": "代理记账要办证吗"}
    batch = drafter.post(f"{LEARN}/similar", **wording).headers["Location"]
    assert released(head, legal, batch) == [303, 303, 303]
    with stocked.database.read() as db:
        found = find.one(db, Kind.FAQ, row.key)
    assert found.fields["similar"] == ["代理记账要办证吗"]
    assert found.fields["answer"] == FAQ["answer"]
    assert "已经有了" in drafter.post(f"{LEARN}/similar", **wording).text
    assert "已有同样的问题" in drafter.post(f"{LEARN}/faq", **{**FAQ, "office": ""}).text


def test_one_person_alone_teaches_nothing(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    admin = enter(app, clerks["admin"])
    batch = admin.post(f"{LEARN}/faq", **FAQ).headers["Location"]
    assert released(admin, admin, batch) == [303, 303, 422]


def test_an_everyday_word_counts_when_another_agrees(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    office, head = enter(app, clerks["general_office"]), enter(app, clerks["head"])
    words = {"everyday": "代账证", "official": "代理记账许可"}
    assert office.post(f"{LEARN}/word", **words).status_code == 303
    assert "已经有了" in office.post(f"{LEARN}/word", **words).text
    with stocked.database.read() as db:
        number = db.query(LexiconRow).filter_by(everyday="代账证").one().id
    path = f"/console/inquiries/words/{number}/agree"
    office.post(path)
    assert "须由另一人复核" in office.get("/console/inquiries/").text
    head.post(path)
    with stocked.database.read() as db:
        assert db.get_one(LexiconRow, number).active
    head.post(path)
    assert "已经处理过了" in head.get("/console/inquiries/").text


def test_an_empty_answer_keeps_what_was_typed(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    answer = enter(app, clerks["drafter"]).post(f"{LEARN}/faq", **{**FAQ, "answer": ""})
    assert (answer.status_code, FAQ["question"] in answer.text) == (422, True)
