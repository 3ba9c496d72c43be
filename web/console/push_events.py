"""How a push comes along, as an event stream: one event a second, for half a minute a request.

A stream holds a thread of the server, so few are given at a time and none for long: the browser
asks again by itself, and a page that gets none goes on asking for its figures.
"""

import json
import threading
import time
from collections.abc import Iterator

from flask import Response
from flask.typing import ResponseReturnValue

from bot.outbound import progress
from bureau.office import Office
from web.access import allow
from web.console.pushes import MOVING, of_disclosure, pages
from web.counter import close_reading, db, office

STREAMS = 2  # at once in one process
EVERY_S = 1.0
EVENTS = 30
AGAIN_MS = 1_000
places = threading.BoundedSemaphore(STREAMS)


@pages.get("/<int:push_id>/events")
@allow("push.read")
def events(push_id: int) -> ResponseReturnValue:
    """The status of `flask push status --json`, event by event, until it stands still."""
    of_disclosure(db(), push_id)
    close_reading()
    if not places.acquire(blocking=False):
        return Response("", 204)  # tells a browser not to ask for the stream again
    place = Place()
    stream = Response(_told(office(), push_id, place), mimetype="text/event-stream")
    stream.call_on_close(place.leave)  # also of a stream that was never begun
    stream.headers["X-Accel-Buffering"] = "no"
    return stream


class Place:
    """One of the places for streams, taken already; left once."""

    def __init__(self) -> None:
        self._held = True

    def leave(self) -> None:
        if self._held:
            self._held = False
            places.release()


def _told(house: Office, push_id: int, place: Place) -> Iterator[str]:
    try:
        yield f"retry: {AGAIN_MS}\n\n"
        for number in range(EVENTS):
            if number:
                time.sleep(EVERY_S)
            with house.database.read() as session:
                status = progress.of(session, push_id)
            yield f"data: {json.dumps(status, ensure_ascii=False)}\n\n"
            if status["state"] not in MOVING:
                yield "event: end\ndata: {}\n\n"
                return
    finally:
        place.leave()
