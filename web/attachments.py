"""How a file of a disclosure leaves the house: as it was checked, never run by the browser."""

from flask import Response

from bureau.disclosures.models import Attachment

INLINE = {"application/pdf", "image/png", "image/jpeg"}


def serve(file: Attachment) -> Response:
    """The file under its own name, its hash beside it."""
    answer = Response(file.content, mimetype=file.content_type)
    answer.headers.set(
        "Content-Disposition",
        "inline" if file.content_type in INLINE else "attachment",
        filename=file.name,
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["X-Content-SHA256"] = file.sha256
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer
