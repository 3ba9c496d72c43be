"""What a citizen is told: the right entry, exactly what was asked, and honestly where it stands."""

import json
from pathlib import Path

import pytest

from bureau.catalogues import measuring
from bureau.catalogues.reference import SEEDS, everyday_names
from handlers.answers import compose, compose_cards, size
from knowledge.answer import GUIDE_SLOTS
from knowledge.library import Library
from knowledge.text import normalise
from tests.knowledge.conftest import TODAY, Citizen

BASE = "https://example.gov.cn"
BANK = Path(__file__).parent / "questions.jsonl"
NAMES = everyday_names(SEEDS / "lexicon" / "names.txt")


def test_no_question_of_the_bank_is_a_name_in_the_vocabulary(library: Library) -> None:
    asked = {
        normalise(json.loads(line)["question"]) for line in BANK.read_text("utf8").splitlines()
    }
    known = {name for lines in NAMES.values() for name in map(normalise, lines)}
    assert {text for text in asked & known if len(text) > 6} == set()


def test_our_own_bank_of_questions_is_answered(library: Library) -> None:
    questions = [json.loads(line) for line in BANK.read_text("utf8").splitlines()]
    figures = measuring.figures(measuring.ask_all(library, questions, TODAY))
    assert figures["recall_at_1"] >= 0.92
    assert figures["recall_at_3"] >= 0.97
    assert figures["no_answer_auroc"] >= 0.95
    assert figures["direct_precision"] >= 0.97
    assert figures["direct_share"] >= 0.45
    assert figures["slot_accuracy"] >= 0.9


def test_a_fee_is_said_with_amount_basis_and_date(library: Library) -> None:
    answered = library.ask("护照多少钱", today=TODAY)
    reply = compose(answered, BASE)
    assert answered.outcome == "answer"
    assert "120元/本" in reply
    assert "发改价格〔2019〕914号" in reply
    assert "2019-07-01" in reply
    assert "待核实" not in reply


def test_the_former_price_is_said_for_its_own_time_only(citizen: Citizen) -> None:
    now, then = citizen.says("护照多少钱"), citizen.says("2017年办护照多少钱")
    assert now.hits[0].id == "fee-001"
    assert then.hits[0].id == "fee-002"


def test_a_rule_of_another_place_is_never_shown_as_ours(library: Library) -> None:
    reply = compose(library.ask("居民生活垃圾费一个月多少", today=TODAY), BASE)
    assert "海南省" in reply
    assert "不是本市的" in reply


def test_what_cannot_be_traced_says_so_at_the_end(library: Library) -> None:
    card = library.card("guide-26", today=TODAY, slot="materials")
    assert card is not None
    assert compose_cards((card,), "materials", BASE).endswith("（样例数据，待核实）")


def test_a_gap_is_said_with_the_office_to_ask(library: Library) -> None:
    card = library.card("guide-01", today=TODAY, slot="phone")
    assert card is not None
    assert card.lines == ("咨询电话：未载明，可向会计科询问",)


def test_a_charge_without_days_says_so_when_days_are_asked(library: Library) -> None:
    card = library.card("fee-003", today=TODAY, slot="time_limit")
    assert card is not None
    assert card.lines[0] == "办理时限：未载明，可向公安询问"
    asked_where = library.card("fee-003", today=TODAY, slot="where")
    assert asked_where is not None
    assert asked_where.lines[:2] == ("执收单位：公安", "办理地点：未载明，可向公安询问")


def test_a_formula_is_said_in_words_or_not_at_all(library: Library) -> None:
    card = library.card("fund-14", today=TODAY)
    assert card is not None
    assert not any("max(" in line for line in card.lines)


def test_an_ended_fund_says_that_it_has_ended(library: Library) -> None:
    card = library.card("fund-26", today=TODAY)
    assert card is not None
    assert any("取消或停征" in line for line in card.lines)


def test_a_matter_of_others_names_who_handles_it(library: Library) -> None:
    card = library.card("guide-36", today=TODAY)
    assert card is not None
    assert any("税务" in line and "办理" in line for line in card.lines)


