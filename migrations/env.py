"""Alembic's entry: the house's models against the database it is given."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from core.db import Base, Moment, open_engine
from core.defaults import with_defaults
from core.schema import is_declared
from core.settings import Settings
from migrations import models  # noqa: F401  every room's tables


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Our own moment is written into a migration as the plain column type under it."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    engine = open_engine(with_defaults(Settings.from_env()).database_url)
    with engine.connect() as connection:
        migrate(connection)
        connection.commit()


def migrate(connection: Any) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
        include_name=is_declared,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
