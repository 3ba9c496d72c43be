"""When a route is meant: small questions about a message and the talk it belongs to."""

import re
from collections.abc import Callable
from typing import Protocol

from bot.inbound.dialog import Dialog
from bot.inbound.messages import Inbound


class Talk(Protocol):
    """What a filter may look at beside the message."""

    @property
    def text(self) -> str:
        """What the person said, normalised by the house's one normaliser."""
        ...

    @property
    def dialog(self) -> Dialog: ...


Filter = Callable[[Inbound, Talk], bool]


def anything(message: Inbound, _talk: Talk) -> bool:
    """Whatever a person sent. Not events, and not kinds of message we do not know."""
    return message.kind not in ("event", "unknown")


def event(*names: str) -> Filter:
    """One of these events, named in lower case."""
    wanted = frozenset(names)
    return lambda message, _talk: message.kind == "event" and message.event in wanted


def clicked(*keys: str) -> Filter:
    """A tap on the menu button with one of these keys."""
    wanted = frozenset(keys)
    return lambda message, _talk: message.event == "click" and message.event_key in wanted


def kind(*names: str) -> Filter:
    """A message of one of these kinds."""
    wanted = frozenset(names)
    return lambda message, _talk: message.kind in wanted


class Says:
    """Words (typed, tapped or recognised from speech) that match the whole pattern."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._matches = re.compile(pattern, re.DOTALL).fullmatch

    def __call__(self, message: Inbound, talk: Talk) -> bool:
        return message.kind != "event" and self._matches(talk.text) is not None


says = Says


def in_state(*states: str) -> Filter:
    """A message (no event) while the dialog stands in one of these states.

    A state that ends in `.` stands for all that begin with it.
    """
    exact = frozenset(states)
    rooms = tuple(state for state in states if state.endswith("."))

    def matches(message: Inbound, talk: Talk) -> bool:
        state = talk.dialog.state
        return message.kind != "event" and (
            state in exact or (bool(state) and state.startswith(rooms))
        )

    return matches


def both(first: Filter, second: Filter) -> Filter:
    """Both of two filters."""
    return lambda message, talk: first(message, talk) and second(message, talk)
