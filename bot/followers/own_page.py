"""Signed links to what is a person's own: 我的订阅, and one letter. Good for a week."""

from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

GOOD_FOR = timedelta(days=7)
SALT = "followers.own-page"
LETTERS = "/tickets/"  # pages below it belong to their sender


def path_for(openid: str, secret_key: str, now: datetime) -> str:
    """The path below PUBLIC_URL that opens this person's page; whoever has it may use it."""
    until = int((now + GOOD_FOR).timestamp())
    return f"/me/{_serializer(secret_key).dumps([openid, until])}"


def letter_for(openid: str, page: str, secret_key: str, now: datetime) -> str:
    """The path of a letter's page with a key that opens this one page for this person."""
    until = int((now + GOOD_FOR).timestamp())
    return f"{page}/{_serializer(secret_key, page).dumps([openid, until])}"


def person_of(
    token: str,
    secret_key: str,
    now: datetime,
    page: str = "",
    *,
    within: timedelta = GOOD_FOR,
) -> str | None:
    """The openid a token was made for; None when it is forged, broken or too old.

    page: of the letter it must open; empty: the person's own page. within: how long after it
    was given it still counts.
    """
    try:
        openid, until = _serializer(secret_key, page).loads(token)
    except (BadData, TypeError, ValueError):
        return None
    last = until - (GOOD_FOR - within).total_seconds()
    return str(openid) if now.timestamp() < last else None


def _serializer(secret_key: str, page: str = "") -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt=SALT + page)
