"""The list of what the bot answers, asked from the top."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.inbound.filters import Filter, Says, Talk
from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply

C = TypeVar("C", bound=Talk)


@dataclass(frozen=True, slots=True)
class Route(Generic[C]):
    """A handler and when it is meant.

    quick: pure memory, runs in the callback's own thread; the others run beside it, inside the
    time budget. always: no rate limit stops it (handing in a suggestion, unsubscribing).
    """

    name: str
    when: Filter
    handler: Callable[[Inbound, C], Reply | None]
    quick: bool = False
    always: bool = False


class Router(Generic[C]):
    """Routes in order of priority; the first that matches is meant.

    Most messages are none of the fixed words: one pattern of all of them tells so, and then the
    routes that wait for one are not asked each.
    """

    def __init__(self, routes: Sequence[Route[C]]) -> None:
        self.routes = tuple(routes)
        words = [f"(?:{one.when.pattern})" for one in routes if isinstance(one.when, Says)]
        self._is_fixed_word = re.compile("|".join(words) or "(?!)", re.DOTALL).fullmatch
        self._others = tuple(one for one in routes if not isinstance(one.when, Says))

    def pick(self, message: Inbound, ctx: C) -> Route[C] | None:
        """The first route that matches; None when nothing is to be answered."""
        for route in self.routes if self._is_fixed_word(ctx.text) else self._others:
            if route.when(message, ctx):
                return route
        return None

    def answer(self, message: Inbound, ctx: C) -> Reply | None:
        """What the first matching route answers; None when none matches."""
        route = self.pick(message, ctx)
        return route.handler(message, ctx) if route else None
