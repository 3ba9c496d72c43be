"""Citizens' pages: no sign-in, made for a telephone, usable without WeChat."""

from flask import Blueprint

from web.h5 import about, lookup, suggest

citizens = Blueprint("h5", __name__)
for part in (about, suggest, lookup):
    citizens.register_blueprint(part.pages)
