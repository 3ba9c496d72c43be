"""What a message is read as: text, numbers, slots, sounds."""

from datetime import date

import pytest

from knowledge.characters import Characters
from knowledge.lexicon import Lexicon
from knowledge.numbers import Amount, Span, amounts_of, as_of, spans_of
from knowledge.slots import slot_of
from knowledge.smalltalk import small_talk
from knowledge.sounds import Sounds
from knowledge.text import normalise, without_fillers

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("message", "read"),
    [
        ("護照多少錢？？", "护照多少钱"),
        ("１２，０００元", "12000元"),
        ("您好[微笑]，请问 ＣＰＡ 在哪报名。", "cpa 在哪报名"),
        ("<xml>'; DROP TABLE x;--", "xml drop table x"),
        ("😀😀", ""),
    ],
)
def test_width_case_tradition_and_signs_do_not_matter(message: str, read: str) -> None:
    plain = normalise(message)
    assert (without_fillers(plain) if plain else plain) == read


def test_a_message_of_three_thousand_characters_is_read_in_part() -> None:
    assert len(normalise("护照多少钱" * 600)) <= 600


@pytest.mark.parametrize(
    ("question", "amount"),
    [
        ("欠我三十五万", Amount(350_000, "元")),
        ("两千万的标的", Amount(20_000_000, "元")),
        ("申请了25件", Amount(25, "件")),
        ("半年的", Amount(0.5, "年")),
        ("复印80页", Amount(80, "页")),
        ("十几万", Amount(130_000, "元")),
        ("占0.5%", Amount(0.5, "%")),
    ],
)
def test_numbers_are_read_as_people_write_them(question: str, amount: Amount) -> None:
    assert amount in amounts_of(question)


@pytest.mark.parametrize(
    ("title", "span"),
    [
        ("信息处理费(按件 11–30件部分)", Span("件", 11, 30)),
        ("诉讼费(财产案件 1–10万元部分)", Span("元", 10_000, 100_000)),
        ("签注(两年以上三年以内(含)多次有效)", Span("年", 2, 3)),
        ("减缴(安排比例≥1%且<1.5%)", Span("%", 1, 1.5 - 1e-6)),
    ],
)
def test_bands_of_a_tariff_are_read_from_titles(title: str, span: Span) -> None:
    assert spans_of(title) == (span,)


def test_a_hundred_and_more_is_above_a_hundred() -> None:
    (amount,) = amounts_of("一百多万的官司")
    assert not Span("元", 500_000, 1_000_000).holds(amount.value)
    assert amounts_of("打官司几块钱") == ()


def test_a_band_of_money_begins_above_its_lower_edge() -> None:
    lower, upper = Span("元", 0, 10_000), Span("元", 10_000, 100_000)
    assert lower.holds(10_000)
    assert not upper.holds(10_000)


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("2018年护照多少钱", date(2018, 6, 15)),
        ("2019年7月以前", date(2019, 6, 28)),
        ("2026年还减半吗", None),
        ("到2028年还免吗", None),
        ("按鲁财综 2018 31号", None),
    ],
)
def test_only_a_past_time_makes_an_as_of_question(question: str, day: date | None) -> None:
    assert as_of(question, TODAY) == day


@pytest.mark.parametrize(
    ("question", "slot"),
    [
        ("办这个要带啥", "materials"),
        ("一本收几块钱", "fee"),
        ("几天能办下来", "time_limit"),
        ("在哪个窗口办", "where"),
        ("打哪个电话问", "phone"),
        ("报名要什么学历", "conditions"),
        ("依据是哪个文件", "basis"),
        ("什么时候报名", "period"),
        ("怎么申请", "process"),
        ("一年要多少学分", "conditions"),
        ("残疾人就业保障金", "general"),
        ("证丢了补一本多少", "fee"),
        ("还收钱 依据是什么规定", "basis"),
        ("最晚几月几号报", "time_limit"),
        ("换了地址 要交什么", "materials"),
        ("股东几个 注册资金多少", "conditions"),
        ("免不免", "eligibility"),
        ("欠了多少债", "where"),
    ],
)
def test_the_slot_is_what_is_asked(question: str, slot: str) -> None:
    assert slot_of(question) == slot


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("你好", "greeting"),
        ("谢谢啦", "thanks"),
        ("一群骗子", "abuse"),
        ("无抵押贷款加微信", "advert"),
        ("你是机器人吗", "chat"),
        ("2222", "garbage"),
        ("我真的不想活了", "distress"),
        ("我要死了", "distress"),
        ("死亡证明在哪开", ""),
        ("市财政局在哪里", "ourselves"),
        ("你们电话是多少", "ourselves"),
        ("财政局几点上班", "ourselves"),
        ("电话是多少", ""),
        ("财政局代理记账在哪办", ""),
        ("垃圾处理费多少", ""),
        ("你们这帮骗子把我交重的罚款退了没", ""),
    ],
)
def test_small_talk_is_told_from_questions(message: str, kind: str) -> None:
    found = small_talk(normalise(message))
    assert found == kind or (kind == "garbage" and found == "chat")


@pytest.fixture(scope="module")
def sounds() -> Sounds:
    names = ["非税收入退付", "残疾人就业保障金", "电子票据查验"]
    words = ["非税", "收入", "退付", "残保金", "票据", "电子票据"]
    return Sounds(words, ["残保金", *names], Characters.load())


def test_a_misheard_word_is_put_right_as_a_whole(sounds: Sounds) -> None:
    assert sounds.correct("非睡收入", firm=())[0] == "非税收入"
    assert sounds.correct("残宝金", firm=())[0] == "残保金"


def test_words_that_make_sense_are_left_alone(sounds: Sounds) -> None:
    assert sounds.correct("非睡收入", firm=(1,))[0] == "非睡收入"


def test_pinyin_and_initials_are_read(sounds: Sounds) -> None:
    assert sounds.from_latin("feishui tuifu zenme ban") == "非税退付怎么办"
    assert sounds.from_latin("cbj几号截止") == "残保金几号截止"
    assert sounds.from_latin("hello") == "hello"


def test_a_single_everyday_character_counts_only_as_a_word() -> None:
    lexicon = Lexicon([("开", "设立"), ("驾照", "机动车 驾驶证")])
    assert lexicon.meanings("公开", frozenset({0, 2})) == []
    assert lexicon.meanings("驾照", frozenset())[0].official == ("机动车", "驾驶证")


@pytest.mark.parametrize(
    "message",
    ["展厅参观要预约吗", "代理记账的会计兼职算不算", "每日结算的收费怎么入账", "游戏厅要交什么费"],
)
def test_a_word_of_adverts_inside_a_matter_is_no_advert(message: str) -> None:
    assert small_talk(normalise(message)) == ""
