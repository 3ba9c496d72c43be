"""Every setting of the house, read once from the environment, else from `.env` at the root."""

import os
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from core.errors import Unready

ROOT = Path(__file__).resolve().parent.parent
MEANINGFUL_WHEN_EMPTY = {"QUIET_HOURS", "WECHAT_AES_KEY_PREVIOUS"}
REQUIRED_IN_PRODUCTION = (
    *("SECRET_KEY", "DATA_KEY", "PUBLIC_URL"),
    *("WECHAT_APP_ID", "WECHAT_APP_SECRET", "WECHAT_TOKEN", "WECHAT_AES_KEY"),
)
AES_KEY_LENGTH = 43
KEPT = re.compile(r"[a-z]+:[1-9][0-9]{0,4}")  # of KEEP_LETTERS
LOOPBACK = ("127.", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Settings:
    """Names, defaults and units of every setting; `.env.example` repeats them for people."""

    bind: str = "127.0.0.1"
    port: int = 8000
    sandbox_port: int = 0  # 0: the next free one above PORT, chosen by the launcher
    app_env: str = "development"
    data_dir: Path = Path("var")
    database_url: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)
    public_url: str = ""
    secret_key: str = field(default="", repr=False)
    data_key: str = field(default="", repr=False)
    data_key_previous: str = field(default="", repr=False)
    trusted_proxies: tuple[str, ...] = ()
    metrics_token: str = field(default="", repr=False)
    bureau_name: str = "临沂市财政局(演示)"
    bureau_scopes: tuple[str, ...] = ("national", "shandong", "linyi")
    bureau_address: str = ""
    bureau_phone: str = ""
    office_hours: str = "08:30-12:00,13:30-17:30"
    wechat_app_id: str = "wx5a4d0b0c5a4d0b0c"
    wechat_app_secret: str = field(default="sandbox-secret-of-yangguang-00000", repr=False)
    wechat_token: str = field(default="yangguangsandbox", repr=False)
    wechat_aes_key: str = field(default="yangguangCaizhengSandboxAesKey0123456789abc", repr=False)
    wechat_aes_key_previous: str = field(default="", repr=False)
    wechat_api_url: str = ""
    wechat_account_type: str = "service"
    wechat_template_disclosure: str = "SANDBOX-TEMPLATE-DISCLOSURE"
    wechat_notice_disclosure: str = "SANDBOX-NOTICE-DISCLOSURE"
    wechat_template_ticket: str = "SANDBOX-TEMPLATE-TICKET"
    wechat_notice_ticket: str = "SANDBOX-NOTICE-TICKET"
    sandbox: bool = True
    sandbox_open: bool = False
    clock_file: Path | None = None
    workers: int = 1
    web_workers: int = 2
    seed: bool = True
    push_routes: tuple[str, ...] = ("kefu", "notice_long", "notice_once", "mass", "wait")
    push_rate: int = 50  # messages a second over all workers
    quiet_hours: str = "21:00-08:00"
    staff_notify: tuple[str, ...] = field(default=(), repr=False)
    keep_letters: tuple[str, ...] = (  # kind:days, of ended letters
        *("suggestion:1825", "mailbox:1825", "question:1095", "complaint:1825", "request:3650"),
    )
    letter_file_mb: int = 10  # the largest file of a letter, MiB

    @property
    def production(self) -> bool:
        return self.app_env == "production"

    @property
    def base_url(self) -> str:
        """The base of links that citizens open, without a closing slash."""
        return (self.public_url or f"http://{self.bind}:{self.port}").rstrip("/")

    @property
    def real_account(self) -> bool:
        """True when the callbacks come from an account that is not the sandbox's."""
        return not self.sandbox

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None, root: Path = ROOT) -> Self:
        """Read the settings. Raises Unready naming every bad or missing one at once."""
        given = {**read_dotenv(root / ".env"), **(os.environ if env is None else env)}
        values: dict[str, Any] = {}
        wrong: list[str] = []
        hints = typing.get_type_hints(cls)
        for item in fields(cls):
            name = item.name.upper()
            text = given.get(name)
            if text is None or (not text.strip() and name not in MEANINGFUL_WHEN_EMPTY):
                continue
            try:
                values[item.name] = parse(text.strip(), hints[item.name])
            except ValueError as error:
                wrong.append(f"{name}: {error}")
        if values.get("app_env") == "production":
            values = {"sandbox": False, "seed": False, **values}
        wrong += problems(values)
        if wrong:
            raise Unready("设置有误 (settings):\n" + "\n".join(f"  - {line}" for line in wrong))
        data_dir = values.get("data_dir", Path("var"))
        values["data_dir"] = data_dir if data_dir.is_absolute() else root / data_dir
        values.setdefault("clock_file", values["data_dir"] / "clock")
        return cls(**values)


