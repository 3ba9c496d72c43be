"""Tokens live, overlap and end as WeChat's do; the two kinds do not know each other."""

import pytest

from tests.sandbox.account import Account


def works(account: Account, token: str) -> int:
    account.token = token
    return int(account.get("/cgi-bin/getcallbackip").get("errcode", 0))


def test_a_token_ends_after_two_hours(account: Account) -> None:  # token.lifetime_s
    token = account.classic()["access_token"]
    account.later(7199)
    assert works(account, token) == 0
    account.later(1)
    assert works(account, token) == 42001


def test_the_former_token_overlaps_five_minutes(account: Account) -> None:  # token.overlap_s
    first, second = account.classic()["access_token"], account.classic()["access_token"]
    assert works(account, first) == works(account, second) == 0
    account.later(301)
    assert (works(account, first), works(account, second)) == (40001, 0)


def test_the_classic_token_is_counted_by_day(account: Account) -> None:  # token.daily
    account.rules(token__daily=2)
    assert [account.classic().get("errcode", 0) for _ in range(3)] == [0, 0, 45009]
    account.later(86_400)
    assert "access_token" in account.classic()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"secret": "x"}, 40125),  # token.secret
        ({"appid": "wx1"}, 40013),  # token.appid
        ({"secret": ""}, 41004),
        ({"appid": ""}, 41002),
        ({"grant_type": "x"}, 40002),
    ],
)
def test_a_wrong_identity_gets_no_token(account: Account, more: dict[str, str], code: int) -> None:
    assert account.classic(**more)["errcode"] == code
    assert account.stable(**more)["errcode"] == code


def test_a_call_without_token_or_with_a_made_up_one_is_refused(account: Account) -> None:
    assert works(account, "") == 41001  # token.missing
    assert works(account, "made-up") == 40001


def test_stable_token_stays_the_same_until_its_last_five_minutes(account: Account) -> None:
    first = account.stable()  # stable.renew_s
    account.later(6800)
    again = account.stable()
    assert again["access_token"] == first["access_token"]
    assert again["expires_in"] == 400
    account.later(150)
    fresh = account.stable()
    assert fresh["access_token"] != first["access_token"]
    assert fresh["expires_in"] == 7200
    assert works(account, first["access_token"]) == works(account, fresh["access_token"]) == 0


def test_a_forced_refresh_ends_the_token_but_not_within_thirty_seconds(account: Account) -> None:
    first = account.stable()["access_token"]
    second = account.stable(force_refresh=True)["access_token"]
    assert second != first
    assert works(account, first) == 40001
    assert account.stable(force_refresh=True)["access_token"] == second  # stable.force_gap_s
    account.later(31)
    assert account.stable(force_refresh=True)["access_token"] != second


def test_forced_refreshes_are_twenty_a_day(account: Account) -> None:  # stable.force_daily
    codes = []
    for _ in range(21):
        account.later(31)
        codes.append(account.stable(force_refresh=True).get("errcode", 0))
    assert codes == [0] * 20 + [45009]


def test_stable_token_is_counted_by_minute_and_day(account: Account) -> None:
    account.rules(stable__minute=3)
    account.later(60)
    assert [account.stable().get("errcode", 0) for _ in range(4)] == [0, 0, 0, 45011]
    account.rules(stable__daily=5)
    account.later(60)
    assert [account.stable().get("errcode", 0) for _ in range(3)] == [0, 45009, 45009]


def test_stable_token_takes_only_post(account: Account) -> None:  # token.post_only
    assert account.get("/cgi-bin/stable_token")["errcode"] == 43002


def test_the_kinds_are_isolated(account: Account) -> None:
    stable = account.stable()["access_token"]
    for _ in range(3):
        account.classic()
    account.later(400)
    assert works(account, stable) == 0


def test_addresses_off_the_whitelist_are_refused(account: Account) -> None:
    account.setting("ip_whitelist", ["10.1.1.1"])
    refused = account.stable()  # ip.whitelist
    assert refused["errcode"] == 40164
    assert "invalid ip 127.0.0.1" in refused["errmsg"]
    assert account.get("/cgi-bin/getcallbackip")["errcode"] == 61004  # ip.registered
