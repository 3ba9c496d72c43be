"""Which version of the tables the database has, and how to bring it to the newest."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.db import Database
from core.errors import Unready
from core.settings import ROOT


def configuration(root: Path = ROOT) -> Config:
    config = Config()
    config.set_main_option("script_location", str(root / "migrations"))
    return config


def current_version(database: Database) -> str | None:
    """The revision the database stands at; None when it has no tables of ours."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_version() -> str | None:
    return ScriptDirectory.from_config(configuration()).get_current_head()


def upgrade(database: Database) -> None:
    """Bring the tables to the newest version; does nothing when they are there."""
    config = configuration()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def require_newest(database: Database) -> None:
    """Create an absent database; raise Unready for an older one, naming the command to run."""
    version = current_version(database)
    if version is None:
        upgrade(database)
    elif version != newest_version():
        raise Unready("数据库版本较旧，请先运行 .venv/bin/flask db upgrade (database is older)")
