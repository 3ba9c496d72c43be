"""Forms that keep what was typed: fields as data, a sentence for each thing that is wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask import request

from core.clock import SHANGHAI
from core.errors import Refusal
from web.bodies import fields_with_files, uploads

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")

NO_FILES = "这里不能附文件，文件没有保存；您填写的内容都还在，请重新提交。"


class Shape(StrEnum):
    """How a field is written and shown."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    DAY = "day"
    MOMENT = "moment"
    TICK = "tick"
    SECRET = "secret"  # noqa: S105  a shape: what is typed is never shown again
    HTML = "html"
    FILE = "file"  # any number of files: a list of Upload


@dataclass(frozen=True, slots=True)
class Field:
    """One field: name, label, the most characters it takes, and whether it must be filled in."""

    name: str
    label: str
    shape: Shape = Shape.LINE
    longest: int = 200
    required: bool = True
    choices: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""
    accept: str = ""  # of a FILE: what the browser offers to choose


@dataclass(slots=True)
class Form:
    """A form as filled in. `raw` is shown again; `values` is what passed; `errors` by field."""

    fields: tuple[Field, ...]
    raw: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    say: str = ""  # what the office refused, above the form

    @property
    def good(self) -> bool:
        return not self.errors and not self.say

    @property
    def status(self) -> int:
        """200 for a fresh form, 422 for one that comes back with sentences."""
        return 200 if self.good else 422

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def field(self, name: str) -> Field:
        return next(one for one in self.fields if one.name == name)

    def refuse(self, refusal: Refusal) -> None:
        """Show the office's refusal above the form, everything typed still in it."""
        self.say = refusal.say


def blank(fields: tuple[Field, ...], **raw: str) -> Form:
    """A form to be filled in, with what is known already."""
    return Form(fields, raw=raw)


def filled(fields: tuple[Field, ...]) -> Form:
    """The form as the browser sent it, checked field by field."""
    form = Form(fields)
    if fields_with_files() - {one.name for one in fields if one.shape is Shape.FILE}:
        form.say = NO_FILES
    for one in fields:
        if one.shape is Shape.FILE:
            form.values[one.name] = uploads(one.name)
            continue
        text = CONTROL.sub("", request.form.get(one.name, "")).replace("\r\n", "\n")
        form.raw[one.name] = "" if one.shape is Shape.SECRET else text
        try:
            form.values[one.name] = _read(one, text)
        except Refusal as wrong:
            form.errors[one.name] = wrong.say
    return form


def _read(one: Field, text: str) -> Any:
    """The field's value. Raises Refusal with the sentence to stand beside it."""
    if one.shape is Shape.TICK:
        return text not in ("", "0", "off")
    text = text if one.shape is Shape.SECRET else text.strip()
    if not text:
        if one.required:
            verb = "选择" if one.shape in (Shape.CHOICE, *TIMES) else "填写"
            raise Refusal(f"请{verb}{one.label}。")
        return None if one.shape in TIMES else ""
    if len(text) > one.longest:
        raise Refusal(f"{one.label}最多{one.longest}个字，现在是{len(text)}个字。")
    return READERS[one.shape](one, text)


def _choice(one: Field, text: str) -> str:
    if text not in one.choices:
        raise Refusal(f"请从列出的选项中选择{one.label}。")
    return text


def _line(one: Field, text: str) -> str:
    return " ".join(text.split())


def _day(one: Field, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"{one.label}应为日期，例如 2026-03-02。") from None


def _moment(one: Field, text: str) -> datetime:
    """A moment of the bureau's own clock, as a browser writes it: 2026-03-02T09:30."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Refusal(f"{one.label}应为日期和时间，例如 2026-03-02 09:30。") from None


def _as_is(one: Field, text: str) -> str:
    return text


TIMES = (Shape.DAY, Shape.MOMENT)
READERS = {
    Shape.LINE: _line,
    Shape.TEXT: _as_is,
    Shape.HTML: _as_is,
    Shape.SECRET: _as_is,
    Shape.CHOICE: _choice,
    Shape.DAY: _day,
    Shape.MOMENT: _moment,
}
