"""Every rule has a source and a test, every error a text, and the numbers can be changed."""

from pathlib import Path

from sandbox.rules import RULES, Rules
from sandbox.rules.errors import TEXTS
from sandbox.store import Store

HERE = Path(__file__).parent


def test_every_rule_names_its_page_and_its_error() -> None:
    for rule in RULES.values():
        assert rule.source
        assert rule.errcode in TEXTS
        assert rule.says


def test_every_rule_is_tested_by_name() -> None:
    mine = Path(__file__).name
    text = "".join(path.read_text("utf8") for path in HERE.glob("test_*.py") if path.name != mine)
    untested = [name for name in RULES if name not in text and name.replace(".", "__") not in text]
    assert untested == []


def test_changed_numbers_are_kept_over_a_restart_and_restored(tmp_path: Path) -> None:
    store = Store(tmp_path)
    Rules(store).change({"mass.month": 2})
    store.close()
    again = Store(tmp_path)
    rules = Rules(again)
    assert rules["mass.month"] == 2
    rules.restore()
    assert rules["mass.month"] == 4
    again.close()
