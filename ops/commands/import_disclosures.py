"""`flask import disclosures`: older public information moves in; nothing is pushed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ops.commands.opening import opened_database, read_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from knowledge.sheet_rows import Row

KIND = "disclosure"


@dataclass(frozen=True, slots=True)
class Counted:
    """What an import came to."""

    new: int
    same: int


def bring_disclosures(
    file: Path, *, dry_run: bool, skip_bad: bool, reviewers: Sequence[str]
) -> None:
    """Check every row, then write all of them or none; with reviewers they are public at once."""
    from bot.followers import topics
    from core.clock import SystemClock
    from core.errors import Refusal
    from knowledge.sheets import read_sheet

    if not file.is_file():
        raise Refusal(f"没有这个文件：{file}")
    rows = read_sheet(file, KIND).rows
    settings = read_settings()
    now = SystemClock(None if settings.production else settings.clock_file).now()
    with opened_database(settings) as database, database.write() as db:
        topics.load_reference(db)
        good = checked(db, rows, reviewers, skip_bad=skip_bad)
        if dry_run:
            click.echo(f"{len(good)} 条可以导入；试运行，没有写入 (dry run, nothing written)")
            return
        counted = keep_all(db, good, reviewers, now)
    state = f"已公开，系统外审核：{'、'.join(reviewers)}" if reviewers else "作为草稿等待审核"
    click.echo(f"新增 {counted.new}　未变 {counted.same}　{state}；不推送 (no push)")


def checked(
    db: "Session", rows: Sequence["Row"], reviewers: Sequence[str], *, skip_bad: bool
) -> list[dict[str, Any]]:
    """The rows that may be kept; all problems go to stderr and end the command unless skipped."""
    from bureau.disclosures.outside import check
    from bureau.disclosures.publish import Rejected

    names = [*reviewers, *reviewers[-1:]][:3] or ["导入", "待审核", "待批准"]
    steps = dict(zip(("drafted_by", "reviewed_by", "approved_by"), names, strict=False))
    good, bad = [], 0
    for row in rows:
        data = {**data_of(row.cells), "review": steps}
        try:
            check(db, data)
        except Rejected as error:
            bad += 1
            for line in error.lines:
                column = line.split("：", 1)[0]
                found = str(data.get(column) or "")[:60] or "（空）"
                click.echo(f"第 {row.number} 行 {line}，原内容：{found}", err=True)
        else:
            good.append(data)
    if bad and not skip_bad:
        raise click.ClickException(f"{bad} 行有问题，什么都没有写入；可用 --skip-bad 跳过")
    return good


def data_of(cells: Mapping[str, Any]) -> dict[str, Any]:
    """A row as `flask publish` would take it: `name` is the title, dates are texts."""
    data = {key: value for key, value in cells.items() if value not in (None, "")}
    data["title"] = data.pop("name", "")
    day = data.get("produced_on")
    if isinstance(day, datetime):
        data["produced_on"] = day.date().isoformat()
    if isinstance(data.get("urgent"), str):
        data["urgent"] = {"是": True, "否": False}.get(data["urgent"].strip(), data["urgent"])
    if isinstance(data.get("fields"), str) and data["fields"].strip().startswith("{"):
        data["fields"] = json.loads(data["fields"])
    data.setdefault("kind", "notice")
    return data


def keep_all(
    db: "Session", rows: Sequence[dict[str, Any]], reviewers: Sequence[str], now: datetime
) -> Counted:
    """Write what is not there yet; the same content twice is kept once."""
    from sqlalchemy import select

    from bureau.disclosures import outside, publish
    from bureau.disclosures.models import Disclosure
    from bureau.disclosures.states import State, move
    from bureau.release import gate

    known = set(db.scalars(select(Disclosure.origin_key)))
    new = same = 0
    for data in rows:
        content = outside.check(db, data)
        key = f"outside:{content.hash}"
        if key in known:
            same += 1
            continue
        known.add(key)
        new += 1
        kept = publish.keep(db, content, now, drafted_by=data["review"]["drafted_by"], key=key)
        if reviewers:
            review = data["review"]
            people = {
                gate.FIRST: review["drafted_by"],
                gate.SECOND: review["reviewed_by"],
                gate.APPROVAL: review["approved_by"],
            }
            gate.record_outside(db, publish.subject_of(kept), kept.content_hash, people, now)
            move(kept, State.PUBLISHED)
            kept.published_at = now
    return Counted(new, same)


def export_rows(db: "Session") -> list[dict[str, Any]]:
    """Public disclosures as the objects that import again."""
    from sqlalchemy import select

    from bureau.disclosures.models import Disclosure
    from bureau.disclosures.states import State

    columns = (
        "title kind topic summary body_html produced_on source_url urgent office attribute fields"
    )
    public = Disclosure.state == State.PUBLISHED
    statement = select(Disclosure).where(public).order_by(Disclosure.id)
    return [
        {
            name: value.isoformat() if hasattr(value := getattr(one, name), "isoformat") else value
            for name in columns.split()
        }
        for one in db.scalars(statement)
    ]
