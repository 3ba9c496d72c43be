"""The pages as an attacker meets them: on both databases, with a clerk of every role behind."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.routing import Rule

from bureau.office import Office
from core.db import Database
from knowledge.library import Library
from tests.web.conftest import app, browser, clerks, library, settings, stocked
from web import create_pages

__all__ = ["app", "browser", "clerks", "library", "settings", "stocked"]
PIECE = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")


@pytest.fixture
def each_app(office: Office, library: Library, each_database: Database) -> Flask:
    """The pages on SQLite and on PostgreSQL: they refuse different things."""
    return create_pages(replace(office, database=each_database), library)


def rules(app: Flask, method: str) -> list[Rule]:
    """Every address that takes the method; the stranger's static files are tried elsewhere."""
    found = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or set())]
    return [rule for rule in found if rule.endpoint != "static"]


def path_with(rule: Rule, piece: str, number: str = "999999") -> str:
    """An address of the rule with `piece` in each place that takes any text."""

    def fill(match: re.Match[str]) -> str:
        converter = match[1]
        if converter == "int":
            return number
        if converter == "any":
            return re.split(r"[(,)]", match[0])[1].strip()
        return piece

    return PIECE.sub(fill, rule.rule)
