"""People who left or returned without an event that told so, and the end of the quarters' keys."""

from sqlalchemy.orm import Session

from bot.followers import leaving, registry
from bot.outbound import outbox, own_matters
from bureau.feedback import departed, drafts
from bureau.office import Office
from ops.seeding.past import PREFIX as SAMPLE


def settle(office: Office) -> int:
    """Rename who left unseen, give back their rows to who returned; gives how many people.

    Names in letters that have ended meanwhile go too. The people of the samples are nobody, and
    `flask seed --clear` finds them by their openids.
    """
    now = office.clock.now()
    with office.database.read() as db:
        back, gone = leaving.strays(db, office.box, now)
        gone += [one for one in leaving.unlisted(db) if not one.startswith(SAMPLE)]
    for openid in back:
        with office.database.write() as db:
            leaving.come_back(db, office.box, openid)
            registry.subscribed(db, openid, now)
            own_matters.wait_again(db, openid)
    for openid in gone:
        with office.database.write() as db:
            _farewell(db, office, openid)
    with office.database.write() as db:
        departed.forget_names(db)
    return len(back) + len(gone)


def _farewell(db: Session, office: Office, openid: str) -> None:
    now = office.clock.now()
    registry.unsubscribed(db, openid, now)
    outbox.drop_person(db, openid)
    drafts.discard(db, openid, now)
    leaving.leave(db, office.box, openid, now)


def destroy_keys(office: Office) -> int:
    """Keys whose time is over are deleted; gives how many."""
    with office.database.write() as db:
        return leaving.destroy_old_keys(db, office.clock.now())
