"""Which journal entries SQL has already taken in."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Moment


class JournalMark(Base):
    """An applied entry: what is delivered to two readers, or written twice, applies once."""

    __tablename__ = "journal_marks"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    applied_at: Mapped[datetime] = mapped_column(Moment, index=True)
