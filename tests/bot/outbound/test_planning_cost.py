"""Planning walks an audience once: what it reads grows with the people, not with their square."""

from sqlalchemy import text

from bot.followers import topics
from bot.outbound import fanout, outbox, pushes
from bot.outbound.notice import Topic
from core.db import Database
from tests.bot.outbound.people import NOTICE
from tests.clocks import FixedClock

PEOPLE = 20_000
NUMBERS = f"FROM generate_series(1, {PEOPLE}) AS i"
OPENID = "'o' || lpad(CAST(i AS text), 27, '0')"
FOLLOWERS = f"INSERT INTO followers (openid, following, scene) SELECT {OPENID}, true, '' {NUMBERS}"
FOLLOWS = (
    "INSERT INTO follows (topic, openid, since, source) "
    f"SELECT 'budget', {OPENID}, now(), 'moved' {NUMBERS}"
)
READ = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'followers'"


def rows_read(database: Database) -> int:
    """How many rows of followers this connection's server has read so far."""
    with database.write() as db:
        db.execute(text("SELECT pg_stat_force_next_flush()"))
    with database.write() as db:
        return int(db.scalar(text(READ)) or 0)


def test_a_segment_does_not_read_all_followers(postgres: Database, clock: FixedClock) -> None:
    with postgres.write() as db:
        topics.load_reference(db)
        db.execute(text(FOLLOWERS))
        db.execute(text(FOLLOWS))
    with postgres.write() as db:
        push_id = outbox.put(db, NOTICE, Topic("budget"), clock.now(), origin_key="k").id
    before = rows_read(postgres)
    planned = False
    while not planned:
        with postgres.write() as db:
            push = pushes.get(db, push_id)
            fanout.plan_step(db, push, clock.now())
            planned = push.planned_at is not None
    assert rows_read(postgres) - before <= 4 * PEOPLE
    with postgres.read() as db:
        assert db.scalar(text("SELECT count(*) FROM push_deliveries")) == PEOPLE
