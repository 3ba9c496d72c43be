"""The signed link to a person's own page (我的订阅), given in chat and good for a week."""

from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

GOOD_FOR = timedelta(days=7)
SALT = "followers.own-page"


def path_for(openid: str, secret_key: str, now: datetime) -> str:
    """The path below PUBLIC_URL that opens this person's page; whoever has it may use it."""
    until = int((now + GOOD_FOR).timestamp())
    return f"/me/{_serializer(secret_key).dumps([openid, until])}"


def person_of(token: str, secret_key: str, now: datetime) -> str | None:
    """The openid a token was made for; None when it is forged, broken or too old."""
    try:
        openid, until = _serializer(secret_key).loads(token)
    except (BadData, TypeError, ValueError):
        return None
    return str(openid) if now.timestamp() < until else None


def _serializer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt=SALT)
