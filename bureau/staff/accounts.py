"""Accounts of the staff: adding, signing in, locking out, changing the password."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.staff import audit
from bureau.staff.models import Clerk, StaffOffice
from bureau.staff.roles import ROLES
from core.errors import NotFound, Refusal
from core.numbering import secret_code

HASHER = PasswordHasher()  # argon2id, RFC 9106 low-memory profile
FAILURES_ALLOWED = 5
LOCK = timedelta(minutes=15)
SHORTEST = 10  # characters of a password
WRONG = "用户名或密码不正确。连续输错5次，账号会锁定15分钟。"  # a locked name hears the same


@cache
def nobody() -> str:
    """A hash no password was made from; made when first wanted: it takes a fifth of a second."""
    return HASHER.hash("nobody signs in with this")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """How a try went. `clerk` is None when refused and `say` tells why; commit either way."""

    clerk: Clerk | None
    say: str = ""

    @property
    def must_change(self) -> bool:
        return self.clerk is not None and self.clerk.must_change


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of comparing a password with a hash; `fresh` replaces a hash made more weakly."""

    against: str
    right: bool
    fresh: str = field(default="", repr=False)


def hash_of(db: Session, name: str) -> str:
    """The hash to hold a password against; nobody's for an unknown or switched-off name."""
    clerk = find(db, name)
    return nobody() if clerk is None or not clerk.active else clerk.password_hash


def prove(password_hash: str, password: str) -> Proof:
    """Compare. Takes a fifth of a second, so no transaction is open meanwhile."""
    right = _matches(password_hash, password)
    weak = right and HASHER.check_needs_rehash(password_hash)
    return Proof(password_hash, right, HASHER.hash(password) if weak else "")


def sign_in(db: Session, name: str, proof: Proof, now: datetime) -> SignedIn:
    """Let in whoever proved a password; five failures lock the account for 15 minutes.

    Never raises for a wrong password, so that the count of failures is committed. A password
    changed since the proof was made is a wrong one.
    """
    clerk = db.scalar(select(Clerk).where(Clerk.name == name.strip()).with_for_update(of=Clerk))
    if clerk is None or not clerk.active:
        return SignedIn(None, WRONG)
    if clerk.locked_until is not None and clerk.locked_until > now:
        return SignedIn(None, WRONG)
    if not proof.right or proof.against != clerk.password_hash:
        return _failed(db, clerk, now)
    clerk.failures, clerk.locked_until, clerk.last_seen_at = 0, None, now
    clerk.password_hash = proof.fresh or clerk.password_hash
    audit.note(db, clerk, "staff.sign_in", f"clerk:{clerk.name}", now)
    return SignedIn(clerk)


def sign_out(db: Session, clerk: Clerk, now: datetime) -> None:
    """End every session of the clerk, so that a cookie somebody copied opens nothing any more."""
    clerk.session_version += 1
    audit.note(db, clerk, "staff.sign_out", f"clerk:{clerk.name}", now)


def add(
    db: Session,
    name: str,
    role: str,
    now: datetime,
    *,
    display_name: str = "",
    office: str | None = None,
    by: Clerk | None = None,
) -> str:
    """Add a clerk; gives the one-time password, to be changed at the first sign-in.

    `office` is a slug. Raises Refusal for a bad name, an unknown role or a name in use.
    """
    name = name.strip()
    if not name or len(name) > 60:
        raise Refusal("请填写用户名（不超过60个字）。")
    if role not in ROLES:
        raise Refusal(f"没有“{role}”这个角色，可用的有：{'、'.join(ROLES)}。")
    if find(db, name) is not None:
        raise Refusal(f"用户名“{name}”已经有人使用。")
    room = office_by_slug(db, office) if office else None
    password = secret_code(12)
    clerk = Clerk(
        name=name,
        display_name=display_name.strip() or name,
        role=role,
        office_id=room.id if room else None,
        password_hash=HASHER.hash(password),
        created_at=now,
    )
    db.add(clerk)
    db.flush()
    audit.note(db, by, "staff.add", f"clerk:{name}", now, role=role)
    return password


