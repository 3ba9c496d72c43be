"""The environment is read once, and all that is wrong is said at once."""

from pathlib import Path

import pytest

from core.errors import Unready
from core.settings import Settings, read_dotenv

PRODUCTION = {
    "APP_ENV": "production",
    "SECRET_KEY": "s" * 32,
    "DATA_KEY": "d" * 32,
    "PUBLIC_URL": "https://czj.example.gov.cn",
    "WECHAT_APP_ID": "wx0123456789abcdef",
    "WECHAT_APP_SECRET": "0123456789abcdef0123456789abcdef",
    "WECHAT_TOKEN": "ourtoken",
    "WECHAT_AES_KEY": "a" * 43,
}


def test_nothing_set_is_a_house_that_runs(tmp_path: Path) -> None:
    settings = Settings.from_env({}, root=tmp_path)
    assert (settings.bind, settings.port) == ("127.0.0.1", 8000)
    assert settings.data_dir == tmp_path / "var"
    assert settings.clock_file == tmp_path / "var" / "clock"
    assert settings.sandbox
    assert settings.seed
    assert not settings.production


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=9000\nWORKERS=3\n")
    settings = Settings.from_env({"PORT": "9100"}, root=tmp_path)
    assert (settings.port, settings.workers) == (9100, 3)


def test_an_empty_value_means_the_default(tmp_path: Path) -> None:
    settings = Settings.from_env({"PORT": "", "BUREAU_NAME": "  "}, root=tmp_path)
    assert settings.port == 8000
    assert settings.bureau_name == Settings().bureau_name


def test_no_quiet_hours_is_a_choice(tmp_path: Path) -> None:
    assert Settings.from_env({}, root=tmp_path).quiet_hours == "21:00-08:00"
    assert Settings.from_env({"QUIET_HOURS": ""}, root=tmp_path).quiet_hours == ""


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    wrong = {"PORT": "many", "WORKERS": "-1", "SANDBOX": "perhaps", "WECHAT_AES_KEY": "short"}
    with pytest.raises(Unready) as refused:
        Settings.from_env(wrong, root=tmp_path)
    assert all(name in str(refused.value) for name in wrong)


def test_production_asks_for_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(Unready) as refused:
        Settings.from_env({"APP_ENV": "production"}, root=tmp_path)
    for name in PRODUCTION.keys() - {"APP_ENV"}:
        assert name in str(refused.value)


def test_production_turns_the_sandbox_and_samples_off(tmp_path: Path) -> None:
    settings = Settings.from_env(PRODUCTION, root=tmp_path)
    assert settings.production
    assert not settings.sandbox
    assert not settings.seed
    assert settings.real_account


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("PUBLIC_URL", "http://127.0.0.1:8000"),
        ("PUBLIC_URL", "http://localhost"),
        ("SANDBOX", "1"),
        ("WECHAT_AES_KEY", "a" * 42),
    ],
)
def test_production_refuses_what_is_weak(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(Unready, match=name):
        Settings.from_env({**PRODUCTION, name: value}, root=tmp_path)


def test_secrets_are_not_printed(tmp_path: Path) -> None:
    shown = repr(Settings.from_env(PRODUCTION, root=tmp_path))
    for name in ("SECRET_KEY", "DATA_KEY", "WECHAT_APP_SECRET", "WECHAT_TOKEN", "WECHAT_AES_KEY"):
        assert f"'{PRODUCTION[name]}'" not in shown


def test_lists_are_split_at_commas(tmp_path: Path) -> None:
    settings = Settings.from_env({"PUSH_ROUTES": " kefu , wait,"}, root=tmp_path)
    assert settings.push_routes == ("kefu", "wait")


def test_the_base_of_links_has_no_closing_slash(tmp_path: Path) -> None:
    assert Settings.from_env({"PUBLIC_URL": "https://a.cn/"}, root=tmp_path).base_url == (
        "https://a.cn"
    )
    assert Settings.from_env({"PORT": "9000"}, root=tmp_path).base_url == "http://127.0.0.1:9000"


def test_a_dotenv_file_may_be_written_by_hand(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# note\nexport A=1\nB = 'two words'\n\nno pair\nC=\"x=y\"\n#D=4\n", "utf8")
    assert read_dotenv(file) == {"A": "1", "B": "two words", "C": "x=y"}
    assert read_dotenv(tmp_path / "none") == {}
