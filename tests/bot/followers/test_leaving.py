"""Who leaves is an alias everywhere; who returns within two quarters is the same person."""

from datetime import timedelta

import pytest
from sqlalchemy import String, Text, cast, select

from bot.followers import leaving, registry, topics
from bot.followers.models import FollowEnding, Follower, LeavingKey
from bot.outbound import ledger, outbox, own_matters, receipts, sweeps
from bot.outbound.models import Consent, Delivery, MassLedger, SeenReceipt
from bot.outbound.notice import TICKET, Notice, Person
from bureau.inquiries import records
from bureau.inquiries.models import Inquiry
from core.db import Base, Database
from core.privacy import Box
from core.redis_store import RedisStore
from migrations import models  # noqa: F401  every table
from tests.bot.outbound.people import make_followers, make_house
from tests.clocks import FixedClock

BOX = Box("d" * 40)
OPENID = "oLeaverA1b2C3d4E5f6G7h8I9j0K"


def traces(database: Database, openid: str) -> set[str]:
    """table.column where the openid still stands, whole or inside a longer text."""
    found = set()
    with database.read() as db:
        for table in Base.metadata.sorted_tables:
            for column in table.c:
                text = column if isinstance(column.type, String | Text) else cast(column, Text)
                there = select(1).select_from(table).where(text.contains(openid, autoescape=True))
                if db.execute(there.limit(1)).first():
                    found.add(f"{table.name}.{column.name}")
    return found


def depart(database: Database, clock: FixedClock, openid: str = OPENID) -> str:
    with database.write() as db:
        registry.unsubscribed(db, openid, clock.now())
        outbox.drop_person(db, openid)
        return leaving.leave(db, BOX, openid, clock.now())


def test_nothing_in_the_database_names_who_has_left(
    each_database: Database, redis: RedisStore, clock: FixedClock
) -> None:
    house = make_house(each_database, redis)
    make_followers(house, [OPENID, "oStays"])
    push_id = house.put()
    house.run()
    now = house.clock.now()
    asked = {"origin": "1-1", "openid": OPENID, "text": "护照多少钱", "outcome": "unknown"}
    with each_database.write() as db:
        records.keep(db, [{**asked, "at": int(now.timestamp())}])
        ledger.consent(db, OPENID, "N-D", True, now)
        ledger.count_mass(db, [OPENID, "oStays"], now)
        receipts.template_finished(db, OPENID, 77, "success", now)
        outbox.put(
            db,
            Notice("标题", "办", "2026-03-02", "文", purpose=TICKET),
            Person(OPENID),
            now,
            origin_key="t1",
        )
    assert traces(each_database, OPENID)
    alias = depart(each_database, house.clock)
    assert traces(each_database, OPENID) == set()
    with each_database.read() as db:
        assert not db.get_one(Follower, alias).following
        assert db.scalars(select(FollowEnding.openid)).all() == [alias]
        assert db.scalars(select(Inquiry.openid)).all() == [alias]
        assert db.get(Consent, (alias, "N-D"))
        assert db.get(MassLedger, (alias, ledger.month_of(now)))
        assert db.scalars(select(SeenReceipt.key)).all() == [f"t:{alias}:77"]
    assert set(house.deliveries(push_id)) == {alias, "oStays"}


@pytest.mark.parametrize(("days", "recognised"), [(1, True), (180, True), (300, False)])
def test_the_same_person_is_recognised_for_two_quarters(
    each_database: Database, clock: FixedClock, days: int, recognised: bool
) -> None:
    with each_database.write() as db:
        registry.subscribed(db, OPENID, clock.now())
        ledger.count_mass(db, [OPENID], clock.now())
        month = ledger.month_of(clock.now())
    alias = depart(each_database, clock)
    clock.move(days=days)
    with each_database.write() as db:
        leaving.destroy_old_keys(db, clock.now())
        assert leaving.come_back(db, BOX, OPENID) is recognised
        assert (db.get(MassLedger, (OPENID, month)) is not None) is recognised
        assert (db.get(Follower, alias) is None) is recognised


def test_a_key_lives_two_quarters_beyond_its_own(
    each_database: Database, clock: FixedClock
) -> None:
    depart(each_database, clock)
    quarter = timedelta(days=92)
    with each_database.write() as db:
        assert leaving.destroy_old_keys(db, clock.now() + quarter * 2 - timedelta(days=5)) == 0
        sealed = db.scalars(select(LeavingKey.key_sealed)).one()
        assert len(BOX.open(sealed)) == 64
        assert leaving.destroy_old_keys(db, clock.now() + quarter * 3) == 1
        assert not leaving.come_back(db, BOX, OPENID)


def test_who_returns_does_not_get_the_same_push_again(
    each_database: Database, redis: RedisStore
) -> None:
    house = make_house(each_database, redis)
    make_followers(house, [OPENID, "oStays"])
    push_id = house.put()
    house.run()
    depart(each_database, house.clock)
    with each_database.write() as db:
        assert leaving.come_back(db, BOX, OPENID)
        registry.subscribed(db, OPENID, house.clock.now())
        topics.follow(db, OPENID, "budget", house.clock.now() - timedelta(hours=1))
    house.clock.move(minutes=5)
    sweeps.missing_people(house.engine)
    house.run()
    told = [row.openid for row in house.deliveries(push_id).values()]
    assert sorted(told) == sorted([OPENID, "oStays"])


def test_a_reply_that_came_meanwhile_waits_for_who_returns(
    each_database: Database, redis: RedisStore
) -> None:
    house = make_house(each_database, redis)
    make_followers(house, [OPENID])
    alias = depart(each_database, house.clock)
    notice = Notice("答复", "办公室", "2026-03-02", "您的建议已答复。", purpose=TICKET)
    push_id = house.put(notice, Person(alias), key="t")
    house.run()
    assert house.deliveries(push_id)[alias].state == "suppressed"
    with each_database.write() as db:
        leaving.come_back(db, BOX, OPENID)
        registry.subscribed(db, OPENID, house.clock.now())
        assert own_matters.wait_again(db, OPENID) == 1
        assert outbox.waiting_for(db, OPENID) == 1


def test_rows_written_after_the_leaving_follow_it_and_a_return_unseen_is_noticed(
    each_database: Database, clock: FixedClock
) -> None:
    with each_database.write() as db:
        for openid in ("oFirstToLeave", "oSecondToLeave"):
            registry.subscribed(db, openid, clock.now() - timedelta(days=3))
    depart(each_database, clock, "oFirstToLeave")
    depart(each_database, clock, "oSecondToLeave")
    before, after = clock.now() - timedelta(seconds=2), clock.now() + timedelta(seconds=2)
    with each_database.write() as db:
        registry.note_seen(
            db, [{"openid": "oFirstToLeave", "trigger": "message", "at": before}], before
        )
        registry.note_seen(
            db, [{"openid": "oSecondToLeave", "trigger": "message", "at": after}], after
        )
    with each_database.read() as db:
        assert leaving.strays(db, BOX, after) == (["oSecondToLeave"], ["oFirstToLeave"])
    depart(each_database, clock, "oFirstToLeave")
    assert "followers.openid" not in traces(each_database, "oFirstToLeave")
    with each_database.read() as db:
        assert db.query(Delivery).count() == 0
