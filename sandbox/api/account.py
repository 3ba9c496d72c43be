"""The account's own matters: quota, rid, addresses, JS ticket.

developers.weixin.qq.com/doc/service/api/base/api_getapiquota
"""

import json
import re
import secrets
from urllib.parse import urlencode

from sandbox.api.call import OK, Answer, Call, text_of
from sandbox.api.token import check_identity
from sandbox.rules.errors import WechatError
from sandbox.rules.paths import DAILY, MINUTE, TOKENS
from sandbox.world import World

RID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}")


def quota(world: World, call: Call) -> Answer:
    """openapi/quota/get: the day's count of one path."""
    path = text_of(call.json(), "cgi_path", 76003)
    name = {**DAILY, **TOKENS}.get(path)
    if name is None:
        raise WechatError(76003)
    limit, used = world.rules[name], world.quotas.used(name)
    return {
        **OK,
        "quota": {"daily_limit": limit, "used": used, "remain": max(0, limit - used)},
        "rate_limit": {
            "call_count": world.rules[MINUTE.get(path, "api.minute")],
            "refresh_second": 60,
        },
    }


def rid(world: World, call: Call) -> Answer:
    """openapi/rid/get: the call a rid belongs to."""
    number = text_of(call.json(), "rid", 76002)
    if not RID.fullmatch(number):
        raise WechatError(76002)
    row = world.store.one("SELECT * FROM calls WHERE rid = ? ORDER BY id DESC LIMIT 1", number)
    if row is None:
        raise WechatError(76001)
    request = {
        "invoke_time": int(row["at"]),
        "cost_in_ms": int(row["ms"]),
        "request_url": f"{row['path']}?{urlencode(json.loads(row['query']))}",
        "request_body": row["body"],
        "response_body": row["reply"],
        "client_ip": row["ip"],
    }
    return {**OK, "request": request}


def clear(world: World, call: Call) -> Answer:
    """clear_quota: ten times a month."""
    if text_of(call.json(), "appid", 41002) != world.options.app_id:
        raise WechatError(40013)
    world.quotas.clear()
    return OK


def clear_with_secret(world: World, call: Call) -> Answer:
    """clear_quota/v2 needs no token."""
    body = call.json()
    check_identity(world, body.get("appid"), body.get("appsecret"))
    world.quotas.clear()
    return OK


def callback_addresses(world: World, call: Call) -> Answer:
    """getcallbackip and get_api_domain_ip: callbacks come from here."""
    return {"ip_list": ["127.0.0.1"]}


def js_ticket(world: World, call: Call) -> Answer:
    """ticket/getticket: the same for two hours."""
    now = world.clock.now()
    kept = world.store.kept("js_ticket", {"until": 0})
    if kept["until"] - now < world.rules.seconds("stable.renew_s"):
        kept = {
            "ticket": secrets.token_urlsafe(64),
            "until": now + world.rules.seconds("token.lifetime_s"),
        }
        world.store.keep("js_ticket", kept)
    return {**OK, "ticket": kept["ticket"], "expires_in": int(kept["until"] - now)}
