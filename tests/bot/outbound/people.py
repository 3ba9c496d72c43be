"""Makers of followers, pushes and an engine, for the tests of sending."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.followers import registry, topics
from bot.outbound import ledger, outbox, progress, sender, sweeps
from bot.outbound.bulk import OneByOne
from bot.outbound.fake import FakeWechat
from bot.outbound.limiter import Limiter
from bot.outbound.models import Consent, Delivery, Push
from bot.outbound.notice import DISCLOSURE, TICKET, Notice, Person, Topic
from bot.outbound.rules import Route, Rules
from bot.outbound.sender import Engine
from core.db import Database
from core.redis_store import RedisStore
from core.settings import Settings
from tests.clocks import FixedClock

TEMPLATES = {
    "wechat_template_disclosure": "T-D",
    "wechat_template_ticket": "T-T",
    "wechat_notice_disclosure": "N-D",
    "wechat_notice_ticket": "N-T",
}
RULES = Rules.of(Settings(push_rate=1_000, **TEMPLATES))
NOTICE = Notice("2025年度市级决算公开", "预决算", "2026-03-02", "2025年度市级决算已公开。")


@dataclass
class House:
    """An engine over a database, with a fake WeChat and clocks that stand still."""

    engine: Engine
    wechat: FakeWechat
    clock: FixedClock
    wall: FixedClock

    @property
    def database(self) -> Database:
        return self.engine.database

    def put(self, notice: Notice = NOTICE, to: Topic | Person | None = None, key: str = "k") -> int:
        with self.database.write() as db:
            to = to or Topic("budget")
            return outbox.put(db, notice, to, self.clock.now(), origin_key=key).id

    def run(self) -> None:
        """What a worker does until nothing is due."""
        for _ in range(50):
            with self.database.read() as db:
                due = sweeps.due_pushes(db, self.clock.now())
            made: list[int] = []
            for push_id in due:
                sender.plan(self.engine, push_id, made.extend)
            made += sweeps.due_segments(self.engine)
            for segment_id in made:
                sender.work(self.engine, segment_id)
            if not made:
                return
        raise AssertionError("never quiet")

    def status(self, push_id: int) -> dict[str, object]:
        with self.database.read() as db:
            return dict(progress.of(db, push_id))

    def deliveries(self, push_id: int) -> dict[str, Delivery]:
        with self.database.read() as db:
            rows = db.query(Delivery).where(Delivery.push_id == push_id).all()
            return {row.openid: row for row in rows}

    def push(self, push_id: int) -> Push:
        with self.database.read() as db:
            return db.get_one(Push, push_id)


def make_house(database: Database, redis: RedisStore, rules: Rules = RULES) -> House:
    clock, wall, wechat = FixedClock(), FixedClock(), FakeWechat()
    limiter = Limiter(redis, rules.rate, sleep=lambda _s: None)
    engine = Engine(database, clock, wall, OneByOne(wechat), limiter, rules)
    with database.write() as db:
        topics.load_reference(db)
    return House(engine, wechat, clock, wall)


def with_rules(house: House, **changes: object) -> House:
    rules = replace(house.engine.rules, **changes)  # type: ignore[arg-type]
    limiter = replace_rate(house.engine.limiter, rules.rate)
    return replace(house, engine=replace(house.engine, rules=rules, limiter=limiter))


def replace_rate(limiter: Limiter, rate: int) -> Limiter:
    return Limiter(limiter._redis, rate, sleep=lambda _s: None)


def make_followers(house: House, openids: Iterable[str], slug: str = "budget") -> None:
    """Followers of a topic who have just written: their window is open."""
    now = house.clock.now()
    with house.database.write() as db:
        for openid in openids:
            registry.subscribed(db, openid, now - timedelta(days=1))
            topics.follow(db, openid, slug, now - timedelta(hours=1))
    write_in(house, openids)


def write_in(house: House, openids: Iterable[str]) -> None:
    """These people write to us now; what waits for them is handed over."""
    now = house.clock.now()
    rows = [{"openid": o, "trigger": "message", "at": now.isoformat()} for o in openids]
    with house.database.write() as db:
        ledger.note_seen(db, rows, now)
        outbox.note_seen(db, rows, now)


def consent(house: House, openid: str, kind: str, credits: int = 0, purpose: str = "") -> None:
    template_id = house.engine.rules.notice_id(purpose or DISCLOSURE)
    with house.database.write() as db:
        row = Consent(openid=openid, template_id=template_id, kind=kind, credits=credits)
        row.changed_at = house.clock.now()
        db.add(row)


def ticket_notice(text: str = "您的建议已答复。") -> Notice:
    return replace(NOTICE, text=text, purpose=TICKET)


__all__ = ["NOTICE", "RULES", "Route", "consent", "make_followers", "make_house", "write_in"]
