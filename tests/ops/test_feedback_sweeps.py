"""What the worker does for tickets by the clock, on a whole office."""

from sqlalchemy import select

from bureau.feedback import seals, search
from bureau.feedback.history import ChainSeal
from bureau.office import Office
from bureau.staff.models import StaffAlert
from ops import feedback_sweeps
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


def test_without_an_address_nothing_is_sent(office: Office, clock: FixedClock) -> None:
    with office.database.write() as db:
        make_house(db)
        hand_in(db, now=clock.now())
    assert feedback_sweeps.tell_staff(office) == 0
    assert feedback_sweeps.fetch_pictures(office) == 0
