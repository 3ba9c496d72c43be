"""The database as files and back: SQLite page by page, PostgreSQL table by table with COPY."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from core.db import Database
from core.schema import VERSIONS

PAGES = 4_096  # of SQLite, copied in one go; writers get in between
BLOCK_BYTES = 1 << 20
SQLITE_FILE = "yangguang.db"


def known_versions() -> set[str]:
    """The versions of the tables this code knows."""
    return {path.name.split("_")[0] for path in VERSIONS.glob("[0-9]*.py")}


def copy_out(database: Database, folder: Path) -> Iterator[Path]:
    """The files of a copy of one moment, each complete when it is given."""
    if database.is_sqlite:
        yield _copy_sqlite(sqlite_path(database), folder / SQLITE_FILE)
        return
    with closing(database.engine.raw_connection()) as connection:
        connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table in _tables(connection):
            path = folder / f"{table}.copy"
            with (
                path.open("wb") as file,
                connection.cursor().copy(_copy(table, "TO STDOUT")) as copy,
            ):
                for block in copy:
                    file.write(block)
            yield path
        connection.rollback()


def sqlite_path(database: Database) -> Path:
    return Path(database.engine.url.database or "")


def bring_sqlite(folder: Path, target: Path, now: datetime) -> Path | None:
    """Put the copied file in the place of the database; where the one before it is kept now."""
    kept = None
    if target.exists():
        _settle(target)
        kept = target.with_name(f"{target.name}.before-restore-{now:%Y%m%d-%H%M%S}")
        target.replace(kept)
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    draft = target.with_name(f".{target.name}.restoring")
    _copy_sqlite(folder / SQLITE_FILE, draft)
    draft.chmod(0o600)
    draft.replace(target)
    return kept


def bring_postgres(database: Database, folder: Path) -> None:
    """Empty the tables and fill them from the copies, in one transaction: all or nothing."""
    with closing(database.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        tables = _tables(connection)
        names = ", ".join(f'"{table}"' for table in tables)
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        foreign = _foreign_keys(cursor)
        for table, name, _definition in foreign:
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        for table in tables:
            path = folder / f"{table}.copy"
            if path.exists():
                with path.open("rb") as file, cursor.copy(_copy(table, "FROM STDIN")) as copy:
                    while block := file.read(BLOCK_BYTES):
                        copy.write(block)
        for table, name, definition in foreign:
            cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')
        _set_sequences(cursor, tables)
        connection.commit()


def _copy_sqlite(source: Path, target: Path) -> Path:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new, pages=PAGES)
    return target


def _settle(path: Path) -> None:
    """Bring the write-ahead log into the file, so that the file alone is the database."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    os.sync()


def _tables(connection: Any) -> list[str]:
    cursor = connection.cursor()
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
    return [row[0] for row in cursor.fetchall()]


def _copy(table: str, direction: str) -> str:
    return f'COPY "{table}" {direction} (FORMAT binary)'


def _foreign_keys(cursor: Any) -> list[tuple[str, str, str]]:
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    )
    return [(table.strip('"'), name, definition) for table, name, definition in cursor.fetchall()]


def _set_sequences(cursor: Any, tables: list[str]) -> None:
    """Let each identity go on after the highest number there is."""
    for table in tables:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = "
            "current_schema() AND table_name = %s AND pg_get_serial_sequence(%s, column_name) "
            "IS NOT NULL",
            (table, f'"{table}"'),
        )
        for (column,) in cursor.fetchall():
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('\"{table}\"', '{column}'), "  # noqa: S608
                f'COALESCE((SELECT max("{column}") FROM "{table}"), 0) + 1, false)'
            )
