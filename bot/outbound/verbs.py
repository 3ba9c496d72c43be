"""The port's verbs, written once over `perform`: the real adapter and the fake share them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from bot.outbound import calls
from bot.outbound.calls import Request
from bot.outbound.client import FollowerPage, QrCode
from bot.outbound.errors import AlreadyAccepted, BadContent, WechatError

QR_PICTURE = "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket="
FULL_PAGE = 10_000


class Verbs(ABC):
    """Everything of the port `Wechat` that is one call of the table."""

    @abstractmethod
    def perform(self, request: Request) -> Mapping[str, Any]:
        """One call of the table; gives the answer's JSON. May raise errors.WechatError."""

    def send_text(self, openid: str, text: str) -> None:
        self.perform(calls.text(openid, text))

    def send_custom(self, openid: str, body: Mapping[str, Any]) -> None:
        self.perform(calls.custom(openid, body))

    def send_template(
        self, openid: str, template_id: str, data: Mapping[str, str], url: str, client_msg_id: str
    ) -> int:
        answer = self.perform(calls.template(openid, template_id, data, url, client_msg_id))
        return int(answer.get("msgid", 0))

    def send_subscription(
        self, openid: str, template_id: str, data: Mapping[str, str], page: str
    ) -> None:
        self.perform(calls.subscription(openid, template_id, data, page))

    def send_mass(self, openids: Sequence[str], body: Mapping[str, Any], clientmsgid: str) -> int:
        """45065 means that the first call was accepted: its msg_id is given."""
        if not 2 <= len(openids) <= FULL_PAGE:
            raise BadContent(40032, "mass send takes 2 to 10 000 openids", call="mass")
        try:
            return int(self.perform(calls.mass(openids, body, clientmsgid)).get("msg_id", 0))
        except AlreadyAccepted as earlier:
            return earlier.msg_id or 0

    def create_menu(self, menu: Mapping[str, Any]) -> None:
        self.perform(Request(calls.MENU_CREATE, menu))

    def followers(self, after: str = "") -> FollowerPage:
        query = {"next_openid": after} if after else {}
        return page_in(self.perform(Request(calls.FOLLOWERS, query=query)))

    def user_info(self, openid: str) -> Mapping[str, Any]:
        return self.perform(Request(calls.USER_INFO, query={"openid": openid, "lang": "zh_CN"}))

    def user_infos(self, openids: Sequence[str]) -> list[Mapping[str, Any]]:
        people = [{"openid": openid, "lang": "zh_CN"} for openid in openids]
        return list(
            self.perform(Request(calls.USER_INFOS, {"user_list": people})).get("user_info_list", [])
        )

    def tags(self) -> list[Mapping[str, Any]]:
        return list(self.perform(Request(calls.TAGS)).get("tags", []))

    def create_tag(self, name: str) -> int:
        return int(self.perform(Request(calls.TAG_CREATE, {"tag": {"name": name}}))["tag"]["id"])

    def tag_followers(self, tag_id: int, openids: Sequence[str]) -> None:
        self.perform(calls.tag_people(tag_id, openids, on=True))

    def untag_followers(self, tag_id: int, openids: Sequence[str]) -> None:
        self.perform(calls.tag_people(tag_id, openids, on=False))

    def tag_members(self, tag_id: int, after: str = "") -> FollowerPage:
        body = {"tagid": tag_id, "next_openid": after}
        return page_in(self.perform(Request(calls.TAG_MEMBERS, body)))

    def create_qr(self, scene: str, expire_s: int | None = None) -> QrCode:
        action = "QR_LIMIT_STR_SCENE" if expire_s is None else "QR_STR_SCENE"
        body: dict[str, Any] = {
            "action_name": action,
            "action_info": {"scene": {"scene_str": scene}},
        }
        if expire_s is not None:
            body["expire_seconds"] = expire_s
        answer = self.perform(Request(calls.QR_CREATE, body))
        ticket = str(answer["ticket"])
        picture = QR_PICTURE + quote(ticket, safe="")
        return QrCode(ticket, str(answer.get("url", "")), picture)

    def check(self) -> None:
        self.perform(Request(calls.CALLBACK_IPS))


def page_in(answer: Mapping[str, Any]) -> FollowerPage:
    """A page of openids; one that is not full is the last, whatever cursor it carries."""
    openids = tuple(answer.get("data", {}).get("openid", ()))
    cursor = str(answer.get("next_openid", "")) if len(openids) >= FULL_PAGE else ""
    return FollowerPage(int(answer.get("total", 0)), openids, cursor)


def openid_in(answer: Mapping[str, Any]) -> str:
    """The openid of an OAuth2 answer; a snapshot page's virtual person is refused."""
    if answer.get("is_snapshotuser"):
        raise WechatError(0, "a snapshot page's virtual person", call="oauth")
    return str(answer["openid"])
