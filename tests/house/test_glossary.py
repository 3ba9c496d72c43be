"""One word for one thing: what the tables are called stands in GLOSSARY.md with its Chinese."""

import re

from core.db import Base
from migrations import models  # noqa: F401  every room's tables
from tests.house.tree import ROOT

ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)
IDENTIFIER = re.compile(r"`([a-z][a-z0-9_]*)`")


def rows() -> list[str]:
    return ROW.findall((ROOT / "GLOSSARY.md").read_text("utf8"))


def identifiers() -> set[str]:
    return {name for row in rows() for name in IDENTIFIER.findall(row)}


def test_every_table_stands_in_the_glossary() -> None:
    missing = set(Base.metadata.tables) - identifiers()
    assert not missing, f"add to GLOSSARY.md, with the clerk's word: {sorted(missing)}"


def test_every_entry_has_its_chinese_word() -> None:
    bare = [row for row in rows() if IDENTIFIER.search(row) and not re.search("[一-鿿]", row)]
    assert not bare, bare


def test_no_identifier_stands_for_two_things() -> None:
    """A word that means two things means neither."""
    entries = [name for row in rows() for name in IDENTIFIER.findall(row.split("|")[1])]
    twice = {name for name in entries if entries.count(name) > 1}
    assert not twice, twice
