"""WeChat's refusals as types: the type says what to do, the code, words and rid are kept.

Codes: developers.weixin.qq.com/doc/service, 全局返回码 and the pages of each call.
"""

from collections.abc import Mapping
from typing import Any


class WechatError(Exception):
    """A call that did not succeed. `rid` is what WeChat's rid/get explains.

    retryable: asking again may help. accepted: None where nobody can know.
    """

    retryable = False
    accepted: bool | None = False
    reason = "rejected"

    def __init__(self, code: int, message: str, rid: str = "", call: str = "") -> None:
        super().__init__(f"{call}: {code} {message} {rid}".strip())
        self.code = code
        self.message = message
        self.rid = rid
        self.call = call
        self.msg_id: int | None = None


class OutcomeUnknown(WechatError):
    """−1, a time-out, a broken connection, HTTP 5xx: it may or may not have been accepted."""

    retryable = True
    accepted = None
    reason = "system_error"


class NotReached(WechatError):
    """The connection could not even be made: nothing was accepted."""

    retryable = True
    reason = "limited"


class BadToken(WechatError):
    """The access token is wrong or too old; one bounded retry with a current one."""

    retryable = True


class AccountStopped(WechatError):
    """The account, its secret, address or rights are refused: every push must pause."""


class QuotaSpent(WechatError):
    """The day's quota of this API is spent; it rests until midnight in China."""

    retryable = True
    reason = "limited"


class SlowDown(WechatError):
    """Too many in this minute; the next minute may do."""

    retryable = True
    reason = "limited"


class JobStopped(WechatError):
    """The template or its content is refused: the whole push must stop."""


class RecipientGone(WechatError):
    """This person cannot be reached any more."""

    reason = "unfollowed"


class Blocked(RecipientGone):
    """This person refuses our messages, or is on our blacklist."""

    reason = "blocked"


class InvalidOpenid(RecipientGone):
    reason = "invalid_openid"


class ConsentGone(WechatError):
    """No consent is left for this notice: another route may do."""

    reason = "refused"


class WindowClosed(WechatError):
    """The 客服消息 window is closed or used up: another route may do."""

    reason = "no_route"


class WindowUsedUp(WindowClosed):
    """The window is open, its messages are spent."""


class BadContent(WechatError):
    """The text or a field breaks WeChat's rules: a repeat would be refused too."""

    reason = "bad_content"


class AlreadyAccepted(WechatError):
    """The same clientmsgid was accepted before: this is success; `msg_id` is the first one's."""

    accepted = True


class MediaGone(WechatError):
    """The temporary media is no longer there."""


class SignInAgain(WechatError):
    """The person has changed their password: a page must ask them to sign in anew."""


class MenuRefused(WechatError):
    """A button leads to a mini-program that is not linked to the account."""


class TagRefused(WechatError):
    """The tag itself: too many, its name taken or too long, WeChat's own. A person must look."""


class TagGone(WechatError):
    """No such tag; also said while a new one spreads, so it is asked again before it counts."""


class TagsFull(WechatError):
    """One of these people carries twenty tags: the others are told of one by one."""


BY_CODE: dict[int, type[WechatError]] = {
    -1: OutcomeUnknown,
    **dict.fromkeys((40001, 40014, 42001, 41001), BadToken),
    **dict.fromkeys((40013, 40125, 40243, 40164, 61004, 41002, 41004), AccountStopped),
    **dict.fromkeys((48001, 48004, 48008, 50002, 89501, 89503), AccountStopped),
    **dict.fromkeys((45009, 45028), QuotaSpent),
    **dict.fromkeys((45011, 45066), SlowDown),
    **dict.fromkeys((40037, 40249, 41030), JobStopped),
    40003: InvalidOpenid,
    49003: InvalidOpenid,
    **dict.fromkeys((43004, 50005, 50001), RecipientGone),
    **dict.fromkeys((43019, 48002), Blocked),
    43101: ConsentGone,
    45015: WindowClosed,
    45047: WindowUsedUp,
    **dict.fromkeys((45002, 45008, 47003, 47001, 44002, 40033, 40035, 45067, 45083), BadContent),
    45065: AlreadyAccepted,
    40007: MediaGone,
    42007: SignInAgain,
    45064: MenuRefused,
    **dict.fromkeys((45056, 45057, 45058, 45157, 45158), TagRefused),
    45159: TagGone,
    45059: TagsFull,
}
TOKEN_CODES = frozenset({40001, 40014, 42001})


def error_of(answer: Mapping[str, Any], call: str = "") -> WechatError | None:
    """The error an answer carries; None for success."""
    code = int(answer.get("errcode", 0))
    if code == 0:
        return None
    message, rid = split_rid(str(answer.get("errmsg", "")))
    error = BY_CODE.get(code, WechatError)(code, message, rid, call)
    msg_id = answer.get("msg_id", answer.get("msgid"))
    error.msg_id = int(msg_id) if msg_id else None
    return error


def split_rid(message: str) -> tuple[str, str]:
    """`ok rid: 5f-ab-01` → (`ok`, `5f-ab-01`); older answers carry ` hint: [x]` instead."""
    text, mark, rid = message.partition(" rid: ")
    if mark:
        return text.strip(), rid.strip()[:40]
    text, mark, hint = message.partition(" hint: ")
    return text.strip(), hint.strip(" []")[:40] if mark else ""
