"""Two matters in one message: 护照和身份证各多少钱, 供应商怎么注册，还有合同几天内公告."""

import re
from collections.abc import Collection

from knowledge.slots import ASKING, asking_in, slots_in

CUE = re.compile("还有|另外|顺便|以及|再问|也没")
BREAK = re.compile("还有|另外|顺便(?:再)?(?:问)?[下问]?|以及|再问[下问]?| ")
JOINT = re.compile("以及|还有|加上|(?<!饱)和(?![解谐])|跟|(?<!参)与|(?<![涉普顾])及(?![时格])")
AND = "(?:以及|及其|[和跟与及或 ])"
EACH = re.compile("分别|一共|总共|各自?|都")
APIECE = re.compile("分别|各")
# What two matters may share at the end: words that ask, or tell what is done with either.
SHARED = re.compile(
    rf"(?:{ASKING.pattern}|丢|掉|遗失|坏|过期|到期|补|换|领|办|理|申请|申领|交|缴|收|征|算|报|退|查|花|"
    "年|月|每|次|本|份|现|时|候|今|后|前|先|为|应|该|会|块|时限|期限|地址|地点|才|号|从|对|工本费|费用)+$"
)
TOO_LITTLE = ("呢", "吗", "吧", "啊", "呀", "的", "了")
SHORTEST = 4  # characters a part must have to be a matter of its own
NAME_LENGTH = range(2, 17)
MOST = 4


def parts_of(plain: str, called: Collection[str]) -> list[str]:
    """The parts of a plain message that may be matters of their own; empty for one matter.

    called: short names of matters; a comma joins two bare names only where each is one of these.
    """
    told = _spaced(plain, called)
    shared = _sharing(told, called) if " " in told or JOINT.search(told) else []
    if shared or not CUE.search(plain):
        return shared
    parts = [part for part in BREAK.split(plain) if part and len(part) >= SHORTEST]
    return parts if 2 <= len(parts) <= MOST else []


def _spaced(plain: str, called: Collection[str]) -> str:
    """护照驾驶证分别多少钱 with a space between two known names that each is asked of."""
    each = APIECE.search(plain)
    for i in range(2, each.start() - 1 if each else 0):
        if plain[:i] in called and plain[i : each.start() if each else i] in called:
            return f"{plain[:i]} {plain[i:]}"
    return plain


def _sharing(plain: str, called: Collection[str]) -> list[str]:
    """护照和身份证各多少钱 → 护照多少钱, 身份证多少钱: what one asks is asked of all."""
    clauses = [[piece for piece in JOINT.split(clause) if piece] for clause in plain.split(" ")]
    told = [[_name_and_rest(piece) for piece in pieces] for pieces in clauses]
    named = [[one for one in pieces if one[0]] for pieces in told]
    beside = "".join(" " + rest for pieces in told for name, rest in pieces if not name)
    found = [one for pieces in named for one in pieces]
    names, rests = [name for name, _ in found], [rest for _, rest in found]
    if not 2 <= len(names) <= MOST or any(len(name) not in NAME_LENGTH for name in names):
        return []
    firm = len(list(filter(None, named))) == 1
    known = all(name in called for name in names)
    asked = beside or any(rests)
    if not (firm or (known and not all(rests))) or not (asked or (firm and known)):
        return []
    return [name + _rest_at(rests, i) + beside for i, name in enumerate(names)]


def _rest_at(rests: list[str], place: int) -> str:
    """What is asked at a place; where nothing is, what is asked next, else what was asked last."""
    after, before = rests[place:], reversed(rests[:place])
    return next((rest for rest in (*after, *before) if rest), "")


def _name_and_rest(piece: str) -> tuple[str, str]:
    """A piece of a message as (what it names, what it asks); no name where it only asks."""
    plain = EACH.sub("", piece)
    found = SHARED.search(plain)
    name, rest = (plain[: found.start()], found[0]) if found else (plain, "")
    if len(name) < 2:
        return "", plain
    return (name, "" if rest in TOO_LITTLE else rest)


def joined_in(names: str, plain: str) -> bool:
    """Whether a known name has the very joint of the message: 事务所及其分支机构 is one matter."""
    for joint in JOINT.finditer(plain):
        before, after = plain[: joint.start()][-2:], plain[joint.end() :][:2]
        near = re.escape(before) + AND + re.escape(after)
        if len(before) > 1 and len(after) > 1 and re.search(near, names):
            return True
    return False


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
