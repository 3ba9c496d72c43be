"""Followers with a push on its way to them: who was told, counted where the messages arrive."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.citizens import Line
from tests.house_at_work import House
from tests.waiting import until

DISCLOSURE = {
    "kind": "notice",
    "topic": "budget",
    "summary": "市级各部门2026年预算已经公开，可在市财政局网站查看。",
    "produced_on": "2026-11-02",
    "review": {"drafted_by": "张三", "reviewed_by": "李四", "approved_by": "王五"},
}


@dataclass
class Audience:
    """Followers of a topic, known to the sandbox and to us, whose windows are open."""

    openids: list[str]

    @classmethod
    def gather(cls, house: House, count: int) -> "Audience":
        """New followers, each of whom says 订阅 预决算."""
        wish = {"count": count, "following": True, "window": True}
        openids = list(house.sandbox("followers", **wish)["openids"])
        line = Line(house)

        def subscribe(openid: str) -> bool:
            return "已为您订阅" in line.say(openid, "订阅 预决算").text

        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(subscribe, openids))
        return cls(openids)

    def told(self, house: House) -> Counter[str]:
        """客服消息 each of them got, as the receiving side counts them."""
        counts = house.look("received", via="custom")["counts"]
        return Counter({who: n for who, n in counts.items() if who in set(self.openids)})


def publish(house: House, title: str) -> int:
    """Publish a disclosure about 预决算; the number of its push."""
    file = Path(house.env["DATA_DIR"]) / f"{title}.json"
    file.write_text(json.dumps({**DISCLOSURE, "title": title}, ensure_ascii=False), "utf8")
    return int(json.loads(house.flask("publish", str(file)).stdout)["push"])


def status(house: House, push: int) -> dict[str, Any]:
    return dict(json.loads(house.flask("push", "status", str(push), "--json").stdout))


def finished(house: House, push: int, within_s: float) -> dict[str, Any]:
    """The status of a push that is done."""
    until(lambda: status(house, push)["state"] == "done", within_s=within_s, every_s=0.5)
    return status(house, push)
