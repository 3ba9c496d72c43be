"""What we do with what you tell us; and the switch to large type."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from web.addresses import is_local

pages = Blueprint("about", __name__)
LARGE = "yg_large"
YEAR_S = 365 * 24 * 3600


@pages.get("/privacy")
def privacy() -> ResponseReturnValue:
    return render_template("h5/privacy.html")


@pages.get("/large/<any(on, off):switch>")
def large(switch: str) -> ResponseReturnValue:
    """Large type on or off, kept in this browser; back to the page that was open."""
    wanted = request.args.get("back", "/")
    answer = redirect(wanted if is_local(wanted) else "/", 303)
    answer.set_cookie(LARGE, switch, max_age=YEAR_S, samesite="Lax", httponly=True)
    return answer
