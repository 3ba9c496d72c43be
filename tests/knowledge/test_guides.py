"""Guides tell what a list of charges cannot, and read their amount out of that list."""

import json
from pathlib import Path

from bureau.catalogues import bringing
from core.db import Database
from core.settings import Settings
from handlers.answers import compose
from knowledge.library import Library
from tests.clocks import FixedClock
from tests.knowledge.conftest import TODAY

BASE = "https://example.gov.cn"
FEE = {
    "id": "f-1",
    "name": "机动车检验费",
    "dept": "公安",
    "payer": "车主",
    "rate_text": "70元/辆",
    "legal_basis": "鲁价费发〔2026〕5号",
    "source": "本市收费目录清单",
    "valid_from": "2026-03-01",
}
GUIDE = {
    "id": "g-1",
    "name": "机动车检验费缴纳",
    "responsible_office": "车管所",
    "promised_limit": "3(工作日)",
    "fee": "按收费清单“机动车检验费”执行",
    "fee_item": "f-1",
    "source": "车管所办事指南",
}


def opened(database: Database, folder: Path, fees: list[dict[str, str]]) -> Library:
    for kind, rows in (("fee", fees), ("guide", [GUIDE])):
        file = folder / f"{kind}.jsonl"
        file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf8")
        with database.write() as db:
            bringing.bring_in(
                db,
                kind,
                bringing.read(file, kind),
                file_name=file.name,
                replace=False,
                reviewers=["甲", "乙"],
                now=FixedClock().now(),
            )
    return Library.open(database, Settings(data_dir=folder))


def test_the_fee_of_a_guide_is_read_out_of_the_catalogue(
    database: Database, tmp_path: Path
) -> None:
    card = opened(database, tmp_path, [FEE]).card("g-1", today=TODAY, slot="fee")
    assert card is not None
    assert card.lines == (
        "收费：70元/辆（机动车检验费）",
        "对象：车主",
        "依据：鲁价费发〔2026〕5号",
        "收费清单来源：本市收费目录清单",
        "自 2026-03-01 起执行。",
    )
    assert card.source == "车管所办事指南"


def test_a_guide_whose_fee_left_the_catalogue_says_whom_to_ask(
    database: Database, tmp_path: Path
) -> None:
    other = {**FEE, "id": "f-2", "name": "别的费"}
    card = opened(database, tmp_path, [other]).card("g-1", today=TODAY, slot="fee")
    assert card is not None
    assert card.lines == ("收费：未载明，可向车管所询问",)


def test_days_are_told_by_the_guide_though_the_charge_is_named(
    database: Database, tmp_path: Path
) -> None:
    library = opened(database, tmp_path, [FEE])
    days = library.ask("机动车检验费要几天", today=TODAY)
    assert days.hits[0].id == "g-1"
    told = library.card("g-1", today=TODAY, slot=days.slot)
    assert told is not None
    assert told.lines[0] == "承诺时限：3个工作日"
    price = library.ask("机动车检验费多少钱", today=TODAY)
    assert price.hits[0].id == "f-1"
    assert "收费标准：70元/辆" in compose(price, BASE)


def test_days_of_a_charge_without_a_guide_are_a_gap_said_before_its_price(
    library: Library,
) -> None:
    plain = library.ask("护照要几天", today=TODAY).cards[0]
    assert plain.lines[:2] == ("办理时限：未载明，可向公安询问", "收费标准：120元/本")
    sisters = library.ask("无线电频率占用费要几天", today=TODAY).cards[0]
    assert sisters.lines[0] == "办理时限：未载明，可向工信/无线电管理询问"
