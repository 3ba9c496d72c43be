"""A file once it is read: rows of cells under known headings. Known without what reads files."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file (from 1) and the raw value of each field it carries."""

    number: int
    cells: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file, the heading each field came under, and headings nobody knew."""

    rows: list[Row]
    headings: dict[str, str]
    unknown: list[str]
