"""For one person and one push: the first open route, in the order the rules give."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.outbound.notice import TICKET
from bot.outbound.rules import KEPT_FOR_TICKETS, Route, Rules


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ledgers say of one person now.

    kefu_left: 0 when the window is closed; consent: "long", "once" or ""; credits: of "once".
    """

    kefu_left: int = 0
    consent: str = ""
    credits: int = 0
    mass_this_month: int = 0


Open = Callable[[Standing, str, Rules], bool]


def _kefu(standing: Standing, purpose: str, _rules: Rules) -> bool:
    return standing.kefu_left > (0 if purpose == TICKET else KEPT_FOR_TICKETS)


def _long(standing: Standing, purpose: str, rules: Rules) -> bool:
    return standing.consent == "long" and bool(rules.notice_id(purpose))


def _once(standing: Standing, purpose: str, rules: Rules) -> bool:
    return standing.consent == "once" and standing.credits > 0 and bool(rules.notice_id(purpose))


def _mass(standing: Standing, _purpose: str, rules: Rules) -> bool:
    return rules.subscription or standing.mass_this_month < rules.mass_a_month


def _template(_standing: Standing, purpose: str, rules: Rules) -> bool:
    return bool(rules.template_id(purpose))


OPEN: dict[Route, Open] = {
    Route.KEFU: _kefu,
    Route.NOTICE_LONG: _long,
    Route.NOTICE_ONCE: _once,
    Route.MASS: _mass,
    Route.TEMPLATE: _template,
}


def choose(
    standing: Standing, purpose: str, rules: Rules, resting: frozenset[Route] = frozenset()
) -> Route:
    """The first open route whose API does not rest; WAIT when none is."""
    for route in rules.order(purpose):
        if route in resting:
            continue
        is_open = OPEN.get(route)
        if is_open is not None and is_open(standing, purpose, rules):
            return route
    return Route.WAIT
