"""What the worker does for tickets by the clock, on a whole office."""

import pytest
from sqlalchemy import select

from bureau.feedback import chain, seals, search
from bureau.feedback.history import ChainSeal
from bureau.office import Office
from bureau.staff.models import StaffAlert
from core.errors import Unready
from ops import doctor, feedback_sweeps
from tests.clocks import FixedClock
from tests.feedback.making import hand_in, make_house


def texts(office: Office) -> list[str]:
    with office.database.read() as db:
        return list(db.scalars(select(StaffAlert.text).order_by(StaffAlert.id)))


def test_cards_and_the_missing_year_are_told_once(office: Office, clock: FixedClock) -> None:
    with office.database.write() as db:
        make_house(db)
        ticket = hand_in(db, now=clock.now()).ticket
    clock.move(days=8)
    for _ in range(2):
        feedback_sweeps.look_at_clocks(office)
    assert sum("红牌" in text for text in texts(office)) == 1
    with office.database.read() as db:
        assert search.one(db, ticket.number).card == "red"
    assert not any("放假安排" in text for text in texts(office))
    clock.move(days=240)  # into November
    feedback_sweeps.look_at_clocks(office)
    assert sum("2027年放假安排还没有载入" in text for text in texts(office)) == 1


def test_days_are_sealed_when_they_are_over(office: Office, clock: FixedClock) -> None:
    with office.database.write() as db:
        make_house(db)
        hand_in(db, now=clock.now())
    feedback_sweeps.keep_house(office)
    clock.move(days=1)
    feedback_sweeps.keep_house(office)
    feedback_sweeps.keep_house(office)
    with office.database.read() as db:
        assert len(db.scalars(select(ChainSeal)).all()) == 1
        assert seals.broken_seals(db) == []


def test_a_record_that_was_changed_behind_our_back_is_told(
    office: Office, clock: FixedClock
) -> None:
    with office.database.write() as db:
        make_house(db)
        first = hand_in(db, "a", now=clock.now()).ticket.number
        second = hand_in(db, "b", now=clock.now()).ticket.number
    clock.move(days=1)
    feedback_sweeps.keep_house(office)
    assert doctor.records(office, clock.now()) == "近一个月与封存相符"
    with office.database.write() as db:
        event = chain.events(db, search.one(db, first))[0]
        event.content = {**(event.content or {}), "text": "改过的话"}
        hand_in(db, "c", now=clock.now())
    with pytest.raises(Unready, match=first) as told:
        doctor.records(office, clock.now())
    assert second not in str(told.value)
    clock.move(days=1)
    feedback_sweeps.keep_house(office)
    (alert,) = [text for text in texts(office) if "与封存不符" in text]
    assert first in alert


def test_without_an_address_nothing_is_sent(office: Office, clock: FixedClock) -> None:
    with office.database.write() as db:
        make_house(db)
        hand_in(db, now=clock.now())
    assert feedback_sweeps.tell_staff(office) == 0
    assert feedback_sweeps.fetch_pictures(office) == 0
