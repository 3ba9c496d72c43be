"""`flask db upgrade`: brings the tables of an older database to the newest version."""

import click

from ops.commands.opening import read_settings


@click.group("db")
def command() -> None:
    """数据库版本 · the version of the tables."""


@command.command("upgrade")
def upgrade() -> None:
    """把数据表升级到最新版本 · bring the tables to the newest version.

    可以重复执行；已是最新时什么也不做。 Run it again safely; it does nothing when all is new.
    """
    from core.db import Database
    from core.migrating import upgrade as migrate
    from core.schema import current_version

    database = Database(read_settings().database_url)
    try:
        before = current_version(database)
        migrate(database)
        after = current_version(database)
    finally:
        database.close()
    click.echo(
        f"{before or '空'} → {after}" if before != after else f"已是最新 up to date: {after}"
    )
