"""What the index knows of an entry: its names, its words, its time and its place."""

import re
from dataclasses import dataclass, field
from datetime import date

from knowledge.numbers import Span, spans_of
from knowledge.text import normalise

QUALIFIER = re.compile(r"[((【\[〔][^()()【】\[\]〔〕]*[))】\]〕]")
FORMALITIES = re.compile(
    r"(收费标准|征收标准|办事指南|办理指南|办理流程|操作说明|(告知指引)|工本费|公示|咨询)$"
)
MAX_NAMES = 40


@dataclass(frozen=True, slots=True)
class Document:
    """An entry as the index sees it. `names` are normalised, the title first."""

    id: str
    kind: str
    title: str
    names: tuple[str, ...]
    bare: str = ""  # the normalised title without its bracket: variants of a matter share it
    body: str = ""
    ours: bool = True
    place: str = ""  # the scope when it is another place's
    status: str = "current"
    valid_from: date | None = None
    valid_to: date | None = None
    spans: tuple[Span, ...] = field(default=())
    slots: frozenset[str] = frozenset()  # what the entry can say; empty: unknown

    @property
    def superseded(self) -> bool:
        return self.status in ("superseded", "historical")


def names_of(title: str, aliases: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The normalised title, the title without its bracket, and the everyday names, once each."""
    plain = normalise(title)
    bare = bare_title(title)
    names = [plain, bare, FORMALITIES.sub("", bare), *(normalise(alias) for alias in aliases)]
    return tuple(dict.fromkeys(name for name in names if name))[:MAX_NAMES]


def bare_title(title: str) -> str:
    """The normalised title without its brackets."""
    return normalise(QUALIFIER.sub(" ", title))


def bare_name(title: str) -> str:
    """The title without its brackets, as it is written."""
    return QUALIFIER.sub("", title).strip() or title


def ranges_in(title: str) -> tuple[Span, ...]:
    """Bands such as 11–30件 or 20–50万元 in a title's brackets."""
    return spans_of(title)


def bracket_of(title: str) -> str:
    """What stands in a title's brackets; the title itself when nothing does."""
    found = QUALIFIER.findall(title)
    return "、".join(part[1:-1] for part in found) or title
