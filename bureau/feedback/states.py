"""The states of a ticket and what may follow what; the diagram in docs/ is printed from NEXT."""

from enum import StrEnum

from core.errors import IllegalMove


class State(StrEnum):
    RECEIVED = "received"
    ASSIGNED = "assigned"
    RETURNED = "returned"
    SUPPLEMENT = "supplement"
    IN_REVIEW = "in_review"
    ANSWERED = "answered"
    REDO = "redo"
    CLOSED = "closed"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


LABELS: dict[State, str] = {
    State.RECEIVED: "已收到，待分办",
    State.ASSIGNED: "办理中",
    State.RETURNED: "退回办公室，待重新分办",
    State.SUPPLEMENT: "待您补正",
    State.IN_REVIEW: "答复审核中",
    State.ANSWERED: "已答复",
    State.REDO: "重新办理中",
    State.CLOSED: "已办结",
    State.MERGED: "已并案办理",
    State.WITHDRAWN: "已撤回",
}

_WORK = frozenset({State.ASSIGNED, State.IN_REVIEW, State.MERGED, State.WITHDRAWN})

NEXT: dict[State, frozenset[State]] = {
    State.RECEIVED: _WORK | {State.SUPPLEMENT},
    State.ASSIGNED: _WORK | {State.RETURNED, State.SUPPLEMENT},
    State.RETURNED: _WORK,
    State.SUPPLEMENT: frozenset({State.ASSIGNED, State.RECEIVED, State.CLOSED, State.WITHDRAWN}),
    State.IN_REVIEW: frozenset(
        {State.RECEIVED, State.ASSIGNED, State.REDO, State.ANSWERED, State.WITHDRAWN}
    ),
    State.ANSWERED: frozenset({State.REDO, State.CLOSED}),
    State.REDO: frozenset({State.REDO, State.IN_REVIEW, State.WITHDRAWN}),
    State.CLOSED: frozenset({State.REDO}),
    State.MERGED: frozenset({State.RECEIVED, State.ASSIGNED, State.ANSWERED, State.CLOSED}),
    State.WITHDRAWN: frozenset(),
}

# A clock runs in these: the ticket still waits for the bureau.
OPEN = frozenset({State.RECEIVED, State.ASSIGNED, State.RETURNED, State.IN_REVIEW, State.REDO})


def check_move(now: State, then: State) -> None:
    """Raise IllegalMove unless a ticket may go from `now` to `then`."""
    if then not in NEXT[now]:
        raise IllegalMove(f"“{LABELS[now]}”的来信不能直接变为“{LABELS[then]}”。")
