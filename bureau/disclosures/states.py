"""The states of a disclosure and what may follow what; the table in docs/ is printed from NEXT."""

from enum import StrEnum

from bureau.disclosures.models import Disclosure
from core.errors import IllegalMove


class State(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"  # a correction that became a version of what it corrects


LABELS: dict[State, str] = {
    State.DRAFT: "拟稿审核",
    State.SCHEDULED: "定时待发",
    State.PUBLISHED: "已发布",
    State.WITHDRAWN: "已撤回",
    State.MERGED: "已并入更正",
}
# Published again: a corrected version goes out.
NEXT: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SCHEDULED, State.PUBLISHED, State.MERGED}),
    State.SCHEDULED: frozenset({State.DRAFT, State.SCHEDULED, State.PUBLISHED, State.WITHDRAWN}),
    State.PUBLISHED: frozenset({State.PUBLISHED, State.WITHDRAWN}),
    State.WITHDRAWN: frozenset(),
    State.MERGED: frozenset(),
}


def move(disclosure: Disclosure, then: State) -> None:
    """Take a disclosure to another state. Raises IllegalMove."""
    now = State(disclosure.state)
    if then not in NEXT[now]:
        raise IllegalMove(f"“{LABELS[now]}”的信息不能变为“{LABELS[then]}”。")
    disclosure.state = then.value
