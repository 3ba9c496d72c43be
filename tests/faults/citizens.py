"""People whose messages reach the callback straight, signed as WeChat signs, while things break."""

import re
import time
from dataclasses import dataclass, field

import requests

from core.settings import Settings
from tests.bot.inbound.wechat_side import NUMBERS, Answer, WeChatSide, text_xml
from tests.house_at_work import House

WAITS_S = 5.0  # WeChat hangs up then, and brings the message again, twice
KEEPS_TRYING_S = 15.0
AGAIN_S = 0.2
RECEIPT = re.compile(r"编号：([A-Z]{2}\d{2}-\d{4,}-[0-9A-Z])\n查询码：[0-9A-Z]{10}")


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back: an HTTP status, the words of the reply ('' for success), how long it took."""

    status: int
    text: str
    took_s: float


@dataclass
class Line:
    """The way to one house's callback. `skew_s` moves the clock that signs. `house`
    may be exchanged while people talk: the one that took over."""

    house: House
    skew_s: int = 0
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._settings = Settings.from_env(self.house.env)

    def once(self, openid: str, text: str, number: int = 0) -> Heard:
        """Bring a message one time. Raises requests.RequestException when nobody answers."""
        side = WeChatSide(self._settings, int(time.time()) + self.skew_s)
        given = str(number or next(NUMBERS))
        made = str(side.now_s)
        xml = text_xml(text, FromUserName=openid, MsgId=given, CreateTime=made)
        query, body = side.safe(xml)
        began = time.monotonic()
        with requests.post(
            f"{self.house.url}/wechat", params=query, data=body, timeout=WAITS_S
        ) as got:
            took_s = time.monotonic() - began
            answer = Answer(got.status_code, dict(got.headers), got.content)
        opened = side.open(answer) if got.content.startswith(b"<xml>") else {}
        heard = Heard(got.status_code, str(opened.get("Content") or ""), took_s)
        self.heard.append(heard)
        return heard

    def say(self, openid: str, text: str) -> Heard:
        """Bring a message as WeChat does: the same one again while nobody answers it."""
        number, until = next(NUMBERS), time.monotonic() + KEEPS_TRYING_S
        while True:
            try:
                return self.once(openid, text, number)
            except requests.RequestException:
                if time.monotonic() > until:
                    raise
                time.sleep(AGAIN_S)

    def serves(self, openid: str = "oAsks") -> bool:
        """Whether a question gets an answer in words now."""
        try:
            heard = self.once(openid, f"护照多少钱 {next(NUMBERS)}")
        except requests.RequestException:
            return False
        return heard.status == 200 and bool(heard.text)

    def hand_in(self, openid: str) -> str:
        """Write a suggestion and submit it; the number of the receipt, '' when none was shown."""
        for _ in range(6):
            if "1 提交" in self.say(openid, f"建议 {openid} 的建议").text:
                break
        found = RECEIPT.search(self.say(openid, "1").text)
        return found[1] if found else ""
