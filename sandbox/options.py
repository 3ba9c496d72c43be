"""What the sandbox is told on its command line or in its environment."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

MODES = ("safe", "compatible", "plain")
KINDS = ("template", "once", "long")
FIELDS = ("thing1", "thing2", "time3")
TITLES = {
    "SANDBOX-TEMPLATE-DISCLOSURE": "信息公开提醒",
    "SANDBOX-NOTICE-DISCLOSURE": "信息公开通知",
    "SANDBOX-TEMPLATE-TICKET": "办理进度提醒",
    "SANDBOX-NOTICE-TICKET": "办理结果通知",
}


@dataclass(frozen=True, slots=True)
class Template:
    """A template of the account: kind is template, once (one-time notice) or long."""

    id: str
    kind: str
    fields: tuple[str, ...] = FIELDS

    @property
    def title(self) -> str:
        """What the card says on top."""
        return TITLES.get(self.id) or ("模板消息" if self.kind == "template" else "订阅通知")


DEFAULT_TEMPLATES = (
    Template("SANDBOX-TEMPLATE-DISCLOSURE", "template"),
    Template("SANDBOX-NOTICE-DISCLOSURE", "long"),
    Template("SANDBOX-TEMPLATE-TICKET", "template"),
    Template("SANDBOX-NOTICE-TICKET", "once"),
)


@dataclass(frozen=True, slots=True)
class Options:
    """The account played, where its callbacks go, and where the sandbox keeps its own things."""

    app_id: str = "wx0000000000000000"
    app_secret: str = field(default="sandbox-secret", repr=False)
    token: str = field(default="sandboxtoken", repr=False)
    aes_key: str = field(default="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", repr=False)
    account: str = "gh_sandbox00001"
    account_type: str = "service"
    name: str = "公众号"
    callback: str = ""
    mode: str = "safe"
    home: str = ""
    bind: str = "127.0.0.1"
    port: int = 8001
    open: bool = False
    data: Path | None = None
    clock_file: Path | None = None
    templates: tuple[Template, ...] = DEFAULT_TEMPLATES


def read_options(arguments: Sequence[str], env: Mapping[str, str] = os.environ) -> Options:
    """The options of a command line; secrets come from SANDBOX_… so that `ps` does not show them.

    Ends the process with status 2 and a sentence when an option is wrong.
    """
    parser = make_parser(env)
    given = parser.parse_args(arguments)
    if len(given.aes_key) != 43:
        parser.error("--aes-key: 43 characters")
    if not given.open and not is_loopback(given.bind):
        parser.error(
            f"--bind {given.bind}: anyone who reaches this address could speak for the followers; "
            "use 127.0.0.1, or --open if that is meant"
        )
    templates = tuple(read_template(parser, text) for text in given.template)
    known = {template.id for template in templates}
    templates += tuple(item for item in DEFAULT_TEMPLATES if item.id not in known)
    values = {**vars(given), "templates": templates}
    del values["template"]
    return Options(**values)


def make_parser(env: Mapping[str, str]) -> argparse.ArgumentParser:
    """The parser of `python -m sandbox`."""
    base = Options()
    parser = argparse.ArgumentParser("python -m sandbox", description=__doc__)
    parser.add_argument("--bind", default=base.bind)
    parser.add_argument("--port", type=int, default=base.port)
    parser.add_argument("--open", action="store_true", help="allow an address beyond loopback")
    parser.add_argument("--callback", default="", metavar="URL", help="where the bot listens")
    parser.add_argument("--home", default="", metavar="URL", help="the project's own console")
    parser.add_argument("--account", default=base.account, help="the account's gh_ id")
    parser.add_argument("--name", default=base.name, help="the account's name on the phone")
    parser.add_argument(
        "--account-type", default=base.account_type, choices=("service", "subscription")
    )
    parser.add_argument("--mode", default=base.mode, choices=MODES)
    parser.add_argument("--data", type=Path, metavar="DIR")
    parser.add_argument("--clock-file", type=Path, metavar="FILE")
    for secret in ("app_id", "app_secret", "token", "aes_key"):
        given = env.get(f"SANDBOX_{secret.upper()}") or getattr(base, secret)
        parser.add_argument(f"--{secret.replace('_', '-')}", default=given)
    parser.add_argument(
        "--template",
        action="append",
        default=[],
        metavar="ID=KIND[:field,field]",
        help="KIND is template, once or long; may be given several times",
    )
    return parser


def read_template(parser: argparse.ArgumentParser, text: str) -> Template:
    """`ID=kind:thing1,time2` → Template."""
    name, _, rest = text.partition("=")
    kind, _, fields = rest.partition(":")
    if not name or kind not in KINDS:
        parser.error(f"--template {text}: use ID=template, ID=once or ID=long")
    return Template(name, kind, tuple(fields.split(",")) if fields else FIELDS)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
