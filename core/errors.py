"""Refusals carry their own sentence; anything else is a bug and carries a number to search for."""

import secrets


class Refusal(Exception):
    """Understood and refused. `say` is shown to the person as it is."""

    status = 400

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say


class Forbidden(Refusal):
    """The person is known and may not do this."""

    status = 403


class NotFound(Refusal):
    """No such thing, or not this person's: the two must not be told apart."""

    status = 404


class IllegalMove(Refusal):
    """The thing exists, but its state does not allow this step."""

    status = 409


class Unready(Exception):
    """The house cannot work as it is set up; the text says what to do. Commands exit 1 with it."""


def incident_number() -> str:
    """A short number for one failure: the person is told it, the log carries it."""
    return secrets.token_hex(4).upper()
