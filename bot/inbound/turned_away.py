"""A callback that is not answered: the status WeChat's side gets, and why, for the log."""


class TurnedAway(Exception):
    """`status` is the HTTP status; `why` goes to the log, the outside reads only the status."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
