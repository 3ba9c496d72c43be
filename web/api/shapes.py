"""What open data consists of: one table of properties makes both the JSON and its description."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

Rows = tuple[list[Any], int]


@dataclass(frozen=True, slots=True)
class Prop:
    """One property: its JSON type, what it means, and how it is read from a row."""

    name: str
    type: str
    about: str
    read: Callable[[Any], Any]
    format: str = ""
    nullable: bool = False

    def schema(self) -> dict[str, Any]:
        kind: Any = [self.type, "null"] if self.nullable else self.type
        found: dict[str, Any] = {"type": kind, "description": self.about}
        if self.format:
            found["format"] = self.format
        if self.type == "array":
            found["items"] = {"type": "string"}
        return found


@dataclass(frozen=True, slots=True)
class Filter:
    """One query parameter of a list."""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list was asked for. `filters` holds only known names."""

    filters: Mapping[str, str]
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Resource:
    """A list at /api/v1/NAME, and one row at /api/v1/NAME/{id} where `one` is given."""

    name: str
    title: str
    about: str
    props: tuple[Prop, ...]
    rows: Callable[[Session, Asked], Rows]
    one: Callable[[Session, str], Any] | None = None
    filters: tuple[Filter, ...] = ()

    def as_json(self, row: Any) -> dict[str, Any]:
        return {prop.name: plain(prop.read(row)) for prop in self.props}

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "title": self.title,
            "required": [prop.name for prop in self.props],
            "properties": {prop.name: prop.schema() for prop in self.props},
            "additionalProperties": False,
        }


def plain(value: Any) -> Any:
    """A value as JSON has it: days and moments in ISO 8601."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def attribute(name: str) -> Callable[[Any], Any]:
    """Reads an attribute of a row; an empty text stays an empty text."""
    return lambda row: getattr(row, name)
