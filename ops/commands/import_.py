"""`flask import`: a catalogue from a sheet, checked whole, written whole or not at all."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ops.commands.opening import read_settings

if TYPE_CHECKING:
    from bureau.catalogues.bringing import Reading
    from knowledge.importing import Difference

KINDS = ("fees", "funds", "guides", "faq", "disclosures")
SHOWN = 20


@click.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查和比较，不写入 · check and compare only")
@click.option("--replace", is_flag=True, help="文件里没有的撤下 · entries not in the file go")
@click.option("--skip-bad", is_flag=True, help="跳过有问题的行 · leave bad rows out")
@click.option("--review", default="", help="系统外审核人，至少两位：张三,李四 · released by")
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
    scope: str,
    valid_from: datetime | None,
) -> None:
    """导入目录或公开信息 · read a catalogue from .xlsx, .csv, .json or .jsonl."""
    from bureau.catalogues import bringing
    from bureau.catalogues.asking import opened_catalogue
    from bureau.catalogues.review import checked_names
    from knowledge.kinds import PLURALS

    reviewers = checked_names(review.split(",")) if review else []
    if kind == "disclosures":
        from ops.commands.import_disclosures import bring_disclosures

        bring_disclosures(file, dry_run=dry_run, skip_bad=skip_bad, reviewers=reviewers)
        return
    since = valid_from.date() if valid_from else None
    reading = bringing.read(file, PLURALS[kind], scope=scope, valid_from=since)
    report(reading, skip_bad=skip_bad)
    with opened_catalogue(read_settings()) as (database, clock):
        if dry_run:
            with database.read() as db:
                tell(bringing.compare(db, PLURALS[kind], reading), replace=replace)
            click.echo("试运行，没有写入 (dry run, nothing written)")
            return
        with database.write() as db:
            what = bringing.compare(db, PLURALS[kind], reading)
            batch = bringing.bring_in(
                db,
                PLURALS[kind],
                reading,
                file_name=file.name,
                replace=replace,
                reviewers=reviewers,
                now=clock.now(),
            )
            number = batch.id
        tell(what, replace=replace)
    if reviewers:
        click.echo(f"导入 {number} 已生效，系统外审核：{'、'.join(reviewers)} (live)")
    else:
        click.echo(f"导入 {number} 等待在工作台审核 (waiting for review in the console)")


def report(reading: "Reading", *, skip_bad: bool) -> None:
    """All problems to stderr; without --skip-bad any of them ends the command."""
    for name in reading.unknown_headings:
        click.echo(f"提示：不认识的列“{name}”没有读入", err=True)
    for problem in reading.problems:
        click.echo(str(problem), err=True)
    if reading.problems and not skip_bad:
        rows = len({problem.row for problem in reading.problems})
        raise click.ClickException(
            f"{rows} 行有问题，共 {len(reading.problems)} 处，什么都没有写入；"
            "改好后再导入，或用 --skip-bad 跳过这些行"
        )
    if reading.problems:
        click.echo(f"跳过 {len({p.row for p in reading.problems})} 行", err=True)


def tell(what: "Difference", *, replace: bool) -> None:
    """The difference: counts, and the first of each kind by name."""
    counts = what.counts
    gone = "撤下" if replace else "文件里没有（保留）"
    shown = (("新增", "new"), ("变更", "changed"), ("未变", "same"), (gone, "gone"))
    click.echo("　".join(f"{label} {counts[key]}" for label, key in shown))
    for label, names in (
        ("新增", [d.title for d in what.new]),
        ("变更", [d.title for d in what.changed]),
        (gone, list(what.gone)),
    ):
        if names:
            more = f" ……等 {len(names)} 项" if len(names) > SHOWN else ""
            click.echo(f"{label}：" + "、".join(names[:SHOWN]) + more, err=True)
