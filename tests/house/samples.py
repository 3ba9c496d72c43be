"""Sample arguments for any sentence of `handlers/phrases.py`, made from its type hints."""

import collections.abc
import dataclasses
import inspect
import types
import typing
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from core.clock import SHANGHAI

A_MOMENT = datetime(2026, 12, 31, 23, 59, tzinfo=SHANGHAI)
MANY = 3  # a numbered list in the chat has at most this many rows
WORDS = "关于进一步规范代理记账行政许可办理流程的公告"
LISTS = (list, tuple, set, frozenset, collections.abc.Sequence, collections.abc.Iterable)
PLAIN: dict[Any, list[Any]] = {
    str: [WORDS, "", "A1"],
    int: [3, 0],
    float: [0.5],
    bool: [True, False],
    Decimal: [Decimal("34560.00")],
    date: [A_MOMENT.date()],
    datetime: [A_MOMENT],
    time: [A_MOMENT.time()],
    timedelta: [timedelta(hours=47)],
    types.NoneType: [None],
    object: [WORDS],
}


def samples_for(kind: Any) -> list[Any]:
    """Values of a type; the first is an ordinary one. Raises KeyError for a type unheard of."""
    if kind in PLAIN:
        return PLAIN[kind]
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return [sample for part in parts for sample in samples_for(part)]
    if origin is typing.Literal:
        return list(parts)
    if origin in LISTS:
        return samples_of_many(origin, parts)
    if origin in (dict, collections.abc.Mapping):
        return [{samples_for(parts[0])[0]: samples_for(parts[1])[0]}, {}]
    return samples_of_class(kind)


def samples_of_many(origin: Any, parts: tuple[Any, ...]) -> list[Any]:
    """A list of each length; a tuple of fixed shape."""
    if origin is tuple and parts and parts[-1] is not Ellipsis:
        return [tuple(samples_for(part)[0] for part in parts)]
    make = origin if origin in (tuple, set, frozenset) else list
    ordinary = samples_for(parts[0])[0]
    return [make([ordinary] * MANY), make([ordinary]), make()]


def samples_of_class(kind: Any) -> list[Any]:
    """Every member of an enumeration; a dataclass filled with ordinary values."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        return [kind(**{f.name: samples_for(hints[f.name])[0] for f in dataclasses.fields(kind)})]
    if kind is Any:
        return [WORDS]
    raise KeyError(f"no sample for {kind}: add one to PLAIN in tests/house/samples.py")


def said_by(sentence: Callable[..., Any]) -> list[str]:
    """What a function of phrases says: with ordinary arguments, then each other sample in turn."""
    hints = typing.get_type_hints(sentence)
    names = list(inspect.signature(sentence).parameters)
    choices = {name: samples_for(hints[name]) for name in names}
    ordinary = {name: values[0] for name, values in choices.items()}
    calls = [ordinary]
    calls += [{**ordinary, name: value} for name in names for value in choices[name][1:]]
    return [text for arguments in calls for text in texts_in(sentence(**arguments))]


def texts_in(value: Any) -> list[str]:
    """The strings in what a sentence function gave back."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts_in(part)]
    if isinstance(value, list | tuple | set | frozenset):
        return [text for part in value for text in texts_in(part)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [t for f in dataclasses.fields(value) for t in texts_in(getattr(value, f.name))]
    return []
