"""The port to WeChat: what the house may ask of it. Adapters: wechat_api (real), fake (kept)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.outbound.calls import Request


@dataclass(frozen=True, slots=True)
class FollowerPage:
    """Up to 10 000 openids; `after` is the cursor of the next page, empty at the end."""

    total: int
    openids: tuple[str, ...]
    after: str


@dataclass(frozen=True, slots=True)
class QrCode:
    """A parametric QR code: `url` is what the picture says, `image_url` the picture itself."""

    ticket: str
    url: str
    image_url: str


@dataclass(frozen=True, slots=True)
class Media:
    """Temporary media as WeChat gave it; kept by WeChat for three days."""

    content: bytes
    content_type: str
    filename: str = ""


class Wechat(Protocol):
    """What the house may ask of WeChat. Every method may raise errors.WechatError."""

    def perform(self, request: Request) -> Mapping[str, Any]:
        """Make one call of the table in calls.py; gives the answer's JSON."""
        ...

    def send_text(self, openid: str, text: str) -> None:
        """客服消息 of text, at most 2 048 bytes."""
        ...

    def send_custom(self, openid: str, body: Mapping[str, Any]) -> None:
        """客服消息 of any kind: `body` is {"msgtype": …, …} without touser."""
        ...

    def send_template(
        self, openid: str, template_id: str, data: Mapping[str, str], url: str, client_msg_id: str
    ) -> int:
        """Template message; WeChat drops a repeat of (openid, client_msg_id) for 10 minutes.

        Gives WeChat's msgid.
        """
        ...

    def send_subscription(
        self, openid: str, template_id: str, data: Mapping[str, str], page: str
    ) -> None:
        """Subscription notice (bizsend); it has no idempotency key."""
        ...

    def send_mass(self, openids: Sequence[str], body: Mapping[str, Any], clientmsgid: str) -> int:
        """Mass send to 2–10 000 openids; a repeat within 24 h is the first one. Gives msg_id."""
        ...

    def create_menu(self, menu: Mapping[str, Any]) -> None: ...

    def followers(self, after: str = "") -> FollowerPage: ...

    def user_info(self, openid: str) -> Mapping[str, Any]: ...

    def user_infos(self, openids: Sequence[str]) -> list[Mapping[str, Any]]:
        """Up to 100 people at once."""
        ...

    def tags(self) -> list[Mapping[str, Any]]: ...

    def create_tag(self, name: str) -> int: ...

    def tag_followers(self, tag_id: int, openids: Sequence[str]) -> None:
        """Up to 50 people at once; who carries it already carries it once."""
        ...

    def untag_followers(self, tag_id: int, openids: Sequence[str]) -> None:
        """Up to 50 people at once."""
        ...

    def tag_members(self, tag_id: int, after: str = "") -> FollowerPage:
        """Who carries a tag, 10 000 a page; `total` is not told and 0."""
        ...

    def create_qr(self, scene: str, expire_s: int | None = None) -> QrCode:
        """`expire_s` None: permanent (100 000 in all)."""
        ...

    def download(self, media_id: str) -> Media: ...

    def openid_of(self, code: str) -> str:
        """OAuth2 code → openid; a snapshot page's virtual person is refused."""
        ...

    def check(self) -> None:
        """Return quietly when credentials and IP address are accepted, else raise."""
        ...
