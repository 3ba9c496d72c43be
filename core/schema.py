"""Which version of the tables the database has; light, so that a light command starts light."""

from sqlalchemy import inspect, text

from core.db import Database
from core.errors import Unready
from core.settings import ROOT

BESIDE = ("ticket_words", "ix_ticket_words")
VERSIONS = ROOT / "migrations" / "versions"


def is_declared(name: str | None, _kind: str, _parents: object = None) -> bool:
    """Whether a table or index in the database should stand in the models: the index over the
    words of letters cannot (migration 0010)."""
    return name is None or not name.startswith(BESIDE)


def current_version(database: Database) -> str | None:
    """The revision the database stands at; None when it has no tables of ours."""
    with database.read() as db:
        if not inspect(db.connection()).has_table("alembic_version"):
            return None
        version: str | None = db.scalar(text("SELECT version_num FROM alembic_version"))
        return version


def newest_version() -> str:
    """The highest number among the migrations; each file begins with its own."""
    return max(path.name.split("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def is_absent(database: Database) -> bool:
    """True when there are no tables yet. Raises Unready when they are older than the code."""
    version = current_version(database)
    if version is not None and version != newest_version():
        raise Unready(
            "数据库版本与程序不符，请先运行 .venv/bin/flask db upgrade (run: flask db upgrade)"
        )
    return version is None
