"""Reads a few rows without SQLAlchemy, whose import alone costs more than a light command may."""

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any
from urllib.parse import quote

from core.errors import Unready

SQLITE = "sqlite:///"
Row = tuple[Any, ...]
NOT_YET = "数据库里还没有内容或读不到 (database not readable yet): {}"


def select(url: str, statement: str, values: Mapping[str, Any]) -> list[Row]:
    """Rows of one SELECT; parameters are written `:name`. Opens, reads and closes.

    url: as DATABASE_URL. Raises Unready when the database or its tables are not there yet.
    """
    return (
        _sqlite(url, statement, values) if url.startswith(SQLITE) else _pg(url, statement, values)
    )


def _sqlite(url: str, statement: str, values: Mapping[str, Any]) -> list[Row]:
    try:
        address = f"file:{quote(url.removeprefix(SQLITE))}?mode=rw"  # never makes a new file
        with closing(sqlite3.connect(address, timeout=5, uri=True)) as connection:
            connection.execute("PRAGMA query_only=ON")
            return connection.execute(statement, values).fetchall()
    except sqlite3.OperationalError as error:
        raise Unready(NOT_YET.format(error)) from error


def _pg(url: str, statement: str, values: Mapping[str, Any]) -> list[Row]:
    import psycopg

    try:
        with psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=5) as connection:
            return connection.execute(_percent_style(statement), values).fetchall()
    except psycopg.Error as error:
        raise Unready(NOT_YET.format(error)) from error


def _percent_style(statement: str) -> str:
    return re.sub(r"(?<!:):(\w+)", r"%(\1)s", statement.replace("%", "%%"))
