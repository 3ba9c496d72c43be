"""Whole stories of a ticket, told with the verbs."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from bot.outbound.models import Push
from bureau.feedback import chain, closing, deadlines, handling, ratings, replies, search
from bureau.feedback.states import NEXT, State, check_move
from core.db import Database
from core.errors import Forbidden, IllegalMove, NotFound, Refusal
from tests.feedback.making import (
    CITIZEN,
    NOW,
    OTHER,
    clerk,
    hand_in,
    later,
    make_house,
    make_ticket,
    office,
)


@pytest.mark.parametrize("then", list(State))
@pytest.mark.parametrize("now", list(State))
def test_only_the_table_moves_a_ticket(now: State, then: State) -> None:
    if then in NEXT[now]:
        check_move(now, then)
    else:
        with pytest.raises(IllegalMove):
            check_move(now, then)


def test_every_state_has_a_way_in_and_a_way_out() -> None:
    reached = {then for row in NEXT.values() for then in row}
    assert reached | {State.RECEIVED} == set(State)
    assert {state for state, row in NEXT.items() if not row} == {State.WITHDRAWN}


def test_an_answer_and_its_notice_are_committed_together(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        ticket = make_ticket(db, assigned=True)
        reply = replies.answer(db, ticket, "已采纳，将于下月上线。", clerk(db, "handler"), later(1))
    with each_database.read() as db:
        found = search.one(db, ticket.number)
        push = db.scalars(select(Push)).one()
        assert found.state == State.ANSWERED
        assert (push.id, push.openid, push.purpose) == (reply.push_id, CITIZEN, "ticket")
        assert "已采纳，将于下月上线。" in json.dumps(push.notice_json, ensure_ascii=False)
        assert deadlines.running(db, found) == []
        assert chain.broken_at(chain.events(db, found)) is None


def test_the_longest_reply_fits_the_chat_and_points_to_the_rest(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket = make_ticket(db)
        replies.answer(db, ticket, "答" * 7_883, clerk(db, "general_office"), NOW)
        text = db.scalars(select(Push)).one().notice_json["text"]
    assert len(text.encode()) <= 2_048
    assert f"进度{ticket.number}" in text


def test_a_drafter_cannot_send_and_a_public_reply_needs_a_second_person(
    database: Database,
) -> None:
    with database.write() as db:
        make_house(db)
        ticket = make_ticket(db, assigned=True)
        drafter, head, handler = (clerk(db, r) for r in ("drafter", "head", "handler"))
        with pytest.raises(Forbidden):
            replies.answer(db, ticket, "好", drafter, NOW)
        reply = replies.draft(db, ticket, "好", handler, NOW, public=True)
        with pytest.raises(Forbidden):
            replies.release(db, reply, handler, NOW)
        replies.release(db, reply, head, NOW)
        with pytest.raises(IllegalMove):
            replies.release(db, reply, head, NOW)
        assert ticket.state == State.ANSWERED


def test_a_public_reply_tells_nobodys_number(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket, handler = make_ticket(db, assigned=True), clerk(db, "handler")
        with pytest.raises(Refusal, match="公开的答复中有"):
            replies.draft(
                db, ticket, "已退还身份证11010519491231002X的缴费", handler, NOW, public=True
            )
        assert ticket.state == State.ASSIGNED
        replies.draft(db, ticket, "请拨打0539-1234567咨询", handler, NOW, public=True)


def test_a_text_changed_after_review_is_not_sent(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        reply = replies.draft(db, make_ticket(db), "好", clerk(db, "general_office"), NOW)
        reply.text = "不好"
        db.flush()
        with pytest.raises(Refusal, match="不一致"):
            replies.release(db, reply, clerk(db, "head"), NOW)


def test_a_refused_reply_goes_back_to_work(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket = make_ticket(db, assigned=True)
        reply = replies.draft(db, ticket, "好", clerk(db, "drafter"), NOW)
        with pytest.raises(Refusal, match="理由"):
            replies.refuse(db, reply, clerk(db, "head"), NOW, " ")
        replies.refuse(db, reply, clerk(db, "head"), NOW, "没有说明依据")
        assert ticket.state == State.ASSIGNED
        replies.answer(db, ticket, "依据是……", clerk(db, "head"), NOW)
        assert ticket.state == State.ANSWERED


def test_an_interim_word_leaves_the_clock_running(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket = make_ticket(db)
        replies.answer(db, ticket, "正在核实", clerk(db, "general_office"), NOW, interim=True)
        assert ticket.state == State.RECEIVED
        assert [c.name for c in deadlines.running(db, ticket)] == ["reply"]
        assert "正在核实" in db.scalars(select(Push)).one().notice_json["text"]


def test_dissatisfied_is_redone_once_with_its_own_clock(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        ticket = make_ticket(db)
        office_clerk = clerk(db, "general_office")
        replies.answer(db, ticket, "知道了", office_clerk, later(1))
        rated = ratings.rate(db, ticket, CITIZEN, 4, later(2))
        assert (rated.redo, rated.ask_reason) == (True, True)
        assert (ticket.state, ticket.due_on) == (State.REDO, date(2026, 3, 11))
        ratings.give_reason(db, ticket, CITIZEN, "答非所问", later(2))
        replies.answer(db, ticket, "这次说清楚", office_clerk, later(3))
        again = ratings.rate(db, ticket, CITIZEN, 5, later(4), "还是不行")
        assert not again.redo
        assert ticket.state == State.ANSWERED
        assert [r.reason for r in ratings.all_of(db, ticket)] == ["答非所问", "还是不行"]


def test_a_second_rating_is_refused_and_a_repeated_one_is_not(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket = make_ticket(db)
        with pytest.raises(IllegalMove):
            ratings.rate(db, ticket, CITIZEN, 1, NOW)
        replies.answer(db, ticket, "好", clerk(db, "general_office"), NOW)
        with pytest.raises(NotFound):
            ratings.rate(db, ticket, OTHER, 1, NOW)
        assert ratings.waiting(db, CITIZEN) is ticket
        ratings.rate(db, ticket, CITIZEN, 2, NOW)
        ratings.rate(db, ticket, CITIZEN, 2, NOW)
        assert ratings.waiting(db, CITIZEN) is None
        with pytest.raises(IllegalMove):
            ratings.rate(db, ticket, CITIZEN, 5, NOW)
        assert len(ratings.all_of(db, ticket)) == 1


def test_returned_twice_the_general_office_decides(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket = make_ticket(db, assigned=True)
        handler, general = clerk(db, "handler"), clerk(db, "general_office")
        handling.give_back(db, ticket, handler, later(1), "属于会计科")
        assert ticket.state == State.RETURNED
        handling.assign(db, ticket, office(db), general, later(1))
        handling.give_back(db, ticket, handler, later(2), "仍属于会计科")
        handling.assign(db, ticket, office(db), general, later(2))
        with pytest.raises(IllegalMove, match="裁定"):
            handling.give_back(db, ticket, handler, later(2), "再退")


def test_after_two_working_days_nothing_is_given_back(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket = make_ticket(db, assigned=True)
        with pytest.raises(IllegalMove, match="退回期限已过"):
            handling.give_back(db, ticket, clerk(db, "handler"), later(3), "不归我们")


def test_an_extension_is_granted_by_another_and_only_once(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        ticket = make_ticket(db, assigned=True)
        handler, leader = clerk(db, "handler"), clerk(db, "leader")
        with pytest.raises(Refusal):
            handling.ask_extension(db, ticket, 11, "复杂", handler, NOW)
        ask = handling.ask_extension(db, ticket, 10, "需要会商", handler, NOW)
        with pytest.raises(IllegalMove):
            handling.ask_extension(db, ticket, 1, "再要", handler, NOW)
        handling.decide(db, ask, True, leader, later(1))
        assert ticket.due_on == date(2026, 3, 23)  # 15 working days after 2 March
        assert "需要会商" in db.scalars(select(Push)).one().notice_json["text"]
        with pytest.raises(IllegalMove):
            handling.decide(db, ask, True, leader, later(1))


def test_one_reply_tells_all_who_wrote_the_same(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        general = clerk(db, "general_office")
        first = hand_in(db, "a").ticket
        second = hand_in(db, "b", openid=OTHER).ticket
        handling.merge(db, second, first, general, NOW)
        assert second.state == State.MERGED
        replies.answer(db, first, "一并答复", general, NOW)
        assert second.state == State.ANSWERED
        told = {p.openid for p in db.scalars(select(Push)) if "一并答复" in p.notice_json["text"]}
        assert told == {CITIZEN, OTHER}


def test_closing_needs_an_outcome_and_a_refusal_its_reason(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket = make_ticket(db)
        general = clerk(db, "general_office")
        replies.answer(db, ticket, "研究后认为……", general, NOW)
        with pytest.raises(Refusal, match="理由"):
            closing.close(db, ticket, "not_adopted", general, NOW)
        with pytest.raises(IllegalMove):
            closing.progress(db, ticket, "上线", general, NOW)
        closing.close(db, ticket, "adopted", general, NOW)
        closing.progress(db, ticket, "已经上线", general, NOW)
        texts = [p.notice_json["text"] for p in db.scalars(select(Push))]
        assert any("已经上线" in text for text in texts)


def test_a_draft_left_behind_by_a_new_office_is_not_sent(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket = make_ticket(db, assigned=True)
        general = clerk(db, "general_office")
        reply = replies.draft(db, ticket, "旧科室的答复", clerk(db, "handler"), NOW)
        handling.assign(db, ticket, office(db, "budget"), general, NOW)
        assert (reply.state, ticket.state) == ("refused", State.ASSIGNED)
        with pytest.raises(IllegalMove):
            replies.release(db, reply, general, NOW)


def test_a_closed_letter_rated_badly_is_opened_again_without_its_outcome(
    database: Database,
) -> None:
    with database.write() as db:
        make_house(db)
        ticket = make_ticket(db)
        general = clerk(db, "general_office")
        replies.answer(db, ticket, "不予采纳", general, NOW)
        closing.close(db, ticket, "not_adopted", general, NOW, "没有依据")
        assert ratings.rate(db, ticket, CITIZEN, 5, later(1)).redo
        assert (ticket.state, ticket.outcome) == (State.REDO, "")
        replies.answer(db, ticket, "已重新研究，予以采纳", general, later(2))
        closing.close(db, ticket, "adopted", general, later(2))
        assert ticket.state == State.CLOSED
