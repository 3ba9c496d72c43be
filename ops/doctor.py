"""A look at everything the house stands on: one finding a line, ok or what to do."""

import hashlib
import secrets
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

import redis
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.inbound.journal import STREAM
from bot.outbound import calls, confirmations
from bot.outbound.errors import AccountStopped, WechatError
from bot.outbound.rules import ROUTE_LABELS, Rules
from bureau.feedback import seals
from bureau.office import Office
from bureau.workdays.models import WorkdayYear
from core.clock import SystemClock, day_of
from core.errors import Unready
from core.redis_store import connect
from core.schema import is_absent, newest_version
from ops.journal_reader import ASIDE

OLDEST_REDIS = (6, 2)
CLOCK_MAY_DIFFER_S = 60.0
ANNOUNCED_FROM_MONTH = 11  # the State Council's notice for the next year comes by then
TIMEOUT_S = 5.0
WRONG_ADDRESS = 40164  # 调用接口的 IP 地址不在白名单中


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it is well, what was seen or what to do."""

    name: str
    ok: bool
    text: str


def examine(office: Office, now: datetime) -> Iterator[Finding]:
    """Look at each part in turn; a part that fails does not stop the others."""
    for name, check in CHECKS.items():
        try:
            yield Finding(name, True, check(office, now))
        except (Unready, SQLAlchemyError, WechatError, redis.RedisError, OSError) as error:
            yield Finding(name, False, str(error))


def settings(office: Office, _now: datetime) -> str:
    """Settings.from_env has refused wrong ones already; here what works and is still a risk."""
    s = office.settings
    if s.real_account and any(mark in s.base_url for mark in ("127.", "localhost", "[::1]")):
        raise Unready("PUBLIC_URL 是本机地址，市民打不开链接：请设置公网地址")
    return f"{s.app_env}，DATA_DIR={s.data_dir}，沙盒{'打开' if s.sandbox else '关闭'}"


def database(office: Office, _now: datetime) -> str:
    if is_absent(office.database):
        raise Unready("还没有数据表：运行 flask db upgrade")
    return f"{office.database.engine.dialect.name}，版本 {newest_version()}"


def redis_server(office: Office, _now: datetime) -> str:
    url = office.settings.redis_url
    if not url:
        raise Unready("没有运行中的 Redis：请先 make run，或设置 REDIS_URL")
    client = connect(url)
    try:
        version = str(client.info("server")["redis_version"])
    finally:
        client.close()
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_REDIS:
        raise Unready(f"Redis {version} 太旧：需要 6.2 以上")
    return f"Redis {version}"


def journal(office: Office, _now: datetime) -> str:
    """Notes of callbacks that could not be understood, and how many wait to be read."""
    if not office.settings.redis_url:
        raise Unready("没有运行中的 Redis，看不到流水")
    client = connect(office.settings.redis_url)
    try:
        waiting, aside = int(client.xlen(STREAM)), int(client.xlen(ASIDE))
    finally:
        client.close()
    if aside:
        raise Unready(f"流水里有 {aside} 条读不懂，放在 {ASIDE}：请查看后台日志并报告")
    return f"流水 {waiting} 条"


def clock(office: Office, _now: datetime) -> str:
    """This machine's clock against the Date that WeChat's server answers with."""
    try:
        answer = fetch(office.settings.wechat_api_url)
    except urllib.error.HTTPError as error:  # any answer carries the date
        answer = ("", error.headers.get("Date", ""))
    if not answer[1]:
        raise Unready("微信接口没有给出时间，无法比较")
    drift = (SystemClock().now() - parsedate_to_datetime(answer[1])).total_seconds()
    if abs(drift) > CLOCK_MAY_DIFFER_S:
        raise Unready(f"本机时钟与微信相差 {drift:.0f} 秒：请打开时间同步 (chrony 或 ntp)")
    return f"与微信相差 {abs(drift):.0f} 秒"


def credentials(office: Office, _now: datetime) -> str:
    try:
        office.wechat.check()
    except AccountStopped as error:
        if error.code == WRONG_ADDRESS:
            return "AppID、AppSecret 未核对：IP 不在白名单"
        raise Unready(
            f"微信不接受账号：请核对 WECHAT_APP_ID、WECHAT_APP_SECRET（{error}）"
        ) from error
    return f"微信接受 {office.settings.wechat_app_id}"


def whitelist(office: Office, _now: datetime) -> str:
    try:
        office.wechat.check()
    except AccountStopped as error:
        if error.code == WRONG_ADDRESS:
            raise Unready(f"请在公众平台把本机出口 IP 加入白名单（{error.message}）") from error
    return "本机地址可以调用接口"


def templates(office: Office, _now: datetime) -> str:
    """The template ids of the settings are among the account's own."""
    s = office.settings
    listed = office.wechat.perform(calls.Request(calls.TEMPLATES)).get("template_list", ())
    known = {str(item["template_id"]) for item in listed}
    wanted = {s.wechat_template_disclosure, s.wechat_template_ticket} - {""}
    if missing := sorted(wanted - known):
        raise Unready(f"公众号里没有模板 {', '.join(missing)}：请在公众平台添加或改正设置")
    return f"{len(wanted)} 个模板都在"


