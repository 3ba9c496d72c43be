"""What the worker does for the answers by the clock, on a whole office."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.followers import registry, topics
from bot.outbound.models import Push
from bureau.catalogues import review
from bureau.disclosures import outside, publish, validity
from bureau.disclosures.models import Disclosure
from bureau.inquiries import answering, records
from bureau.office import Office
from core.db import Database
from knowledge.models import Entry
from ops import knowledge_sweeps
from tests.catalogues.making import PASSPORT, VISA, make_batch, make_clerks, make_live
from tests.clocks import FixedClock

RULE = {
    "id": "q-1",
    "name": "代理记账要什么证",
    "answer": "要许可证书。",
    "source": "临财发〔2024〕5号",
}


@pytest.fixture
def house(office: Office, each_database: Database) -> Office:
    """The office on either database, with a document and an answer that rests on it."""
    house = replace(office, database=each_database)
    now = house.clock.now()
    with each_database.write() as db:
        topics.load_reference(db)
        make_live(db, "faq", [RULE], now)
        outside.publish_reviewed(
            db,
            {
                "title": "代理记账办法", "kind": "normative_document", "topic": "policy",
                "produced_on": "2024-01-01", "summary": "办法全文。",
                "fields": {
                    "document_number": "临财发 [2024] 5号", "registered_number": "LYCR-1",
                    "effective_on": "2024-01-01", "valid_until": "2026-03-04",
                    "interpretation_plan": "随文",
                },
                "review": {"drafted_by": "赵", "reviewed_by": "钱", "approved_by": "孙"},
            },
            now,
        )  # fmt: skip
    return house


def stopped(house: Office) -> str | None:
    with house.database.read() as db:
        return db.scalar(select(Entry.stopped_by).where(Entry.key == "q-1"))


def test_an_answer_stops_the_day_after_its_document_ran_out(
    house: Office, clock: FixedClock
) -> None:
    knowledge_sweeps.end_documents(house)
    clock.move(days=2)  # its last day
    knowledge_sweeps.end_documents(house)
    assert stopped(house) == ""
    clock.move(days=1)
    assert knowledge_sweeps.end_documents(house) == 1
    assert stopped(house) == "临财发〔2024〕5号"
    assert knowledge_sweeps.end_documents(house) == 0


def test_a_document_repealed_in_the_console_stops_answers_by_a_fact(
    house: Office, clock: FixedClock
) -> None:
    with house.database.write() as db:
        (leader,) = make_clerks(db, clock.now(), "leader")
        document = publish.one(db, 1)
        validity.repeal(db, document, clock.now().date(), "由新办法代替", leader, clock.now())
    assert stopped(house) == ""
    assert knowledge_sweeps.end_documents(house) == 1
    assert stopped(house) == "临财发〔2024〕5号"


def test_who_asked_in_vain_is_told_when_two_have_released_the_answer(
    house: Office, clock: FixedClock
) -> None:
    row = {"origin": "q", "openid": "oA", "text": "公务卡丢了找谁", "outcome": "unknown"}
    faq = {"id": "q-2", "name": "公务卡丢了找谁", "answer": "先打银行电话挂失。"}
    with house.database.write() as db:
        registry.subscribed(db, "oA", clock.now())
        records.keep(db, [{**row, "at": int(clock.now().timestamp())}])
        batch = make_batch(db, "faq", [faq], clock.now())
        answering.promise(db, review.subject_of(batch), row["text"], "办公室", clock.now())
        number = batch.id
    knowledge_sweeps.after_release(house)
    with house.database.write() as db:
        assert db.scalar(select(Push).where(Push.openid == "oA")) is None
        review.release(db, review.one(db, number), ["甲", "乙"], review.INSIDE, clock.now())
    assert knowledge_sweeps.after_release(house) == 1
    assert knowledge_sweeps.after_release(house) == 0
    with house.database.read() as db:
        push = db.scalars(select(Push).where(Push.openid == "oA")).one()
    assert (push.openid, push.purpose) == ("oA", "ticket")
    assert "先打银行电话挂失" in push.notice.text


def test_a_new_version_drafts_its_change_card_once(house: Office, clock: FixedClock) -> None:
    with house.database.write() as db:
        make_live(db, "fee", [PASSPORT, VISA], clock.now())
    knowledge_sweeps.after_release(house)
    with house.database.write() as db:
        lower = {**PASSPORT, "rate_text": "100元/本", "valid_from": "2026-03-01"}
        make_live(db, "fee", [lower], clock.now(), replace=True)
    for _ in range(2):
        knowledge_sweeps.after_release(house)
    with house.database.read() as db:
        cards = db.scalars(select(Disclosure).where(Disclosure.kind == "catalogue_change")).all()
    (card,) = cards
    assert (card.state, card.title) == ("draft", "收费清单调整：取消 1 项、降低 1 项")
    assert card.fields["effective_on"] == "2026-03-01"
    assert card.fields["basis"] == PASSPORT["legal_basis"]
    for words in ("普通护照", "120元/本", "100元/本", "往来港澳通行证签注"):
        assert words in card.body_html


def test_yearly_reviews_become_tasks(house: Office) -> None:
    assert knowledge_sweeps.open_yearly(house) == 1
    assert knowledge_sweeps.open_yearly(house) == 0
