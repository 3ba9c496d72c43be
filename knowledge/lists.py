"""A question after a list by status: 哪些基金取消了, 还在征收的收费有哪些. Answered as a list."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.answered import Card
from knowledge.bases import why_stopped
from knowledge.kinds import LABELS, plural_of
from knowledge.known import Known
from knowledge.models import Kind

LISTING = "哪些|哪几|都有什么|有什么|都有啥|有啥|名单|清单|目录|列表|单子"
KINDS = ((Kind.FUND, "政府性基金|基金"), (Kind.FEE, "行政事业性收费|收费项目|收费|费用|费"))
STATUSES = (
    ("abolished", "已?经?(?:取消|停征|停收|停止征收|废止)|不再征收|不再收|不征了|不收了|不用交了"),
    ("exempt", "免征|免收|减免|免交|免缴|不用交"),
    ("current", "现行|有效|在征收?|还征收?|还收|保留|执行"),
)
SAID = {
    "abolished": "已取消或停征",
    "exempt": "免征",
    "current": "现在执行",
}
BESIDE = re.compile(
    "项目|现在|目前|如今|今年|去年|近年|这几年|最近|已经|本市|我们|咱们|全市|国家|全国|告诉|列出|列|看看|"
    "可以|[ 的了呢吗啊吧被都还在是有我想请问要查下一给把些个项收征交缴]"
)
OVER = ("abolished", "historical")
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A list that is asked for: entries of a kind that stand so."""

    kind: Kind
    status: str

    def holds(self, entry: Known) -> bool:
        """Whether the entry is on it; rules of other places are on no list of ours."""
        if entry.kind != self.kind or not entry.ours or "~" in entry.id:
            return False
        return entry.status in OVER if self.status == "abolished" else entry.status == self.status


def list_asked(text: str) -> Asked | None:
    """The list that a normalised question asks for and nothing else; None for any other."""
    rest, listing = re.subn(LISTING, " ", text)
    kind = next((kind for kind, words in KINDS if re.search(words, rest)), None)
    if not listing or kind is None:
        return None
    rest = re.sub(dict(KINDS)[kind], " ", rest, count=1)
    status = next((name for name, words in STATUSES if re.search(words, rest)), "current")
    rest = re.sub(dict(STATUSES)[status], " ", rest)
    return None if BESIDE.sub("", rest) else Asked(kind, status)


def on_list(asked: Asked, entries: Iterable[Known]) -> list[Known]:
    """The entries on it, in the order of the catalogue, each title once."""
    return list({entry.title: entry for entry in entries if asked.holds(entry)}.values())


def list_card(asked: Asked, found: Sequence[Known]) -> Card:
    """All on the list by name, as far as a message holds them; the page has the rest."""
    lines = [f"{SAID[asked.status]}的共 {len(found)} 项："]
    lines += [f"{place}. {_line(entry)}" for place, entry in enumerate(found[:SHOWN], 1)]
    if len(found) > SHOWN:
        lines.append(f"……其余 {len(found) - SHOWN} 项见链接。")
    return Card(
        id=found[0].id,
        kind=asked.kind,
        title=LABELS[asked.kind],
        lines=(*lines, "以本局现有清单为准，问其中一项请直接说名称。"),
        path=f"/{plural_of(asked.kind)}/",
    )


def _line(entry: Known) -> str:
    if entry.stopped_by:
        return f"{entry.title}（{why_stopped(entry.stopped_by)}）"
    if entry.status in OVER and entry.valid_to:
        return f"{entry.title}（到 {entry.valid_to:%Y-%m-%d} 为止）"
    if entry.status in OVER and entry.valid_from:
        return f"{entry.title}（{entry.valid_from:%Y-%m-%d} 起）"
    return entry.title
