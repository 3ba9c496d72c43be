"""The addresses of the control API."""

from collections.abc import Awaitable, Callable, Mapping

from sandbox.control import follow, switches, taps, views
from sandbox.control.wish import Body
from sandbox.house import House

Act = Callable[[House, Body], Awaitable[Body]]
View = Callable[[House, Mapping[str, str]], Awaitable[Body]]

ACTS: dict[str, Act] = {
    "say": taps.say,
    "choice": follow.tap_choice,
    "voice": taps.voice,
    "image": taps.image,
    "video": taps.video,
    "location": taps.location,
    "link": taps.link,
    "message": taps.raw_message,
    "event": taps.any_event,
    "again": taps.again,
    "followers": follow.create,
    "follow": follow.follow,
    "unfollow": follow.unfollow,
    "menu_tap": follow.menu_tap,
    "consent": follow.consent,
    "permit": follow.permit,
    "clock/advance": switches.advance,
    "clock/reset": switches.clock_reset,
    "faults": switches.faults,
    "settings": switches.settings,
    "mass/confirm": switches.mass_confirm,
    "verify": switches.verify,
    "reset": switches.reset,
}
VIEWS: dict[str, View] = {
    "health": views.health,
    "state": views.state,
    "followers": views.followers,
    "messages": views.messages,
    "received": views.received,
    "calls": views.calls,
    "callbacks": views.callbacks,
    "rules": views.rules,
    "masses": views.masses,
    "tags": views.tags,
}