def problems(values: Mapping[str, Any]) -> list[str]:
    """What is wrong with the parsed values, one line each; production is stricter."""
    wrong = []
    if values.get("app_env", "development") not in ("development", "production", "test"):
        wrong.append("APP_ENV: use development, test or production")
    if values.get("wechat_account_type", "service") not in ("service", "subscription"):
        wrong.append("WECHAT_ACCOUNT_TYPE: use service or subscription")
    wrong += [
        f"{name}: 43 characters, as the WeChat console shows it"
        for name in ("WECHAT_AES_KEY", "WECHAT_AES_KEY_PREVIOUS")
        if len(values.get(name.lower()) or "x" * AES_KEY_LENGTH) != AES_KEY_LENGTH
    ]
    if not 0 < values.get("port", 8000) < 65536:
        wrong.append("PORT: 1 to 65535")
    if any(not KEPT.fullmatch(part) for part in values.get("keep_letters", ())):
        wrong.append("KEEP_LETTERS: kind:days, as in suggestion:1825,request:3650")
    if not 1 <= values.get("letter_file_mb", 10) <= 50:
        wrong.append("LETTER_FILE_MB: 1 to 50")
    return wrong + (weak_points(values) if values.get("app_env") == "production" else [])


def weak_points(values: Mapping[str, Any]) -> list[str]:
    """What production refuses: missing secrets, a short key, a loopback address, the sandbox."""
    wrong = [
        f"{name}: required in production"
        for name in REQUIRED_IN_PRODUCTION
        if not values.get(name.lower())
    ]
    wrong += [
        f"{name}: at least 32 characters in production"
        for name in ("SECRET_KEY", "DATA_KEY")
        if 0 < len(values.get(name.lower(), "")) < 32
    ]
    if any(mark in values.get("public_url", "") for mark in LOOPBACK):
        wrong.append("PUBLIC_URL: a loopback address cannot be opened by citizens")
    if values.get("sandbox"):
        wrong.append("SANDBOX: must be off in production")
    return wrong


def parse(text: str, kind: Any) -> Any:
    """One setting's text as the type its field names. Raises ValueError with a sentence."""
    if isinstance(kind, types.UnionType):
        kind = next(part for part in typing.get_args(kind) if part is not type(None))
    if kind is bool:
        if text.lower() not in ("1", "0", "true", "false", "on", "off", "yes", "no"):
            raise ValueError(f"use 1 or 0, not {text!r}")
        return text.lower() in ("1", "true", "on", "yes")
    if kind is int:
        if not text.isascii() or not text.isdigit():
            raise ValueError(f"a whole number, not {text!r}")
        return int(text)
    if kind is Path:
        return Path(text).expanduser()
    if typing.get_origin(kind) is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text


def read_dotenv(path: Path) -> dict[str, str]:
    """KEY=value lines of a file; quotes around a value are taken off, # starts a comment line."""
    try:
        lines = path.read_text("utf8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (
        line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#")
    )
    return {key.strip().removeprefix("export "): value.strip().strip("'\"") for key, value in pairs}
