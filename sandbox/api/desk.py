"""Where a call arrives: the door, the work, the log."""

import json
import time
from collections.abc import Mapping

from sandbox.api.call import Answer, Blob, Call
from sandbox.api.routes import ROUTES, Endpoint
from sandbox.api.token import check_token
from sandbox.rules.errors import WechatError, new_rid
from sandbox.rules.paths import TOKENS
from sandbox.world import World

LOG = (
    "INSERT INTO calls (at, method, path, query, body, reply, errcode, rid, ms, ip, fault) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
KEPT_CALLS = 5000
TOKEN_PATHS = ("/cgi-bin/token", "/cgi-bin/stable_token", "/cgi-bin/clear_quota/v2")


def answer(
    world: World, call: Call, *, refuse: int | None = None, fault: str = ""
) -> Answer | Blob:
    """What WeChat answers; `refuse` is a code a fault wishes, `fault` its name in the log."""
    begun = time.perf_counter()
    result: Answer | Blob
    rid, code = "", 0
    try:
        if refuse is not None:
            raise WechatError(refuse)
        endpoint = check_door(world, call)
        result = endpoint.handle(world, call)
    except WechatError as error:
        rid, code = new_rid(), error.code
        result = error.answer(rid)
    note(world, call, result, code, rid, (time.perf_counter() - begun) * 1000, fault)
    return result


def check_door(world: World, call: Call) -> Endpoint:
    """Path, method, address, token, right and quota, in this order. Raises the first that fails."""
    endpoint = ROUTES.get(call.path)
    if endpoint is None:
        raise WechatError(40066)
    if call.method not in endpoint.methods:
        raise WechatError(43001 if endpoint.methods == "GET" else 43002)
    check_address(world, call)
    if not endpoint.open:
        check_token(world, call.query.get("access_token"))
    if (endpoint.service or endpoint.certified) and not world.setting("certified"):
        raise WechatError(48001)
    if endpoint.service and world.setting("account_type") == "subscription":
        raise WechatError(48001)
    if call.path not in TOKENS:
        world.quotas.use(call.path)
    return endpoint


def check_address(world: World, call: Call) -> None:
    """Raises 40164 at the tokens and 61004 elsewhere for an address that is not on the list."""
    allowed = world.setting("ip_whitelist")
    if (
        not allowed
        or call.ip in allowed
        or call.path.startswith(("/connect/", "/cgi-bin/showqrcode"))
    ):
        return
    code = 40164 if call.path in TOKEN_PATHS else 61004
    error = WechatError(code)
    raise WechatError(code, text=error.text.format(ip=call.ip))


def note(
    world: World, call: Call, result: Answer | Blob, code: int, rid: str, ms: float, fault: str
) -> None:
    """A row in the log of calls; the oldest are forgotten."""
    text = (
        json.dumps(result, ensure_ascii=False)
        if isinstance(result, dict)
        else f"({result.content_type})"
    )
    body = call.body[:8192].decode("utf8", "replace")
    if call.upload:
        body = f"({call.upload.name}, {len(call.upload.data)} bytes)"
    number = world.store.run(
        LOG, world.clock.now(), call.method, call.path, masked(call.query), hidden(world, body),
        hidden(world, text[:8192]), code, rid, ms, call.ip, fault,
    )  # fmt: skip
    if number % 500 == 0:
        world.store.run("DELETE FROM calls WHERE id <= ?", number - KEPT_CALLS)


def masked(query: Mapping[str, str]) -> str:
    """The query as JSON, its token shortened and its secret gone."""
    if not query:
        return "{}"
    shown = dict(query)
    if "access_token" in shown:
        shown["access_token"] = shown["access_token"][:12] + "…"
    shown.pop("secret", None)
    return json.dumps(shown, ensure_ascii=False)


def hidden(world: World, text: str) -> str:
    """The text without the account's secret."""
    return text.replace(world.options.app_secret, "…")
