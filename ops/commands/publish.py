"""`flask publish FILE.json`: a disclosure reviewed elsewhere goes out, through the same gate."""

import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import click

from core.clock import SHANGHAI, SystemClock
from ops.commands.opening import opened_database, read_settings

ATTACH_HELP = "附件，可多次（PDF、docx、xlsx、PNG、JPG） · a file that belongs to it"
TIME_HELP = "定时发布，如 2026-11-24T09:00 或 09:00 · when (China time)"


@click.command("publish")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--attach", "attached", multiple=True, type=click.Path(path_type=Path), help=ATTACH_HELP
)
@click.option("--at", "at_text", default="", metavar="TIME", help=TIME_HELP)
def command(file: Path, attached: tuple[Path, ...], at_text: str) -> None:
    """发布一条在系统外审核过的公开信息 · publish a disclosure reviewed elsewhere.

    附件用 --attach 给出，或写在文件的 attachments 里（相对于该文件的路径），与页面上传的同样检查。

    输出 {"disclosure": 编号, "push": 推送编号, "audience": 人数}；有问题时逐条列出，什么都不写入。
    """
    from bot.followers import topics
    from bureau.disclosures.outside import publish_reviewed

    data = read_json(file)
    files = read_files([*attached, *named_in(data, file)])
    settings = read_settings()
    now = SystemClock(None if settings.production else settings.clock_file).now()
    at = read_time(at_text, now) if at_text else None
    with opened_database(settings) as database, database.write() as db:
        topics.load_reference(db)
        disclosure, push = publish_reviewed(db, data, now, at=at, attachments=files)
        result = {"disclosure": disclosure.id, "push": push.id, "audience": push.audience}
    click.echo(json.dumps(result))


def read_json(file: Path) -> dict[str, Any]:
    """The file's one object. Raises ClickException with the place of a mistake."""
    try:
        data = json.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        raise click.ClickException(f"读不到文件 {file}：{error.strerror}") from error
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} 应为 UTF-8 编码") from error
    except json.JSONDecodeError as error:
        raise click.ClickException(
            f"{file} 第 {error.lineno} 行第 {error.colno} 列不是正确的 JSON：{error.msg}"
        ) from error
    if not isinstance(data, dict):
        raise click.ClickException(f"{file} 应为一个 JSON 对象")
    return data


def named_in(data: dict[str, Any], file: Path) -> list[Path]:
    """The files that the object itself names, beside it. Raises ClickException."""
    names = data.pop("attachments", None) or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise click.ClickException('attachments：应为文件名的列表，如 ["附件1.xlsx"]')
    return [file.parent / name for name in names]


def read_files(paths: list[Path]) -> list[tuple[str, bytes]]:
    """(name, content) of each. Raises ClickException naming the first that cannot be read."""
    given = []
    for path in paths:
        try:
            given.append((path.name, path.read_bytes()))
        except OSError as error:
            raise click.ClickException(f"读不到附件 {path}：{error.strerror}") from error
    return given


def read_time(text: str, now: datetime) -> datetime:
    """A moment, or a time of day: the next one. Raises BadParameter for other text or the past."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = _next_time(text, now)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SHANGHAI)
    if moment <= now:
        raise click.BadParameter(f"{text} 已经过去 (in the past)", param_hint="--at")
    return moment


def _next_time(text: str, now: datetime) -> datetime:
    try:
        clock = time.fromisoformat(text)
    except ValueError as error:
        hint = "用 2026-11-24T09:00 或 09:00 (use one of these)"
        raise click.BadParameter(hint, param_hint="--at") from error
    today = datetime.combine(now.astimezone(SHANGHAI).date(), clock, SHANGHAI)
    return today if today > now else today + timedelta(days=1)
