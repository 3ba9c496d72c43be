"""Brings a database to the newest version of the tables (alembic)."""

from alembic import command
from alembic.config import Config

from core.db import Database
from core.schema import is_absent
from core.settings import ROOT


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def upgrade(database: Database) -> None:
    """Bring the tables to the newest version; does nothing when they are there."""
    config = configuration()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def require_newest(database: Database) -> None:
    """Make the tables of an absent database; raise Unready for an older one."""
    if is_absent(database):
        upgrade(database)