def change_password(db: Session, clerk: Clerk, old: str, new: str, now: datetime) -> None:
    """Set a new password; every other session of the clerk ends (session_version grows).

    Raises Refusal when the old one is wrong or the new one is short, the same or the name.
    """
    if not _matches(clerk.password_hash, old):
        raise Refusal("原密码不正确。")
    if len(new) < SHORTEST:
        raise Refusal(f"新密码至少{SHORTEST}个字符。")
    if new in (old, clerk.name):
        raise Refusal("新密码不能与原密码或用户名相同。")
    clerk.password_hash = HASHER.hash(new)
    clerk.must_change = False
    clerk.session_version += 1
    audit.note(db, clerk, "staff.change_password", f"clerk:{clerk.name}", now)


def reset_password(db: Session, clerk: Clerk, now: datetime, *, by: Clerk | None) -> str:
    """A new one-time password; unlocks the account and ends its sessions."""
    password = secret_code(12)
    clerk.password_hash = HASHER.hash(password)
    clerk.must_change, clerk.failures, clerk.locked_until = True, 0, None
    clerk.session_version += 1
    audit.note(db, by, "staff.reset_password", f"clerk:{clerk.name}", now)
    return password


def set_active(db: Session, clerk: Clerk, active: bool, now: datetime, *, by: Clerk) -> None:
    """Switch an account on or off; switching off ends its sessions. Refuses one's own."""
    if clerk.id == by.id:
        raise Refusal("不能停用自己的账号。")
    clerk.active = active
    clerk.session_version += 1
    audit.note(
        db, by, "staff.activate" if active else "staff.deactivate", f"clerk:{clerk.name}", now
    )


def set_role(db: Session, clerk: Clerk, role: str, now: datetime, *, by: Clerk) -> None:
    """Give another role. Raises Refusal for an unknown one."""
    if role not in ROLES:
        raise Refusal(f"没有“{role}”这个角色。")
    audit.note(db, by, "staff.set_role", f"clerk:{clerk.name}", now, was=clerk.role, now_=role)
    clerk.role = role


def everyone(db: Session) -> list[Clerk]:
    return list(db.scalars(select(Clerk).order_by(Clerk.id)))


def find(db: Session, name: str) -> Clerk | None:
    return db.scalar(select(Clerk).where(Clerk.name == name.strip()))


def by_id(db: Session, clerk_id: int) -> Clerk | None:
    """The active clerk with this id; None when switched off or unknown."""
    clerk = db.get(Clerk, clerk_id)
    return clerk if clerk is not None and clerk.active else None


def own(db: Session, clerk_id: int) -> Clerk:
    """The clerk with this id, active or not. Raises NotFound, for demo accounts too."""
    clerk = db.get(Clerk, clerk_id)
    if clerk is None or clerk.demo:
        raise NotFound("没有这位工作人员，或者是演示账号。")
    return clerk


def require(db: Session, name: str) -> Clerk:
    """The active clerk of this name. Raises NotFound."""
    clerk = find(db, name)
    if clerk is None or not clerk.active:
        raise NotFound(f"没有名为“{name}”的工作人员。")
    return clerk


def office_by_slug(db: Session, slug: str) -> StaffOffice:
    """The office with this slug or name. Raises NotFound."""
    found = db.scalar(
        select(StaffOffice).where((StaffOffice.slug == slug) | (StaffOffice.name == slug))
    )
    if found is None:
        raise NotFound(f"没有“{slug}”这个科室。")
    return found


def _failed(db: Session, clerk: Clerk, now: datetime) -> SignedIn:
    clerk.failures += 1
    audit.note(db, None, "staff.sign_in_failed", f"clerk:{clerk.name}", now, who=clerk.name)
    if clerk.failures >= FAILURES_ALLOWED:
        clerk.failures, clerk.locked_until = 0, now + LOCK
        audit.note(db, None, "staff.locked", f"clerk:{clerk.name}", now, who=clerk.name)
    return SignedIn(None, WRONG)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
