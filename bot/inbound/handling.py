"""One handler's work from route to commit; whatever goes wrong becomes a sentence."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bot.inbound.answering import Answering, Served, Visit
from bot.inbound.dialog import Dialog
from bot.inbound.journal import Journal
from bot.inbound.ratelimit import Pace
from bot.inbound.replies import Reply, Text
from bot.inbound.router import Route
from core.errors import Refusal, incident_number
from core.logs import get_log

C = TypeVar("C", bound=Served)


@dataclass(slots=True)
class Outcome:
    """What came of a message. dialog: its packed new state, None when it did not change.

    failed: a repeat may try again, so nothing is kept.
    """

    result: str
    reply: Reply | None = None
    dialog: bytes | None = None
    journal: Journal = field(default_factory=Journal)
    failed: bool = False


@dataclass(slots=True)
class Work(Generic[C]):
    """A picked route with its open context; `run` never raises and always closes the context."""

    answering: Answering[C]
    visit: Visit
    ctx: C
    route: Route[C]

    def run(self) -> Outcome:
        return guarded(self.answering, self.visit, self._handle, lambda: self.ctx.close(False))

    def drop(self) -> None:
        """The handler never began."""
        guarded(self.answering, self.visit, lambda: self.ctx.close(False))

    def _handle(self) -> Outcome:
        before = self.visit.dialog.pack(0)
        try:
            reply = self.route.handler(self.visit.message, self.ctx)
        except Refusal as refusal:
            self.ctx.close(False)
            return Outcome("refused", Text(refusal.say), None, self.visit.journal)
        self.ctx.close(True)
        dialog: Dialog = self.ctx.dialog
        changed = dialog.pack(0) != before
        packed = dialog.pack(self.visit.now_s) if changed else None
        return Outcome("answered" if reply else "silent", reply, packed, self.visit.journal)


def pick(answering: Answering[C], visit: Visit, pace: Pace) -> Work[C] | Outcome:
    """The work to be done, or what is answered without any."""
    opened: list[C] = []

    def choose() -> "Work[C] | Outcome":  # quoted: worked out at each call otherwise
        ctx = answering.open(visit)
        opened.append(ctx)
        route = answering.router.pick(visit.message, ctx)
        if route and (pace is Pace.GO or route.always):
            return Work(answering, visit, ctx, route)
        ctx.close(False)
        if route and pace is Pace.SAY:
            return Outcome("limited", Text(answering.words.too_many))
        return Outcome("limited" if route else "silent")

    def give_up() -> None:
        for ctx in opened:
            ctx.close(False)

    return guarded(answering, visit, choose, give_up)


T = TypeVar("T")


def guarded(
    answering: Answering[C],
    visit: Visit,
    work: Callable[[], T],
    give_up: Callable[[], None] = lambda: None,
) -> T | Outcome:
    """What `work` gives; if it raises, an apology with the number under which the log has it."""
    try:
        return work()
    except Exception:
        number = incident_number()
        log = get_log("inbound").bind(incident=number, key=visit.message.key)
        log.exception("an answer failed", kind=visit.message.kind, event_name=visit.message.event)
        try:
            give_up()
        except Exception:
            log.exception("the context did not close")
        return Outcome("failed", Text(answering.words.failed(number)), failed=True)
