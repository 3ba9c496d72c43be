"""Open data: what is public as JSON, described by an OpenAPI document."""

from flask import Blueprint

api = Blueprint("api", __name__, url_prefix="/api/v1")
