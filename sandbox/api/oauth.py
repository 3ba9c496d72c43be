"""网页授权: who is it that opened the page.

developers.weixin.qq.com/doc/service/api/webdev/access
"""

import html
import secrets
from urllib.parse import quote, urlencode, urlsplit

from sandbox.api.call import OK, Answer, Blob, Call
from sandbox.api.token import check_identity
from sandbox.rules.errors import WechatError
from sandbox.world import World

SCOPES = ("snsapi_base", "snsapi_userinfo")
PAGE = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{title}</title>'
    '<link rel="stylesheet" href="/sandbox/static/phone.css">'
    '<main class="plain"><h1>{title}</h1>{body}</main>'
)


def authorize(world: World, call: Call) -> Blob:
    """Send the browser back with a code; asks who it is when the phone has nobody chosen."""
    wrong = problem(world, call)
    if wrong:
        return page("网页授权", f"<p>{html.escape(wrong)}</p>", 400)
    openid = call.query.get("openid") or call.cookies.get("sandbox_follower", "")
    person = world.people.find(openid)
    if person is None:
        return choose(world, call)
    code = secrets.token_urlsafe(24)
    world.store.run(
        "INSERT INTO codes VALUES (?, ?, ?, ?, 0, ?)",
        code,
        person["openid"],
        call.query["scope"],
        world.clock.now() + world.rules.seconds("oauth.code_s"),
        int(call.query.get("snapshot") == "1"),
    )
    target = call.query["redirect_uri"].partition("#")[0]
    state = call.query.get("state", "")
    location = f"{target}{'&' if '?' in target else '?'}{urlencode({'code': code, 'state': state})}"
    return Blob(b"", "text/html", status=302, headers={"Location": location})


def problem(world: World, call: Call) -> str:
    """What WeChat would print instead of going on; empty: nothing."""
    if call.query.get("appid") != world.options.app_id:
        return "Scope 参数错误或没有 Scope 权限：appid 不对 (10013)"
    if call.query.get("scope") not in SCOPES or call.query.get("response_type") != "code":
        return "Scope 参数错误或没有 Scope 权限 (10005)"
    if world.setting("account_type") == "subscription":
        return "Scope 参数错误或没有 Scope 权限：订阅号没有网页授权 (10005)"
    target = urlsplit(call.query.get("redirect_uri", ""))
    if target.scheme not in ("http", "https") or not target.hostname:
        return "redirect_uri 参数错误 (10003)"
    domain = world.setting("oauth_domain")
    if domain and target.netloc != domain:
        return "redirect_uri 域名与后台配置不一致 (10003)"
    return ""


def choose(world: World, call: Call) -> Blob:
    """A page with the first people, to go on as one of them."""
    rows = world.store.all("SELECT openid, name FROM followers ORDER BY number LIMIT 20")
    base = urlencode(call.query, quote_via=quote)
    links = "".join(
        f'<li><a href="?{html.escape(base)}&amp;openid={quote(row["openid"])}">'
        f"{html.escape(row['name'])}</a></li>"
        for row in rows
    )
    return page("以谁的身份打开？", f'<ul class="choices">{links}</ul>', 200)


def page(title: str, body: str, status: int) -> Blob:
    """A small page of WeChat's own."""
    text = PAGE.format(title=title, body=body)
    return Blob(text.encode(), "text/html; charset=utf-8", status=status)


def access_token(world: World, call: Call) -> Answer:
    """code → openid; a code is good once and for five minutes."""
    check_identity(world, call.query.get("appid"), call.query.get("secret"))
    code = call.query.get("code")
    if not code:
        raise WechatError(41008)
    row = world.store.one("SELECT * FROM codes WHERE code = ?", code)
    if row is None or row["expires_at"] <= world.clock.now():
        raise WechatError(40029)
    if row["used"]:
        raise WechatError(40163)
    world.store.run("UPDATE codes SET used = 1 WHERE code = ?", code)
    answer = granted(world, row["openid"], row["scope"])
    return {**answer, "is_snapshotuser": 1} if row["snapshot"] else answer


def refresh_token(world: World, call: Call) -> Answer:
    """A new token for an old refresh_token."""
    kept = world.store.kept(f"refresh.{call.query.get('refresh_token', '')}")
    if kept is None or kept["until"] <= world.clock.now():
        raise WechatError(40030)
    return granted(world, kept["openid"], kept["scope"])


def granted(world: World, openid: str, scope: str) -> Answer:
    """The pair of tokens of a person."""
    token, refresh = secrets.token_urlsafe(64), secrets.token_urlsafe(64)
    life = world.rules["token.lifetime_s"]
    now = world.clock.now()
    world.store.keep(f"sns.{token}", {"openid": openid, "until": now + life})
    world.store.keep(
        f"refresh.{refresh}", {"openid": openid, "scope": scope, "until": now + 30 * 86_400}
    )
    answer: Answer = {"access_token": token, "expires_in": life, "refresh_token": refresh}
    return {**answer, "openid": openid, "scope": scope}


def check(world: World, call: Call) -> Answer:
    """/sns/auth: is the token still good for this person."""
    kept = world.store.kept(f"sns.{call.query.get('access_token', '')}")
    if kept is None or kept["until"] <= world.clock.now():
        raise WechatError(40001)
    if kept["openid"] != call.query.get("openid"):
        raise WechatError(40003)
    return OK


def user_info(world: World, call: Call) -> Answer:
    """/sns/userinfo: name and nothing else, as since 2021."""
    check(world, call)
    person = world.people.known(call.query.get("openid"))
    return {
        "openid": person["openid"],
        "nickname": "微信用户",
        "sex": 0,
        "province": "",
        "city": "",
        "country": "",
        "headimgurl": "",
        "privilege": [],
    }
