"""Who comes in, who is kept out, and what each may do."""

from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from bureau.staff import accounts, audit, demo, links, offices, roles
from core.db import Database
from core.errors import Forbidden, NotFound, Refusal
from tests.feedback.making import NOW

pytestmark = pytest.mark.thorough

GOOD = "a good long password"


def tries(db: Session, name: str, password: str, now: datetime) -> accounts.SignedIn:
    """Somebody types a name and a password."""
    return accounts.sign_in(db, name, accounts.prove(accounts.hash_of(db, name), password), now)


def test_a_one_time_password_opens_once_and_must_be_changed(each_database: Database) -> None:
    with each_database.write() as db:
        password = accounts.add(db, "王芳", "handler", NOW)
        signed = tries(db, "王芳", password, NOW)
        assert signed.must_change
        assert signed.clerk is not None
        with pytest.raises(Refusal):
            accounts.change_password(db, signed.clerk, "wrong", GOOD, NOW)
        with pytest.raises(Refusal):
            accounts.change_password(db, signed.clerk, password, "short", NOW)
        before = signed.clerk.session_version
        accounts.change_password(db, signed.clerk, password, GOOD, NOW)
        assert signed.clerk.session_version == before + 1
        assert tries(db, "王芳", password, NOW).clerk is None
        again = tries(db, " 王芳 ", GOOD, NOW)
        assert again.clerk is not None
        assert not again.must_change
        assert GOOD not in signed.clerk.password_hash


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(each_database: Database) -> None:
    with each_database.write() as db:
        password = accounts.add(db, "李强", "head", NOW)
    for _ in range(5):
        with each_database.write() as db:
            refused = tries(db, "李强", "guess", NOW)
            assert refused.clerk is None
    with each_database.write() as db:
        locked, unknown = tries(db, "李强", password, NOW), tries(db, "nobody", password, NOW)
        assert locked == unknown == refused, "the answer tells which names exist"
        assert "锁定" in locked.say
        after = NOW + timedelta(minutes=15)
        assert tries(db, "李强", password, after).clerk is not None
        actions = [row.action for row in audit.latest(db, subject="clerk:李强")]
    assert actions.count("staff.sign_in_failed") == 5
    assert {"staff.locked", "staff.add", "staff.sign_in"} <= set(actions)


def test_an_unknown_name_and_a_wrong_password_are_told_the_same(database: Database) -> None:
    with database.write() as db:
        accounts.add(db, "李强", "head", NOW)
        unknown = tries(db, "nobody", "x", NOW).say
        assert unknown == tries(db, "李强", "x", NOW).say


def test_a_password_changed_while_it_was_compared_lets_nobody_in(database: Database) -> None:
    with database.write() as db:
        password = accounts.add(db, "李强", "head", NOW)
        proof = accounts.prove(accounts.hash_of(db, "李强"), password)
        accounts.change_password(db, accounts.require(db, "李强"), password, GOOD, NOW)
        assert accounts.sign_in(db, "李强", proof, NOW).clerk is None


def test_a_hash_made_more_weakly_is_renewed(database: Database) -> None:
    with database.write() as db:
        accounts.add(db, "李强", "head", NOW)
        clerk = accounts.require(db, "李强")
        clerk.password_hash = PasswordHasher(time_cost=1, memory_cost=64).hash(GOOD)
        assert tries(db, "李强", GOOD, NOW).clerk is clerk
        assert not accounts.HASHER.check_needs_rehash(clerk.password_hash)


def test_names_and_roles_are_checked(database: Database) -> None:
    with database.write() as db:
        accounts.add(db, "李强", "head", NOW)
        for name, role in (("李强", "head"), ("", "head"), ("赵六", "emperor")):
            with pytest.raises(Refusal):
                accounts.add(db, name, role, NOW)


def test_a_switched_off_account_stays_out(database: Database) -> None:
    with database.write() as db:
        password = accounts.add(db, "李强", "head", NOW)
        accounts.add(db, "admin", "admin", NOW)
        boss, clerk = accounts.require(db, "admin"), accounts.require(db, "李强")
        accounts.set_active(db, clerk, False, NOW, by=boss)
        assert tries(db, "李强", password, NOW).clerk is None
        assert accounts.by_id(db, clerk.id) is None
        with pytest.raises(Refusal):
            accounts.set_active(db, boss, False, NOW, by=boss)
        with pytest.raises(NotFound):
            accounts.require(db, "李强")


def test_the_first_link_makes_one_administrator_and_no_second(each_database: Database) -> None:
    with each_database.write() as db:
        offices.load_reference(db)
        demo.ensure_demo(db, NOW)
        old = links.first_administrator(db, NOW)
        token = links.first_administrator(db, NOW)
    assert old
    assert token
    with each_database.write() as db:
        assert not links.is_open(db, old, NOW)
        assert not links.is_open(db, token, NOW + timedelta(hours=24))
        with pytest.raises(NotFound):
            links.accept(db, old, "boss", GOOD, NOW)
        clerk = links.accept(db, token, "boss", GOOD, NOW)
        assert (clerk.role, clerk.must_change) == ("admin", False)
        with pytest.raises(NotFound):
            links.accept(db, token, "boss2", GOOD, NOW)
        assert links.first_administrator(db, NOW) is None


def test_demo_accounts_are_one_a_role_and_open_by_no_password(database: Database) -> None:
    with database.write() as db:
        offices.load_samples(db)
        clerks = demo.ensure_demo(db, NOW)
        assert {clerk.role for clerk in clerks} == set(roles.ROLES)
        assert len(demo.ensure_demo(db, NOW)) == len(clerks)
        for guess in ("", "!", "demo"):
            assert tries(db, "demo-admin", guess, NOW).clerk is None
        demo.switch_off(db)
        assert accounts.by_id(db, clerks[0].id) is None


def test_roles_only_name_permissions_that_exist() -> None:
    for role in roles.ROLES.values():
        assert role.permissions <= roles.PERMISSIONS.keys()
    assert not roles.may("emperor", "feedback.read")
    with pytest.raises(Forbidden, match="发出答复"):
        roles.require("drafter", "feedback.release")


def test_nobody_both_drafts_and_approves_a_disclosure_alone() -> None:
    both = {"disclosures.draft", "disclosures.approve"}
    assert [name for name, r in roles.ROLES.items() if both <= r.permissions] == ["admin"]
