"""WeChat's error codes and texts, and the exception that carries one."""

import secrets

TEXTS: dict[int, str] = {
    -1: "system error",
    0: "ok",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid media size",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button size",
    40025: "invalid sub button name size",
    40029: "invalid code",
    40030: "invalid refresh_token",
    40032: "invalid openid list size",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40035: "invalid argument",
    40037: "invalid template_id",
    40053: "invalid action info",
    40066: "invalid url",
    40125: "invalid appsecret",
    40130: "invalid openid list size, at least two openid",
    40163: "code been used",
    40164: "invalid ip {ip} ipv6 ::ffff:{ip}, not in whitelist",
    40200: "invalid account type",
    40243: "appsecret is frozen",
    40249: "this template msg has been blocked for illegal content",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    41006: "media_id missing",
    41008: "missing code",
    41028: "invalid form id",
    41030: "invalid page",
    42001: "access_token expired",
    42007: "access_token and refresh_token exception",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    43019: "require remove blacklist",
    43101: "user refuse to accept the msg",
    44002: "empty post data",
    44004: "empty content",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45010: "create menu limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45028: "has no masssend quota",
    45047: "out of response count limit",
    45056: "too many tag now, no need to add new",
    45057: "can't delete the tag that has too many fans",
    45058: "can't modify sys tag",
    45059: "can not tag over 20 tags to one user",
    45065: "clientmsgid exist",
    45066: "same clientmsgid retry too fast",
    45067: "clientmsgid size out of limit",
    45064: "no permission to use weapp in menu",
    45072: "invalid command",
    45083: "speed should be between 0 and 4",
    45157: "invalid tag name",
    45158: "tag name too long",
    45159: "invalid tag id",
    46003: "menu no exist",
    47001: "data format error",
    47003: "argument invalid! data.{field}.value invalid",
    48001: "api unauthorized",
    48002: "user block receive message",
    48004: "api forbidden for irregularities",
    48006: "forbid to clear quota because of reaching the limit",
    48008: "no permission for this msgtype",
    49003: "not match openid with appid",
    50001: "api unauthorized or user unauthorized",
    50002: "user limited",
    50005: "user is unsubscribed",
    61004: "access clientip is not registered",
    65303: "there is no default menu, please create default menu first",
    76001: "rid not found",
    76002: "rid is error",
    76003: "cgi_path not found",
    89501: "waiting for the administrator to confirm",
    89503: "the administrator has not confirmed",
}


class WechatError(Exception):
    """An answer of HTTP 200 with errcode and errmsg; `more` are further fields of it."""

    def __init__(self, code: int, *, text: str = "", more: dict[str, object] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.text = text or TEXTS.get(code, "error")
        self.more = more or {}

    def answer(self, rid: str) -> dict[str, object]:
        """The JSON WeChat answers with."""
        return {"errcode": self.code, "errmsg": f"{self.text} rid: {rid}", **self.more}


def new_rid() -> str:
    """A request number as WeChat prints it: three groups of eight hex digits."""
    digits = secrets.token_hex(12)
    return f"{digits[:8]}-{digits[8:16]}-{digits[16:]}"
