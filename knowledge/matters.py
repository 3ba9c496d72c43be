"""Two matters in one message: 驾驶证和行驶证都丢了, 供应商怎么注册，还有合同几天内公告."""

import re

from knowledge.text import normalise, without_fillers

CUE = re.compile(
    "还有|另外|顺便|以及|再问|也没|分别|各(?:要|是|多|需)|都(?:丢|掉|没|要|过期|到期|想|得)"
)
BREAK = re.compile("还有|另外|顺便(?:再)?(?:问)?[下问]?|以及|再问[下问]?| ")
PAIR = re.compile(
    r"^(?P<lead>.*?)(?P<one>[^ 和跟与及的]{2,8})[和跟与及](?P<two>[^ ]{2,8}?)(?P<rest>都|"
    r"分别|各.*|都.*|分别.*)$"
)
SHORTEST = 4  # characters a part must have to be a matter of its own
MOST = 4


def parts_of(message: str) -> list[str]:
    """The parts of a message that may be matters of their own; empty for a single matter."""
    text = normalise(message)
    if not CUE.search(text):
        return []
    pair = PAIR.match(without_fillers(text).split(" ")[0])
    if pair:
        return [pair["one"] + pair["rest"], pair["two"] + pair["rest"]]
    parts = [part for part in BREAK.split(text) if part and len(part) >= SHORTEST]
    return parts if 2 <= len(parts) <= MOST else []
