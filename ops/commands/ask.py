"""`flask ask`: the reply a citizen would get, and why; or a whole file of questions."""

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from ops.commands.opening import read_settings

if TYPE_CHECKING:
    from datetime import date

    from core.settings import Settings
    from knowledge.answered import Answered, Kept
    from knowledge.library import Library


@click.command("ask")
@click.argument("question", required=False)
@click.option(
    "--jsonl", is_flag=True, help="每行一个 {qid, question}，结果每行一个 JSON · JSON lines"
)
@click.option("--dialog", is_flag=True, help="同一 did 的行是一段对话 · lines of one did continue")
def command(question: str | None, jsonl: bool, dialog: bool) -> None:
    """回答一个问题，并说明理由；不记录 · the reply a citizen would get, and why."""
    if not jsonl and not question:
        raise click.UsageError("请写出问题，或用 --jsonl 从标准输入读 (give a question or --jsonl)")
    from bureau.catalogues.asking import opened_library

    settings = read_settings()
    with opened_library(settings) as (library, clock):
        today = clock.now().date()
        if not jsonl:
            answered = library.ask(question or "", today=today)
            why = library.why(question or "", answered, today=today)
            explain(answered, why, settings)
            return
        for line in answers(library, _lines(), today, settings, dialog=dialog):
            click.echo(json.dumps(line, ensure_ascii=False))


def _composer() -> "Callable[[Answered, Settings], str]":
    """The bot's own way of saying an answer, found by name as the office opener is.

    A command never imports a handler: the three ways in do not know each other.
    """
    said: Callable[[Answered, Settings], str] = importlib.import_module("handlers.answers").reply_of
    return said


def _lines() -> Iterator[dict[str, Any]]:
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except json.JSONDecodeError as error:
            raise click.ClickException(f"第 {number} 行不是正确的 JSON：{error.msg}") from error
        if not isinstance(data, dict) or "question" not in data:
            raise click.ClickException(f"第 {number} 行没有 question")
        yield data


def answers(
    library: "Library",
    lines: Iterator[dict[str, Any]],
    today: "date",
    settings: "Settings",
    *,
    dialog: bool,
) -> Iterator[dict[str, Any]]:
    """One result a line; with `dialog`, lines of one did are one conversation."""
    said = _composer()

    kept: dict[str, Kept] = {}
    for data in lines:
        did = str(data.get("did", "")) if dialog else ""
        answered = library.ask(str(data["question"]), today=today, keep=kept.get(did))
        if did:
            kept[did] = answered.keep
        yield as_json(data.get("qid"), answered, said(answered, settings))


def as_json(qid: Any, answered: "Answered", reply: str) -> dict[str, Any]:
    """The line of contract.md's table of commands."""
    line: dict[str, Any] = {
        "qid": qid,
        "outcome": answered.outcome,
        "hits": [
            {"id": hit.id, "kind": hit.kind, "title": hit.title, "score": hit.score}
            for hit in answered.hits
        ],
        "slot": answered.slot,
        "reply": reply,
    }
    if answered.redirect:
        line["redirect"] = {"to": answered.redirect.to, "phone": answered.redirect.phone}
    return line


def explain(answered: "Answered", why: tuple[str, ...], settings: "Settings") -> None:
    """The reply and why, for people."""
    said = _composer()

    click.echo(said(answered, settings))
    click.echo("")
    click.echo(f"结果 {answered.outcome}　所问 {answered.slot}　把握 {answered.confidence:.2f}")
    if why:
        click.echo("匹配的词 " + "、".join(why))
    for hit in answered.hits[:5]:
        click.echo(f"  {hit.score:.2f}  {hit.id}  {hit.title}")
