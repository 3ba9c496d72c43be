"""Name → (module, one line of help): `flask --help` reads this table and imports nothing."""

import importlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import click
from flask.cli import AppGroup

from core.errors import Refusal, Unready

COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ask": ("ask", "回答一个问题，并说明理由 · the reply a citizen would get, and why"),
        "backup": ("backup", "备份到一个文件 · save database and uploads to one file"),
        "db": ("db", "数据库版本 · bring the tables to the newest version"),
        "doctor": ("doctor", "逐项检查设置与连接 · check settings and connections, a line each"),
        "evaluate": ("evaluate", "用题库评测问答 · measure answers against a question file"),
        "export": ("export", "导出清单、指南或问答 · write a catalogue to a file"),
        "feedback": ("feedback", "来信办理 · list, show and reply to tickets"),
        "followers": ("followers", "关注者 · followers of the account"),
        "import": ("import_", "导入清单、指南、问答或公开信息 · read a catalogue from a file"),
        "menu": ("menu", "公众号菜单 · send the menu to WeChat"),
        "publish": ("publish", "发布一条公开信息 · publish a disclosure reviewed elsewhere"),
        "push": ("push", "推送进度与控制 · status, pause, resume, cancel of a push"),
        "reindex": ("reindex", "重建问答索引 · build the answer index anew"),
        "restore": ("restore", "从备份恢复 · bring a backup back"),
        "seed": ("seed", "样例内容 · load sample content, or --clear it"),
        "staff": ("staff", "工作人员账号 · accounts of the staff"),
        "topics": ("topics", "订阅主题 · topics and how many follow them"),
        "worker": ("worker", "后台进程 · run jobs, sweepers and the journal reader"),
    }
)


class CommandTable(AppGroup):
    """Lists the table; hands out commands that load themselves when they run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, line = COMMANDS[cmd_name]
        return Deferred(cmd_name, module, line)


class Deferred(click.Command):
    """Stands in the list for a command whose module is imported when its arguments are read."""

    def __init__(self, name: str, module: str, line: str) -> None:
        super().__init__(name, short_help=line)
        self._module = module
        self._real: click.Command | None = None

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """The real command's context; it comes back here to be run: refusals are caught there."""
        self._real = importlib.import_module(f"ops.commands.{self._module}").command
        context = self._real.make_context(info_name, args, parent, **extra)
        context.command = self
        return context

    def invoke(self, ctx: click.Context) -> Any:
        """Run it. A refusal, an unready house or a file that fails is one sentence, exit 1."""
        if self._real is None:
            raise RuntimeError("invoke() before make_context()")
        ctx.command = self._real
        try:
            return self._real.invoke(ctx)
        except Unready as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if not error.filename:
                raise
            raise click.ClickException(f"{error.filename}：{error.strerror}") from error
        except Refusal as error:
            raise click.ClickException(error.say) from error
