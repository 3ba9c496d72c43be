"""The one table of calls to WeChat: path, method, idempotency key, quota. Both senders read it.

Paths and limits: developers.weixin.qq.com/doc/service (read 2026-11).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One API. `daily`: WeChat's default for a new account, 0 where none is published.

    `idempotent_s`: for how long WeChat drops a repeat with the same key, 0 where it never does.
    """

    name: str
    method: str
    path: str
    daily: int = 0
    key_field: str = ""
    idempotent_s: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """A call with its body and query, ready for either sender."""

    call: Call
    body: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


CUSTOM = Call("custom", "POST", "/cgi-bin/message/custom/send", 500_000)
TYPING = Call("typing", "POST", "/cgi-bin/message/custom/typing")
TEMPLATE = Call("template", "POST", "/cgi-bin/message/template/send", 100_000, "client_msg_id", 600)
BIZSEND = Call("bizsend", "POST", "/cgi-bin/message/subscribe/bizsend", 0)
MASS = Call("mass", "POST", "/cgi-bin/message/mass/send", 100, "clientmsgid", 86_400)
MASS_ALL = Call("mass_all", "POST", "/cgi-bin/message/mass/sendall", 100, "clientmsgid", 86_400)
MASS_GET = Call("mass_get", "POST", "/cgi-bin/message/mass/get")
MASS_PREVIEW = Call("mass_preview", "POST", "/cgi-bin/message/mass/preview", 100)
MASS_DELETE = Call("mass_delete", "POST", "/cgi-bin/message/mass/delete", 10)
MASS_SPEED = Call("mass_speed", "POST", "/cgi-bin/message/mass/speed/get")
MASS_SPEED_SET = Call("mass_speed_set", "POST", "/cgi-bin/message/mass/speed/set")
MENU_CREATE = Call("menu_create", "POST", "/cgi-bin/menu/create", 1_000)
MENU_GET = Call("menu_get", "GET", "/cgi-bin/menu/get", 10_000)
FOLLOWERS = Call("followers", "GET", "/cgi-bin/user/get", 500)
USER_INFO = Call("user_info", "GET", "/cgi-bin/user/info", 5_000_000)
USER_INFOS = Call("user_infos", "POST", "/cgi-bin/user/info/batchget", 5_000_000)
TAGS = Call("tags", "GET", "/cgi-bin/tags/get", 1_000)
TAG_CREATE = Call("tag_create", "POST", "/cgi-bin/tags/create", 1_000)
TAG_PEOPLE = Call("tag_people", "POST", "/cgi-bin/tags/members/batchtagging", 100_000)
TAG_PEOPLE_OFF = Call("tag_people_off", "POST", "/cgi-bin/tags/members/batchuntagging", 100_000)
TAG_MEMBERS = Call("tag_members", "POST", "/cgi-bin/user/tag/get")
QR_CREATE = Call("qr_create", "POST", "/cgi-bin/qrcode/create", 100_000)
CALLBACK_IPS = Call("callback_ips", "GET", "/cgi-bin/getcallbackip")
TEMPLATES = Call("templates", "GET", "/cgi-bin/template/get_all_private_template")
NOTICES = Call("notices", "GET", "/wxaapi/newtmpl/gettemplate")
QUOTA = Call("quota", "POST", "/cgi-bin/openapi/quota/get")
RID = Call("rid", "POST", "/cgi-bin/openapi/rid/get")
OAUTH = Call("oauth", "GET", "/sns/oauth2/access_token")
MEDIA = Call("media", "GET", "/cgi-bin/media/get", 200_000)

CALLS: dict[str, Call] = {
    call.name: call
    for call in (
        *(CUSTOM, TYPING, TEMPLATE, BIZSEND, MASS, MASS_ALL, MASS_GET, MASS_PREVIEW, MASS_DELETE),
        *(MENU_CREATE, MENU_GET, FOLLOWERS, USER_INFO, USER_INFOS, TAGS, TAG_CREATE, TAG_PEOPLE),
        *(MASS_SPEED, MASS_SPEED_SET, TAG_PEOPLE_OFF, TAG_MEMBERS),
        *(QR_CREATE, CALLBACK_IPS, TEMPLATES, NOTICES, QUOTA, RID, OAUTH, MEDIA),
    )
}


def custom(openid: str, body: Mapping[str, Any]) -> Request:
    """客服消息: `body` is {"msgtype": …, …}."""
    return Request(CUSTOM, {"touser": openid, **body})


def text(openid: str, content: str) -> Request:
    return custom(openid, {"msgtype": "text", "text": {"content": content}})


def template(
    openid: str, template_id: str, data: Mapping[str, str], url: str, client_msg_id: str
) -> Request:
    body: dict[str, Any] = {"touser": openid, "template_id": template_id, "data": values(data)}
    if url:
        body["url"] = url
    if client_msg_id:
        body["client_msg_id"] = client_msg_id
    return Request(TEMPLATE, body)


def subscription(openid: str, template_id: str, data: Mapping[str, str], page: str) -> Request:
    body: dict[str, Any] = {"touser": openid, "template_id": template_id, "data": values(data)}
    if page:
        body["page"] = page
    return Request(BIZSEND, body)


def mass(openids: Sequence[str], body: Mapping[str, Any], clientmsgid: str) -> Request:
    return Request(MASS, {"touser": list(openids), **body, "clientmsgid": clientmsgid})


def sendall(target: str, body: Mapping[str, Any], clientmsgid: str) -> Request:
    """To everybody (`all`), or to the people of a tag (`tag:101`)."""
    tag = target.removeprefix("tag:")
    chosen = {"is_to_all": True} if target == "all" else {"is_to_all": False, "tag_id": int(tag)}
    return Request(MASS_ALL, {"filter": chosen, **body, "clientmsgid": clientmsgid})


def tag_people(tag_id: int, openids: Sequence[str], *, on: bool) -> Request:
    """Put a tag on up to 50 people, or take it off."""
    body = {"tagid": tag_id, "openid_list": list(openids)}
    return Request(TAG_PEOPLE if on else TAG_PEOPLE_OFF, body)


def values(data: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """{"thing1": "x"} → {"thing1": {"value": "x"}}, the shape of every template."""
    return {name: {"value": value} for name, value in data.items()}
