"""The tables the migrations make are the tables the models declare, on both databases."""

import datetime
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Table, TypeDecorator, inspect

from core.clock import SHANGHAI
from core.db import Base, Database
from core.migrating import configuration
from core.schema import current_version, is_declared, newest_version
from migrations import models  # noqa: F401  every room's tables

A_MOMENT = datetime.datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)


def test_models_equal_migrations(each_database: Database) -> None:
    with each_database.engine.connect() as connection:
        options = {"compare_type": True, "include_name": is_declared}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_form_one_line() -> None:
    script = ScriptDirectory.from_config(configuration())
    assert len(script.get_heads()) == 1
    assert all(revision.doc for revision in script.walk_revisions())


def test_migrations_are_numbered_in_their_order() -> None:
    """core/schema.py finds the newest by the number in the file's name."""
    script = ScriptDirectory.from_config(configuration())
    newest_first = [revision.revision for revision in script.walk_revisions()]
    assert newest_first == [f"{number:04d}" for number in range(len(newest_first), 0, -1)]
    assert newest_first[0] == newest_version()


def test_down_and_up_on_an_empty_database(each_database: Database) -> None:
    move(each_database, "base")
    assert tables_in(each_database) == set()
    move(each_database, "head")
    assert tables_in(each_database) == set(Base.metadata.tables)
    assert current_version(each_database) == newest_version()


@pytest.mark.slow
def test_down_and_up_on_a_filled_database(each_database: Database) -> None:
    with each_database.engine.begin() as connection:
        fill(connection)
    move(each_database, "base")
    assert tables_in(each_database) == set()
    move(each_database, "head")
    assert tables_in(each_database) == set(Base.metadata.tables)


def test_every_table_takes_a_row(database: Database) -> None:
    """The filler that the test above leans on really fills."""
    with database.engine.begin() as connection:
        fill(connection)
        empty = [
            table.name
            for table in Base.metadata.sorted_tables
            if connection.execute(table.select().limit(1)).first() is None
        ]
    assert not empty, empty


def move(database: Database, to: str) -> None:
    config = configuration()
    script = ScriptDirectory.from_config(config)
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        if to == "base":
            command.downgrade(config, "base")
        else:
            command.upgrade(config, script.get_current_head() or "head")


def tables_in(database: Database) -> set[str]:
    names = set(inspect(database.engine).get_table_names()) - {"alembic_version"}
    return {name for name in names if is_declared(name, "table")}


def fill(connection: Connection) -> None:
    """One row in every table, parents first; a row's references point at the row before it."""
    kept: dict[str, Any] = {}
    for table in Base.metadata.sorted_tables:
        row = {column.name: value_for(column, kept) for column in table.columns}
        connection.execute(table.insert().values(**row))
        remember(table, row, kept)


def remember(table: Table, row: dict[str, Any], kept: dict[str, Any]) -> None:
    for name, value in row.items():
        kept[f"{table.name}.{name}"] = value


def value_for(column: Column[Any], kept: dict[str, Any]) -> Any:
    """A value the column takes: its parent's, else one made for its type."""
    for key in column.foreign_keys:
        return kept.get(key.target_fullname, None if column.nullable else 1)
    return made_for(column)


def made_for(column: Column[Any]) -> Any:
    plain = column.type
    if isinstance(plain, TypeDecorator):  # ours, like Moment: its plain type tells
        plain = plain.impl_instance
    kind = plain.python_type
    limit = getattr(column.type, "length", None)
    samples: dict[type, Any] = {
        int: 1,
        str: "样"[: limit or 1],
        bool: True,
        float: 1.0,
        bytes: b"x",
        dict: {},
        object: {},  # JSON
        list: [],
        datetime.datetime: A_MOMENT,
        datetime.date: A_MOMENT.date(),
        datetime.time: A_MOMENT.time(),
    }
    return samples[kind] if kind in samples else kind(1)
