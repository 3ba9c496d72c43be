"""Citizens' pages: no sign-in, made for a telephone, usable without WeChat."""

from flask import Blueprint

from web.h5 import about, ask, disclosures, entries, home, letters, lookup, me, own_letter, suggest

citizens = Blueprint("h5", __name__)
for part in (home, disclosures, about, suggest, letters, lookup, own_letter, ask, entries, me):
    citizens.register_blueprint(part.pages)
