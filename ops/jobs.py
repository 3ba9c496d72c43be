"""The jobs of a worker, built from an office: a broker and its actors, no globals.

Jobs are small and idempotent; rows in SQL are the truth, and the sweepers ring again for what a
lost queue forgot. So nothing is retried here, and a failure costs a sweep.
"""

from collections.abc import Callable
from dataclasses import dataclass

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AgeLimit, ShutdownNotifications, TimeLimit

from bot.followers import tags
from bot.outbound import masses, sendall, sender, tagging
from bot.outbound.bulk import BulkPost, OneByOne
from bot.outbound.limiter import Limiter
from bot.outbound.rules import Rules
from bot.outbound.sender import Engine, Post
from bot.outbound.tagging import Tagger
from bot.outbound.wechat_api import WechatApi
from bureau.office import Office
from core.clock import SystemClock
from core.logs import get_log
from core.redis_store import AWAY, connect
from ops.journal_tail import written_down

NAMESPACE = "yg:jobs"
HEARTBEAT_MS = 15_000
# Of a million commands: on dramatiq's default of 1 000 a killed worker's job waits for minutes.
MAINTENANCE_CHANCE = 20_000
AGE_LIMIT_MS = 600_000
TIME_LIMIT_MS = 3_600_000
SOON, LATER = 0, 10  # a person's own matter before a disclosure


@dataclass(frozen=True, slots=True)
class Jobs:
    """What may be asked of the workers. Every method returns at once."""

    broker: dramatiq.Broker
    engine: Engine
    _plan: dramatiq.Actor[[int], None]
    _segment: dramatiq.Actor[[int], None]
    _mass: dramatiq.Actor[[int], None]
    _tags: dramatiq.Actor[[int], None]

    def plan(self, push_id: int) -> None:
        self._ask(self._plan, push_id)

    def segment(self, segment_id: int) -> None:
        self._ask(self._segment, segment_id)

    def mass(self, push_id: int) -> None:
        self._ask(self._mass, push_id)

    def tag(self) -> None:
        """Some topics have people WeChat must be told of."""
        self._ask(self._tags, 0)

    def ring(self, push_id: int) -> None:
        """A push was committed: plan it now. Losing the bell costs a sweep, not a notice."""
        self.plan(push_id)

    def close(self) -> None:
        """End the sender's loop and the broker's connections."""
        self.engine.post.close()
        self.broker.close()

    def _ask(self, actor: dramatiq.Actor[[int], None], number: int) -> None:
        try:
            actor.send(number)
        except AWAY as error:
            get_log("jobs").warning("jobs: the queue is away", error=str(error))


def make_jobs(office: Office, rules: Rules | None = None) -> Jobs:
    """Broker and actors on the office's Redis; the settings' rules unless others are given."""
    broker = open_broker(office.settings.redis_url or office.redis.url)
    engine = make_engine(office, rules or Rules.of(office.settings))

    def ring(made: list[int]) -> None:
        for segment_id in made:
            segment.send(segment_id)

    def plan(push_id: int) -> None:
        written_down(office.redis)
        sender.plan(engine, push_id, ring)

    def work(segment_id: int) -> None:
        sender.work(engine, segment_id)

    def mass(push_id: int) -> None:
        (sendall if engine.rules.subscription else masses).work(engine, push_id)

    def tag(_all_topics: int) -> None:
        with office.database.read() as db:
            due = tags.due_topics(db, engine.wall.now())
        for slug in due:
            tagging.work(make_tagger(office), slug)

    segment = _actor(broker, "segment", work, LATER)
    return Jobs(
        broker,
        engine,
        _actor(broker, "plan", plan, SOON),
        segment,
        _actor(broker, "mass", mass),
        _actor(broker, "tags", tag),
    )


def make_tagger(office: Office) -> Tagger:
    return Tagger(office.database, office.wechat, office.clock, SystemClock())


def make_engine(office: Office, rules: Rules) -> Engine:
    """The sending engine of an office; a fake WeChat is sent to one by one."""
    wechat = office.wechat
    post: Post = (
        BulkPost(wechat.base_url, wechat.tokens)
        if isinstance(wechat, WechatApi)
        else OneByOne(wechat)
    )
    limiter = Limiter(office.redis, rules.rate)
    return Engine(office.database, office.clock, SystemClock(), post, limiter, rules)


def open_broker(redis_url: str) -> RedisBroker:
    """A broker whose dead workers' jobs are taken up again within HEARTBEAT_MS or so."""
    return RedisBroker(  # type: ignore[no-untyped-call]
        client=connect(redis_url),
        namespace=NAMESPACE,
        heartbeat_timeout=HEARTBEAT_MS,
        maintenance_chance=MAINTENANCE_CHANCE,
        middleware=[
            AgeLimit(max_age=AGE_LIMIT_MS),
            TimeLimit(time_limit=TIME_LIMIT_MS),
            ShutdownNotifications(),
        ],
    )


def _actor(
    broker: dramatiq.Broker, name: str, work: Callable[[int], None], priority: int = LATER
) -> dramatiq.Actor[[int], None]:
    made: dramatiq.Actor[[int], None] = dramatiq.actor(
        actor_name=name, broker=broker, priority=priority
    )(work)
    return made
