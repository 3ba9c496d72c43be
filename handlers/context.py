"""What a handler is given beside the message: office, library, dialog, one transaction."""

import unicodedata
from contextlib import ExitStack

from sqlalchemy.orm import Session

from bot.inbound.answering import Visit
from bureau.office import Office
from knowledge.library import Library
from knowledge.text import simplify

CLOSING_MARKS = "。.!！?？~～,，;；"


class Context:
    """One message's surroundings. Made by the pipeline, ended by `close`."""

    def __init__(self, office: Office, library: Library, visit: Visit) -> None:
        self.office = office
        self.library = library
        self.message = visit.message
        self.dialog = visit.dialog
        self.journal = visit.journal
        self.now = visit.now
        self.text = heard(visit.message.text)
        self._held = ExitStack()
        self._session: Session | None = None

    @property
    def openid(self) -> str:
        return self.message.openid

    @property
    def message_key(self) -> str:
        """The key that whatever this message writes carries, unique in SQL."""
        return self.message.key

    @property
    def db(self) -> Session:
        """The message's one writing transaction, opened when first asked for."""
        if self._session is None:
            self._session = self._held.enter_context(self.office.database.write())
        return self._session

    def close(self, commit: bool) -> None:
        """End the transaction before the reply leaves. Raises what the database raises."""
        session, self._session = self._session, None
        if session is not None and not commit:
            session.rollback()
        self._held.close()


def heard(text: str) -> str:
    """Words as the fixed words are compared: width, traditional forms, blanks, 。 do not matter."""
    folded = simplify(unicodedata.normalize("NFKC", text))
    return "".join(folded.split()).rstrip(CLOSING_MARKS)
