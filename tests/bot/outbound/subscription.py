"""A subscription account with thirty people, for the tests of its one message a day."""

from bot.outbound import calls, receipts, sendall, sweeps, tagging
from bot.outbound.calls import Request
from bot.outbound.models import MassBatch
from bot.outbound.rules import Rules
from bot.outbound.tagging import Tagger
from core.db import Database
from core.redis_store import RedisStore
from core.settings import Settings
from tests.bot.outbound.people import House, make_followers, make_house

RULES = Rules.of(Settings(push_rate=1_000, wechat_account_type="subscription"))
PEOPLE = [f"o{i:04d}" for i in range(30)]


def make_subscription_house(database: Database, redis: RedisStore) -> House:
    """Thirty who follow the budget and have just written, and one who follows something else."""
    made = make_house(database, redis, RULES)
    make_followers(made, PEOPLE)
    make_followers(made, ["other"], "fees")
    return made


def mirror(house: House) -> None:
    """What `flask followers sync` and the worker do for tags."""
    tagger = Tagger(house.database, house.wechat, house.clock, house.wall)
    tag_id = tagging.ensure(tagger, "budget", "预决算")
    assert tag_id
    tagging.compare(tagger, "budget", tag_id)
    tagging.work(tagger, "budget")


def run(house: House) -> None:
    house.run()
    for push_id in sweeps.due_masses(house.engine):
        sendall.work(house.engine, push_id)
    house.run()


def mass_calls(house: House) -> list[Request]:
    return [request for request in house.wechat.sent if request.call is calls.MASS_ALL]


def batch(house: House) -> MassBatch:
    with house.database.read() as db:
        return db.query(MassBatch).one()


def finished(house: House, status: str, **counts: int) -> None:
    msg_id = batch(house).msg_id or 0
    with house.database.write() as db:
        receipts.mass_finished(db, msg_id, status, counts, house.clock.now())
