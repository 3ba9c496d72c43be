"""The states in docs/architecture.md are those of the code, with the words clerks read."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from bot.outbound.states import NEXT as PUSH_NEXT
from bot.outbound.states import PUSH_LABELS
from bureau.disclosures.states import LABELS as DISCLOSURE_LABELS
from bureau.disclosures.states import NEXT as DISCLOSURE_NEXT
from bureau.feedback.states import LABELS as TICKET_LABELS
from bureau.feedback.states import NEXT as TICKET_NEXT
from tests.house.tree import text_of

START, END = "<!-- states -->\n", "<!-- /states -->"


def printed() -> str:
    """The part of the page between the marks, made from the tables of moves."""
    return (
        table("A ticket (`bureau/feedback/states.py`)", TICKET_NEXT, TICKET_LABELS)
        + "\n"
        + table("A push (`bot/outbound/states.py`)", PUSH_NEXT, PUSH_LABELS)
        + "\n"
        + table("A disclosure (`bureau/disclosures/states.py`)", DISCLOSURE_NEXT, DISCLOSURE_LABELS)
    )


def table(
    heading: str, moves: Mapping[StrEnum, frozenset[StrEnum]], labels: Mapping[StrEnum, str]
) -> str:
    rows = [
        f"| `{state}` {labels[state]} | {', '.join(f'`{then}`' for then in sorted(next_))} |"
        for state, next_ in moves.items()
    ]
    return "\n".join([f"**{heading}**", "", "| state | may become |", "|---|---|", *rows, ""])


def test_the_page_shows_the_states_of_the_code() -> None:
    shown = text_of(Path("docs/architecture.md")).partition(START)[2].partition(END)[0]
    assert shown == printed(), "print it anew: python -m tests.house.test_states"


def test_every_state_is_in_its_table() -> None:
    tables = (
        (TICKET_NEXT, TICKET_LABELS),
        (PUSH_NEXT, PUSH_LABELS),
        (DISCLOSURE_NEXT, DISCLOSURE_LABELS),
    )
    for moves, labels in tables:
        states = set(type(next(iter(moves))))
        assert set(moves) == states == set(labels)


if __name__ == "__main__":
    page = Path("docs/architecture.md")
    before, _, rest = page.read_text("utf8").partition(START)
    page.write_text(before + START + printed() + END + rest.partition(END)[2], "utf8")
