"""htmx asks for a piece of a page; without it the same address gives the whole page."""

from typing import Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.urls import iri_to_uri


def wants_piece() -> bool:
    """True when htmx asks for a fragment (history restores need the whole page)."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in headers


def go_to(endpoint: str, **values: Any) -> ResponseReturnValue:
    """After a POST: a redirect to a page of ours, which htmx follows as a page change."""
    return leave_for(url_for(endpoint, **values))


def leave_for(address: str) -> ResponseReturnValue:
    """A redirect to `address`, in the way the browser or htmx understands."""
    if wants_piece():
        return Response(status=204, headers={"HX-Redirect": iri_to_uri(address)})
    return redirect(address, 303)
