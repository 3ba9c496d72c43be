"""The link to one's own page opens nobody else's, and not for ever."""

from bot.followers import own_page
from tests.clocks import FixedClock

SECRET = "s" * 40


def test_the_link_opens_the_page_of_whom_it_was_made_for(clock: FixedClock) -> None:
    token = own_page.path_for("oANNA", SECRET, clock.now()).removeprefix("/me/")
    assert own_page.person_of(token, SECRET, clock.now()) == "oANNA"


def test_the_link_ends_after_a_week(clock: FixedClock) -> None:
    token = own_page.path_for("oANNA", SECRET, clock.now()).removeprefix("/me/")
    clock.move(days=7)
    assert own_page.person_of(token, SECRET, clock.now()) is None


def test_a_link_signed_by_somebody_else_opens_nothing(clock: FixedClock) -> None:
    token = own_page.path_for("oANNA", "x" * 40, clock.now()).removeprefix("/me/")
    assert own_page.person_of(token, SECRET, clock.now()) is None
    assert own_page.person_of("nonsense", SECRET, clock.now()) is None
