"""Two matters in one message: 驾驶证和行驶证都丢了, 供应商怎么注册，还有合同几天内公告."""

import re

from knowledge.slots import asking_in, slots_in
from knowledge.text import without_fillers

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


def parts_of(text: str) -> list[str]:
    """The parts of a normalised message that may be matters of their own; empty for one matter."""
    if not CUE.search(text):
        return []
    pair = PAIR.match(without_fillers(text).split(" ")[0])
    if pair:
        return [pair["one"] + pair["rest"], pair["two"] + pair["rest"]]
    parts = [part for part in BREAK.split(text) if part and len(part) >= SHORTEST]
    return parts if 2 <= len(parts) <= MOST else []


def clauses_of(plain: str) -> list[str]:
    """Both clauses of a plain message that asks something of its own in each; else nothing."""
    clauses = plain.split(" ")
    if len(clauses) != 2 or not all(map(slots_in, clauses)):
        return []
    return clauses if not any(map(only_asks, clauses)) else []


def asked_again(plain: str) -> tuple[str, tuple[str, ...]]:
    """The plain message without its clauses that only ask, and the slots asked, if several.

    办护照多少钱 要带什么材料 → 办护照多少钱, (fee, materials).
    """
    clauses = plain.split(" ")
    if len(clauses) == 1:
        return plain, ()
    telling = [clause for clause in clauses if not only_asks(clause)]
    if len(telling) != 1 or len(clauses) > MOST:
        return plain, ()
    slots = slots_in(" ".join(clauses))
    if len(slots) < 2 or not slots_in(telling[0]):
        return plain, ()
    return telling[0], tuple(slots)


def only_asks(clause: str) -> bool:
    """True when hardly a character of a normalised clause does more than ask."""
    return len(clause) - sum(asking_in(clause)) < 2
