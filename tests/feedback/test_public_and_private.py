"""What may be shown to all, what is computed of it, and what a person may have deleted."""

import pytest
from sqlalchemy import select

from bot.outbound.models import Push
from bureau.feedback import (
    chain,
    closing,
    corrections,
    drafts,
    handling,
    identity,
    likeness,
    publication,
    ratings,
    replies,
    rights,
    routing,
    statistics,
)
from bureau.feedback.models import Attachment, Draft, DraftPart, Ticket
from bureau.feedback.tickets import Letter, submit, submit_draft
from core.db import Database
from core.errors import Forbidden, IllegalMove, NotFound, Refusal
from tests.feedback.making import (
    BOX,
    CITIZEN,
    NOW,
    OTHER,
    WORDS,
    clerk,
    hand_in,
    later,
    make_house,
    make_ticket,
    office,
)


def answered(db, *, may_publish: bool = True, text: str = WORDS) -> Ticket:  # type: ignore[no-untyped-def]
    letter = Letter("suggestion", text, CITIZEN, may_publish=may_publish, name="王小明")
    ticket = submit(db, letter, NOW, message_key="p", box=BOX).ticket
    replies.answer(db, ticket, "已采纳，咨询电话 0539-8318000。", clerk(db, "general_office"), NOW)
    return ticket


