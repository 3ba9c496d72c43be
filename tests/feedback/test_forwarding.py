"""Staff hear of what is theirs to do, also on their own phones, and nothing of the citizen."""

import pytest
from sqlalchemy import select

from bot.outbound.models import Push
from bureau.feedback import cards, forwarding, handling, identity, ratings, replies
from bureau.feedback.tickets import Letter, submit
from bureau.staff.models import StaffAlert
from core.db import Database
from core.errors import Forbidden
from tests.feedback.making import (
    BOX,
    CITIZEN,
    NOW,
    WORDS,
    clerk,
    hand_in,
    later,
    make_house,
    make_ticket,
    office,
)


def test_the_bound_clerk_of_the_office_is_told_and_no_other(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        handler, general = clerk(db, "handler"), clerk(db, "general_office")
        handler.openid, handler.office_id = "oHANDLER", office(db).id
        liaison = clerk(db, "liaison")  # may not answer
        liaison.openid, liaison.office_id = "oLIAISON", office(db).id
        ticket = hand_in(db).ticket
        handling.assign(db, ticket, office(db, "budget"), general, NOW)
        handling.assign(db, ticket, office(db), general, NOW)
        handling.remind(db, ticket, general, later(1), "请尽快")
        told = db.scalars(select(Push).order_by(Push.id)).all()
        assert {push.openid for push in told} == {"oHANDLER"}
        assert [push.title for push in told] == [
            f"来信已分办 {ticket.number}",
            f"督办 {ticket.number}",
        ]
        texts = [push.notice_json["text"] for push in told]
        texts += db.scalars(select(StaffAlert.text)).all()
        assert all(ticket.number in text and WORDS[:6] not in text for text in texts)
        assert sum("督办" in text for text in texts) == 2


def test_what_comes_back_is_told_once(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket = make_ticket(db, assigned=True)
        general = clerk(db, "general_office")
        handling.give_back(db, ticket, clerk(db, "handler"), NOW, "属于会计科")
        handling.assign(db, ticket, office(db), general, NOW)
        replies.answer(db, ticket, "好", general, NOW)
        ratings.rate(db, ticket, CITIZEN, 5, later(1))
        alerts = db.scalars(select(StaffAlert.text)).all()
        assert sum("退回办公室" in text for text in alerts) == 1
        assert sum("重新办理" in text for text in alerts) == 1
        before = len(alerts)
        forwarding.tell_office(db, ticket, "来信人不满意，重新办理", "redo", later(1))
        assert len(db.scalars(select(StaffAlert.text)).all()) == before


def test_an_assisting_office_does_not_learn_who_wrote_either(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        letter = Letter("complaint", "举报", CITIZEN, name="王小明")
        ticket = submit(db, letter, NOW, message_key="w", box=BOX).ticket
        general = clerk(db, "general_office")
        handling.assign(db, ticket, office(db), general, NOW, assists=[office(db, "budget")])
        general.office_id = office(db, "budget").id
        with pytest.raises(Forbidden, match="涉及本科室"):
            identity.look(db, ticket, general, NOW, BOX)
        assert identity.look(db, ticket, clerk(db, "admin"), NOW, BOX).name == "王小明"


def test_dispatchers_hear_of_new_and_returned_letters_on_their_own_phones(
    each_database: Database,
) -> None:
    with each_database.write() as db:
        make_house(db)
        general, handler = clerk(db, "general_office"), clerk(db, "handler")
        general.openid, handler.openid, handler.office_id = "oGENERAL", "oHANDLER", office(db).id
        ticket = hand_in(db).ticket
        hand_in(db)  # the same message again
        told = db.scalars(select(Push)).all()
        assert [(p.openid, p.title) for p in told] == [("oGENERAL", f"新建言献策 {ticket.number}")]
        assert WORDS[:6] not in str(told[0].notice_json)
        handling.assign(db, ticket, office(db), general, NOW)
        handling.give_back(db, ticket, handler, NOW, "属于会计科")
        titles = [p.title for p in db.scalars(select(Push).where(Push.openid == "oGENERAL"))]
        assert titles[1:] == [f"已退回办公室 {ticket.number}"]


def test_who_handles_a_letter_gets_its_cards_on_the_own_phone(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        handler = clerk(db, "handler")
        handler.openid, handler.office_id = "oHANDLER", office(db).id
        ticket = make_ticket(db, assigned=True)
        cards.hand_out(db, later(4))
        cards.hand_out(db, later(5))
        cards.hand_out(db, later(8))
        titles = [p.title for p in db.scalars(select(Push).order_by(Push.id))]
        assert titles[1:] == [f"黄牌（临期） {ticket.number}", f"红牌（逾期） {ticket.number}"]
