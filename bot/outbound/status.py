"""How a push stands: counts computed from its rows, in plain SQL that a light command can run too.

Contract: total = pending + waiting + sent + failed + unknown + suppressed, each person in exactly
one; `sent` never falls; `delivered` is a part of `sent`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

COUNTED = ("pending", "waiting", "sent", "failed", "unknown", "suppressed")
PUSH_SQL = """
SELECT id, state, audience, planned_at, state_reason FROM pushes WHERE id = :push_id
"""
COUNT_SQL = """
SELECT d.state, COUNT(*) FROM push_segments s JOIN push_deliveries d ON d.segment_id = s.id
WHERE s.push_id = :push_id GROUP BY d.state
"""
REASON_SQL = """
SELECT d.reason, COUNT(*), d.state
FROM push_segments s JOIN push_deliveries d ON d.segment_id = s.id
WHERE s.push_id = :push_id AND d.state IN ('waiting', 'failed', 'unknown', 'suppressed')
AND d.reason IS NOT NULL GROUP BY d.reason, d.state
"""
DELIVERED_SQL = """
SELECT COUNT(*) FROM push_segments s JOIN push_deliveries d ON d.segment_id = s.id
WHERE s.push_id = :push_id AND d.state = 'sent' AND d.delivered_at IS NOT NULL
"""


def compose(
    push: tuple[Any, ...],
    counts: Iterable[tuple[Any, ...]],
    reasons: Iterable[tuple[Any, ...]],
    delivered: int,
) -> Mapping[str, Any]:
    """The JSON of `flask push status`. People not planned yet count as pending.

    Whoever a cancelled push has not reached counts as suppressed, also while rows say otherwise.
    """
    push_id, state, audience, planned_at, _why = push
    dropped = {"pending", "waiting"} if state == "cancelled" else set()
    by_state, by_reason = dict.fromkeys(COUNTED, 0), Counter[str]()
    for name, number in counts:
        counted = "suppressed" if name in dropped else name
        by_state["pending" if counted == "claimed" else counted] += number
        by_reason["cancelled"] += number if name in dropped else 0
    for reason, number, name in reasons:
        by_reason[reason] += 0 if name in dropped else number
    if planned_at is None and state != "cancelled":
        by_state["pending"] += max(audience - sum(by_state.values()), 0)
    return {
        "id": push_id,
        "state": state,
        "total": sum(by_state.values()),
        "pending": by_state["pending"],
        "waiting": by_state["waiting"],
        "sent": by_state["sent"],
        "delivered": min(delivered, by_state["sent"]),
        "failed": by_state["failed"],
        "unknown": by_state["unknown"],
        "suppressed": by_state["suppressed"],
        "reasons": dict(+by_reason),
    }
