"""One source of time: aware, in Shanghai, movable outside production."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import SHANGHAI, SystemClock, day_of, from_timestamp


def test_now_is_aware_and_in_shanghai() -> None:
    now = SystemClock().now()
    assert now.utcoffset() == timedelta(hours=8)
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_sandbox_can_move_the_clock(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("176400")  # 49 hours
    ahead = SystemClock(file).now() - datetime.now(UTC)
    assert timedelta(hours=49) - ahead < timedelta(seconds=5)


def test_the_clock_follows_each_move(tmp_path: Path) -> None:
    file, fresh = tmp_path / "clock", tmp_path / "fresh"
    clock = SystemClock(file)
    for hours in (0, 2, 5, 1):
        fresh.write_text(f"{hours * 3600:.3f}")  # as the sandbox writes it: whole or not at all
        fresh.replace(file)
        ahead = clock.now() - datetime.now(UTC)
        assert timedelta(hours=hours) - ahead < timedelta(seconds=5)
        assert ahead < timedelta(hours=hours, seconds=5)
    file.unlink()
    assert clock.now() - datetime.now(UTC) < timedelta(seconds=5)


@pytest.mark.parametrize("text", ["", "soon", "１２三"])
def test_an_unreadable_clock_file_moves_nothing(tmp_path: Path, text: str) -> None:
    file = tmp_path / "clock"
    file.write_text(text, "utf8")
    assert abs(SystemClock(file).now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_missing_clock_file_moves_nothing(tmp_path: Path) -> None:
    assert abs(SystemClock(tmp_path / "none").now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_day_turns_at_midnight_in_shanghai() -> None:
    assert day_of(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)).isoformat() == "2026-03-01"
    assert day_of(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)).isoformat() == "2026-03-02"


@given(st.integers(min_value=0, max_value=4_102_444_800))
def test_a_timestamp_comes_back(seconds: int) -> None:
    moment = from_timestamp(seconds)
    assert moment.tzinfo is SHANGHAI
    assert int(moment.timestamp()) == seconds


@pytest.mark.parametrize("seconds", [10**20, -(10**20), 2**63])
def test_a_timestamp_outside_the_years_is_refused(seconds: int) -> None:
    with pytest.raises(ValueError, match="moment"):
        from_timestamp(seconds)
