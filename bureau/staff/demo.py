"""Demo accounts: one a role, named by it, for the sandbox's sign-in page only."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bureau.staff.models import GENERAL_OFFICE, Clerk, StaffOffice
from bureau.staff.roles import ROLES

NO_PASSWORD = "!"  # matches nothing: a demo account is entered by its button alone  # noqa: S105
OFFICES = {"general_office": GENERAL_OFFICE, "admin": GENERAL_OFFICE, "liaison": GENERAL_OFFICE}
HANDLING_OFFICE = "fees"  # where the sample handlers sit


def ensure_demo(db: Session, now: datetime) -> list[Clerk]:
    """One account for each role, named `demo-ROLE`. Call only with the sandbox on."""
    there = {clerk.name: clerk for clerk in demo_clerks(db)}
    rooms = {office.slug: office for office in db.scalars(select(StaffOffice))}
    for role, meaning in ROLES.items():
        name = f"demo-{role}"
        if name in there:
            there[name].active = True
            continue
        room = rooms.get(OFFICES.get(role, HANDLING_OFFICE)) or rooms.get(GENERAL_OFFICE)
        clerk = Clerk(
            name=name,
            display_name=f"{meaning.label}（演示）",
            role=role,
            office_id=room.id if room else None,
            password_hash=NO_PASSWORD,
            must_change=False,
            demo=True,
            created_at=now,
        )
        db.add(clerk)
    db.flush()
    return demo_clerks(db)


def demo_clerks(db: Session) -> list[Clerk]:
    return list(db.scalars(select(Clerk).where(Clerk.demo.is_(True)).order_by(Clerk.id)))


def switch_off(db: Session) -> None:
    """No demo account opens any more: called at the start of a house without a sandbox."""
    db.execute(
        update(Clerk)
        .where(Clerk.demo.is_(True), Clerk.active.is_(True))
        .values(active=False, session_version=Clerk.session_version + 1)
    )
