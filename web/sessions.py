"""The session cookie goes out with private answers only."""

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class PrivateSessions(SecureCookieSessionInterface):
    """Flask renews a clerk's cookie on every answer; what others may keep carries none."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not response.cache_control.public:
            super().save_session(app, session, response)