def test_every_entry_fits_one_message_for_every_slot(library: Library) -> None:
    base = "https://a-rather-long-name.of-some-bureau.example.gov.cn"
    for key in [*(f"fee-{i:03}" for i in range(1, 104)), *(f"guide-{i:02}" for i in range(1, 51))]:
        for slot in ("general", *GUIDE_SLOTS):
            card = library.card(key, today=TODAY, slot=slot)
            assert card is not None
            assert size(compose_cards((card, card), slot, base)) <= 2048


def test_two_matters_in_one_message_get_both(citizen: Citizen) -> None:
    answered = citizen.says("摩托车牌照和临时车牌都要办，各要多少工本费")
    assert {card.id for card in answered.cards} == {"fee-029", "fee-030"}


def test_a_follow_up_keeps_the_matter(citizen: Citizen) -> None:
    citizen.says("非营利组织免税资格要哪些材料")
    again = citizen.says("在哪办")
    assert again.hits[0].id == "guide-31"
    assert again.slot == "where"


def test_a_follow_up_may_name_another_variant(citizen: Citizen) -> None:
    citizen.says("台湾签注一次有效的多少钱")
    assert citizen.says("多次的呢").hits[0].id == "fee-016"


def test_a_new_question_leaves_the_old_matter(citizen: Citizen) -> None:
    citizen.says("非营利组织免税资格要哪些材料")
    assert citizen.says("汽车登记证书工本费多少").hits[0].id == "fee-033"


@pytest.mark.parametrize(
    "before", ["预算怎么公开", "注册会计师怎么报名", "' OR 1=1; DROP TABLE t;--", "登记费"]
)
@pytest.mark.parametrize(("short", "key"), [("护照多少钱", "fee-001"), ("驾照", "fee-034")])
def test_a_short_question_that_names_its_matter_needs_no_other(
    citizen: Citizen, before: str, short: str, key: str
) -> None:
    citizen.says(before)
    answered = citizen.says(short)
    assert (answered.outcome, answered.hits[0].id) == ("answer", key)


@pytest.mark.parametrize("short", ["停车费", "诉讼费多少", "你好烦"])
def test_a_short_word_of_something_else_is_not_answered_with_the_matter_before(
    citizen: Citizen, short: str
) -> None:
    before = citizen.says("普通护照多少钱").hits[0].id
    answered = citizen.says(short)
    assert before not in [hit.id for hit in answered.hits]
    assert answered.outcome != "answer"


@pytest.mark.parametrize("short", ["工本费多少", "能代办吗", "费用"])
def test_what_only_asks_is_still_about_the_matter_before(citizen: Citizen, short: str) -> None:
    before = citizen.says("普通护照多少钱").hits[0].id
    assert citizen.says(short).hits[0].id == before


@pytest.mark.parametrize("bare", ["费用", "多少钱", "要什么材料", "怎么办"])
def test_a_message_that_names_nothing_gets_no_direct_answer(citizen: Citizen, bare: str) -> None:
    assert citizen.says(bare).outcome != "answer"


def test_an_unknown_message_after_a_matter_is_still_unknown(citizen: Citizen) -> None:
    citizen.says("代理记账资格审批要几天")
    assert citizen.says("红烧排骨怎么炖才烂").outcome == "unknown"


def test_another_departments_matter_is_pointed_there(library: Library) -> None:
    answered = library.ask("生育津贴怎么领", today=TODAY)
    assert answered.outcome == "unknown"
    assert answered.redirect is not None
    assert answered.redirect.to == "医疗保障局"
    assert "12393" in compose(answered, BASE)


def test_a_wish_is_pointed_to_the_suggestion_box(library: Library) -> None:
    answered = library.ask("希望你们增加一个办事日历功能", today=TODAY)
    assert answered.redirect is not None
    assert answered.redirect.to == "建言献策"
    assert answered.redirect.to_us


