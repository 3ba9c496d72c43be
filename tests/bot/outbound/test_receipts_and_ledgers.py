"""What WeChat tells afterwards, and what the ledgers make of it."""

from datetime import timedelta

import pytest

from bot.outbound import ledger, receipts, sweeps
from bot.outbound.errors import OutcomeUnknown
from bot.outbound.models import Consent, NoticeTemplate, Window
from bot.outbound.notice import Person
from bot.outbound.rules import Route
from bot.outbound.templates import refresh_templates
from core.db import Database
from core.redis_store import RedisStore
from tests.bot.outbound.people import (
    House,
    consent,
    make_followers,
    make_house,
    ticket_notice,
    with_rules,
)


@pytest.fixture
def house(each_database: Database, redis: RedisStore) -> House:
    made = make_house(each_database, redis)
    make_followers(made, ["o1"])
    made.clock.move(hours=49)
    return made


def told(house: House, msg_id: int, status: str = "success") -> None:
    with house.database.write() as db:
        receipts.template_finished(db, "o1", msg_id, status, house.clock.now())


def test_a_receipt_closes_its_row_once(house: House) -> None:
    push_id = house.put(ticket_notice(), Person("o1"))
    house.run()
    msg_id = house.deliveries(push_id)["o1"].msg_id
    assert msg_id
    told(house, msg_id)
    told(house, msg_id, "failed:user block")
    status = house.status(push_id)
    assert (status["sent"], status["delivered"]) == (1, 1)


def test_a_refused_receipt_keeps_it_accepted_and_says_why(house: House) -> None:
    push_id = house.put(ticket_notice(), Person("o1"))
    house.run()
    told(house, house.deliveries(push_id)["o1"].msg_id or 0, "failed: user block")
    status = house.status(push_id)
    assert (status["sent"], status["delivered"]) == (1, 0)
    assert house.deliveries(push_id)["o1"].reason == "user_block"


def test_a_receipt_before_the_record_is_settled_later(house: House) -> None:
    told(house, 1)
    push_id = house.put(ticket_notice(), Person("o1"))
    house.run()
    assert house.status(push_id)["delivered"] == 0
    assert sweeps.early_receipts(house.engine) == 1
    assert house.status(push_id)["delivered"] == 1


def test_a_receipt_with_id_zero_settles_the_oldest_message(house: House) -> None:
    push_id = house.put(ticket_notice(), Person("o1"))
    house.run()
    told(house, 0)
    assert house.status(push_id)["delivered"] == 1


def test_a_receipt_makes_an_unknown_outcome_known(house: House) -> None:
    push_id = house.put(ticket_notice(), Person("o1"))
    house.wechat.rule = lambda _request: OutcomeUnknown(-1, "system error", "", "template")
    house.run()
    assert house.status(push_id)["unknown"] == 1
    told(house, 4711)
    assert (house.status(push_id)["sent"], house.status(push_id)["unknown"]) == (1, 0)


def test_a_strangers_receipt_changes_nothing(house: House) -> None:
    told(house, 99)
    house.clock.move(hours=2)
    assert sweeps.early_receipts(house.engine) == 0


def test_a_notice_that_was_sent_is_delivered(house: House) -> None:
    house = with_rules(house, routes=(Route.NOTICE_LONG,))
    consent(house, "o1", "long")
    push_id = house.put()
    house.run()
    item = {"TemplateId": "N-D", "MsgID": "17", "ErrorCode": "0", "ErrorStatus": "success"}
    with house.database.write() as db:
        receipts.notice_sent(db, "o1", [item], house.clock.now())
        receipts.notice_sent(db, "o1", [item], house.clock.now())
    assert house.status(push_id)["delivered"] == 1


def accept(house: House, key: str, status: str = "accept") -> None:
    item = {"TemplateId": "N-D", "SubscribeStatusString": status}
    with house.database.write() as db:
        receipts.consents_changed(db, "o1", [item], house.clock.now(), key)


def credits_of(house: House) -> int:
    with house.database.read() as db:
        row = db.get(Consent, ("o1", "N-D"))
        return row.credits if row else 0


def test_each_consent_is_one_credit_and_its_repeat_is_none(house: House) -> None:
    accept(house, "event-1")
    accept(house, "event-1")
    assert credits_of(house) == 1
    accept(house, "event-2")
    assert credits_of(house) == 2
    accept(house, "event-3", "reject")
    assert credits_of(house) == 0


def test_wechats_list_says_which_consents_last(house: House) -> None:
    listing = {"data": [{"priTmplId": "N-D", "title": "公开", "type": 3}]}
    house.wechat.rule = lambda _request: listing
    assert refresh_templates(house.database, house.wechat, house.clock) == 1
    with house.database.read() as db:
        assert db.get_one(NoticeTemplate, "N-D").kind == "long"
    accept(house, "event-1")
    with house.database.read() as db:
        assert db.get_one(Consent, ("o1", "N-D")).kind == "long"


def see(house: House, trigger: str, seconds: int = 0) -> None:
    at = house.clock.now() + timedelta(seconds=seconds)
    row = {"openid": "o9", "trigger": trigger, "at": int(at.timestamp())}
    with house.database.write() as db:
        ledger.note_seen(db, [row, row], at)


def window(house: House) -> tuple[int, timedelta]:
    with house.database.read() as db:
        row = db.get_one(Window, "o9")
        return row.kefu_left, row.kefu_until - house.clock.now()


@pytest.mark.parametrize(
    ("trigger", "left", "span"),
    [
        ("message", 5, timedelta(hours=48)),
        ("menu", 3, timedelta(minutes=1)),
        ("subscribe", 3, timedelta(minutes=1)),
        ("scan", 3, timedelta(minutes=1)),
        ("menu_message", 3, timedelta(minutes=1)),
    ],
)
def test_what_a_person_does_opens_the_window_wechat_grants(
    house: House, trigger: str, left: int, span: timedelta
) -> None:
    see(house, trigger)
    assert window(house) == (left, span)


def test_a_tap_does_not_shorten_the_window_of_a_message(house: House) -> None:
    see(house, "message")
    see(house, "menu", 5)
    assert window(house) == (5, timedelta(hours=48))


def test_an_old_note_that_comes_late_does_not_reopen_a_window(house: House) -> None:
    see(house, "message", 60)
    with house.database.write() as db:
        ledger.spend_kefu(db, ["o9"])
    see(house, "message")
    assert window(house)[0] == 4


def test_a_consent_given_before_the_list_was_read_is_long_term_in_the_end(house: House) -> None:
    item = {"TemplateId": "N-D", "SubscribeStatusString": "accept"}
    with house.database.write() as db:
        receipts.consents_changed(db, "o1", [item], house.clock.now(), "event-1")
        assert db.query(Consent).one().kind == "once"
    listed = {"data": [{"priTmplId": "N-D", "title": "信息公开通知", "type": 3}]}
    house.wechat.rule = lambda _request: listed
    refresh_templates(house.database, house.wechat, house.clock)
    with house.database.read() as db:
        assert db.query(Consent).one().kind == "long"
