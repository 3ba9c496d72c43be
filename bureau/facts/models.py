"""The table of facts: told once, taken once."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Moment


class Fact(Base):
    """Something that happened: kind `document.ended`, subject `disclosure:12`, and what of it."""

    __tablename__ = "facts"
    __table_args__ = (
        UniqueConstraint("kind", "subject"),
        Index(
            "ix_facts_untaken",
            "kind",
            sqlite_where=text("taken_at IS NULL"),
            postgresql_where=text("taken_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(60))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(Moment)
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
