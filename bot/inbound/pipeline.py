"""From a typed message to the bytes of its answer: one Redis trip before, one after."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from redis import RedisError

from bot.inbound import dedupe, ratelimit
from bot.inbound.answering import Answering, Served, Visit
from bot.inbound.budget import Bench, Busy
from bot.inbound.dialog import MEMORY_S, SINCE, Dialog, dialog_key, may_be_lost
from bot.inbound.handling import Outcome, Work, guarded, pick
from bot.inbound.journal import Entry, Journal, JournalQueue, entries
from bot.inbound.messages import Inbound
from bot.inbound.ratelimit import Pace
from bot.inbound.replies import Reply, Text
from core.logs import get_log
from core.random_bytes import RandomBytes
from core.redis_store import RedisAway, RedisStore
from core.redis_wire import Command

C = TypeVar("C", bound=Served)
SUCCESS = b"success"
TOKEN_BYTES = 8
LOOK_AGAIN_S = 0.05
HAND_OVER_S = 3.0  # longer than Redis is left alone after a failure
AWAY = (RedisAway, RedisError)  # not there, or there and refusing (full, read-only)
Late = Callable[[str, Reply], None]
Finish = Callable[[Reply | None], bytes]


@dataclass(slots=True)
class Arrival:
    """What the first trip brought. holder: our token when the message is ours to handle.

    since: the second from which Redis has known the dialogs; None when it does not say.
    """

    token: bytes
    holder: bytes
    pace: Pace = Pace.GO
    dialog: bytes | None = None
    since: bytes | None = None

    @property
    def ours(self) -> bool:
        return self.holder == self.token


class Pipeline(Generic[C]):
    """Dedupe, rate limit, dialog, time budget and journal around the routes."""

    def __init__(
        self,
        redis: RedisStore,
        answering: Answering[C],
        late: Late,
        *,
        bench: Bench | None = None,
        lease_ms: int = dedupe.LEASE_MS,
    ) -> None:
        self._redis = redis
        self._answering = answering
        self._late = late
        self._bench = bench or Bench()
        self._lease_ms = lease_ms
        self.journal = JournalQueue()
        self._tokens = RandomBytes(TOKEN_BYTES)

    def run(
        self, message: Inbound, now: datetime, finish: Finish, until: float
    ) -> tuple[str, bytes]:
        """What came of it, for the metrics, and the answer's bytes, by `until` (monotonic)."""
        now_s = int(now.timestamp())
        arrival = self._arrive(message, now_s)
        if not arrival.ours:
            first = self._first_answer(message, arrival, until)
            if first is not None:
                return "repeat", first
        dialog = Dialog.unpack(arrival.dialog, now_s)
        dialog.lost = arrival.dialog is None and may_be_lost(arrival.since, now_s)
        visit = Visit(message, dialog, Journal(), now, now_s)
        outcome = self._outcome(visit, arrival, until)
        body = guarded(self._answering, visit, lambda: finish(outcome.reply))
        if isinstance(body, Outcome):
            outcome, body = body, finish(body.reply)
        self._leave(visit, arrival, outcome, body)
        return outcome.result, body

    def close(self) -> None:
        """Finish what is at work and hand the journal's rest to Redis, waiting a little for it."""
        self._bench.close()
        pause, until = threading.Event(), time.monotonic() + HAND_OVER_S
        while self.journal.waiting and time.monotonic() < until:
            self.journal.went()
            if not self._send(self.journal.take()):
                pause.wait(LOOK_AGAIN_S)

    def _arrive(self, message: Inbound, now_s: int) -> Arrival:
        token = self._tokens.take()
        commands = dedupe.claim(message.key, token, self._lease_ms)
        commands.append(("MGET", dialog_key(message.openid), SINCE))
        if ratelimit.counted(message):
            commands += ratelimit.count(message.openid, now_s)
        try:
            _, holder, (dialog, since), *counted = self._redis.ask(commands)
        except AWAY:
            return Arrival(token, token)
        pace = ratelimit.pace(counted[0]) if counted else Pace.GO
        return Arrival(token, holder, pace, dialog, since)

    def _first_answer(self, message: Inbound, arrival: Arrival, until: float) -> bytes | None:
        """The bytes answered to the first of a repeat, waited for; None: it is ours to handle."""
        claim = dedupe.claim(message.key, arrival.token, self._lease_ms)
        pause = threading.Event()
        while True:
            try:
                kept, _, holder = self._redis.ask([dedupe.look(message.key), *claim])
            except AWAY:
                return None
            if kept is not None or holder == dedupe.DONE:
                return kept or SUCCESS
            if holder == arrival.token:
                return None
            if time.monotonic() + LOOK_AGAIN_S >= until:
                return SUCCESS
            pause.wait(LOOK_AGAIN_S)

    def _outcome(self, visit: Visit, arrival: Arrival, until: float) -> Outcome:
        work = pick(self._answering, visit, arrival.pace)
        if isinstance(work, Outcome):
            return work
        if work.route.quick:
            return work.run()
        return self._beside(work, until)

    def _beside(self, work: Work[C], until: float) -> Outcome:
        def late(outcome: Outcome) -> None:
            self._tell_late(work.visit, outcome)

        try:
            done = self._bench.run(work.run, until, late)
        except Busy:
            work.drop()
            return Outcome("busy", Text(self._answering.words.busy), failed=True)
        return done[0] if done else Outcome("late")

    def _leave(self, visit: Visit, arrival: Arrival, outcome: Outcome, body: bytes) -> None:
        message = visit.message
        journal = Journal()
        if message.trigger:
            seen = {"openid": message.openid, "trigger": message.trigger, "at": visit.now_s}
            journal.note("seen", seen)
        journal.take(outcome.journal)
        if outcome.failed:
            commands = [dedupe.release(message.key, arrival.token)]
        else:
            commands = dedupe.keep(message.key, body)
        commands += written(message.openid, outcome.dialog)
        if arrival.since is None:
            commands.append(("SET", SINCE, visit.now_s, "NX"))
        self._send(self.journal.take(journal.entry(message.key)), commands)

    def _tell_late(self, visit: Visit, outcome: Outcome) -> None:
        openid = visit.message.openid
        entry = outcome.journal.entry(f"{visit.message.key}:late")
        self._send(self.journal.take(entry), written(openid, outcome.dialog))
        if outcome.reply is None:
            return
        try:
            self._late(openid, outcome.reply)
        except Exception:
            get_log("inbound").exception("a late answer was not told", key=visit.message.key)

    def _send(self, batch: list[Entry], commands: Sequence[Command] = ()) -> bool:
        everything = [*commands, *entries(batch)]
        try:
            if everything:
                self._redis.ask(everything)
        except AWAY:
            self.journal.give_back(batch)
            return False
        self.journal.went()
        return True


def written(openid: str, packed: bytes | None) -> list[Command]:
    """At most one command: write a changed dialog, forget an ended one."""
    if packed:
        return [("SET", dialog_key(openid), packed, "EX", MEMORY_S)]
    return [] if packed is None else [("DEL", dialog_key(openid))]