def test_published_means_consent_masked_and_two_people(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        ticket = answered(db, text="我的手机13812345678，建议公开收费目录")
        one, two = clerk(db, "general_office"), clerk(db, "publisher")
        question, answer = publication.proposal(db, ticket)
        assert "13812345678" not in question
        with pytest.raises(Refusal, match="手机"):
            publication.prepare(db, ticket, ticket.text, answer, one, NOW)
        row = publication.prepare(db, ticket, question, answer, one, NOW)
        assert publication.public(db) == []
        with pytest.raises(Forbidden):
            publication.approve(db, row, one, NOW)
        publication.approve(db, row, two, NOW)
        assert [t.number for _, t in publication.public(db)] == [ticket.number]
        assert likeness.public_like(db, "建议公开收费的目录", NOW)[0].number == ticket.number
        with pytest.raises(Refusal):
            publication.withdraw(db, row, two, NOW, " ")
        publication.withdraw(db, row, two, NOW, "来信人要求")
        assert publication.public(db) == []
        assert ticket.published_at is None


def test_without_consent_nothing_is_published(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket = answered(db, may_publish=False)
        with pytest.raises(IllegalMove, match="没有同意"):
            publication.prepare(db, ticket, "问", "答", clerk(db, "general_office"), NOW)


def test_the_office_concerned_never_learns_who_complained(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        letter = Letter("complaint", "办公室态度不好", CITIZEN, name="王小明", phone="13812345678")
        ticket = submit(db, letter, NOW, message_key="c", box=BOX).ticket
        general = clerk(db, "general_office")
        assert identity.look(db, ticket, general, NOW, BOX).name == "王小明"
        handling.assign(db, ticket, office(db, "general"), general, NOW)
        for role in ("general_office", "handler", "head", "leader"):
            with pytest.raises(Forbidden):
                identity.look(db, ticket, clerk(db, role), NOW, BOX)
        assert "13812345678" not in ticket.phone_sealed


def test_words_point_to_an_office_and_a_clerk_teaches_new_ones(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        found = routing.propose(db, "代理记账许可怎么收费？")
        assert [p.office.slug for p in found] == ["accounting", "fees"]
        assert found[0].words == ("代理记账",)
        assert routing.propose(db, "今天天气很好") == []
        general = clerk(db, "general_office")
        routing.teach(db, office(db, "treasury"), "天气", general, NOW)
        assert routing.propose(db, "今天天气很好")[0].office.slug == "treasury"
        with pytest.raises(Refusal, match="已经指向"):
            routing.teach(db, office(db, "budget"), "天气", general, NOW)
        routing.forget(db, office(db, "treasury"), "天气", general, NOW)
        assert routing.propose(db, "今天天气很好") == []


def test_what_is_corrected_is_offered_and_counts_only_when_confirmed(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        general, texts = clerk(db, "general_office"), ("学校食堂票", "食堂票价公示", "问食堂票")
        for n, text in enumerate(texts):
            ticket = hand_in(db, f"k{n}", text=f"{text}，请答复").ticket
            handling.assign(db, ticket, office(db, "treasury"), general, NOW)
        other = hand_in(db, "other", text="请答复停车的事").ticket
        handling.assign(db, other, office(db, "budget"), general, NOW)
        (lesson,) = corrections.lessons(db, NOW)
        assert (lesson.word, lesson.slug, lesson.letters) == ("食堂票", "treasury", 3)
        assert routing.propose(db, "食堂票在哪买") == []
        routing.teach(db, office(db, "treasury"), lesson.word, general, NOW)
        assert routing.propose(db, "食堂票在哪买")[0].office.slug == "treasury"
        assert corrections.lessons(db, NOW) == []


def test_the_same_matter_in_other_words_is_found(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        one = hand_in(db, "a", text="建议把行政事业性收费目录做成一张表方便查询").ticket
        two = hand_in(db, "b", text="希望收费目录能做成一张表，查询起来方便", openid=OTHER).ticket
        hand_in(db, "c", text="会计继续教育什么时候开始报名", openid=OTHER)
        assert [a.number for a in likeness.tickets_like(db, one)] == [two.number]
    assert likeness.share("", "任何") == 0


def test_figures_are_counted_from_the_tickets(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        general = clerk(db, "general_office")
        for n, (days, grade) in enumerate([(1, 1), (3, 4), (20, 5)]):
            ticket = hand_in(db, f"m{n}").ticket
            handling.assign(db, ticket, office(db), general, NOW)
            replies.answer(db, ticket, "好", general, later(days))
            ratings.rate(db, ticket, CITIZEN, grade, later(days))
        hand_in(db, "open")
        gone = hand_in(db, "gone").ticket
        rights.withdraw(db, gone, CITIZEN, NOW)
        whole, offices = statistics.figures(db, NOW.date(), NOW.date())
    assert (whole.received, whole.answered, whole.on_time) == (4, 3, 2)
    assert (whole.median_days, whole.rated, whole.satisfied) == (3.0, 3, 1)
    assert [f.name for f in offices] == ["待分办", "综合科（非税收入管理）"]
    assert offices[0].on_time_share is None
    assert offices[1].satisfied_share == pytest.approx(1 / 3)


def test_a_letter_is_withdrawn_by_its_sender_only_before_the_answer(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket = hand_in(db).ticket
        with pytest.raises(NotFound):
            rights.withdraw(db, ticket, OTHER, NOW)
        rights.withdraw(db, ticket, CITIZEN, NOW)
        with pytest.raises(IllegalMove):
            rights.withdraw(db, answered(db), CITIZEN, NOW)


def test_a_person_gets_a_copy_and_then_leaves_nothing(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        ticket = answered(db)
        draft = drafts.begin(db, CITIZEN, "mailbox", "没写完的秘密", NOW, message_key="d")
        drafts.add_picture(db, draft, "M", NOW, message_key="e")
        copied = rights.copy_of(db, CITIZEN, BOX)
        assert copied["tickets"][0]["name"] == "王小明"
        assert copied["tickets"][0]["text"] == WORDS
        assert copied["drafts"][0]["text"] == "没写完的秘密"
        waiting = hand_in(db, "w").ticket
        with pytest.raises(IllegalMove):
            rights.erase(db, CITIZEN, NOW)
        rights.withdraw(db, waiting, CITIZEN, NOW)
        rights.erase(db, CITIZEN, NOW)
        assert rights.copy_of(db, CITIZEN, BOX) == {"tickets": [], "drafts": []}
        assert chain.broken_at(chain.events(db, ticket)) is None
    with each_database.read() as db:
        for table in (Draft, DraftPart, Attachment):
            assert db.scalars(select(table)).all() == []
        kept = db.scalars(select(Ticket).where(Ticket.id == ticket.id)).one()
        assert kept.number == ticket.number
        assert WORDS not in kept.text + str([e.content for e in chain.events(db, kept)])


def test_a_published_letter_and_its_notices_go_with_the_persons_words(
    each_database: Database,
) -> None:
    with each_database.write() as db:
        make_house(db)
        ticket = answered(db)
        row = publication.prepare(db, ticket, WORDS, "已增设。", clerk(db, "general_office"), NOW)
        publication.approve(db, row, clerk(db, "admin"), NOW)
        rights.erase(db, CITIZEN, NOW)
        assert publication.public(db) == []
        assert (row.question, row.answer, ticket.published_at) == (rights.ERASED,) * 2 + (None,)
        told = db.scalars(select(Push)).all()
        assert {push.notice.text for push in told} == {rights.ERASED}
        assert {push.state for push in told} == {"cancelled"}


def test_words_are_kept_no_longer_than_their_kind(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket = answered(db)
        closing.close(db, ticket, "adopted", clerk(db, "general_office"), NOW)
        rights.expire(db, later(1_824))
        assert ticket.text == WORDS
        rights.expire(db, later(1_826))
        assert ticket.text == rights.EXPIRED
        before = len(chain.events(db, ticket))
        rights.expire(db, later(1_827))
        assert len(chain.events(db, ticket)) == before


def test_how_long_letters_are_kept_is_a_setting_by_kind(database: Database) -> None:
    kept = rights.kept_days(("suggestion:10", "nonsense:1"))
    assert (kept["suggestion"], kept["request"]) == (10, 3_650)
    with database.write() as db:
        make_house(db)
        ticket = make_ticket(db)
        replies.answer(db, ticket, "好", clerk(db, "general_office"), NOW)
        closing.close(db, ticket, "answered", clerk(db, "general_office"), NOW)
        rights.expire(db, later(9), kept)
        assert ticket.text == WORDS
        rights.expire(db, later(11), kept)
        assert ticket.text == rights.EXPIRED


def test_no_draft_outlives_its_letter_by_more_than_a_month(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        draft = drafts.begin(db, CITIZEN, "suggestion", WORDS, NOW, message_key="d")
        drafts.fill(draft, "name", "王小明", NOW, BOX)
        ticket = submit_draft(db, draft, NOW, message_key="s", box=BOX).ticket
        rights.expire(db, later(29))
        assert db.scalars(select(DraftPart)).all()
        rights.expire(db, later(31))
        assert db.scalars(select(DraftPart)).all() == []
        assert (ticket.text, BOX.open(ticket.name_sealed)) == (WORDS, "王小明")