@pytest.mark.parametrize(
    ("asked", "phone"),
    [("纪委的电话是多少", "12388"), ("邻居家着火了", "119"), ("怎么叫救护车", "120")],
)
def test_grave_matters_are_pointed_to_their_numbers(
    library: Library, asked: str, phone: str
) -> None:
    assert phone in compose(library.ask(asked, today=TODAY), BASE)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "   ",
        "😀🎉",
        "' OR 1=1; DROP TABLE knowledge_entry;--",
        "<xml><Content><![CDATA[x]]></Content></xml>",
        "http://example.com/?a=1&b=2",
        "a" * 3000,
        "护照多少钱" * 600,
        "\x00\x01",
        "。。。。",
        "加微信领红包",
        "%s %d {} {0}",
        "1 2 3 4 5",
    ],
)
def test_bad_input_gets_a_polite_reply(library: Library, message: str) -> None:
    reply = compose(library.ask(message, today=TODAY), BASE)
    assert reply
    assert size(reply) <= 2048


def test_scores_fall_down_the_list_and_stay_within_one(library: Library) -> None:
    for question in ("会计", "签注多少钱", "补贴", "诉讼费"):
        scores = [hit.score for hit in library.ask(question, today=TODAY).hits]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)


def test_a_vague_question_is_asked_back_with_three(library: Library) -> None:
    answered = library.ask("诉讼费多少", today=TODAY)
    assert answered.outcome == "choose"
    assert 2 <= len(answered.keep.ids) <= 3
    assert compose(answered, BASE).count("msgmenuid=fee-") == len(answered.keep.ids)


def test_a_past_year_is_answered_from_the_version_valid_then(library: Library) -> None:
    answered = library.ask("2018年护照多少钱", today=TODAY)
    reply = compose(answered, BASE)
    assert answered.outcome == "answer"
    assert "160元/本" in reply
    assert "以前的标准" in reply


def test_sisters_are_all_said_when_no_bracket_is_named(library: Library) -> None:
    reply = compose(library.ask("不动产登记费多少钱", today=TODAY), BASE)
    assert "住宅类：80元/件" in reply
    assert "非住宅类：550元/件" in reply


def test_a_named_bracket_gets_that_sister_alone(library: Library) -> None:
    reply = compose(library.ask("非住宅不动产登记费多少钱", today=TODAY), BASE)
    assert "550元/件" in reply
    assert "住宅类：80元/件" not in reply


@pytest.mark.parametrize(
    ("message", "key"),
    [("代理记账", "guide-01"), ("代理记账要什么材料", "guide-01"), ("残保金怎么算", "fund-14")],
)
def test_a_bare_matter_is_its_plain_entry(library: Library, message: str, key: str) -> None:
    answered = library.ask(message, today=TODAY)
    assert answered.outcome == "answer"
    assert answered.cards[0].id == key


def test_both_questions_about_one_matter_are_answered(library: Library) -> None:
    lines = library.ask("办护照多少钱，要带什么材料", today=TODAY).cards[0].lines
    assert any(line.startswith("收费标准：120元") for line in lines)
    assert any(line.startswith("申请材料：") for line in lines)


def test_the_guide_tells_the_days_where_the_fee_is_known_from_the_catalogue(
    library: Library,
) -> None:
    lines = library.ask("代理记账多少钱，要几天", today=TODAY).cards[0].lines
    assert "收费标准：不收费" in lines
    assert any(line.startswith("法定时限：") for line in lines)


def test_each_of_two_matters_is_answered_with_its_own_slot(library: Library) -> None:
    cards = library.ask("护照多少钱，代理记账要什么材料", today=TODAY).cards
    said = {card.id: card.lines for card in cards}
    assert any(line.startswith("收费标准：") for line in said["fee-001"])
    assert any(line.startswith("申请材料") for line in said["guide-01"])


def test_free_handling_is_not_taken_for_a_free_levy(library: Library) -> None:
    card = library.card("guide-36", today=TODAY, slot="fee")
    assert card is not None
    assert "收费：办理本身不收费" in card.lines
