"""The catalogues' part of `flask import`: read, compare, ask the bank, store, release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from bureau.catalogues import bank, bringing, rehearsal
from bureau.catalogues.asking import opened_catalogue
from bureau.catalogues.bank import Replay
from bureau.catalogues.bringing import Reading
from core.db import Database
from core.settings import Settings
from knowledge.aside import Change
from knowledge.importing import Difference
from knowledge.library import Library
from knowledge.loading import version_of

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was asked to do with a file."""

    kind: str
    file: Path
    replace: bool
    skip_bad: bool
    accept_lost: bool
    reviewers: Sequence[str]
    scope: str
    since: date | None


def bring_catalogue(asked: Asked, settings: Settings, *, dry_run: bool) -> None:
    """Bring a file in as one review item, live at once with reviewers; all or nothing."""
    reading = bringing.read(asked.file, asked.kind, scope=asked.scope, valid_from=asked.since)
    report(reading, skip_bad=asked.skip_bad)
    with opened_catalogue(settings) as (database, clock):
        now = clock.now()
        with database.read() as db:
            what = bringing.compare(db, asked.kind, reading)
            version, asks = version_of(db), not bank.is_empty(db)
        tell(what, replace=asked.replace)
        found = ask_bank(database, settings, now, _change(asked, reading, now)) if asks else None
        if found:
            stops = bool(asked.reviewers) and not dry_run
            tell_lost(found, stops=stops, accepted=asked.accept_lost)
        if dry_run:
            click.echo("试运行，没有写入 (dry run, nothing written)")
            return
        number = _store(database, asked, reading, now, found, version)
    if asked.reviewers:
        click.echo(f"导入 {number} 已生效，系统外审核：{'、'.join(asked.reviewers)} (live)")
    else:
        click.echo(f"导入 {number} 等待在工作台审核 (waiting for review in the console)")


def _change(asked: Asked, reading: Reading, now: datetime) -> Change:
    return rehearsal.bringing_in(
        asked.kind, reading, file_name=asked.file.name, replace=asked.replace, now=now
    )


def _store(
    database: Database,
    asked: Asked,
    reading: Reading,
    now: datetime,
    found: Replay | None,
    version: int,
) -> int:
    """Write the import in one transaction, with what the bank said of it; its number."""
    with database.write() as db:
        batch = bringing.bring_in(
            db,
            asked.kind,
            reading,
            file_name=asked.file.name,
            replace=asked.replace,
            reviewers=asked.reviewers,
            now=now,
        )
        if found:
            rehearsal.keep(db, batch, found, version)
        return batch.id


def ask_bank(database: Database, settings: Settings, now: datetime, change: Change) -> Replay:
    """The bank asked with this file applied, on an index built aside."""
    library = Library.open(database, settings)
    try:
        return rehearsal.rehearse(library, database, now.date(), change)
    finally:
        library.close()


def tell_lost(found: Replay, *, stops: bool, accepted: bool) -> None:
    """Right answers that would be lost, to stderr; those of people end a live import.

    Questions of the samples are only told of: samples give way to real catalogues.
    """
    for one in found.lost:
        click.echo(f"会答错：{one}", err=True)
    real = [one for one in found.lost if one.origin != bank.SAMPLE]
    if real and stops and not accepted:
        raise click.ClickException(
            f"题库里有 {len(real)} 个问题原来答得对，生效后会答错，什么都没有写入；"
            "逐个看过仍要生效，请加 --accept-lost (right answers would be lost)"
        )


def report(reading: Reading, *, skip_bad: bool) -> None:
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


def tell(what: Difference, *, replace: bool) -> None:
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
