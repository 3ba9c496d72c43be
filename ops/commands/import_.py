"""`flask import`: a catalogue from a sheet, checked whole, written whole or not at all."""

from datetime import datetime
from pathlib import Path

import click

from ops.commands.opening import read_settings

KINDS = ("fees", "funds", "guides", "faq", "disclosures")


@click.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查和比较，不写入 · check and compare only")
@click.option("--replace", is_flag=True, help="文件里没有的撤下 · entries not in the file go")
@click.option("--skip-bad", is_flag=True, help="跳过有问题的行 · leave bad rows out")
@click.option("--review", default="", help="系统外审核人，至少两位：张三,李四 · released by")
@click.option(
    "--accept-lost",
    is_flag=True,
    help="题库里会答错的问题已看过，仍然生效 · lost answers are known",
)
@click.option("--scope", default="", help="适用地区，如 shandong · scope of rows without one")
@click.option(
    "--valid-from",
    type=click.DateTime(["%Y-%m-%d"]),
    help="执行日期 · start of validity of rows without one",
)
def command(
    kind: str,
    file: Path,
    dry_run: bool,
    replace: bool,
    skip_bad: bool,
    review: str,
    accept_lost: bool,
    scope: str,
    valid_from: datetime | None,
) -> None:
    """导入目录或公开信息 · read a catalogue from .xlsx, .csv, .json or .jsonl."""
    from bureau.catalogues.review import checked_names
    from knowledge.kinds import PLURALS

    reviewers = checked_names(review.split(",")) if review else []
    if kind == "disclosures":
        from ops.commands.import_disclosures import bring_disclosures

        bring_disclosures(file, dry_run=dry_run, skip_bad=skip_bad, reviewers=reviewers)
        return
    from ops.commands.import_catalogue import Asked, bring_catalogue

    asked = Asked(
        PLURALS[kind],
        file,
        replace=replace,
        skip_bad=skip_bad,
        accept_lost=accept_lost,
        reviewers=reviewers,
        scope=scope,
        since=valid_from.date() if valid_from else None,
    )
    bring_catalogue(asked, read_settings(), dry_run=dry_run)
