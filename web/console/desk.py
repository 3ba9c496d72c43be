"""工作台: what waits today, most urgent first."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from web.access import SIGNED_IN, allow

pages = Blueprint("desk", __name__)


@pages.get("/")
@allow(SIGNED_IN)
def page() -> ResponseReturnValue:
    return render_template("console/desk.html")
