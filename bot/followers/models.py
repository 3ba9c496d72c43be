"""Who follows the account, and which topics they asked for."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Moment


class Topic(Base):
    """A subject people may follow. `words`: other words that mean it."""

    __tablename__ = "topics"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    words: Mapped[list[str]] = mapped_column(JSON, default=list)
    about: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Follower(Base):
    """A person by openid; WeChat gives no name, and none is asked for."""

    __tablename__ = "followers"

    openid: Mapped[str] = mapped_column(String(64), primary_key=True)
    following: Mapped[bool] = mapped_column(default=True)
    scene: Mapped[str] = mapped_column(String(64), default="")
    subscribed_at: Mapped[datetime | None] = mapped_column(Moment)
    unsubscribed_at: Mapped[datetime | None] = mapped_column(Moment)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    listed_at: Mapped[datetime | None] = mapped_column(Moment)


class Pace(StrEnum):
    """How often a person wants to hear of a topic."""

    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"


class Follow(Base):
    """A person follows a topic. Kept by (topic, openid): the planner walks it in that order.

    told_until: what went out up to then has been told, at once or in a digest; after a change
    back to `now` it stays until the last digest has gathered what is left.
    """

    __tablename__ = "follows"

    topic: Mapped[str] = mapped_column(ForeignKey("topics.slug"), primary_key=True)
    openid: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(Moment)
    source: Mapped[str] = mapped_column(String(12), default="chat")
    pace: Mapped[str] = mapped_column(String(8), default=Pace.NOW, server_default=Pace.NOW)
    told_until: Mapped[datetime | None] = mapped_column(Moment)


class TopicTag(Base):
    """A topic's mirror in WeChat: a tag on everybody who is told of it at once.

    trouble: WeChat's code when it refuses the tag itself, 0 while all is well. lease_until (wall
    clock): one job at a time tags the people of a topic, so that its calls keep their order.
    """

    __tablename__ = "topic_tags"

    topic: Mapped[str] = mapped_column(ForeignKey("topics.slug"), primary_key=True)
    tag_id: Mapped[int | None]
    trouble: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    checked_at: Mapped[datetime | None] = mapped_column(Moment)


class TagMark(Base):
    """Whether a person carries a topic's tag, as far as we know.

    changes: how often that came into doubt since WeChat was last told; 0: nothing to tell.
    refused: WeChat's code for this one person (45059: they carry twenty already), else 0.
    """

    __tablename__ = "topic_tag_marks"
    __table_args__ = (
        Index(
            "ix_topic_tag_marks_due",
            "topic",
            "openid",
            sqlite_where=text("changes > 0"),
            postgresql_where=text("changes > 0"),
        ),
    )

    topic: Mapped[str] = mapped_column(ForeignKey("topics.slug"), primary_key=True)
    openid: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)
    carried: Mapped[bool] = mapped_column(default=False)
    changes: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    listed_at: Mapped[datetime | None] = mapped_column(Moment)


class FollowEnding(Base):
    """Why somebody stopped following a topic: chat, page, unsubscribed, topic closed."""

    __tablename__ = "follow_endings"
    __table_args__ = (Index("ix_follow_endings_topic_ended_at", "topic", "ended_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    topic: Mapped[str] = mapped_column(String(40))
    openid: Mapped[str] = mapped_column(String(64), index=True)
    since: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(20))


class LeavingKey(Base):
    """The key under which a quarter's leavers are renamed; sealed, and destroyed in time.

    number: quarters through the years, year × 4 + 0…3.
    """

    __tablename__ = "leaving_keys"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key_sealed: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Moment)


class Sync(Base):
    """How far a pull of the follower list has come, so that it can be run again."""

    __tablename__ = "follower_syncs"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Moment)
    after: Mapped[str] = mapped_column(String(64), default="")
    pulled: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
