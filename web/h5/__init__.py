"""Citizens' pages: no sign-in, made for a telephone, usable without WeChat."""

from flask import Blueprint

from web.h5 import about

citizens = Blueprint("h5", __name__)
for part in (about,):
    citizens.register_blueprint(part.pages)
