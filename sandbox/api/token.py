"""The two tokens, isolated from each other.

developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
"""

import hmac
import secrets

from sandbox.api.call import Answer, Call
from sandbox.rules.errors import WechatError
from sandbox.store import Row
from sandbox.world import World


def classic(world: World, call: Call) -> Answer:
    """GET /cgi-bin/token: a new token each time; the one before lives five minutes longer."""
    if call.query.get("grant_type") != "client_credential":
        raise WechatError(40002)
    check_identity(world, call.query.get("appid"), call.query.get("secret"))
    world.quotas.use_day("token.daily")
    overlap = world.clock.now() + world.rules.seconds("token.overlap_s")
    world.store.run("UPDATE tokens SET dead_at = min(dead_at, ?) WHERE kind = 'classic'", overlap)
    return issue(world, "classic")


def stable(world: World, call: Call) -> Answer:
    """POST /cgi-bin/stable_token: the same token until its last five minutes, unless forced."""
    body = call.json()
    if body.get("grant_type") != "client_credential":
        raise WechatError(40002)
    check_identity(world, body.get("appid"), body.get("secret"))
    world.quotas.use_minute("stable.minute", call.path)
    world.quotas.use_day("stable.daily")
    if body.get("force_refresh") is True and force_allowed(world):
        world.store.run(
            "UPDATE tokens SET dead_at = min(dead_at, ?) WHERE kind = 'stable'", world.clock.now()
        )
        return issue(world, "stable")
    latest = world.store.one(
        "SELECT * FROM tokens WHERE kind = 'stable' AND dead_at > ? ORDER BY made_at DESC LIMIT 1",
        world.clock.now(),
    )
    rest = latest["expires_at"] - world.clock.now() if latest else 0
    if latest is None or rest <= world.rules.seconds("stable.renew_s"):
        return issue(world, "stable")
    return {"access_token": latest["token"], "expires_in": int(rest)}


def force_allowed(world: World) -> bool:
    """Whether a forced refresh is due. Raises 45009 after the day's last."""
    now = world.clock.now()
    if now - world.store.kept("stable.forced_at", 0) < world.rules.seconds("stable.force_gap_s"):
        return False
    world.quotas.use_day("stable.force_daily")
    world.store.keep("stable.forced_at", now)
    return True


def issue(world: World, kind: str) -> Answer:
    """A new token of a kind."""
    now = world.clock.now()
    life = world.rules["token.lifetime_s"]
    token = f"SB_{secrets.token_urlsafe(96)}"
    world.store.run("DELETE FROM tokens WHERE expires_at < ?", now - 86_400)
    world.store.run(
        "INSERT INTO tokens VALUES (?, ?, ?, ?, ?)", token, kind, now, now + life, now + life
    )
    return {"access_token": token, "expires_in": life}


def check_identity(world: World, app_id: object, secret: object) -> None:
    """Raises 41002, 41004, 40013, 40125."""
    if not app_id:
        raise WechatError(41002)
    if not secret:
        raise WechatError(41004)
    if app_id != world.options.app_id:
        raise WechatError(40013)
    if not hmac.compare_digest(str(secret).encode(), world.options.app_secret.encode()):
        raise WechatError(40125)


def check_token(world: World, token: str | None) -> None:
    """Raises 41001 missing, 40001 unknown or superseded, 42001 expired."""
    if not token:
        raise WechatError(41001)
    row: Row | None = world.store.one("SELECT * FROM tokens WHERE token = ?", token)
    now = world.clock.now()
    if row is None:
        raise WechatError(40001)
    if row["expires_at"] <= now:
        raise WechatError(42001)
    if row["dead_at"] <= now:
        raise WechatError(40001)
