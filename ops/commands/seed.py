"""`flask seed`: reference data and sample content; `--clear` takes the samples out again."""

import click

from core.errors import Refusal
from ops.commands.opening import opened_office, read_settings


@click.command("seed")
@click.option(
    "--clear", is_flag=True, help="删除样例内容，保留其余一切 · remove the samples, nothing else"
)
@click.option("--prepare", is_flag=True, hidden=True, help="what the launcher does before a start")
def command(clear: bool, prepare: bool) -> None:
    """载入参考数据和样例内容 · load reference data and sample content.

    参考数据每次都会补齐；样例只载入一次，日期以当天为准。可以重复执行。
    """
    if prepare:
        upgrade_outside_production()
    with opened_office() as office:
        from ops.seeding.reference import load_reference, open_doors
        from ops.seeding.samples import clear_samples, load_samples

        if clear:
            removed = clear_samples(office, office.clock.now())
            click.echo(f"已删除样例 {removed} 行 · removed {removed} sample rows")
            return
        if office.settings.production and office.settings.seed:
            raise Refusal("正式环境不载入样例内容：请去掉 SEED=1 (no samples in production)")
        now = office.clock.now()
        load_reference(office, now)
        if office.settings.seed:
            made = load_samples(office, now, again=not prepare)
            click.echo(made or "样例内容已在 · samples are there already", err=prepare)
        if link := open_doors(office, now):
            click.echo("首位管理员的一次性链接 · for the first administrator, works once:")
            click.echo(f"  {office.settings.base_url}{link}")


def upgrade_outside_production() -> None:
    """The launcher brings older tables up itself; a bureau's own are upgraded by a person."""
    from core.db import Database
    from core.migrating import upgrade

    settings = read_settings()
    if settings.production:
        return
    database = Database(settings.database_url)
    upgrade(database)
    database.close()