def routes(office: Office, _now: datetime) -> str:
    """Every route of PUSH_ROUTES is open to disclosures: the bureau has confirmed what it must."""
    rules = Rules.of(office.settings)
    with office.database.read() as db:
        shut = confirmations.closed(db, rules)
        known = confirmations.confirmed(db)
    if shut:
        raise Unready("；".join(shut.values()))
    by = [f"{ROUTE_LABELS[r]}由{row.confirmed_by}确认" for r, row in known.items()]
    return "，".join(["可用", *by])


def callback(office: Office, now: datetime) -> str:
    """Ask our own callback the way WeChat does when the address is entered."""
    s = office.settings
    timestamp, nonce = str(int(now.timestamp())), secrets.token_hex(4)
    signed = "".join(sorted((s.wechat_token, timestamp, nonce))).encode()
    query = {
        "signature": hashlib.sha1(signed).hexdigest(),  # noqa: S324  WeChat's protocol
        "timestamp": timestamp,
        "nonce": nonce,
        "echostr": nonce,
    }
    url = f"{s.base_url}/wechat"
    try:
        body, _ = fetch(f"{url}?{urlencode(query)}")
    except OSError as error:
        raise Unready(f"{url} 打不开：系统在运行吗？代理转发了吗？（{error}）") from error
    if body != nonce:
        raise Unready(f"{url} 的回答不对：请核对 WECHAT_TOKEN 与代理")
    return f"{url} 可以验证"


def holidays(office: Office, now: datetime) -> str:
    """The working-day table knows this year, and from November on the next."""
    with office.database.read() as db:
        known = set(db.scalars(select(WorkdayYear.year)))
    wanted = {now.year} | ({now.year + 1} if now.month >= ANNOUNCED_FROM_MONTH else set())
    if missing := sorted(wanted - known):
        raise Unready(
            f"工作日表里没有 {'、'.join(map(str, missing))} 年的放假安排，期限暂按周一至周五计算："
            "国务院办公厅发布通知后，请在工作台“放假安排”里载入"
        )
    return f"到 {max(known)} 年"


def records(office: Office, now: datetime) -> str:
    """What happened to letters in the last month is what was sealed, event by event."""
    with office.database.read() as db:
        wrong = seals.what_does_not_fit(db, day_of(now))
    if wrong:
        raise Unready(f"来信办理记录与封存不符：{wrong}，请核查是谁改动了数据库")
    return "近一个月与封存相符"


def fetch(url: str) -> tuple[str, str]:
    """Body and Date header of a GET. Raises OSError (HTTPError for a status of 400 or more)."""
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise Unready(f"不是网址：{url}")
    with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:  # noqa: S310  checked above
        return answer.read(65_536).decode("utf8", "replace"), answer.headers.get("Date", "")


CHECKS: dict[str, Callable[[Office, datetime], str]] = {
    "设置 settings": settings,
    "数据库 database": database,
    "Redis": redis_server,
    "流水 journal": journal,
    "时钟 clock": clock,
    "账号 credentials": credentials,
    "白名单 IP whitelist": whitelist,
    "模板 templates": templates,
    "渠道 routes": routes,
    "回调 callback": callback,
    "放假安排 holidays": holidays,
    "办理记录 records": records,
}
