"""`flask feedback`: every ticket, one of them, an answer; the year's working days."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ops.commands.opening import opened_database, opened_office

if TYPE_CHECKING:
    from bureau.feedback.models import Ticket


@click.group("feedback")
def command() -> None:
    """建议与来信 · tickets of citizens."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="一行 JSON · as JSON")
def listing(as_json: bool) -> None:
    """列出全部来信 · every ticket, oldest first."""
    from bureau.feedback import search

    with opened_database() as database, database.read() as db:
        rows = [brief(ticket) for ticket in search.everything(db)]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo("\t".join(str(row[key] or "") for key in row))


@command.command("show")
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="一行 JSON · as JSON")
def show(number: str, as_json: bool) -> None:
    """一件来信的全部经过 · one ticket with its history and the arithmetic of its due date."""
    from bureau.feedback import chain, deadlines, replies, search

    with opened_database() as database, database.read() as db:
        ticket = search.one(db, number)
        steps = [
            f"{step.day} {step.counted or '-'} {step.why}" for step in deadlines.explain(db, ticket)
        ]
        events = [
            f"{event.at:%Y-%m-%d %H:%M} {event.who} {event.action}"
            for event in chain.events(db, ticket)
        ]
        told = [reply.text for reply in replies.of(db, ticket) if reply.state == "sent"]
        whole = {**brief(ticket), "text": ticket.text, "replies": told}
        whole |= {"provisional": ticket.provisional, "due_steps": steps, "events": events}
    if as_json:
        click.echo(json.dumps(whole, ensure_ascii=False))
        return
    for key, value in whole.items():
        lines = value if isinstance(value, list) else [value]
        click.echo(f"{key}: " + "\n  ".join(str(line) for line in lines))


@command.command("reply")
@click.argument("number")
@click.argument("text")
@click.option("--by", required=True, help="工作人员的用户名 · name of the clerk who answers")
@click.option("--interim", is_flag=True, help="办理中的进展，不是正式答复 · a word in between")
@click.option("--type", "answer_type", default="", help="依申请公开的答复类型 · of a request")
def reply(number: str, text: str, by: str, interim: bool, answer_type: str) -> None:
    """答复一件来信 · answer a ticket; the notice goes out with the worker.

    依申请公开须用 --type 写明答复类型：already_public、provided、refused、none_exists、
    not_ours、repeated 或 other_law。
    """
    from bureau.feedback import replies, search
    from bureau.staff import accounts

    with opened_office() as office, office.database.write() as db:
        clerk = accounts.require(db, by)
        ticket = search.one(db, number)  # who has this shell sees every office's tickets
        now = office.clock.now()
        sent = replies.answer(
            db, ticket, text, clerk, now, interim=interim, answer_type=answer_type
        )
        told = {"number": ticket.number, "state": ticket.state, "push": sent.push_id}
    click.echo(json.dumps(told, ensure_ascii=False))


@command.command("workdays")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def workdays(file: Path) -> None:
    """载入一年的放假安排 · load a year's working days and set open due dates anew."""
    from bureau.feedback import dates
    from bureau.workdays import table

    notice = table.read_notice(file)
    with opened_office() as office, office.database.write() as db:
        table.apply(db, notice, office.clock.now())
        moved = dates.announce(db, office.clock.now(), f"{notice.year}年放假安排：{notice.source}")
    click.echo(json.dumps({"year": notice.year, "tickets_moved": moved}, ensure_ascii=False))


def brief(ticket: "Ticket") -> dict[str, Any]:
    """One row of `list --json`."""
    return {
        "number": ticket.number,
        "kind": ticket.kind,
        "state": ticket.state,
        "office": ticket.office.name if ticket.office else None,
        "received_at": ticket.received_at.isoformat(),
        "due_on": ticket.due_on.isoformat(),
    }
