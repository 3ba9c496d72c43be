"""Who a topic reaches, for the planner: SQL that never loads the people."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.followers.models import Follow, Follower, Pace


def people(slug: str) -> Select[str]:
    """openids of the topic's followers who still follow the account, in the order of openid.

    Those who asked for a digest are not among them: `in_digests` counts them.
    """
    return (
        select(Follow.openid)
        .join(Follower, Follower.openid == Follow.openid)
        .where(Follow.topic == slug, Follower.following, Follow.pace == Pace.NOW)
        .order_by(Follow.openid)
    )


def count(db: Session, slug: str) -> int:
    statement = people(slug).order_by(None).with_only_columns(func.count())
    return db.scalar(statement) or 0


def in_digests(db: Session, slug: str) -> int:
    """How many hear of the topic once a day or a week."""
    statement = (
        select(func.count())
        .select_from(Follow)
        .join(Follower, Follower.openid == Follow.openid)
        .where(Follow.topic == slug, Follower.following, Follow.pace != Pace.NOW)
    )
    return db.scalar(statement) or 0


def is_following(db: Session, openid: str) -> bool:
    """Whether a person follows the account; one we have never met is taken to."""
    following = db.scalar(select(Follower.following).where(Follower.openid == openid))
    return following is not False
