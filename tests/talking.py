"""A person at the chat window, for tests: everything behind the envelope is real."""

import itertools
import time
from dataclasses import dataclass, field, replace

from bot.inbound.answering import Answering, Visit
from bot.inbound.dialog import vouch
from bot.inbound.messages import Inbound, identity
from bot.inbound.pipeline import Pipeline
from bot.inbound.replies import Reply, Text
from bot.outbound.fake import FakeWechat
from bureau.office import Office
from handlers import ROUTER, WORDS
from handlers.context import Context
from handlers.late import tell_late
from knowledge.library import Library
from tests.clocks import FixedClock

BUDGET_S = 20.0  # tests share two cores; the real budget has a test of its own
SERIAL = itertools.count(1)


@dataclass
class Person:
    """Says things to the account and reads what comes back."""

    pipeline: Pipeline[Context]
    clock: FixedClock
    openid: str = "o-person-1"
    replies: list[Reply | None] = field(default_factory=list)

    def say(self, text: str, **fields: object) -> str:
        """Send words; the words that come back, empty for `success`."""
        return self.send(self.message("text", text=text, **fields))

    def event(self, name: str, key: str = "", **fields: object) -> str:
        return self.send(self.message("event", event=name, event_key=key, **fields))

    def message(self, kind: str, **fields: object) -> Inbound:
        serial = next(SERIAL)
        now_s = int(self.clock.now().timestamp())
        key = identity(self.openid, serial)
        return replace(Inbound(kind, self.openid, "gh_test", now_s, key), **fields)  # type: ignore[arg-type]

    def send(self, message: Inbound) -> str:
        """Hand a message in, perhaps a second time."""
        said: list[Reply | None] = []

        def finish(reply: Reply | None) -> bytes:
            said.append(reply)
            return reply.content.encode() if isinstance(reply, Text) else b"success"

        until = time.monotonic() + BUDGET_S
        _, body = self.pipeline.run(message, self.clock.now(), finish, until)
        self.replies += said
        return "" if body == b"success" else body.decode()

    def other(self, openid: str) -> "Person":
        """Somebody else at the same account."""
        return Person(self.pipeline, self.clock, openid)


def open_chat(office: Office, library: Library, clock: FixedClock) -> Person:
    """A person in front of the whole of handlers, with a real database, Redis and index."""
    wechat = office.wechat
    assert isinstance(wechat, FakeWechat)

    def open_context(visit: Visit) -> Context:
        return Context(office, library, visit)

    vouch(office.redis)  # as a web process does that starts while nobody is writing
    pipeline = Pipeline(
        office.redis,
        Answering(ROUTER, open_context, WORDS),
        lambda openid, reply: tell_late(wechat, openid, reply),
    )
    return Person(pipeline, clock)
