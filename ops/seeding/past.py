"""Three months lived through in seconds: a clock that is put where things happen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from bot.outbound.bulk import OneByOne
from bot.outbound.fake import FakeWechat
from bot.outbound.limiter import Limiter
from bot.outbound.rules import Route, Rules
from bot.outbound.sender import Engine
from bureau.office import Office
from core.clock import SHANGHAI
from core.settings import ROOT

SAMPLES = ROOT / "seeds" / "samples"
PEOPLE = 60
PREFIX = "sample-"  # of every openid made here; a real one never begins so
A_SECOND = 100_000  # messages: nobody waits for a WeChat of our own


class PastClock:
    """The moment being lived through."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


@dataclass(frozen=True, slots=True)
class Past:
    """The house as the samples are made in it: its WeChat is a fake that keeps what goes out."""

    office: Office
    clock: PastClock
    engine: Engine
    start: datetime  # the present, where the samples end

    def at(self, days_ago: float, hour: float = 10.0) -> datetime:
        """A moment so many days ago, at an hour of Shanghai; never later than a minute ago."""
        day = (self.start - timedelta(days=days_ago)).astimezone(SHANGHAI).date()
        moment = datetime.combine(day, time(0), SHANGHAI) + timedelta(hours=hour)
        return min(moment, self.start - timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens at a moment."""

    moment: datetime
    happen: Callable[[datetime], None]


def begin(office: Office, start: datetime) -> Past:
    """A past for this office; disclosures there go by chat and by notices, never by mass sends."""
    clock = PastClock(start)
    routes = (Route.KEFU, Route.NOTICE_LONG, Route.NOTICE_ONCE, Route.WAIT)
    own = Rules.of(office.settings)
    rules = Rules(routes, A_SECOND, None, None, own.notice_ids, own.template_ids, own.base_url)
    post = OneByOne(FakeWechat())
    engine = Engine(office.database, clock, clock, post, Limiter(office.redis, A_SECOND), rules)
    return Past(office, clock, engine, start)


def live_through(past: Past, happenings: Iterable[Happening]) -> None:
    """Let everything happen in the order of its moments."""
    for one in sorted(happenings, key=lambda happening: happening.moment):
        past.clock.moment = one.moment
        one.happen(one.moment)


def openid_of(person: int) -> str:
    return f"{PREFIX}{person % PEOPLE:04}"


def filled(text: str, moment: datetime) -> str:
    """A text with its years put in: {Y}, {Y-1}, {Y+1}."""
    year = moment.year
    return (
        text.replace("{Y}", str(year))
        .replace("{Y-1}", str(year - 1))
        .replace("{Y+1}", str(year + 1))
    )


def sample_file(name: str) -> Path:
    return SAMPLES / name
